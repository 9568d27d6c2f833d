package io.github.mirrorctl.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.github.mirrorctl.daemon.ClientConfig;
import io.github.mirrorctl.daemon.DockerInfo;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.mirror.CatalogReader;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.platform.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
                        + "\"RegistryConfig\":{\"InsecureRegistryCIDRs\":[\"127.0.0.0/8\",\"10.9.0.0/16\"],"
                        + "\"IndexConfigs\":{\"m.example:5000\":{\"Secure\":false},\"docker.io\":{\"Secure\":true}},\"Mirrors\":[]}}");
        return new EngineFindings(host, CatalogReader.bundled(), info, List.of(mirrors));
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

    // ---- the mirrors ----

    @Test
    void has_nothing_against_a_few_good_mirrors() {
        EngineFindings findings = findings(CONTAINERD, "https://docker.m.daocloud.io/", "https://docker.1ms.run/");

        assertThat(findings.ofMirrors()).isEmpty();
        assertThat(findings.ofMachine(installation(Platform.SYSTEMD))).isEmpty();
    }

    @Test
    void counts_mirrors_that_nobody_waits_for() {
        List<String> mirrors = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            mirrors.add("https://m" + i + ".example/");
        }
        assertThat(findings(CLASSIC, mirrors.toArray(String[]::new)).ofMirrors())
                .isEmpty();
        mirrors.add("https://m5.example/");
        assertThat(codes(findings(CLASSIC, mirrors.toArray(String[]::new)).ofMirrors()))
                .containsExactly("many-mirrors");
    }

    @Test
    void names_retired_mirrors_and_addresses_that_cannot_be_meant() {
        assertThat(codes(findings(CLASSIC, "https://reg-mirror.qiniu.com/", "https://<ID>.mirror.aliyuncs.com/")
                        .ofMirrors()))
                .containsExactly("retired-mirror", "url-placeholder");
    }

    @Test
    void names_a_mirror_of_another_registry() {
        List<Problem> found = findings(CLASSIC, "https://ghcr.m.daocloud.io/").ofMirrors();

        assertThat(codes(found)).containsExactly("other-registry");
        assertThat(found.get(0).arguments()).containsExactly("https://ghcr.m.daocloud.io/", "ghcr.io");
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:5000, true",
        "http://localhost:5000, true",
        "https://10.9.8.7, true",
        "https://m.example:5000, true",
        "https://m.example, false",
        "https://10.8.8.7, false"
    })
    void warns_of_what_switches_the_checks_off_on_containerds_store(String mirror, boolean isWarned) {
        assertThat(codes(findings(CONTAINERD, mirror).ofMirrors()).contains("unchecked-certificates"))
                .isEqualTo(isWarned);
        assertThat(findings(CLASSIC, mirror).ofMirrors()).isEmpty();
    }

    // ---- the machine ----

    @Test
    void warns_of_a_login_that_the_classic_store_offers_to_mirrors() throws IOException {
        write("/home/ann/.docker/config.json", "{\"auths\":{\"https://index.docker.io/v1/\":{\"auth\":\"x\"}}}");

        assertThat(ofMachine(CLASSIC, "https://docker.1ms.run/")).containsExactly("login-exposed");
        assertThat(ofMachine(CLASSIC, "http://10.0.0.1:5000/")).isEmpty();
        assertThat(ofMachine(CONTAINERD, "https://docker.1ms.run/")).isEmpty();
        assertThat(ofMachine("", "https://docker.1ms.run/")).isEmpty();
    }

    @Test
    void looks_for_the_clients_files_where_the_client_does() throws IOException {
        write("/elsewhere/config.json", "{\"auths\":{\"https://index.docker.io/v1/\":{}}}");
        host = host(Map.of("DOCKER_CONFIG", "/elsewhere"));

        assertThat(ofMachine(CLASSIC, "https://docker.1ms.run/")).containsExactly("login-exposed");
    }

    @Test
    void names_the_file_that_comes_before_daemon_json() throws IOException {
        write("/etc/docker/certs.d/docker.io/hosts.toml", "");

        assertThat(ofMachine(CONTAINERD, "https://a.example/")).containsExactly("hosts-toml");
        assertThat(ofMachine(CLASSIC, "https://a.example/")).isEmpty();
    }

    @Test
    void names_what_never_reads_the_list() throws IOException {
        write("/usr/bin/podman", "");
        write("/etc/rancher/k3s/registries.yaml", "");
        write("/home/ann/.docker/buildx/instances/fast", "{\"Name\":\"fast\",\"Driver\":\"docker-container\"}");
        write("/home/ann/.docker/buildx/instances/mine", "{\"Name\":\"mine\",\"Driver\":\"docker\"}");
        write("/home/ann/.docker/buildx/instances/odd", "?");

        List<Problem> found = findings(CLASSIC, "https://a.example/").ofMachine(installation(Platform.SYSTEMD));

        assertThat(codes(found)).containsExactly("builder-not-reached", "engine-not-reached");
        assertThat(found.get(0).arguments()).containsExactly("fast");
        assertThat(found.get(1).arguments()).containsExactly("Podman, k3s");
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
                "\"SecurityOptions\":[],\"DockerRootDir\":\"/var/snap/docker/common/var-lib-docker\", | systemd | snap",
                "\"SecurityOptions\":[],\"DockerRootDir\":\"/var/lib/docker\", | rootless | systemd",
                "\"SecurityOptions\":[],\"DockerRootDir\":\"/var/lib/docker\", | snap | systemd",
                "\"SecurityOptions\":[],\"DockerRootDir\":\"/var/lib/docker\", | desktop-linux | systemd"
            })
    void tells_that_the_daemon_reads_another_file(String fields, String looked, String answered) {
        List<Problem> found =
                findings(fields).ofMachine(installation(Platform.named(looked).orElseThrow()));

        assertThat(codes(found)).containsExactly("wrong-file");
        assertThat(found.get(0).arguments().get(0)).isEqualTo(answered);
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
                        .ofMachine(installation(Platform.named(looked).orElseThrow())))
                .isEmpty();
    }

    // ---- the engine that the client talks to ----

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
