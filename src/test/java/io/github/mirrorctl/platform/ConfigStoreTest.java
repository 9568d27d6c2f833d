package io.github.mirrorctl.platform;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "modes, owners and links are a Unix file system's")
class ConfigStoreTest {
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00.123Z");

    private final ConfigStore store = new ConfigStore(Host.current());

    @TempDir
    private Path temporary;

    private Path folder;
    private Path file;

    @BeforeEach
    void aFolderWithoutLinks() throws IOException {
        folder = temporary.toRealPath();
        file = folder.resolve("daemon.json");
    }

    private Written write(Path path, String content) throws InterruptedException {
        return store.replace(store.read(path), content.getBytes(UTF_8), NOON);
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private static void assertFault(ThrowingCallable call, FaultCode code, Object... arguments) {
        assertThatThrownBy(call).isInstanceOfSatisfying(Fault.class, fault -> {
            assertThat(fault.code()).isEqualTo(code);
            assertThat(fault.arguments())
                    .containsExactly(Stream.of(arguments).map(Object::toString).toArray(String[]::new));
        });
    }

    /** A write must be refused with the reason, by the question beforehand as well, and must change nothing. */
    private void assertRefused(Path path, Reason reason) throws IOException {
        List<String> before = names();
        Snapshot snapshot = store.read(path);

        assertFault(() -> store.requireWritable(path), FaultCode.CANNOT_WRITE, path, reason.key());
        assertFault(
                () -> store.replace(snapshot, "new".getBytes(UTF_8), NOON), FaultCode.CANNOT_WRITE, path, reason.key());

        assertThat(names()).isEqualTo(before);
        assertThat(store.read(path).fingerprint()).isEqualTo(snapshot.fingerprint());
    }

    @Nested
    class Replacing {
        @Test
        void writes_the_new_bytes_and_keeps_the_old_beside_them() throws Exception {
            Files.writeString(file, "old");

            Written written = write(file, "new");

            assertThat(file).hasContent("new");
            assertThat(written.file()).isEqualTo(file);
            assertThat(written.backup().file()).hasContent("old");
            assertThat(names())
                    .containsExactly("daemon.json", "daemon.json.mirrorctl-20261124T120000.123Z-11507a0e2f5e.bak");
        }

        @Test
        void creates_a_missing_file_and_its_folders_with_the_usual_modes() throws Exception {
            Path missing = folder.resolve("etc/docker/daemon.json");

            Written written = write(missing, "new");

            assertThat(missing).hasContent("new");
            assertThat(mode(missing)).isEqualTo("rw-r--r--");
            assertThat(mode(folder.resolve("etc"))).isEqualTo("rwxr-xr-x");
            assertThat(mode(folder.resolve("etc/docker"))).isEqualTo("rwxr-xr-x");
            assertThat(written.backup().absent()).isTrue();
            assertThat(written.backup().file().getFileName().toString()).endsWith("-11507a0e2f5e.absent");
            assertThat(written.backup().file()).isEmptyFile();
            assertThat(mode(written.backup().file())).isEqualTo("rw-------");
        }

        @Test
        void keeps_the_mode_even_one_that_forbids_writing() throws Exception {
            for (String wanted : List.of("rw-------", "r--r-----", "rwxrwxrwx")) {
                Files.deleteIfExists(file);
                Files.writeString(file, "old");
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(wanted));

                Written written = write(file, "new");

                assertThat(mode(file)).isEqualTo(wanted);
                assertThat(mode(written.backup().file())).isEqualTo(wanted);
            }
        }

        @Test
        void keeps_extended_attributes() throws Exception {
            Files.writeString(file, "old");
            UserDefinedFileAttributeView before = Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
            assumeTrue(before != null, "no extended attributes here");
            before.write("origin", UTF_8.encode("kept"));

            write(file, "new");

            assertThat(Files.getFileAttributeView(file, UserDefinedFileAttributeView.class)
                            .list())
                    .contains("origin");
        }

        @Test
        void refuses_when_the_file_changed_in_between() throws Exception {
            Files.writeString(file, "old");
            Snapshot before = store.read(file);
            Files.writeString(file, "somebody else's");

            assertFault(() -> store.replace(before, "new".getBytes(UTF_8), NOON), FaultCode.CONFIG_CHANGED, file);

            assertThat(file).hasContent("somebody else's");
            assertThat(names()).containsExactly("daemon.json");
        }

        @Test
        void refuses_when_the_file_appeared_or_vanished_in_between() throws Exception {
            Snapshot absent = store.read(file);
            Files.writeString(file, "old");
            Snapshot present = store.read(file);

            assertFault(() -> store.replace(absent, "new".getBytes(UTF_8), NOON), FaultCode.CONFIG_CHANGED, file);
            Files.delete(file);
            assertFault(() -> store.replace(present, "new".getBytes(UTF_8), NOON), FaultCode.CONFIG_CHANGED, file);

            assertThat(names()).isEmpty();
        }

        @Test
        void lets_one_of_many_threads_write_and_tells_the_others_that_the_file_changed() throws Exception {
            Files.writeString(file, "old");
            Snapshot before = store.read(file);
            int threads = 8;
            CyclicBarrier start = new CyclicBarrier(threads);
            ExecutorService pool = Executors.newFixedThreadPool(threads);
            List<Callable<Optional<FaultCode>>> writers = IntStream.range(0, threads)
                    .mapToObj(i -> (Callable<Optional<FaultCode>>) () -> {
                        start.await();
                        try {
                            new ConfigStore(Host.current()).replace(before, ("new " + i).getBytes(UTF_8), NOON);
                            return Optional.empty();
                        } catch (Fault fault) {
                            return Optional.of(fault.code());
                        }
                    })
                    .toList();

            List<Optional<FaultCode>> outcomes = pool.invokeAll(writers).stream()
                    .map(ConfigStoreTest::outcome)
                    .toList();
            pool.shutdown();

            assertThat(outcomes).containsOnlyOnce(Optional.empty());
            assertThat(outcomes).filteredOn(Optional::isPresent).containsOnly(Optional.of(FaultCode.CONFIG_CHANGED));
            assertThat(names()).hasSize(2);
        }

        @Test
        void waits_for_another_process_only_so_long() throws Exception {
            Files.writeString(file, "old");
            ConfigStore impatient = new ConfigStore(Host.current(), Duration.ZERO);
            Snapshot before = impatient.read(file);

            try (OtherProcess other = OtherProcess.start(OtherProcess.Work.HOLD, file)) {
                other.awaitStep();
                assertFault(
                        () -> impatient.replace(before, "new".getBytes(UTF_8), NOON),
                        FaultCode.CANNOT_WRITE,
                        file,
                        "busy");
            }

            impatient.replace(before, "new".getBytes(UTF_8), NOON);
            assertThat(file).hasContent("new");
            assertThat(names()).hasSize(2);
        }

        @Test
        void sweeps_what_a_killed_run_left() throws Exception {
            Files.writeString(file, "old");
            Path work = Files.createDirectory(folder.resolve(".daemon.json.mirrorctl"));
            Files.writeString(work.resolve("lock"), "");
            Files.writeString(work.resolve("new"), "half");
            Files.writeString(work.resolve("old"), "ha");

            write(file, "new");

            assertThat(file).hasContent("new");
            assertThat(names()).hasSize(2).noneMatch(name -> name.startsWith("."));
        }

        @Test
        void stops_at_an_interrupt_and_leaves_the_old_file_alone() throws Exception {
            Files.writeString(file, "old");
            Snapshot before = store.read(file);
            Thread.currentThread().interrupt();

            assertThatThrownBy(() -> store.replace(before, "new".getBytes(UTF_8), NOON))
                    .isInstanceOf(InterruptedException.class);

            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            assertThat(file).hasContent("old");
            assertThat(names()).containsExactly("daemon.json");
        }
    }

