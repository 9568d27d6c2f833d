package io.github.mirrorctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs some of the golden cases through the packaged launcher, to show that it and {@link GoldenTest} agree. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "what a console there speaks is its own")
final class GoldenIT {
    private static final Path LAUNCHER = Path.of(System.getProperty("mirrorctl.home"), "bin", "mirrorctl");

    @TempDir
    private Path scratch;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "daemon-json/missing-file",
                "daemon-json/tabs-and-crlf",
                "daemon-json/utf-16-big-endian",
                "daemon-json/gbk-refused",
                "daemon-json/argument-empty-refused",
                "daemon-json/catalog-order",
                "daemon-json/text-in-colour",
                "daemon-json/text-kept-and-removed-in-chinese",
                "daemon-json/text-caret-below-chinese-in-chinese",
                "daemon-json/text-terminal-escapes-in-the-file",
                "daemon-json/text-dry-run-quietly",
                "docker-opts/comment-in-gbk",
                "docker-opts/text-changed-in-chinese",
                "docker-opts/text-dry-run",
                "check/engine-28.5-containerd-json-three-mirrors",
                "check/engine-20.10-text-denied",
                "check/text-28-in-chinese",
                "check/text-utf-16-from-powershell"
            })
    void the_launcher_does_what_the_folder_says(String name) throws Exception {
        GoldenCase golden = GoldenCase.named(name);
        Path root = Files.createDirectory(scratch.toRealPath().resolve("root"));
        golden.machine(root);
        Path out = scratch.resolve("out");
        Path err = scratch.resolve("err");

        int exit = run(golden, root, out, err);

        assertThat(GoldenCase.normalised(Files.readString(err), root))
                .isEqualTo(golden.stderr().orElse(""));
        assertThat(GoldenCase.normalised(Files.readString(out), root))
                .isEqualTo(golden.stdout().orElseThrow());
        assertThat(exit).isEqualTo(golden.exit());
        assertThat(Files.exists(golden.target(root))).isEqualTo(golden.after().isPresent());
        if (golden.after().isPresent()) {
            assertThat(Files.readAllBytes(golden.target(root)))
                    .isEqualTo(golden.after().get());
        }
    }

    private static int run(GoldenCase golden, Path root, Path out, Path err) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(LAUNCHER.toString()));
        command.addAll(List.of(golden.arguments(root)));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("PATH", "/usr/bin:/bin");
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("LANG", "en_US.UTF-8");
        environment.put("MIRRORCTL_CACHE", "");
        environment.putAll(golden.environment());
        Process process = builder.start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(golden.stdin());
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
