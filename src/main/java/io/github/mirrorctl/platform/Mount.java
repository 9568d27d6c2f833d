package io.github.mirrorctl.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The mounted file system that a path lies on, as Linux tells it. {@link java.nio.file.FileStore#isReadOnly} takes a
 * bind mount for the file system it shows, so a read-only one goes unnoticed there.
 *
 * @param point where it is mounted
 * @param hasQuotas whether what a user or a project may take there is limited
 */
record Mount(Path point, boolean isReadOnly, boolean hasQuotas) {
    /** As ext4 and XFS spell it, on or off: {@code usrquota}, {@code prjquota}, {@code usrjquota=FILE}, {@code noquota}. */
    private static final Pattern QUOTAS = Pattern.compile(".*,(u|usr|g|grp|p|prj|usrj|grpj)?quota[,=].*");

    private static final Pattern ESCAPE = Pattern.compile("\\\\([0-7]{3})");

    /** Empty where the system does not tell, as on macOS and Windows. */
    static Optional<Mount> of(Path realPath) {
        Path table = Path.of("/proc/self/mounts");
        if (realPath.getFileSystem() != table.getFileSystem() || !Files.isReadable(table)) {
            return Optional.empty();
        }
        try (var lines = Files.lines(table)) {
            // Of two mounts on one point the later hides the earlier.
            return lines.map(line -> parse(line, realPath))
                    .flatMap(Optional::stream)
                    .reduce((one, two) ->
                            two.point().getNameCount() >= one.point().getNameCount() ? two : one);
        } catch (IOException | UncheckedIOException unreadable) {
            return Optional.empty();
        }
    }

    /** A line of <a href="https://man7.org/linux/man-pages/man5/fstab.5.html">fstab(5)</a>'s form. */
    static Optional<Mount> parse(String line, Path realPath) {
        String[] fields = line.split(" ", -1);
        if (fields.length < 4) {
            return Optional.empty();
        }
        String point = ESCAPE.matcher(fields[1]).replaceAll(match -> {
            String character = Character.toString(Integer.parseInt(match.group(1), 8));
            return Matcher.quoteReplacement(character);
        });
        Path folder = Path.of(point);
        String options = "," + fields[3] + ",";
        return realPath.startsWith(folder)
                ? Optional.of(new Mount(
                        folder,
                        options.contains(",ro,"),
                        QUOTAS.matcher(options).matches()))
                : Optional.empty();
    }
}