    @Nested
    class Links {
        @Test
        void of_every_sort_stay_links_and_their_target_is_written() throws Exception {
            Path target = Files.createDirectory(folder.resolve("target")).resolve("real.json");
            Path relative = Files.createSymbolicLink(folder.resolve("relative"), Path.of("target/real.json"));
            Path absolute = Files.createSymbolicLink(folder.resolve("absolute"), target);
            Path chain = Files.createSymbolicLink(folder.resolve("chain"), relative);
            Path up = Files.createSymbolicLink(folder.resolve("target/up"), Path.of("../absolute"));
            Path throughFolder = Files.createSymbolicLink(folder.resolve("linked"), Path.of("target"))
                    .resolve("real.json");
            for (Path link : List.of(relative, absolute, chain, up, throughFolder)) {
                Files.writeString(target, "old");

                Written written = write(link, "new");

                assertThat(target).hasContent("new");
                assertThat(written.file()).isEqualTo(target);
                assertThat(written.backup().file()).hasParent(target.getParent());
                assertThat(store.backups(link)).contains(written.backup());
            }
            assertThat(List.of(relative, absolute, chain, up)).allMatch(Files::isSymbolicLink);
        }

        @Test
        void to_nothing_have_their_target_created() throws Exception {
            Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("data/docker/daemon.json"));

