package io.github.mirrorctl.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.github.mirrorctl.daemon.ClientConfig;
import io.github.mirrorctl.daemon.DockerInfo;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.platform.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineFindingsTest {
    private static final String CLASSIC = "\"Driver\":\"overlay2\",";
    private static final String CONTAINERD =
            "\"Driver\":\"overlayfs\",\"DriverStatus\":[[\"driver-type\",\"io.containerd.snapshotter.v1\"]],";

    private final Path top = Jimfs.newFileSystem(Configuration.unix()).getPath("/");
    private Host host = host(Map.of());

    private Host host(Map<String, String> environment) {
        return Host.of(top, environment, "Linux", "/home/ann", "ann", "amd64");
    }

    private void write(String path, String content) throws IOException {
        Path file = top.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private EngineFindings findings(String fields, String... mirrors) {
        DockerInfo info = DockerInfo.parse(
                "{\"ServerVersion\":\"28.5.2\"," + fields
                        + "\"RegistryConfig\":{\"InsecureRegistryCIDRs\":[\"127.0.0.0/8\",\"10.9.0.0/16\",\"fd09::/16\"],"
                        + "\"IndexConfigs\":{\"m.example:5000\":{\"Secure\":false},\"docker.io\":{\"Secure\":true}},\"Mirrors\":[]}}");
        return new EngineFindings(host, info, List.of(mirrors));
    }

    private static List<String> codes(List<Problem> problems) {
        return problems.stream().map(Problem::code).toList();
    }

    private List<String> ofMachine(String fields, String... mirrors) {
        return codes(findings(fields, mirrors).ofMachine(installation(Platform.SYSTEMD)));
    }

    private Installation installation(Platform platform) {
        return Installation.find(host, new Installation.Hints(Optional.of(platform.key()), Optional.empty()));
    }

    // ---- the machine ----

    @Test
    void warns_of_a_login_that_the_classic_store_offers_to_mirrors() throws IOException {
        write("/home/ann/.docker/config.json", "{\"auths\":{\"https://index.docker.io/v1/\":{\"auth\":\"x\"}}}");

        assertThat(ofMachine(CLASSIC, "https://docker.1ms.run/")).containsExactly("login-exposed");
        assertThat(ofMachine(CLASSIC, "http://10.0.0.1:5000/")).isEmpty();
        assertThat(ofMachine(CONTAINERD, "https://docker.1ms.run/")).isEmpty();
        // It may be the classic one.
        assertThat(ofMachine("", "https://docker.1ms.run/")).containsExactly("login-exposed");
    }

    @Test
    void looks_for_the_clients_files_where_the_client_does() throws IOException {
        write("/elsewhere/config.json", "{\"auths\":{\"https://index.docker.io/v1/\":{}}}");
        host = host(Map.of("DOCKER_CONFIG", "/elsewhere"));

        assertThat(ofMachine(CLASSIC, "https://docker.1ms.run/")).containsExactly("login-exposed");
    }

    private static final String ONE_MORE = "server = \"https://registry-1.docker.io\"\n\n[host.\"https://a\"]\n";

    @ParameterizedTest
    @CsvSource({
        "docker.io, containerd, 28.5.2, true, hosts-toml",
        "_default, containerd, 28.5.2, true, hosts-toml",
        "docker.io, containerd, 28.5.2, false, hosts-toml-beside",
        "docker.io, classic, 28.5.2, true, hosts-toml-builds",
        "docker.io, containerd, 27.5.1, true, ",
        "ghcr.io, containerd, 28.5.2, true, "
    })
    void tells_what_comes_before_daemon_json(
            String folder, String store, String version, boolean hasHost, String expected) throws IOException {
        write("/etc/docker/certs.d/" + folder + "/hosts.toml", hasHost ? ONE_MORE : "server = \"https://a\"");
        String fields = (store.equals("classic") ? CLASSIC : CONTAINERD) + "\"ServerVersion\":\"" + version + "\",";

        assertThat(ofMachine(fields, "https://a.example/")).isEqualTo(expected == null ? List.of() : List.of(expected));
    }

    @Test
    void shows_the_line_of_the_endpoint_and_counts_the_registry_itself() throws IOException {
        write("/etc/docker/certs.d/docker.io/hosts.toml", ONE_MORE);

        Problem found =
                findings(CONTAINERD).ofMachine(installation(Platform.SYSTEMD)).get(0);

        assertThat(found.arguments()).containsExactly("/etc/docker/certs.d/docker.io/hosts.toml", "2");
        assertThat(found.place().orElseThrow().line()).isEqualTo(3);
    }

    @Test
    void takes_the_first_folder_that_is_there_even_if_it_holds_certificates_alone() throws IOException {
        write("/etc/docker/certs.d/docker.io/ca.crt", "");
        write("/etc/docker/certs.d/_default/hosts.toml", ONE_MORE);

        assertThat(ofMachine(CONTAINERD)).isEmpty();
    }

    @Test
    void tells_that_the_engine_takes_nothing_of_a_file_that_is_no_toml() throws IOException {
        write("/etc/docker/certs.d/docker.io/hosts.toml", ONE_MORE + "capabilities: pull\n");

        Problem found =
                findings(CONTAINERD).ofMachine(installation(Platform.SYSTEMD)).get(0);

        assertThat(found.code()).isEqualTo("hosts-toml-invalid");
        assertThat(found.place().orElseThrow().line()).isEqualTo(4);
    }

    @Test
    void looks_for_a_rootless_engines_hosts_toml_beside_its_daemon_json() throws IOException {
        write("/home/ann/.config/docker/certs.d/docker.io/hosts.toml", ONE_MORE);
        String rootless = CONTAINERD + "\"SecurityOptions\":[\"name=rootless\"],";

        assertThat(codes(findings(rootless).ofMachine(installation(Platform.ROOTLESS))))
                .containsExactly("hosts-toml");
    }

    @ParameterizedTest
    @CsvSource({
        "classic, https://m.example/, m.example/ca.cert, client-key-missing",
        "classic, https://m.example/, m.example/client.key, client-certificate-missing",
        "classic, https://M.example:443, M.example:443/ca.cert, client-key-missing",
        "classic, http://m.example:5001/, m.example:5001/ca.cert, client-key-missing",
        "classic, https://[fd00::2]:5001, [fd00::2]:5001/ca.cert, client-key-missing",
        "unknown, https://m.example/, m.example/ca.cert, client-key-missing",
        "containerd, https://m.example/, m.example/ca.cert, ''",
        // Another registry's, and the mirror's at another port
        "classic, https://m.example/, other.example/ca.cert, ''",
        "classic, https://m.example/, m.example:443/ca.cert, ''",
        // Certificates that nobody checks; of the same host at another port they are checked.
        "classic, https://m.example:5000/, m.example:5000/ca.cert, ''",
        "classic, https://M.example:5000/, M.example:5000/ca.cert, client-key-missing",
        "classic, https://10.9.1.1/, 10.9.1.1/ca.cert, ''",
        "classic, https://[fd09::1]:5000/, [fd09::1]:5000/ca.cert, ''",
        "unknown, http://127.0.0.1:5000, 127.0.0.1:5000/ca.cert, ''",
        "unknown, http://localhost:5000, localhost:5000/ca.cert, ''",
        "classic, https://m.example/, m.example/ca.crt, ''",
        "classic, https://m.example/, m.example/hosts.toml, ''",
        // What the engine does not take for the address that it seems to be
        "classic, HTTPS://m.example/, m.example/ca.cert, ''",
        "classic, https://a b/, a b/ca.cert, ''",
    })
    void finds_half_of_a_clients_certificate(String store, String mirror, String file, String code) throws IOException {
        write("/etc/docker/certs.d/" + file, "");
        String fields =
                switch (store) {
                    case "classic" -> CLASSIC;
                    case "containerd" -> CONTAINERD;
                    default -> "";
                };

        List<Problem> found = findings(fields, mirror).ofMachine(installation(Platform.SYSTEMD));

        assertThat(codes(found)).isEqualTo(code.isEmpty() ? List.of() : List.of(code));
        // The classic store may be what an engine has that does not say.
        Problem.Severity severity = store.equals("classic") ? Problem.Severity.ERROR : Problem.Severity.WARNING;
        assertThat(found).allMatch(problem -> problem.severity() == severity);
    }

    @Test
    void tells_a_file_once_that_several_mirrors_share() throws IOException {
        write("/etc/docker/certs.d/m.example/ca.cert", "");

        assertThat(ofMachine(CLASSIC, "https://m.example/a", "https://n.example", "https://m.example/b"))
                .containsExactly("client-key-missing");
    }

    @Test
    void looks_beside_a_rootless_engines_daemon_json() throws IOException {
        write("/home/ann/.config/docker/certs.d/m.example/client.key", "");

        assertThat(codes(findings(CLASSIC + "\"SecurityOptions\":[\"name=rootless\"],", "https://m.example/")
                        .ofMachine(installation(Platform.ROOTLESS))))
                .containsExactly("client-certificate-missing");
    }

    @Test
    void looks_on_windows_into_a_folder_whose_name_has_no_colon() throws IOException {
        write("/ProgramData/docker/certs.d/m.example5001/ca.cert", "");
        host = Host.of(top, Map.of(), "Windows Server 2022", "C:\\Users\\ann", "ann", "amd64");

        assertThat(codes(findings(CLASSIC, "https://m.example:5001/").ofMachine(installation(Platform.WINDOWS_ENGINE))))
                .containsExactly("client-key-missing");
    }

    @Test
    void is_content_with_a_clients_certificate_that_has_its_key() throws IOException {
        write("/etc/docker/certs.d/m.example/client.cert", "");
        write("/etc/docker/certs.d/m.example/client.key", "");

        assertThat(ofMachine(CLASSIC, "https://m.example/")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "our ca.cert, '', our ca.key, 'our ca.crt'",
        // Nothing is overwritten.
        "our ca.cert, our ca.crt, our ca.key, 'our ca.cert.off'",
        "client 1.key, '', client 1.cert, 'client 1.key.off'",
    })
    void tells_the_missing_half_and_what_to_call_the_other(String file, String beside, String missing, String instead)
            throws IOException {
        String folder = "/etc/docker/certs.d/m.example/";
        write(folder + file, "");
        if (!beside.isEmpty()) {
            write(folder + beside, "");
        }

        Problem found = findings(CLASSIC, "https://m.example/")
                .ofMachine(installation(Platform.SYSTEMD))
                .get(0);

        assertThat(found.place().orElseThrow().file()).isEqualTo(folder + file);
        assertThat(found.arguments())
                .containsExactly(
                        folder + file, folder + missing, "'" + folder + file + "'", "'" + folder + instead + "'");
    }

    @ParameterizedTest
    @CsvSource({
        "SYSTEMD, sudo systemctl edit docker",
        "ROOTLESS, systemctl --user edit docker",
        "SYSV, sudoedit /etc/default/docker",
        "UPSTART, sudoedit /etc/default/docker",
        "OPENRC, sudoedit /etc/conf.d/docker",
        "DESKTOP_LINUX, ''"
    })
    void gives_the_engine_a_proxy_where_its_platform_takes_one(Platform platform, String command) {
        host = host(Map.of("https_proxy", "http://p:3128"));

        Problem found = findings(CLASSIC).ofMachine(installation(platform)).get(0);

        assertThat(found.code()).isEqualTo("proxy-only-here");
        assertThat(found.arguments().get(0)).startsWith(command);
    }

    @Test
    void names_the_file_in_the_home_of_a_rootless_engines_user() {
        String rootless =
                "\"SecurityOptions\":[\"name=rootless\"],\"DockerRootDir\":\"/home/bea/.local/share/docker\",";

        assertThat(findings(rootless)
                        .wrongFile(installation(Platform.SYSTEMD))
                        .orElseThrow()
                        .arguments())
                .startsWith("rootless", "/home/bea/.config/docker/daemon.json", "/etc/docker/daemon.json");
    }

    @Test
    void names_what_never_reads_the_list() throws IOException {
        write("/usr/bin/podman", "");
        write("/etc/rancher/k3s/registries.yaml", "");
        write("/home/ann/.docker/buildx/instances/fast", "{\"Name\":\"fast\",\"Driver\":\"docker-container\"}");
        write("/home/ann/.docker/buildx/instances/mine", "{\"Name\":\"mine\",\"Driver\":\"docker\"}");
        write("/home/ann/.docker/buildx/instances/odd", "?");
        write("/home/ann/.docker/buildx/instances/far", "{\"Name\":\"far\",\"Driver\":\"remote\"}");

        List<Problem> found = findings(CLASSIC, "https://a.example/").ofMachine(installation(Platform.SYSTEMD));

        assertThat(codes(found)).containsExactly("builder-not-reached", "engine-not-reached");
        assertThat(found.get(0).arguments()).containsExactly("far, fast");
        assertThat(found.get(1).arguments())
                .containsExactly("Podman, k3s", "/etc/containers/registries.conf /etc/rancher/k3s/registries.yaml");
    }

    @Test
    void compares_the_ways_out() {
        String proxied = CLASSIC + "\"HttpsProxy\":\"http://p:3128\",";

        assertThat(ofMachine(proxied)).containsExactly("proxy-only-daemon");
        host = host(Map.of("https_proxy", "http://p:3128"));
        assertThat(ofMachine(proxied)).isEmpty();
        assertThat(ofMachine(CLASSIC)).containsExactly("proxy-only-here");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"SecurityOptions\":[\"name=rootless\"], | systemd | rootless",
                "\"OperatingSystem\":\"Docker Desktop\", | systemd | desktop-linux",
                "\"OperatingSystem\":\"OrbStack\", | systemd | orbstack",
                "\"SecurityOptions\":[],\"DockerRootDir\":\"/var/snap/docker/common/var-lib-docker\", | systemd | snap",
                "\"SecurityOptions\":[],\"DockerRootDir\":\"/var/lib/docker\", | rootless | systemd",
                "\"SecurityOptions\":[],\"DockerRootDir\":\"/var/lib/docker\", | snap | systemd",
                "\"SecurityOptions\":[],\"DockerRootDir\":\"/var/lib/docker\", | desktop-linux | systemd"
            })
    void tells_that_the_daemon_reads_another_file(String fields, String looked, String answered) {
        Optional<Problem> found =
                findings(fields).wrongFile(installation(Platform.named(looked).orElseThrow()));

        assertThat(found.orElseThrow().code()).isEqualTo("wrong-file");
        assertThat(found.get().arguments().get(0)).isEqualTo(answered);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"SecurityOptions\":[\"name=rootless\"], | rootless",
                "\"OperatingSystem\":\"Docker Desktop\", | desktop-linux",
                "\"SecurityOptions\":[],\"DockerRootDir\":\"/var/lib/docker\", | systemd",
                "\"SecurityOptions\":[],\"DockerRootDir\":\"/data/docker\", | openrc"
            })
    void is_content_with_the_right_file(String fields, String looked) {
        assertThat(findings(fields)
                        .wrongFile(installation(Platform.named(looked).orElseThrow())))
                .isEmpty();
    }

    @Test
    void knows_that_inside_wsl_desktops_file_lies_on_the_side_of_windows() {
        host = host(Map.of("WSL_DISTRO_NAME", "Ubuntu"));

        Optional<Problem> found =
                findings("\"OperatingSystem\":\"Docker Desktop\",").wrongFile(installation(Platform.SYSTEMD));

        assertThat(found.orElseThrow().arguments().get(0)).isEqualTo("desktop-wsl");
    }

    // ---- the engine that the client talks to ----

    @Test
    void leaves_to_the_client_what_goes_over_tls() throws IOException {
        ClientFiles files = new ClientFiles(host);
        assertThat(files.wantsTls("tcp://build:2375")).isFalse();
        assertThat(files.missingKeys("tcp://build:2375")).isEmpty();

        files = new ClientFiles(host(Map.of("DOCKER_TLS_VERIFY", "1", "DOCKER_CERT_PATH", "/keys")));
        assertThat(files.wantsTls("unix:///var/run/docker.sock")).isFalse();
        assertThat(files.wantsTls("tcp://build:2376")).isTrue();
        write("/keys/ca.pem", "");
        assertThat(files.missingKeys("tcp://build:2376").orElseThrow().arguments())
                .containsExactly("/keys/cert.pem");
        write("/keys/cert.pem", "");
        write("/keys/key.pem", "");
        assertThat(files.missingKeys("tcp://build:2376")).isEmpty();

        write("/home/ann/.docker/config.json", "{\"currentContext\":\"build\"}");
        write("/home/ann/.docker/" + ClientConfig.contextKeys("build") + "/ca.pem", "");
        assertThat(new ClientFiles(host).wantsTls("tcp://build:2376")).isTrue();
    }

    @Test
    void tells_the_way_back_to_the_usual_engine() {
        assertThat(EngineAddress.of(host(Map.of("DOCKER_HOST", "tcp://a"))).wayBack())
                .isEqualTo("unset DOCKER_HOST");
        assertThat(EngineAddress.of(host(Map.of("DOCKER_CONTEXT", "a"))).wayBack())
                .isEqualTo("unset DOCKER_CONTEXT");
        assertThat(EngineAddress.of(host).wayBack()).isEqualTo("docker context use default");
    }

    @Test
    void finds_the_engine_as_the_client_does() throws IOException {
        assertThat(EngineAddress.of(host))
                .isEqualTo(new EngineAddress(Optional.of("unix:///var/run/docker.sock"), Optional.empty()));

        write("/home/ann/.docker/config.json", "{\"currentContext\":\"build\"}");
        write(
                "/home/ann/.docker/" + ClientConfig.contextFile("build"),
                "{\"Endpoints\":{\"docker\":{\"Host\":\"ssh://ann@build\"}}}");
        EngineAddress chosen = EngineAddress.of(host);
        assertThat(chosen)
                .isEqualTo(new EngineAddress(Optional.of("ssh://ann@build"), Optional.of("docker context use build")));
        assertThat(chosen.isLocal()).isFalse();

        assertThat(EngineAddress.of(host(Map.of("DOCKER_CONTEXT", "default"))).origin())
                .isEmpty();
        assertThat(EngineAddress.of(host(Map.of("DOCKER_CONTEXT", "gone"))).address())
                .isEmpty();
        EngineAddress variable = EngineAddress.of(
                host(Map.of("DOCKER_CONTEXT", "build", "DOCKER_HOST", "unix:///run/user/1000/d.sock")));
        assertThat(variable.address()).contains("unix:///run/user/1000/d.sock");
        assertThat(variable.isLocal()).isTrue();
    }
}
