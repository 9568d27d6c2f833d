package io.github.mirrorctl.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.mirrorctl.daemon.EngineVersion;
import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.platform.CommandRunner;
import io.github.mirrorctl.platform.Host;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The installed engine as judge, played by a script. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "dockerd --validate is asked on Unix alone")
class EngineCheckTest {
    private static final byte[] CANDIDATE =
            "{\"registry-mirrors\": [\"https://a.example\"]}\n".getBytes(StandardCharsets.UTF_8);
    private static final Problem KNOWN = Problem.of("unknown-key", Problem.Severity.WARNING, "x");
    /** dockerd 28's words, then its exit code. */
    private static final String REFUSAL = "echo \"unable to configure the Docker daemon with file $file: the following"
            + " directives don't match any configuration option: x\" >&2; exit 1";

    @TempDir
    private Path home;

    private Installation installation;

    @BeforeEach
    void aUsersOwnEngine() throws IOException {
        home = home.toRealPath();
        Host host = Host.of(Path.of("/"), Map.of(), "Linux", home.toString(), "someone", "amd64");
        installation = Installation.find(host, new Installation.Hints(Optional.of("rootless"), Optional.empty()));
    }

    private Optional<Problem> ask(FakeDockerd dockerd, String... flags) throws InterruptedException {
        return ask(dockerd.program(), Duration.ofMinutes(1), flags);
    }

    private Optional<Problem> ask(Path program, Duration patience, String... flags) throws InterruptedException {
        InstalledEngine engine =
                new InstalledEngine(Optional.of(program), EngineVersion.parse("28.5.2"), List.of(flags));
        return new EngineCheck(installation, engine, new CommandRunner(), patience).require(CANDIDATE, List.of(KNOWN));
    }

    @Test
    void hands_over_the_bytes_and_the_flags_of_the_unit() throws Exception {
        FakeDockerd dockerd = new FakeDockerd(home, "", "exit 0");

        Optional<Problem> warning = ask(dockerd, "--debug", "--label=a b");

        assertThat(warning).isEmpty();
        assertThat(dockerd.calls())
                .singleElement()
                .asString()
                .matches("--validate --config-file /.*/daemon\\.json --debug --label=a b");
        assertThat(dockerd.candidate()).isEqualTo(CANDIDATE);
    }

    @Test
    void lets_nobody_else_see_the_candidate_and_leaves_nothing() throws Exception {
        FakeDockerd dockerd = new FakeDockerd(home, "", "exit 0");

        ask(dockerd);

        Path file = Path.of(dockerd.calls().get(0).replace("--validate --config-file ", ""));
        assertThat(dockerd.modes()).containsExactly("drwx------", "-rw-------");
        assertThat(file).doesNotExist();
        assertThat(file.getParent()).doesNotExist();
    }

    @Test
    void refuses_in_the_engines_words_with_the_name_of_the_real_file() throws Exception {
        FakeDockerd dockerd =
                new FakeDockerd(home, "", "if [ \"$(cat \"$file\")\" = '{}' ]; then exit 0; fi\n" + REFUSAL);

        Fault fault = catchThrowableOfType(Fault.class, () -> ask(dockerd));

        String target = installation.target().file().toString();
        assertThat(fault.code()).isEqualTo(FaultCode.ENGINE_REFUSES);
        assertThat(fault.arguments())
                .containsExactly(
                        target,
                        "unable to configure the Docker daemon with file " + target
                                + ": the following directives don't match any configuration option: x");
        assertThat(fault.problems()).containsExactly(KNOWN);
    }

    @Test
    void does_not_blame_the_file_where_the_engine_refuses_an_empty_one_too() throws Exception {
        FakeDockerd dockerd = new FakeDockerd(home, "", REFUSAL);

        assertThat(ask(dockerd)).map(Problem::code).contains("engine-not-asked");
        assertThat(dockerd.calls()).hasSize(2);
        assertThat(dockerd.candidate()).asString(StandardCharsets.UTF_8).isEqualTo("{}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kill -SEGV $$", "exit 2", "exit 125", "exit 127"})
    void warns_where_the_engine_fails_by_itself(String end) throws Exception {
        FakeDockerd dockerd = new FakeDockerd(home, "", "echo panic >&2; " + end);

        assertThat(ask(dockerd)).map(Problem::code).contains("engine-not-asked");
    }

    @Test
    void warns_where_the_engine_gives_no_answer_in_its_time() throws Exception {
        FakeDockerd dockerd = new FakeDockerd(home, "", "exec sleep 600");

        assertThat(ask(dockerd.program(), Duration.ofMillis(300)))
                .map(Problem::code)
                .contains("engine-not-asked");
    }

    @Test
    void warns_where_the_engine_has_gone_or_is_no_program() throws Exception {
        Path text = Files.writeString(home.resolve("text"), "no program");

        assertThat(ask(home.resolve("gone"), Duration.ofMinutes(1)))
                .map(Problem::code)
                .contains("engine-not-asked");
        assertThat(ask(text, Duration.ofMinutes(1))).map(Problem::code).contains("engine-not-asked");
    }

    @Test
    void cleans_what_the_engine_says() throws Exception {
        FakeDockerd dockerd = new FakeDockerd(
                home,
                "",
                "if [ \"$(cat \"$file\")\" = '{}' ]; then exit 0; fi\nprintf 'a\\033[31mb\\007\\n\\n' >&2; exit 1");

        Fault fault = catchThrowableOfType(Fault.class, () -> ask(dockerd));

        assertThat(fault.arguments().get(1))
                .doesNotContain("\033", "\007")
                .startsWith("a")
                .endsWith("b");
    }

    @ParameterizedTest
    @CsvSource({"20.10.24, 0", "22.06.0, 0", "23.0.0, 1", "29.7.2, 1", "'', 0"})
    void asks_only_engines_that_can_validate(String version, int calls) throws Exception {
        FakeDockerd dockerd = new FakeDockerd(home, "", "exit 0");
        InstalledEngine engine =
                new InstalledEngine(Optional.of(dockerd.program()), EngineVersion.parse(version), List.of());

        new EngineCheck(installation, engine, new CommandRunner()).require(CANDIDATE, List.of());

        assertThat(dockerd.calls()).hasSize(calls);
    }

    @Test
    void does_not_make_the_engine_load_keys_that_this_user_cannot_read() throws Exception {
        FakeDockerd dockerd = new FakeDockerd(home, "", "exit 1");
        Host host = installation.host();
        Installation machines =
                Installation.find(host, new Installation.Hints(Optional.of("systemd"), Optional.empty()));
        InstalledEngine engine = new InstalledEngine(
                Optional.of(dockerd.program()), EngineVersion.parse("28.5.2"), List.of("--tlsverify"));

        Optional<Problem> warning =
                new EngineCheck(machines, engine, new CommandRunner()).require(CANDIDATE, List.of());

        assertThat(warning).map(Problem::code).contains("engine-not-asked");
        assertThat(dockerd.calls()).isEmpty();
    }
}
