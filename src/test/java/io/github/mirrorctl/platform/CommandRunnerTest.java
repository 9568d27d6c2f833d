package io.github.mirrorctl.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the commands are a Unix shell's")
class CommandRunnerTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final CommandRunner runner = new CommandRunner();

    private CommandRunner.Result shell(String script, Duration deadline) throws InterruptedException {
        return runner.run(List.of("sh", "-c", script), deadline);
    }

    @Test
    void keeps_both_streams_and_the_exit_code_apart() throws InterruptedException {
        CommandRunner.Result result = shell("echo out; echo err >&2; exit 3", LONG);

        assertThat(result).isEqualTo(new CommandRunner.Result(3, "out\n", "err\n", false, false));
    }

    @Test
    void gives_the_command_an_empty_stdin() throws InterruptedException {
        assertThat(shell("cat; echo end", LONG).stdout()).isEqualTo("end\n");
    }

    @Test
    void keeps_the_beginning_of_endless_output_without_blocking_the_command() throws InterruptedException {
        CommandRunner.Result result = shell("head -c 9000000 /dev/zero; exit 7", LONG);

        assertThat(result.exitCode()).isEqualTo(7);
        assertThat(result.stdout()).hasSize(4 << 20);
        assertThat(result.truncated()).isTrue();
    }

    @Test
    void kills_the_command_and_its_children_at_the_deadline(@TempDir Path folder) throws Exception {
        Path pid = folder.resolve("pid");

        CommandRunner.Result result = shell(
                "sh -c 'echo $$ > " + pid + "; echo begun; read x < " + fifo(folder) + "' & wait",
                Duration.ofSeconds(2));

        assertThat(result.timedOut()).isTrue();
        assertThat(result.exitCode()).isEqualTo(-1);
        assertThat(result.stdout()).isEqualTo("begun\n");
        long child = Long.parseLong(Files.readString(pid).strip());
        ProcessHandle.of(child).ifPresent(dying -> assertThat(dying.onExit()).succeedsWithin(LONG));
    }

    @Test
    void does_not_wait_for_a_child_left_running(@TempDir Path folder) throws Exception {
        Path fifo = fifo(folder);

        CommandRunner.Result result = shell("(read x < " + fifo + ") & echo done", LONG);
        Files.writeString(fifo, "go\n");

        assertThat(result.stdout()).isEqualTo("done\n");
        assertThat(result.timedOut()).isFalse();
    }

    @Test
    void passes_an_interrupt_up() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> shell("read x < /dev/tty", LONG)).isInstanceOf(InterruptedException.class);
    }

    @Test
    void names_a_command_that_does_not_exist() {
        assertThatThrownBy(() -> runner.run(List.of("no-such-command-here", "-x"), LONG))
                .isInstanceOfSatisfying(Fault.class, fault -> {
                    assertThat(fault.code()).isEqualTo(FaultCode.CANNOT_RUN);
                    assertThat(fault.arguments()).containsExactly("no-such-command-here -x", "command-not-found");
                });
    }

    @Test
    void names_a_file_that_cannot_be_executed(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("plain"), "text");

        assertThatThrownBy(() -> runner.run(List.of(file.toString()), LONG))
                .isInstanceOfSatisfying(
                        Fault.class,
                        fault -> assertThat(fault.arguments()).containsExactly(file.toString(), "not-executable"));
    }

    private Path fifo(Path folder) throws InterruptedException {
        Path fifo = folder.resolve("fifo");
        runner.run(List.of("mkfifo", fifo.toString()), LONG);
        return fifo;
    }
}
