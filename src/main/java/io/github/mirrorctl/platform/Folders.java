package io.github.mirrorctl.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/** The folders on the way to a file. All paths are absolute and free of links. */
final class Folders {
    private Folders() {}

    /** The folder above; the root is its own. */
    static Path parent(Path path) {
        Path parent = path.getParent();
        return parent == null ? path : parent;
    }

    /**
     * The folder, or the nearest one above it that exists.
     *
     * @throws RefusedException {@link Reason#PARENT_NOT_A_FOLDER}
     */
    static Path nearestExisting(Path folder) throws RefusedException {
        Path existing = folder;
        while (!Files.exists(existing) && !existing.equals(parent(existing))) {
            existing = parent(existing);
        }
        if (!Files.isDirectory(existing)) {
            throw new RefusedException(Reason.PARENT_NOT_A_FOLDER);
        }
        return existing;
    }

    /** Creates what is missing, with mode 0755 whatever the umask says. */
    static void create(Path folder) throws IOException {
        Path existing = nearestExisting(folder);
        Deque<Path> missing = new ArrayDeque<>();
        for (Path next = folder; !next.equals(existing); next = parent(next)) {
            missing.push(next);
        }
        for (Path next : missing) {
            Files.createDirectories(next);
            Copies.setMode(next, "rwxr-xr-x");
        }
    }
}
