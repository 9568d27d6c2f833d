package io.github.mirrorctl.platform;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A file that this program alone writes, such as a report or what it remembers of earlier runs. A write replaces it in
 * one step, so that whoever opens it finds all of one version; runs wait for one another. It has no backup.
 *
 * <p>Safe for use by several threads.
 */
public final class OwnFile {
    private static final Duration LOCK_WAIT = Duration.ofSeconds(10);

    private final ConfigStore store;
    private final Path file;
    private final String newMode;

    private OwnFile(Host host, Path file, String newMode) {
        this.store = new ConfigStore(host, LOCK_WAIT);
        this.file = file.toAbsolutePath();
        this.newMode = newMode;
    }

    /** A file for others to read: mode 0644 where it is new. */
    public static OwnFile shared(Host host, Path file) {
        return new OwnFile(host, file, "rw-r--r--");
    }

    /** A file that says what its user does: mode 0600, in a folder that is made where it is missing. */
    public static OwnFile secret(Host host, Path file) {
        return new OwnFile(host, file, "rw-------");
    }

    public Path path() {
        return file;
    }

    /**
     * Does all of a write but the writing, and leaves nothing behind.
     *
     * @throws Fault {@link FaultCode#CANNOT_WRITE}
     */
    public void requireWritable() throws InterruptedException {
        store.changing(file, () -> {
            Snapshot present = store.snapshot(file);
            requireFolder(present);
            try (WorkFolder work = WorkFolder.open(present.realPath(), LOCK_WAIT)) {
                prepare(work, present, new byte[0]);
            }
            return present;
        });
    }

    /**
     * Replaces the content, or makes the file.
     *
     * @throws Fault {@link FaultCode#CANNOT_WRITE} with the file as it was
     */
    public void write(byte[] content) throws InterruptedException {
        store.changing(file, () -> {
            Snapshot before = store.snapshot(file);
            requireFolder(before);
            try (WorkFolder work = WorkFolder.open(before.realPath(), LOCK_WAIT)) {
                return put(work, content);
            }
        });
    }

    /**
     * Adds a line at the end, and drops the first ones where there would be too many. A last line that a full disk cut
     * short is ended first.
     *
     * @param most how many lines are kept, this one included
     * @throws Fault {@link FaultCode#CANNOT_WRITE} with the file as it was
     */
    public void append(String line, int most) throws InterruptedException {
        store.changing(file, () -> {
            Path real = store.snapshot(file).realPath();
            Folders.create(Folders.parent(real));
            try (WorkFolder work = WorkFolder.open(real, LOCK_WAIT)) {
                List<String> lines =
                        new ArrayList<>(linesOf(store.snapshot(file).content()));
                lines.add(line);
                List<String> kept = lines.subList(Math.max(0, lines.size() - most), lines.size());
                return put(work, (String.join("\n", kept) + "\n").getBytes(StandardCharsets.UTF_8));
            }
        });
    }

    /**
     * The lines; none where there is no file.
     *
     * @throws Fault {@link FaultCode#CANNOT_READ}
     */
    public List<String> lines() {
        return linesOf(store.read(file).content());
    }

    private static List<String> linesOf(Optional<byte[]> content) {
        return content.map(bytes ->
                        new String(bytes, StandardCharsets.UTF_8).lines().toList())
                .orElse(List.of());
    }

    private static void requireFolder(Snapshot file) throws IOException {
        Path folder = Folders.parent(file.realPath());
        if (!Files.isDirectory(folder)) {
            throw new RefusedException(Reason.NO_SUCH_FOLDER);
        }
    }

    private Path put(WorkFolder work, byte[] content) throws IOException {
        Snapshot present = store.snapshot(file);
        ConfigStore.put(Optional.of(prepare(work, present, content)), present.realPath());
        store.forceFolder(Folders.parent(present.realPath()));
        return present.realPath();
    }

    private Path prepare(WorkFolder work, Snapshot present, byte[] content) throws IOException {
        Path next = work.file("new");
        if (present.content().isPresent()) {
            Copies.copy(present.realPath(), next, content);
        } else {
            Copies.create(next, content, newMode);
        }
        return next;
    }
}
