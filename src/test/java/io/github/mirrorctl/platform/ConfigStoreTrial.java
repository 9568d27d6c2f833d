package io.github.mirrorctl.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rolls dice with other JVMs for minutes, so it runs only when asked:
 * {@code mvn test -Dtest=ConfigStoreTrial -Dmirrorctl.trials=200}, with {@code -Djava.io.tmpdir} for another file system.
 */
@EnabledIfSystemProperty(named = "mirrorctl.trials", matches = "[0-9]+", disabledReason = "only when asked")
class ConfigStoreTrial {
    @Test
    void leaves_the_old_file_or_the_new_one_when_killed_and_nothing_that_breaks_the_next_run(@TempDir Path temporary)
            throws Exception {
        Path folder = temporary.toRealPath();
        Path file = Files.write(folder.resolve("daemon.json"), OtherProcess.content(0));
        Random random = new Random();
        int interruptedInside = 0;
        int trials = Integer.getInteger("mirrorctl.trials");
        for (int i = 0; i < trials; i++) {
            OtherProcess writer = OtherProcess.start(OtherProcess.Work.REPLACE, file);
            for (int steps = random.nextInt(10); steps >= 0; steps--) {
                writer.awaitStep();
            }
            LockSupport.parkNanos(random.nextInt(20_000_000));
            writer.kill();
            List<Path> left = list(folder);
            interruptedInside += left.contains(folder.resolve(".daemon.json.mirrorctl")) ? 1 : 0;

            byte[] found = Files.readAllBytes(file);
            assertThat(isWhole(found)).as("file after trial %d", i).isTrue();
            ConfigStore store = new ConfigStore(Host.current());
            for (Backup backup : store.backups(file)) {
                assertThat(isWhole(store.content(backup).orElseThrow()))
                        .as("%s", backup)
                        .isTrue();
            }
            Snapshot before = store.read(file);
            Written written = store.replace(before, OtherProcess.content(found[0] - '0' + 1), Instant.now());
            assertThat(list(folder))
                    .allMatch(path ->
                            path.equals(file) || Backup.parse(file, path).isPresent());
            assertThat(store.backups(file).get(0)).isEqualTo(written.backup());
            for (Backup backup : store.backups(file)) {
                Files.delete(backup.file());
            }
        }
        System.out.printf("%d kills, %d of them inside a write%n", trials, interruptedInside);
    }

    @Test
    void loses_no_write_when_many_processes_write_at_once(@TempDir Path temporary) throws Exception {
        Path folder = temporary.toRealPath();
        Path file = Files.writeString(folder.resolve("daemon.json"), "0");
        List<OtherProcess> counters = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            counters.add(OtherProcess.start(OtherProcess.Work.COUNT, file));
        }
        for (OtherProcess counter : counters) {
            counter.close();
        }

        assertThat(file).hasContent(Integer.toString(4 * OtherProcess.COUNTED));
        assertThat(new ConfigStore(Host.current()).backups(file)).hasSize(4 * OtherProcess.COUNTED);
        assertThat(list(folder)).hasSize(4 * OtherProcess.COUNTED + 1);
    }

    private static boolean isWhole(byte[] content) {
        return Stream.of(0, 1).anyMatch(number -> Arrays.equals(content, OtherProcess.content(number)));
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