            boolean before = store.read(link).content().isPresent();
            write(link, "new");

            assertThat(before).isFalse();
            assertThat(link).isSymbolicLink();
            assertThat(folder.resolve("data/docker/daemon.json")).hasContent("new");
        }

        @Test
        void in_a_circle_are_refused() throws Exception {
            Path one = folder.resolve("one");
            Path two = Files.createSymbolicLink(folder.resolve("two"), one);
            Files.createSymbolicLink(one, two);

            assertFault(() -> store.read(one), FaultCode.CANNOT_READ, one, "link-loop");
            assertFault(() -> store.requireWritable(one), FaultCode.CANNOT_WRITE, one, "link-loop");
        }

        @Test
        void that_are_absolute_stay_below_the_root_that_was_given() throws Exception {
            Path root = Files.createDirectory(folder.resolve("image"));
            Path link = Files.createDirectories(root.resolve("etc/docker")).resolve("daemon.json");
            Files.createSymbolicLink(link, Path.of("/data/../data/daemon.json"));
            ConfigStore rooted = new ConfigStore(Host.current().withRoot(root));

            Written written = rooted.replace(rooted.read(link), "new".getBytes(UTF_8), NOON);

            assertThat(written.file()).isEqualTo(root.resolve("data/daemon.json"));
            assertThat(root.resolve("data/daemon.json")).hasContent("new");
        }

