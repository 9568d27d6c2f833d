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

        @Test
        void nothing_in_a_wsl_distribution_whose_engine_is_on_the_windows_side() throws IOException {
            assertThat(detected(ann(unix()), "/mnt/wsl/docker-desktop/ /run/systemd/system/"))
                    .isEmpty();
        }

        @Test
        void desktop_on_a_mac() {
            Path top = top(Jimfs.newFileSystem(Configuration.osX()));
            Host mac = Host.of(top, Map.of(), "Mac OS X", "/Users/ann", "ann", "aarch64");

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
        })
        void the_commands(String name, String command, String fallback) {
            Platform platform = Platform.named(name).orElseThrow();

            assertThat(platform.commands()).containsExactly(command);
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
        "windows-engine,Start-Service docker"
    })
    void knows_what_starts_an_engine(String name, String command) {
        assertThat(Platform.named(name).map(Platform::startCommand)).contains(command);
    }
}
