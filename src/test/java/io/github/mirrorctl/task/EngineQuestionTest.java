package io.github.mirrorctl.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.github.mirrorctl.daemon.DockerInfo;
import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.platform.CommandRunner.Result;
import io.github.mirrorctl.platform.EngineApi.Answer;
import io.github.mirrorctl.platform.EngineApi.Outcome;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.platform.Platform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** An engine and docker's client, both played by the test. */
class EngineQuestionTest {
    private static final String INFO =
            "{\"ServerVersion\":\"28.5.2\",\"RegistryConfig\":{\"Mirrors\":[\"https://a/\"]}}";
    private static final String CANNOT_CONNECT =
            "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n";

    private final Path top = Jimfs.newFileSystem(Configuration.unix()).getPath("/");
    private final List<Problem> findings = new ArrayList<>();
    private final List<String> ran = new ArrayList<>();

    // What the machine does, which each test changes.
    private Map<String, String> environment = Map.of();
    private Answer engine = new Answer(Outcome.NOBODY_THERE, "");
    private Function<String, Optional<Result>> client = command -> Optional.empty();

    private static Optional<Result> says(int exit, String out, String err) {
        return Optional.of(new Result(exit, out, err, false, false));
    }

    private DockerInfo ask(String... docker) throws InterruptedException {
        return ask(Platform.SYSTEMD, (address, deadline) -> engine, docker);
    }

    private DockerInfo ask(Platform platform, Means.Asks engines, String... docker) throws InterruptedException {
        Host host = Host.of(top, environment, "Linux", "/root", "root", "amd64");
        Means.Runs commands = (command, deadline) -> {
            ran.add(String.join(" ", command));
            return client.apply(ran.get(ran.size() - 1))
                    .orElseThrow(() -> new Fault(FaultCode.CANNOT_RUN, command.get(0), "not found"));
        };
        CheckTask.Request request = new CheckTask.Request(
                Installation.Hints.NONE,
                Optional.empty(),
                docker.length == 0 ? Optional.empty() : Optional.of(List.of(docker)),
                true,
                Optional.empty(),
                Optional.empty());
        return new EngineQuestion(host, platform, commands, engines).answer(request, findings);
    }

    private List<String> codes() {
        return findings.stream().map(Problem::code).toList();
    }

    @Test
    void needs_no_client_where_the_engine_answers() throws Exception {
        engine = new Answer(Outcome.ANSWERED, INFO);

        assertThat(ask().mirrors()).contains(List.of("https://a/"));
        assertThat(ran).isEmpty();
        assertThat(findings).isEmpty();
    }

    @Test
    void takes_the_clients_word_where_nobody_is_there() throws Exception {
        client = command -> says(1, "", CANNOT_CONNECT);

        assertThat(ask().mirrors()).isEmpty();
        assertThat(codes()).containsExactly("daemon-down");
        assertThat(findings.get(0).arguments()).containsExactly("sudo systemctl start docker");
    }

    @Test
    void names_what_it_saw_itself_where_there_is_no_client() throws Exception {
        engine = new Answer(Outcome.PERMISSION_DENIED, "");
        ask();
        engine = new Answer(Outcome.SILENT, "");
        ask();
        engine = new Answer(Outcome.NOBODY_THERE, "");
        ask();

        assertThat(codes()).containsExactly("permission-denied", "engine-silent", "no-docker");
    }

    @Test
    void asks_the_users_own_engine_where_the_client_is_not_told_of_it() throws Exception {
        environment = Map.of("XDG_RUNTIME_DIR", "/run/user/1000");
        client = command -> says(1, "", "permission denied while trying to connect to the Docker daemon socket\n");
        Means.Asks both = (address, deadline) -> address.equals("unix:///run/user/1000/docker.sock")
                ? engine
                : new Answer(Outcome.PERMISSION_DENIED, "");

        engine = new Answer(Outcome.ANSWERED, INFO);
        assertThat(ask(Platform.ROOTLESS, both).mirrors()).contains(List.of("https://a/"));
        engine = new Answer(Outcome.NOBODY_THERE, "");
        assertThat(ask(Platform.ROOTLESS, both).mirrors()).isEmpty();

        assertThat(codes()).containsExactly("client-asks-another", "permission-denied");
        assertThat(findings.get(0).arguments())
                .containsExactly("unix:///var/run/docker.sock", "unix:///run/user/1000/docker.sock");
        assertThat(findings.get(1).arguments()).containsExactly("sudo ");
    }

