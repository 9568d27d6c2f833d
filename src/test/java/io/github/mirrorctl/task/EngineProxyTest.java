package io.github.mirrorctl.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.mirror.ImageStore;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.registry.Proxy;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineProxyTest {
    private static final String UNIT = "lib/systemd/system/docker.service";
    private static final String EXEC = "[Service]\nExecStart=/usr/bin/dockerd -H fd://\n";

    private final Path top = Jimfs.newFileSystem(Configuration.unix()).getPath("/");
    private final Map<String, String> shell = new HashMap<>();

    private void write(String path, String content) throws IOException {
        Path file = top.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private ProxyChoice find(String platform) throws InterruptedException {
        Host host = Host.of(top, shell, "Linux", "/root", "root", "amd64");
        return EngineProxy.find(host, new Installation.Hints(Optional.of(platform), Optional.empty()));
    }

    private static String https(ProxyChoice choice) {
        return choice.proxies().https().map(Proxy::authority).orElse("none");
    }

    private static String login(ProxyChoice choice) {
        return choice.proxies()
                .https()
                .flatMap(Proxy::login)
                .map(login -> login.user() + ":" + login.password())
                .orElse("none");
    }

    private static List<String> codes(ProxyChoice choice) {
        return choice.problems().stream().map(Problem::code).toList();
    }

    private static void assertFound(ProxyChoice choice, String proxy, String place) {
        assertThat(https(choice)).as(choice.toString()).isEqualTo(proxy);
        assertThat(choice.place()).isEqualTo(place);
        assertThat(choice.origin()).isEqualTo(ProxyChoice.Origin.DAEMON);
        assertThat(codes(choice)).containsExactly("proxy-used");
    }

    // ---- the files of an engine that does not run ----

    @Test
    void a_unit_gives_the_engine_its_environment() throws Exception {
        write(UNIT, EXEC + "Environment=HTTPS_PROXY=http://unit:3128 \"NO_PROXY=localhost,.corp\"\n");

        ProxyChoice found = find("systemd");

        assertFound(found, "unit:3128", "/" + UNIT);
        assertThat(found.noProxy()).contains("localhost,.corp");
    }

    @Test
    void a_drop_in_outranks_the_unit() throws Exception {
        write(UNIT, EXEC + "Environment=HTTPS_PROXY=http://unit:3128\n");
        String dropIn = "etc/systemd/system/docker.service.d/http-proxy.conf";
        write(dropIn, "[Service]\nEnvironment=\"HTTPS_PROXY=http://ann:secret@drop-in:3128/\"\n");

        ProxyChoice found = find("systemd");

        assertFound(found, "drop-in:3128", "/" + dropIn);
        assertThat(login(found)).isEqualTo("ann:secret");
        assertThat(found.toString()).doesNotContain("secret");
    }

    @Test
    void an_environment_file_outranks_the_unit() throws Exception {
        write(UNIT, EXEC + "Environment=HTTPS_PROXY=http://unit:3128\nEnvironmentFile=-/etc/sysconfig/docker\n");
        write("etc/sysconfig/docker", "https_proxy=http://lower:1\nHTTPS_PROXY='http://file:3128'\n");

        assertFound(find("systemd"), "file:3128", "/etc/sysconfig/docker");
    }

    @Test
    void the_shells_proxy_is_not_that_of_an_engine_below_a_root_folder() throws Exception {
        shell.put("HTTPS_PROXY", "http://shell:3128");
        write("tree/etc/default/docker", "DOCKER_OPTS=--debug\n");
        Host below = Host.of(top, shell, "Linux", "/root", "root", "amd64").withRoot(top.resolve("tree"));

        ProxyChoice found = EngineProxy.find(below, new Installation.Hints(Optional.of("sysv"), Optional.empty()));

        assertThat(found.origin()).isEqualTo(ProxyChoice.Origin.DAEMON);
        assertThat(found.isProxied()).isFalse();
    }

    @Test
    void a_variable_that_the_unit_unsets_is_none() throws Exception {
        write(UNIT, EXEC + "Environment=HTTPS_PROXY=http://unit:3128\nUnsetEnvironment=HTTPS_PROXY\n");

        assertThat(find("systemd").isProxied()).isFalse();
    }

    @Test
    void lower_case_counts_where_upper_case_is_missing() throws Exception {
        write(UNIT, EXEC + "Environment=https_proxy=http://lower:3128 no_proxy=.corp\n");

        assertFound(find("systemd"), "lower:3128", "/" + UNIT);
    }

    @Test
    void daemon_json_outranks_the_environment_one_by_one() throws Exception {
        write(UNIT, EXEC + "Environment=HTTPS_PROXY=http://unit:3128 HTTP_PROXY=http://unit:3129\n");
        write(
                "etc/docker/daemon.json",
                "{\"proxies\": {\"https-proxy\": \"http://json:3128\", \"no-proxy\": \".corp\"}, \"debug\": true}");

        ProxyChoice found = find("systemd");

        assertFound(found, "json:3128", "/etc/docker/daemon.json");
        assertThat(found.proxies().http().map(Proxy::authority)).contains("unit:3129");
        assertThat(found.noProxy()).contains(".corp");
    }

    @Test
    void a_flag_outranks_the_environment() throws Exception {
        write(
                UNIT,
                "[Service]\nExecStart=/usr/bin/dockerd --https-proxy http://flag:3128\n"
                        + "Environment=HTTPS_PROXY=http://unit:3128\n");

        assertFound(find("systemd"), "flag:3128", "/" + UNIT);
    }

    @ParameterizedTest
    @CsvSource({"sysv", "upstart"})
    void the_options_of_an_init_script_count_where_they_are_exported(String platform) throws Exception {
        write(
                "etc/default/docker",
                "# export https_proxy=\"http://comment:1/\"\nexport https_proxy=\"http://init:3128/\"\n");

        assertFound(find(platform), "init:3128", "/etc/default/docker");
    }

    @Test
    void the_options_of_an_init_script_count_for_nothing_where_they_are_not_exported() throws Exception {
        write("etc/default/docker", "https_proxy=\"http://init:3128/\"\n");

        assertThat(find("sysv").isProxied()).isFalse();
    }

    @Test
    void the_process_shows_what_it_was_started_with() throws Exception {
        write(UNIT, EXEC + "Environment=HTTPS_PROXY=http://unit:3128\n");
        write("proc/42/cmdline", "/usr/bin/dockerd\0-H\0fd://\0");
        write("proc/42/environ", "PATH=/bin\0HTTPS_PROXY=http://process:3128\0");

        assertFound(find("systemd"), "process:3128", "/proc/42/environ");
    }

    @Test
    void files_stand_in_for_a_process_that_may_not_be_seen() throws Exception {
        write(UNIT, EXEC + "Environment=HTTPS_PROXY=http://unit:3128\n");
        write("proc/42/cmdline", "/usr/bin/dockerd\0-H\0fd://\0");

        assertFound(find("systemd"), "unit:3128", "/" + UNIT);
    }

    @Test
    void a_broken_file_is_no_reason_to_fail() throws Exception {
        write(UNIT, EXEC + "Environment=HTTPS_PROXY=http://unit:3128\n");
        write("etc/docker/daemon.json", "{\"proxies\": ");

        assertFound(find("systemd"), "unit:3128", "/" + UNIT);
    }

    @Test
    void what_cannot_be_read_is_said_and_left_out() throws Exception {
        write(UNIT, EXEC + "Environment=HTTPS_PROXY=ftp://ann:secret@unit\n");

        ProxyChoice found = find("systemd");

        assertThat(found.isProxied()).isFalse();
        assertThat(codes(found)).containsExactly("proxy-unusable");
        assertThat(found.problems().toString()).doesNotContain("secret");
    }

    // ---- the shell ----

    @ParameterizedTest
    @CsvSource({
        "HTTPS_PROXY, HTTPS_PROXY, upper:1",
        "https_proxy, https_proxy, upper:1",
    })
    void the_shell_counts_where_no_engine_is_found(String variable, String place, String proxy) throws Exception {
        shell.put(variable, "http://" + proxy);

        ProxyChoice found = find("systemd");

        assertThat(https(found)).isEqualTo(proxy);
        assertThat(found.place()).isEqualTo(place);
        assertThat(found.origin()).isEqualTo(ProxyChoice.Origin.ENVIRONMENT);
    }

    @Test
    void the_shell_does_not_count_where_the_engine_has_no_proxy() throws Exception {
        shell.put("HTTPS_PROXY", "http://shell:3128");
        write(UNIT, EXEC);

        ProxyChoice found = find("systemd");

        assertThat(found.isProxied()).isFalse();
        assertThat(codes(found)).containsExactly("proxy-left-out");
    }

    @Test
    void the_shell_counts_where_the_engine_is_elsewhere() throws Exception {
        shell.put("HTTPS_PROXY", "http://shell:3128");
        shell.put("DOCKER_HOST", "tcp://10.0.0.9:2375");
        write(UNIT, EXEC + "Environment=HTTPS_PROXY=http://unit:3128\n");
        Host host = Host.of(top, shell, "Linux", "/root", "root", "amd64");

        ProxyChoice found = EngineProxy.find(host, new Installation.Hints(Optional.empty(), Optional.empty()));

        assertThat(https(found)).isEqualTo("shell:3128");
    }

    // ---- an engine that runs ----

    /** An engine on a socket of its own that says this, asked as the one that {@code DOCKER_HOST} names. */
    private ProxyChoice findRunning(Path folder, String fields) throws Exception {
        return traitsOfRunning(folder, fields).route();
    }

    private EngineTraits traitsOfRunning(Path folder, String fields) throws Exception {
        shell.put("DOCKER_HOST", "unix://" + folder.resolve("docker.sock"));
        return traitsOfRunning(folder, fields, "systemd");
    }

    private EngineTraits traitsOfRunning(Path folder, String fields, String platform) throws Exception {
        Path socket = folder.resolve("docker.sock");
        String body = "{\"ServerVersion\":\"28.5.2\"," + fields + "\"RegistryConfig\":{\"Mirrors\":[]}}";
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Thread engine = new Thread(() -> answerOnce(server, body));
            engine.setDaemon(true);
            engine.start();
            Host host = Host.of(Path.of("/"), shell, "Linux", folder.toString(), "nobody", "amd64");
            Path config = folder.resolve("daemon.json");
            return EngineProxy.traits(host, new Installation.Hints(Optional.of(platform), Optional.of(config)));
        }
    }

    private static void answerOnce(ServerSocketChannel server, String body) {
        try (SocketChannel client = server.accept()) {
            client.read(ByteBuffer.allocate(1000));
            client.write(ByteBuffer.wrap(("HTTP/1.0 200 OK\r\n\r\n" + body).getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            // The test tells by what it does not find.
        }
    }

    @Test
    void a_running_engine_tells_itself(@TempDir Path folder) throws Exception {
        ProxyChoice found = findRunning(
                folder, "\"HttpsProxy\":\"http://told:3128\",\"HttpProxy\":\"http://told:1\",\"NoProxy\":\".corp\",");

        assertFound(found, "told:3128", "docker info");
        assertThat(found.noProxy()).contains(".corp");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "[[\"Backing Filesystem\",\"extfs\"]]; GRAPHDRIVER",
                "[[\"driver-type\",\"io.containerd.snapshotter.v1\"]]; CONTAINERD"
            })
    void a_running_engine_tells_how_it_keeps_images(String status, ImageStore store, @TempDir Path folder)
            throws Exception {
        EngineTraits traits = traitsOfRunning(folder, "\"Driver\":\"overlayfs\",\"DriverStatus\":" + status + ",");

        assertThat(traits.store()).contains(store);
    }

    /** Where root's listens too, that is the one which a client asks. */
    @Test
    void a_rootless_engine_that_is_meant_tells_itself(@TempDir Path folder) throws Exception {
        shell.put("XDG_RUNTIME_DIR", folder.toString());
        shell.put("DOCKER_HOST", "unix://" + folder.resolve("roots.sock"));

        EngineTraits traits = traitsOfRunning(
                folder, "\"Driver\":\"overlay2\",\"DriverStatus\":[[\"Backing Filesystem\",\"extfs\"]],", "rootless");

        assertThat(traits.store()).contains(ImageStore.GRAPHDRIVER);
    }

    @Test
    void nobody_tells_that_of_an_engine_which_does_not_run(@TempDir Path folder) throws Exception {
        shell.put("DOCKER_HOST", "unix://" + folder.resolve("nobody.sock"));
        Host host = Host.of(Path.of("/"), shell, "Linux", folder.toString(), "nobody", "amd64");

        assertThat(EngineProxy.store(host, Installation.Hints.NONE)).isEmpty();
    }

    @Test
    void a_running_engine_without_a_proxy_outranks_the_shell(@TempDir Path folder) throws Exception {
        shell.put("HTTPS_PROXY", "http://shell:3128");

        assertThat(findRunning(folder, "").isProxied()).isFalse();
    }

    @Test
    void a_login_that_the_engine_hides_is_taken_from_its_file(@TempDir Path folder) throws Exception {
        Files.writeString(
                folder.resolve("daemon.json"), "{\"proxies\": {\"https-proxy\": \"http://ann:secret@told:3128\"}}");

        ProxyChoice found = findRunning(folder, "\"HttpsProxy\":\"http://xxxxx:xxxxx@told:3128\",");

        assertFound(found, "told:3128", "docker info");
        assertThat(login(found)).isEqualTo("ann:secret");
    }

    @Test
    void a_login_that_nothing_tells_is_said_to_be_missing(@TempDir Path folder) throws Exception {
        ProxyChoice found = findRunning(folder, "\"HttpsProxy\":\"http://xxxxx:xxxxx@told:3128\",");

        assertThat(https(found)).isEqualTo("told:3128");
        assertThat(login(found)).isEqualTo("none");
        assertThat(codes(found)).containsExactly("proxy-login-hidden", "proxy-used");
    }

    @Test
    void the_proxy_inside_docker_desktop_stands_for_the_shells(@TempDir Path folder) throws Exception {
        shell.put("HTTPS_PROXY", "http://shell:3128");

        ProxyChoice found = findRunning(folder, "\"HttpsProxy\":\"http.docker.internal:3128\",");

        assertThat(https(found)).isEqualTo("shell:3128");
    }
}
