package io.github.mirrorctl.task;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorctl.platform.ConfigStore;
import io.github.mirrorctl.platform.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class RestoreTaskTest {
    private final ConfigStore store = new ConfigStore(Host.current());
    private final RestoreTask task = new RestoreTask(Host.current(), Clock.systemUTC());

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void aFolderWithoutLinks() throws IOException {
        file = folder.toRealPath().resolve("daemon.json");
    }

    private void write(String content) throws InterruptedException {
        store.replace(
                store.read(file), content.getBytes(UTF_8), Clock.systemUTC().instant());
    }

    private RestoreTask.Report restore() throws InterruptedException {
        return task.restore(new Installation.Hints(Optional.of("systemd"), Optional.of(file)), Optional.empty(), false);
    }

    @Test
    void brings_a_file_back_that_cannot_be_understood() throws Exception {
        Files.writeString(file, "{\"debug\": true,}");
        write("{\"registry-mirrors\": []}");

        RestoreTask.Report report = restore();

        assertThat(file).hasContent("{\"debug\": true,}");
        assertThat(report.written()).isPresent();
        assertThat(report.isBroken()).isTrue();
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no modes")
    void brings_the_mode_back_where_nothing_else_has_changed() throws Exception {
        Files.writeString(file, "{\"debug\": true}");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        write("{\"registry-mirrors\": []}");
        restore();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        String first = store.backups(file).get(1).id();

        RestoreTask.Report report = task.restore(
                new Installation.Hints(Optional.of("systemd"), Optional.of(file)), Optional.of(first), false);

        assertThat(report.written()).isPresent();
        assertThat(file).hasContent("{\"debug\": true}");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r-----");
        assertThat(task.restore(
                                new Installation.Hints(Optional.of("systemd"), Optional.of(file)),
                                Optional.of(first),
                                false)
                        .written())
                .isEmpty();
    }

    @Test
    void lists_the_backup_that_it_made_itself_first() throws Exception {
        Files.writeString(file, "{\"registry-mirrors\": [\"https://old.example\"]}");
        write("{\"registry-mirrors\": [\"https://new.example\"]}");

        RestoreTask.Report report = restore();

        assertThat(report.backups())
                .extracting(RestoreTask.Kept::backup)
                .isEqualTo(store.backups(file))
                .first()
                .isEqualTo(report.written().orElseThrow().backup());
        assertThat(report.backups().get(0).mirrors()).containsExactly("https://new.example");
        assertThat(report.needsRestart()).isFalse();
    }
}
