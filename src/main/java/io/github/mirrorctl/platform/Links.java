package io.github.mirrorctl.platform;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Follows symbolic links by hand. {@link Path#toRealPath} refuses a link whose target does not exist yet, and knows
 * nothing of a root: an absolute link below {@code --root DIR} must stay below DIR, as it will once DIR is the root.
 */
final class Links {
    /** As many as Linux follows. */
    private static final int LIMIT = 40;

    private Links() {}

    /** The file that would be opened or created, reached without a link; it need not exist. */
    static Path follow(Path path, Host host) throws IOException {
        Path absolute = path.toAbsolutePath();
        boolean below = host.isRooted() && absolute.startsWith(host.root());
        Path top = below ? host.root() : absolute.getRoot();
        Deque<Path> names = new ArrayDeque<>();
        top.relativize(absolute).forEach(names::addLast);

        Path current = top;
        int links = 0;
        while (!names.isEmpty()) {
            Path name = names.removeFirst();
            if (name.toString().equals("..")) {
                Path parent = current.getParent();
                current = parent == null || current.equals(top) ? current : parent;
                continue;
            }
            Path next = name.toString().equals(".") ? current : current.resolve(name);
            if (!Files.isSymbolicLink(next)) {
                current = next;
                continue;
            }
            if (++links > LIMIT) {
                throw new FileSystemLoopException(path.toString());
            }
            Path target = Files.readSymbolicLink(next);
            if (target.isAbsolute()) {
                current = below ? top : target.getRoot();
            }
            for (int i = target.getNameCount() - 1; i >= 0; i--) {
                names.addFirst(target.getName(i));
            }
        }
        return current;
    }
}
