package io.github.mirrorctl.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PlatformTest {
    private static final Map<String, String> ANN_ENVIRONMENT = Map.of("XDG_RUNTIME_DIR", "/run/user/1000");

    private static Path unix() {
        return top(Jimfs.newFileSystem(Configuration.unix()));
    }

    private static Path windows() {
        return top(Jimfs.newFileSystem(Configuration.windows()));
    }

    private static Path top(FileSystem files) {
        return files.getRootDirectories().iterator().next();
    }

    private static Host root(Path top) {
        return Host.of(top, Map.of(), "Linux", "/root", "root", "amd64");
    }

    private static Host ann(Path top) {
        return Host.of(top, ANN_ENVIRONMENT, "Linux", "/home/ann", "ann", "amd64");
    }

    private static Host mac() {
        Path top = top(Jimfs.newFileSystem(Configuration.osX()));
        return Host.of(top, Map.of(), "Mac OS X", "/Users/ann", "ann", "aarch64");
    }

    private static Host windowsUser(Path top, Map<String, String> environment) {
        return Host.of(top, environment, "Windows 11", "C:\\Users\\ann", "ann", "amd64");
    }

    private static void put(Path top, String... paths) throws IOException {
        for (String path : paths) {
            Path file = top.resolve(path);
            if (path.endsWith("/")) {
                Files.createDirectories(file);
            } else {
                Files.createDirectories(file.getParent());
                Files.writeString(file, "");
            }
        }
    }

    private static Optional<Platform> detected(Host host, String paths) throws IOException {
        put(host.root(), paths.split(" ", -1));
        return Platform.detect(host);
    }

    @Nested
    class Detects {
        @ParameterizedTest(name = "{1} by {0}")
        @CsvSource({
            "/run/systemd/system/, SYSTEMD",
            "/run/systemd/system/ /etc/init.d/docker /etc/init/docker.conf /sbin/initctl, SYSTEMD",
            "/var/snap/docker/current/ /run/systemd/system/, SNAP",
            "/var/snap/docker/current/ /run/systemd/system/ /usr/bin/dockerd, SYSTEMD",
            "/sbin/initctl /etc/init/docker.conf /etc/init.d/docker, UPSTART",
            "/etc/init/docker.conf /etc/init.d/docker, SYSV",
            "/etc/init.d/docker, SYSV",
            "/sbin/openrc-run /etc/init.d/docker, OPENRC",
            "/run/openrc/ /etc/init.d/docker, OPENRC",
            "/usr/bin/systemctl /lib/systemd/system/docker.service /etc/init.d/docker, SYSV",
            "/usr/lib/systemd/system/docker.service, SYSTEMD",
        })
        void an_engine_of_the_machine(String paths, Platform expected) throws IOException {
            assertThat(detected(root(unix()), paths)).contains(expected);
        }

        @ParameterizedTest(name = "{1} by {0}")
        @CsvSource({
            "/run/user/1000/docker.sock /run/systemd/system/, ROOTLESS",
            "/home/ann/.config/systemd/user/docker.service /home/ann/.docker/desktop/, ROOTLESS",
            "/home/ann/.docker/desktop/ /run/systemd/system/, DESKTOP_LINUX",
        })
        void an_engine_of_the_user_before_one_of_the_machine(String paths, Platform expected) throws IOException {
            assertThat(detected(ann(unix()), paths)).contains(expected);
        }

        @Test
        void no_rootless_engine_for_root() throws IOException {
            assertThat(detected(root(unix()), "/root/.config/systemd/user/docker.service /run/systemd/system/"))
                    .contains(Platform.SYSTEMD);
        }

        @Test
        void nothing_on_a_bare_machine_rather_than_a_guess() {
            assertThat(Platform.detect(root(unix()))).isEmpty();
        }

        @ParameterizedTest(name = "{1} by {0}")
        @CsvSource({
            "/mnt/wsl/docker-desktop/ /run/systemd/system/, DESKTOP_WSL",
            "/mnt/wsl/docker-desktop/ /run/systemd/system/ /usr/bin/dockerd, SYSTEMD",
            "/mnt/wsl/docker-desktop/ /usr/bin/dockerd /etc/init.d/docker, SYSV",
            "/usr/bin/dockerd /etc/init.d/docker /lib/systemd/system/docker.service, SYSV",
        })
        void desktops_engine_or_one_of_its_own_in_wsl(String paths, Platform expected) throws IOException {
            assertThat(detected(ann(unix()), paths)).contains(expected);
            assertThat(detected(root(unix()), paths)).contains(expected);
        }

        @Test
        void desktops_engine_in_wsl_by_its_client_while_it_does_not_run() throws IOException {
            Path top = unix();
            put(top, "/run/systemd/system/", "/usr/bin/");
            Files.createSymbolicLink(
                    top.resolve("/usr/bin/docker"), top.resolve("/mnt/wsl/docker-desktop/cli-tools/usr/bin/docker"));

            assertThat(Platform.detect(ann(top))).contains(Platform.DESKTOP_WSL);
        }

        @ParameterizedTest(name = "{1} by {0}")
        @CsvSource({
            "/var/packages/ContainerManager/ /run/systemd/system/, SYNOLOGY",
            "/var/packages/Docker/ /sbin/initctl /etc/init/docker.conf, SYNOLOGY_DOCKER",
            "/share/CACHEDEV1_DATA/.qpkg/container-station/etc/ /etc/init.d/docker, QNAP",
            "/etc/openwrt_release /etc/init.d/dockerd /etc/config/dockerd, OPENWRT",
        })
        void an_appliance_before_what_its_system_is_made_of(String paths, Platform expected) throws IOException {
            assertThat(detected(root(unix()), paths)).contains(expected);
            assertThat(detected(ann(unix()), paths)).contains(expected);
        }

        @ParameterizedTest(name = "{1} by {0}")
        @CsvSource({
            "/home/ann/.colima/default/colima.yaml, COLIMA",
            "/home/ann/.colima/default/colima.yaml /usr/bin/dockerd /run/systemd/system/, SYSTEMD",
            "/home/ann/.local/share/rancher-desktop/, RANCHER_DESKTOP",
            "/home/ann/.local/share/rancher-desktop/ /usr/bin/dockerd /run/systemd/system/, SYSTEMD",
        })
        void a_virtual_machine_on_linux_only_where_there_is_no_daemon(String paths, Platform expected)
                throws IOException {
            assertThat(detected(ann(unix()), paths)).contains(expected);
        }

        @ParameterizedTest(name = "{1} by {0}")
        @CsvSource({
            "/Users/ann/.orbstack/, ORBSTACK",
            "/Users/ann/.colima/default/colima.yaml, COLIMA",
            "/Users/ann/Library/Application Support/rancher-desktop/, RANCHER_DESKTOP",
            "/Users/ann/.orbstack/|/Users/ann/.docker/run/, DESKTOP_MAC",
            "/Users/ann/.colima/default/colima.yaml|/Applications/Docker.app/, DESKTOP_MAC",
        })
        void what_a_mac_has_beside_desktop(String paths, Platform expected) throws IOException {
            Host mac = mac();
            put(mac.root(), paths.split("\\|"));

            assertThat(Platform.detect(mac)).contains(expected);
        }

        @Test
        void by_whom_the_systems_socket_belongs_to() throws IOException {
            Host mac = mac();
            put(mac.root(), "/Users/ann/.docker/run/", "/var/run/");
            Files.createSymbolicLink(
                    mac.root().resolve("/var/run/docker.sock"),
                    mac.root().resolve("/Users/ann/.orbstack/run/docker.sock"));

            assertThat(Platform.detect(mac)).contains(Platform.ORBSTACK);
        }

        @Test
        void rancher_desktop_on_windows_where_there_is_no_desktop() throws IOException {
            Path top = windows();
            put(top, "C:\\Users\\ann\\AppData\\Roaming\\rancher-desktop\\settings.json");
            Host host = windowsUser(top, Map.of("AppData", "C:\\Users\\ann\\AppData\\Roaming"));

            assertThat(Platform.detect(host)).contains(Platform.RANCHER_DESKTOP);
        }

        @Test
        void desktop_on_a_mac() {
            Host mac = mac();

            assertThat(Platform.detect(mac)).contains(Platform.DESKTOP_MAC);
            assertThat(mac.architecture()).isEqualTo("arm64");
        }

        @Test
        void desktop_on_windows() {
            assertThat(Platform.detect(windowsUser(windows(), Map.of()))).contains(Platform.DESKTOP_WINDOWS);
        }

        @Test
        void the_windows_engine_only_where_there_is_no_desktop() throws IOException {
            Path top = windows();
            put(top, "C:\\ProgramData\\docker\\config\\daemon.json");
            Host host = windowsUser(top, Map.of("PROGRAMDATA", "C:\\ProgramData"));

            Optional<Platform> alone = Platform.detect(host);
            put(top, "C:\\Program Files\\Docker\\Docker\\Docker Desktop.exe");

            assertThat(alone).contains(Platform.WINDOWS_ENGINE);
            assertThat(Platform.detect(host)).contains(Platform.DESKTOP_WINDOWS);
        }
    }

    @Nested
    class FollowsTheClient {
        @ParameterizedTest(name = "{1} by {0}")
        @CsvSource({
            "unix:///Users/ann/.orbstack/run/docker.sock, ORBSTACK",
            "unix:///Users/ann/.colima/default/docker.sock, COLIMA",
            "unix:///Users/ann/.rd/docker.sock, RANCHER_DESKTOP",
            "unix:///Users/ann/.docker/run/docker.sock, DESKTOP_MAC",
            "unix:///Users/ann/Library/Containers/com.docker.docker/Data/docker.raw.sock, DESKTOP_MAC",
            "tcp://127.0.0.1:2375, DESKTOP_MAC",
        })
        void on_a_mac(String address, Platform expected) {
            assertThat(Platform.detect(mac(), Optional.of(new Endpoint(address))))
                    .contains(expected);
        }

        @ParameterizedTest(name = "{1} by {0}")
        @CsvSource({
            "npipe:////./pipe/dockerDesktopLinuxEngine, DESKTOP_WINDOWS",
            "npipe:////./pipe/dockerDesktopWindowsEngine, DESKTOP_WINDOWS_CONTAINERS",
            "npipe:////./pipe/docker_engine, WINDOWS_ENGINE",
        })
        void on_windows(String address, Platform expected) throws IOException {
            Path top = windows();
            put(top, "C:\\ProgramData\\docker\\config\\daemon.json");

            assertThat(Platform.detect(windowsUser(top, Map.of()), Optional.of(new Endpoint(address))))
                    .contains(expected);
        }

        @ParameterizedTest(name = "{1} by {0}")
        @CsvSource({
            "unix:///home/ann/.docker/desktop/docker.sock, DESKTOP_LINUX",
            "unix:///run/user/1000/docker.sock, ROOTLESS",
            "unix:///var/run/docker.sock, SYSTEMD",
        })
        void on_linux_where_there_are_several(String address, Platform expected) throws IOException {
            Path top = unix();
            put(top, "/run/user/1000/docker.sock", "/home/ann/.docker/desktop/", "/run/systemd/system/");

            assertThat(Platform.detect(ann(top), Optional.of(new Endpoint(address))))
                    .contains(expected);
        }

        @Test
        void but_root_has_no_engine_of_a_users() throws IOException {
            Path top = unix();
            put(top, "/run/systemd/system/");

            assertThat(Platform.detect(root(top), Optional.of(new Endpoint("unix:///run/user/1000/docker.sock"))))
                    .contains(Platform.SYSTEMD);
        }

        @Test
        void but_not_below_a_root() {
            Path top = unix();
            Endpoint rootless = new Endpoint("unix:///run/user/1000/docker.sock");

            assertThat(Platform.detect(ann(top).withRoot(top.resolve("/srv/image")), Optional.of(rootless)))
                    .contains(Platform.SYSTEMD);
        }
    }

    @Nested
    class BelowARoot {
        @Test
        void is_systemd_where_nothing_tells() throws IOException {
            Path top = unix();
            put(top, "/run/user/1000/docker.sock", "/etc/init.d/docker");

            assertThat(Platform.detect(ann(top).withRoot(top.resolve("/srv/image"))))
                    .contains(Platform.SYSTEMD);
            assertThat(Platform.detect(
                            windowsUser(windows(), Map.of()).withRoot(windows().resolve("D:\\image"))))
                    .contains(Platform.SYSTEMD);
        }

        @ParameterizedTest(name = "{1} by {0}")
        @CsvSource({
            "etc/init.d/docker, SYSV",
            "etc/init.d/docker lib/systemd/system/docker.service, SYSTEMD",
            "sbin/initctl etc/init/docker.conf, UPSTART",
        })
        void is_what_is_installed_there(String paths, Platform expected) throws IOException {
            Path top = unix();
            put(top.resolve("/srv/image"), paths.split(" "));

            assertThat(Platform.detect(root(top).withRoot(top.resolve("/srv/image"))))
                    .contains(expected);
        }

        @Test
        void lie_all_files_and_none_of_the_commands() {
            Path top = unix();
            Host host = ann(top).withRoot(top.resolve("/srv/image"));

            assertThat(Platform.SYSTEMD.target(host).file()).hasToString("/srv/image/etc/docker/daemon.json");
            assertThat(Platform.SYSTEMD.target(host).typed()).isEqualTo("/etc/docker/daemon.json");
            assertThat(Platform.DESKTOP_MAC.target(host).file()).hasToString("/srv/image/home/ann/.docker/daemon.json");
            assertThat(Platform.WINDOWS_ENGINE.target(host).file())
                    .hasToString("/srv/image/ProgramData/docker/config/daemon.json");
            assertThat(Platform.SYSTEMD.commands()).containsExactly("sudo systemctl reload docker");
        }

        @Test
        void keeps_a_path_with_dots_inside() {
            Path top = unix();
            Host host = root(top).withRoot(top.resolve("/srv/image"));

            assertThat(host.path("/../../etc/docker")).hasToString("/srv/image/etc/docker");
        }
    }

    @Nested
    class Names {
        @ParameterizedTest(name = "{0}: {1}")
        @CsvSource({
            "systemd, /etc/docker/daemon.json",
            "openrc, /etc/docker/daemon.json",
            "upstart, /etc/default/docker",
            "sysv, /etc/default/docker",
            "rootless, /home/ann/.config/docker/daemon.json",
            "snap, /var/snap/docker/current/config/daemon.json",
            "desktop-linux, /home/ann/.docker/daemon.json",
            "desktop-wsl, /home/ann/.docker/daemon.json",
            "orbstack, /home/ann/.orbstack/config/docker.json",
            "colima, /home/ann/.colima/default/colima.yaml",
            "rancher-desktop, /home/ann/.local/share/rancher-desktop/lima/_config/override.yaml",
            "synology, /var/packages/ContainerManager/etc/dockerd.json",
            "synology-docker, /var/packages/Docker/etc/dockerd.json",
            "qnap, /share/CACHEDEV1_DATA/.qpkg/container-station/etc/docker.json",
        })
        void the_file(String name, String file) {
            Platform platform = Platform.named(name).orElseThrow();

            assertThat(platform.target(ann(unix())).file()).hasToString(file);
        }

        @Test
        void the_files_of_windows() {
            Host host = windowsUser(windows(), Map.of("ProgramData", "D:\\Data"));

            assertThat(Platform.DESKTOP_WINDOWS.target(host).file())
                    .hasToString("C:\\Users\\ann\\.docker\\daemon.json");
            assertThat(Platform.WINDOWS_ENGINE.target(host).file())
                    .hasToString("D:\\Data\\docker\\config\\daemon.json");
        }

        @Test
        void the_files_of_windows_that_are_left_to_their_owners() {
            Host host = windowsUser(windows(), Map.of("APPDATA", "C:\\Users\\ann\\AppData\\Roaming"));

            ConfigTarget containers = Platform.DESKTOP_WINDOWS_CONTAINERS.target(host);
            ConfigTarget rancher = Platform.RANCHER_DESKTOP.target(host);

            assertThat(containers.file()).hasToString("C:\\Users\\ann\\.docker\\windows-daemon.json");
            assertThat(containers.format().isEdited()).isFalse();
            assertThat(rancher.file())
                    .hasToString(
                            "C:\\Users\\ann\\AppData\\Roaming\\rancher-desktop\\provisioning\\registry-mirrors.start");
            assertThat(rancher.format()).isEqualTo(ConfigTarget.Format.START_SCRIPT);
        }

        @Test
        void rancher_desktops_file_on_a_mac() {
            assertThat(Platform.RANCHER_DESKTOP.target(mac()).file())
                    .hasToString("/Users/ann/Library/Application Support/rancher-desktop/lima/_config/override.yaml");
        }

        @Test
        void colimas_file_where_its_variables_say() {
            Host host = Host.of(
                    unix(),
                    Map.of("COLIMA_HOME", "/opt/colima", "COLIMA_PROFILE", "office"),
                    "Linux",
                    "/home/ann",
                    "ann",
                    "amd64");

            assertThat(Platform.COLIMA.target(host).file()).hasToString("/opt/colima/office/colima.yaml");
        }

        @Test
        void the_volume_that_qnaps_list_of_packages_names() throws IOException {
            Path top = unix();
            put(top, "/etc/config/", "/share/ZFS530_DATA/.qpkg/container-station/etc/");
            Files.writeString(
                    top.resolve("/etc/config/qpkg.conf"),
                    "[Other]\nInstall_Path = /share/X\n[container-station]\nEnable = TRUE\n"
                            + "Install_Path = /share/ZFS530_DATA/.qpkg/container-station\n[Z]\nInstall_Path = /share/Z\n");

            assertThat(Platform.detect(root(top))).contains(Platform.QNAP);
            assertThat(Platform.QNAP.target(root(top)).typed())
                    .isEqualTo("/share/ZFS530_DATA/.qpkg/container-station/etc/docker.json");
        }

        @Test
        void openwrts_configuration_or_the_file_that_stands_in_for_it() throws IOException {
            Path top = unix();
            Host router = root(top);
            put(top, "/etc/config/", "/etc/docker/");
            ConfigTarget without = Platform.OPENWRT.target(router);
            Files.writeString(
                    top.resolve("/etc/config/dockerd"),
                    "config globals 'globals'\n\toption alt_config_file \"/etc/docker/own.json\" # mine\n");
            ConfigTarget named = Platform.OPENWRT.target(router);
            put(top, "/etc/docker/own.json");
            ConfigTarget there = Platform.OPENWRT.target(router);

            assertThat(without.typed()).isEqualTo("/etc/docker/daemon.json");
            assertThat(named.typed()).isEqualTo("/etc/config/dockerd");
            assertThat(named.format()).isEqualTo(ConfigTarget.Format.UCI);
            assertThat(there.typed()).isEqualTo("/etc/docker/own.json");
            assertThat(there.format()).isEqualTo(ConfigTarget.Format.DAEMON_JSON);
        }

        @ParameterizedTest
        @EnumSource
        void another_file_in_a_form_that_can_be_written(Platform platform) {
            ConfigTarget other = platform.target(ann(unix())).in(Path.of("other"));

            assertThat(other.format().isEdited()).isTrue();
        }

        @Test
        void the_rootless_file_below_XDG_CONFIG_HOME_unless_it_is_relative() {
            Path top = unix();
            Host absolute = Host.of(top, Map.of("XDG_CONFIG_HOME", "/cfg"), "Linux", "/home/ann", "ann", "amd64");
            Host relative = Host.of(top, Map.of("XDG_CONFIG_HOME", "cfg"), "Linux", "/home/ann", "ann", "amd64");

            assertThat(Platform.ROOTLESS.target(absolute).file()).hasToString("/cfg/docker/daemon.json");
            assertThat(Platform.ROOTLESS.target(relative).file()).hasToString("/home/ann/.config/docker/daemon.json");
        }

        @Test
        void the_variable_of_an_init_script_and_the_json_file_beside_it() {
            ConfigTarget target = Platform.SYSV.target(root(unix()));
            ConfigTarget json = Platform.SYSV.daemonJson(root(unix()));

            assertThat(target.format()).isEqualTo(ConfigTarget.Format.DOCKER_OPTS);
            assertThat(target.variable()).contains("DOCKER_OPTS");
            assertThat(json.file()).hasToString("/etc/docker/daemon.json");
            assertThat(json.format()).isEqualTo(ConfigTarget.Format.DAEMON_JSON);
        }

        @Test
        void the_variable_of_red_hats_init_script() throws IOException {
            Path top = unix();
            put(top, "/etc/sysconfig/docker");

            ConfigTarget target = Platform.SYSV.target(root(top));

            assertThat(target.typed()).isEqualTo("/etc/sysconfig/docker");
            assertThat(target.variable()).contains("other_args");
        }

        @ParameterizedTest(name = "{0}: {1}, {2}")
        @CsvSource({
            "systemd, sudo systemctl reload docker, sudo systemctl restart docker",
            "openrc, sudo rc-service docker reload, sudo rc-service docker restart",
            "rootless, systemctl --user reload docker, systemctl --user restart docker",
            "upstart, sudo service docker restart, ",
            "sysv, sudo service docker restart, ",
            "snap, sudo snap restart docker, ",
            "desktop-windows, docker desktop restart, ",
            "desktop-mac, docker desktop restart, ",
            "desktop-linux, docker desktop restart, ",
            "windows-engine, Restart-Service docker, ",
            "desktop-wsl, docker.exe desktop restart, ",
            "desktop-windows-containers, docker desktop restart, ",
            "orbstack, orb restart docker, ",
            "colima, colima restart, ",
            "rancher-desktop, rdctl shutdown|rdctl start, ",
            "synology, sudo systemctl restart pkg-ContainerManager-dockerd, ",
            "synology-docker, sudo synoservice --restart pkgctl-Docker, ",
            "qnap, /etc/init.d/container-station.sh restart, ",
            "openwrt, /etc/init.d/dockerd restart, ",
        })
        void the_commands(String name, String command, String fallback) {
            Platform platform = Platform.named(name).orElseThrow();

            assertThat(platform.commands()).containsExactly(command.split("\\|"));
            assertThat(platform.fallbackCommands()).isEqualTo(fallback == null ? List.of() : List.of(fallback));
        }

        @ParameterizedTest
        @EnumSource
        void itself(Platform platform) {
            assertThat(Platform.named(platform.key())).contains(platform);
        }

        @Test
        void no_platform_it_does_not_know() {
            assertThat(Platform.named("podman")).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "systemd,sudo systemctl start docker",
        "rootless,systemctl --user start docker",
        "sysv,sudo service docker start",
        "snap,sudo snap start docker",
        "desktop-mac,docker desktop start",
        "windows-engine,Start-Service docker",
        "rancher-desktop,rdctl start",
        "orbstack,orb start docker",
        "openwrt,/etc/init.d/dockerd start"
    })
    void knows_what_starts_an_engine(String name, String command) {
        assertThat(Platform.named(name).map(Platform::startCommand)).contains(command);
    }
}