    @Test
    void asks_no_engine_but_the_one_that_the_client_is_told_of() throws Exception {
        environment = Map.of("XDG_RUNTIME_DIR", "/run/user/1000", "DOCKER_HOST", "unix:///tmp/mine.sock");
        client = command -> says(1, "", CANNOT_CONNECT);
        List<String> asked = new ArrayList<>();

        ask(Platform.ROOTLESS, (address, deadline) -> {
            asked.add(address);
            return engine;
        });

        assertThat(asked).containsExactly("unix:///tmp/mine.sock");
    }

    @Test
    void does_not_wait_for_a_client_that_waits() throws Exception {
        client = command -> Optional.of(new Result(143, "", "", true, false));

        assertThat(ask().mirrors()).isEmpty();
        assertThat(codes()).containsExactly("engine-silent");
    }

    @Test
    void asks_in_words_a_client_that_knows_no_format() throws Exception {
        client = command -> command.endsWith(" info")
                ? says(0, "Server Version: 1.12.6\nStorage Driver: aufs\n", "")
                : says(1, "", "flag provided but not defined: --format\n");

        DockerInfo info = ask();

        assertThat(info.version()).contains("1.12.6");
        assertThat(codes()).containsExactly("mirrors-not-shown");
        assertThat(ran).containsExactly("docker info --format {{json .}}", "docker info");
    }

    @Test
    void tells_a_command_that_is_no_docker() throws Exception {
        client = command -> says(0, "hello\n", "");
        ask("/opt/docker", "--context", "far");
        client = command -> says(0, "{\"host\":{\"arch\":\"amd64\"},\"store\":{}}", "");
        ask("docker");

        assertThat(ran).startsWith("/opt/docker --context far info --format {{json .}}");
        assertThat(codes()).containsExactly("not-docker-info", "podman");
    }

    @Test
    void tells_an_engine_elsewhere_that_cannot_be_reached() throws Exception {
        environment = Map.of("DOCKER_HOST", "tcp://10.0.0.5:2375");
        client = command -> says(1, "", "Cannot connect to the Docker daemon at tcp://10.0.0.5:2375.\n");

        ask();

        assertThat(codes()).containsExactly("engine-elsewhere", "engine-unreachable");
        assertThat(findings.get(1).arguments()).containsExactly("tcp://10.0.0.5:2375", "unset DOCKER_HOST");
    }

    @Test
    void leaves_ssh_and_tls_to_a_client_and_says_so_where_there_is_none() throws Exception {
        environment = Map.of("DOCKER_HOST", "ssh://build@farm");
        ask();
        environment =
                Map.of("DOCKER_HOST", "tcp://10.0.0.5:2376", "DOCKER_TLS_VERIFY", "1", "DOCKER_CERT_PATH", "/keys");
        ask();

        assertThat(codes())
                .containsExactly(
                        "engine-elsewhere",
                        "engine-needs-client",
                        "engine-elsewhere",
                        "tls-files-missing",
                        "engine-needs-client");
        assertThat(findings.get(3).arguments()).containsExactly("/keys/ca.pem");
    }

    @Test
    void names_a_context_that_is_not_there() throws Exception {
        Files.createDirectories(top.resolve("/root/.docker"));
        Files.writeString(top.resolve("/root/.docker/config.json"), "{\"currentContext\":\"gone\"}");
        ask();
        environment = Map.of("DOCKER_CONTEXT", "lost");
        ask();

        assertThat(codes()).containsExactly("context-missing", "context-missing");
        assertThat(findings.get(0).arguments())
                .containsExactly("docker context use gone", "docker context use default");
        assertThat(findings.get(1).arguments()).containsExactly("DOCKER_CONTEXT=lost", "unset DOCKER_CONTEXT");
        assertThat(ran).isEmpty();
    }
}
