package io.github.mirrorctl.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

final class OwnFileTest {
    @TempDir
    private Path folder;

    private Host host() {
        return Host.of(folder, Map.of(), "Linux", "/home/me", "me", "amd64");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private List<String> names() throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void replaces_the_content_and_leaves_nothing_else() throws Exception {
        Path file = folder.resolve("report.html");
        OwnFile own = OwnFile.shared(host(), file);

        own.requireWritable();
        own.write(bytes("one"));
        own.write(bytes("two"));

        assertThat(file).hasContent("two");
        assertThat(names()).containsExactly("report.html");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void gives_a_secret_to_nobody_else_and_keeps_a_mode_that_was_set() throws Exception {
        Path secret = folder.resolve("state").resolve("history.jsonl");
        Path shared = folder.resolve("report.html");

        OwnFile.secret(host(), secret).append("x", 10);
        OwnFile.shared(host(), shared).write(bytes("one"));
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rw-rw----"));
        OwnFile.shared(host(), shared).write(bytes("two"));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(shared)))
                .isEqualTo("rw-rw----");
    }

    @Test
    void keeps_the_last_lines_and_ends_one_that_was_cut_short() throws Exception {
        Path file = folder.resolve("history.jsonl");
        Files.writeString(file, "1\n2\n3 cut sho");

        OwnFile.secret(host(), file).append("4", 3);

        assertThat(file).hasContent("2\n3 cut sho\n4\n");
    }

    @Test
    void loses_no_line_to_another_run() throws Exception {
        Path file = folder.resolve("history.jsonl");
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Void>> runs = IntStream.range(0, 40)
                    .<Callable<Void>>mapToObj(i -> () -> {
                        OwnFile.secret(host(), file).append(String.valueOf(i), 100);
                        return null;
                    })
                    .toList();
            for (var run : pool.invokeAll(runs)) {
                run.get();
            }
        } finally {
            pool.shutdownNow();
        }

        assertThat(OwnFile.secret(host(), file).lines()).hasSize(40).doesNotHaveDuplicates();
    }

    @Test
    void makes_no_folder_for_a_file_that_somebody_named() {
        OwnFile own = OwnFile.shared(host(), folder.resolve("missing").resolve("report.html"));

        assertThatThrownBy(own::requireWritable).isInstanceOfSatisfying(Fault.class, fault -> {
            assertThat(fault.code()).isEqualTo(FaultCode.CANNOT_WRITE);
            assertThat(fault.arguments()).contains("no-such-folder");
        });
        assertThat(folder.resolve("missing")).doesNotExist();
    }

    @Test
    void does_not_write_into_a_folder_that_has_the_name() throws Exception {
        Files.createDirectory(folder.resolve("report.html"));

        assertThatThrownBy(OwnFile.shared(host(), folder.resolve("report.html"))::requireWritable)
                .isInstanceOfSatisfying(
                        Fault.class, fault -> assertThat(fault.arguments()).contains("is-a-folder"));
    }
}