        @Test
        void that_are_hard_are_refused_since_the_other_name_would_keep_the_old_content() throws Exception {
            Files.writeString(file, "old");
            Files.createLink(folder.resolve("other name"), file);

            assertRefused(file, Reason.HARD_LINKED);
        }
    }

    @Nested
    class Refusing {
        @Test
        void a_folder() throws Exception {
            Files.createDirectory(file);

            assertFault(() -> store.read(file), FaultCode.CANNOT_READ, file, "is-a-folder");
            assertFault(() -> store.requireWritable(file), FaultCode.CANNOT_WRITE, file, "is-a-folder");
            assertThat(names()).containsExactly("daemon.json");
        }

        @Test
        void a_fifo_without_waiting_for_its_other_end() throws Exception {
            assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")), "no mkfifo here");
            new CommandRunner().run(List.of("/usr/bin/mkfifo", file.toString()), Duration.ofMinutes(1));

            assertFault(() -> store.read(file), FaultCode.CANNOT_READ, file, "not-a-file");
            assertFault(() -> store.requireWritable(file), FaultCode.CANNOT_WRITE, file, "not-a-file");
        }

        @Test
        void a_file_larger_than_16_MiB() throws Exception {
            try (FileChannel channel =
                    FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                channel.write(UTF_8.encode("x"), 16 << 20);
            }

            assertFault(() -> store.read(file), FaultCode.CANNOT_READ, file, "too-large");
        }

        @Test
        void a_path_through_a_file() throws Exception {
            Files.writeString(folder.resolve("docker"), "");
            Path through = folder.resolve("docker/deep/daemon.json");

            assertFault(() -> store.read(through), FaultCode.CANNOT_READ, through, "parent-not-a-folder");
            assertFault(() -> store.requireWritable(through), FaultCode.CANNOT_WRITE, through, "parent-not-a-folder");
        }

        @Test
        void a_folder_without_the_right_to_write() throws Exception {
            Files.writeString(file, "old");
            assumeFalse(Host.current().isRoot(), "permission bits do not bind root");
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
            try {
                assertRefused(file, Reason.PERMISSION_DENIED);
                assertRefused(folder.resolve("missing/daemon.json"), Reason.PERMISSION_DENIED);
            } finally {
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }

        @Test
        void to_work_where_a_file_has_the_name_of_our_folder() throws Exception {
            Files.writeString(file, "old");
            Files.writeString(folder.resolve(".daemon.json.mirrorctl"), "somebody's");

            assertRefused(file, Reason.PARENT_NOT_A_FOLDER);
            assertThat(folder.resolve(".daemon.json.mirrorctl")).hasContent("somebody's");
        }

        @Test
        void to_write_what_is_there_already() throws Exception {
            Files.writeString(file, "old");

            assertThatThrownBy(() -> write(file, "old")).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Nested
    class AskingBeforehand {
        @Test
        void leaves_nothing_behind() throws Exception {
            Path missing = folder.resolve("etc/docker/daemon.json");
            Files.writeString(file, "old");

            store.requireWritable(file);
            store.requireWritable(missing);
            store.requireWritable(folder.resolve("other.json"));

            assertThat(names()).containsExactly("daemon.json");
            assertThat(file).hasContent("old");
        }
    }

    @Nested
    class Backups {
        @Test
        void never_share_a_name_even_in_the_same_millisecond() throws Exception {
            Files.writeString(file, "0");
            for (int i = 1; i <= 5; i++) {
                write(file, Integer.toString(i % 2));
            }

            List<Backup> backups = store.backups(file);

            assertThat(backups).hasSize(5);
            assertThat(backups).extracting(Backup::id).doesNotHaveDuplicates();
            assertThat(store.content(backups.get(4))).contains("0".getBytes(UTF_8));
            assertThat(backups.get(4).time()).isEqualTo(NOON);
        }

        @Test
        void stay_in_order_when_the_clock_is_set_back() throws Exception {
            Files.writeString(file, "first");
            write(file, "second");
            store.replace(store.read(file), "third".getBytes(UTF_8), NOON.minusSeconds(3600));

            assertThat(store.content(store.backups(file).get(0))).contains("second".getBytes(UTF_8));
        }

        @Test
        void are_told_from_other_files_by_their_whole_name() throws Exception {
            Files.writeString(file, "old");
            Files.writeString(folder.resolve("daemon.json.mirrorctl-notes.bak"), "");
            Files.writeString(folder.resolve("daemon.json.mirrorctl-20261399T120000.123Z-11507a0e2f5e.bak"), "");
            Files.writeString(folder.resolve("daemon.json.bak"), "");
            Files.createDirectory(folder.resolve("daemon.json.mirrorctl-20261124T120000.123Z-11507a0e2f5e.bak"));

            assertThat(store.backups(file)).isEmpty();
            assertThat(store.backups(folder.resolve("nowhere/daemon.json"))).isEmpty();
        }
    }

    @Nested
    class Restoring {
        private Optional<Written> restoreNewest(boolean force) throws InterruptedException {
            return store.restore(file, store.backups(file).get(0), force, NOON);
        }

        @Test
        void puts_content_and_mode_back_and_is_undone_by_another() throws Exception {
            Files.writeString(file, "old");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
            write(file, "new");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));

            restoreNewest(false);
            String restored = Files.readString(file) + " " + mode(file);
            restoreNewest(false);

            assertThat(restored).isEqualTo("old rw-r-----");
            assertThat(Files.readString(file) + " " + mode(file)).isEqualTo("new rw-rw-rw-");
            assertThat(store.backups(file)).hasSize(3);
        }

        @Test
        void deletes_a_file_that_was_not_there_and_can_bring_it_back() throws Exception {
            write(file, "new");

            Optional<Written> deleted = restoreNewest(false);
            boolean exists = Files.exists(file);
            restoreNewest(false);

            assertThat(exists).isFalse();
            assertThat(deleted)
                    .hasValueSatisfying(written ->
                            assertThat(written.backup().writtenHash()).isEqualTo("000000000000"));
            assertThat(file).hasContent("new");
        }

        @Test
        void refuses_a_file_that_changed_since_unless_forced() throws Exception {
            Files.writeString(file, "old");
            Backup backup = write(file, "new").backup();
            Files.writeString(file, "edited by hand");

            assertFault(
                    () -> store.restore(file, backup, false, NOON), FaultCode.BACKUP_CHANGED_SINCE, file, backup.id());
            boolean untouched = Files.readString(file).equals("edited by hand");
            store.restore(file, backup, true, NOON);

            assertThat(untouched).isTrue();
            assertThat(file).hasContent("old");
            assertThat(store.content(store.backups(file).get(0))).contains("edited by hand".getBytes(UTF_8));
        }

        @Test
        void does_nothing_where_the_content_is_back_already() throws Exception {
            Files.writeString(file, "old");
            Backup backup = write(file, "new").backup();
            Files.writeString(file, "old");

            assertThat(store.restore(file, backup, false, NOON)).isEmpty();
            assertThat(store.backups(file)).containsExactly(backup);
        }

        @Test
        void says_so_where_the_backup_itself_is_gone() throws Exception {
            Files.writeString(file, "old");
            Backup backup = write(file, "new").backup();
            Files.delete(backup.file());

            assertThatThrownBy(() -> store.restore(file, backup, false, NOON))
                    .isInstanceOfSatisfying(
                            Fault.class, fault -> assertThat(fault.code()).isEqualTo(FaultCode.CANNOT_READ));
            assertThat(file).hasContent("new");
        }
    }

    private static <T> T outcome(Future<T> future) {
        try {
            return future.get();
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }
}
