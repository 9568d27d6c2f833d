package io.github.mirrorctl.platform;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.AclFileAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Makes files that are like another in everything but their content, and forces them to the disk. */
final class Copies {
    private Copies() {}

    /**
     * Copies bytes, times, mode, owner and group, and on Linux the extended attributes, among them POSIX ACLs and the
     * SELinux label; on Windows the attributes and the ACL. The copy must not exist yet.
     *
     * @throws RefusedException {@link Reason#OWNER_CANNOT_BE_KEPT}
     */
    static void copy(Path original, Path copy) throws IOException {
        Files.copy(original, copy, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        Optional<PosixFileAttributes> wanted = posix(original);
        if (wanted.isPresent()) {
            // Files.copy says nothing where it could not keep them.
            PosixFileAttributes found = posix(copy).orElseThrow();
            if (!found.owner().equals(wanted.get().owner())
                    || !found.group().equals(wanted.get().group())
                    || !found.permissions().equals(wanted.get().permissions())) {
                throw new RefusedException(Reason.OWNER_CANNOT_BE_KEPT);
            }
        } else {
            AclFileAttributeView from = Files.getFileAttributeView(original, AclFileAttributeView.class);
            AclFileAttributeView to = Files.getFileAttributeView(copy, AclFileAttributeView.class);
            if (from != null && to != null) {
                to.setAcl(from.getAcl());
            }
        }
    }

    /** A copy with other content. */
    static void copy(Path original, Path copy, byte[] content) throws IOException {
        copy(original, copy);
        // A file that its owner may only read would not let us write.
        Optional<Set<PosixFilePermission>> readOnly = posix(copy)
                .map(PosixFileAttributes::permissions)
                .filter(mode -> !mode.contains(PosixFilePermission.OWNER_WRITE));
        if (readOnly.isPresent()) {
            Set<PosixFilePermission> writable = EnumSet.of(PosixFilePermission.OWNER_WRITE);
            writable.addAll(readOnly.get());
            Files.setPosixFilePermissions(copy, writable);
        }
        write(copy, content, StandardOpenOption.TRUNCATE_EXISTING);
        if (readOnly.isPresent()) {
            Files.setPosixFilePermissions(copy, readOnly.get());
            force(copy);
        }
    }

    /** A file like no other, with a mode such as {@code rw-r--r--} whatever the umask says. */
    static void create(Path file, byte[] content, String mode) throws IOException {
        write(file, content, StandardOpenOption.CREATE_NEW);
        setMode(file, mode);
    }

    /** Does nothing where the file system has no modes. */
    static void setMode(Path file, String mode) throws IOException {
        if (posix(file).isPresent()) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        }
    }

    /** Forces a file's content and attributes to the disk. */
    static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    static Optional<PosixFileAttributes> posix(Path file) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        return view == null ? Optional.empty() : Optional.of(view.readAttributes());
    }

    private static void write(Path file, byte[] content, StandardOpenOption how) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, how, LinkOption.NOFOLLOW_LINKS)) {
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
        }
    }
}
