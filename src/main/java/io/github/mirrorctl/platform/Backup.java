package io.github.mirrorctl.platform;

import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a configuration file was before one write of ours. It lies beside the file, named
 * {@code <file>.mirrorctl-<id>-<hash>.bak}, or {@code .absent} where there was no file; the name says all there is to
 * know, so that nothing else has to be kept in step.
 *
 * @param id the UTC time of the write, such as {@code 20261124T034704.123Z}; unique among the file's backups
 * @param file where the backup lies
 * @param time the clock's time of the write, moved on where an earlier backup is not older
 * @param absent whether there was no file, so that restoring means deleting
 * @param writtenHash the first 12 hexadecimal digits of the SHA-256 of what the write wrote; twelve zeros where it
 *     deleted the file
 */
public record Backup(String id, Path file, Instant time, boolean absent, String writtenHash) {
    private static final DateTimeFormatter ID =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSSX", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final Pattern SUFFIX =
            Pattern.compile("\\.mirrorctl-(\\d{8}T\\d{6}\\.\\d{3}Z)-([0-9a-f]{12})\\.(bak|absent)");

    static Backup beside(Path config, Instant time, boolean absent, String writtenHash) {
        String id = ID.format(time);
        String name = config.getFileName() + ".mirrorctl-" + id + "-" + writtenHash + (absent ? ".absent" : ".bak");
        return new Backup(id, config.resolveSibling(name), time, absent, writtenHash);
    }

    /** Reads a backup's file name; empty where it is not one of this configuration file's backups. */
    static Optional<Backup> parse(Path config, Path candidate) {
        String prefix = String.valueOf(config.getFileName());
        String name = String.valueOf(candidate.getFileName());
        if (!name.startsWith(prefix)) {
            return Optional.empty();
        }
        Matcher suffix = SUFFIX.matcher(name.substring(prefix.length()));
        if (!suffix.matches()) {
            return Optional.empty();
        }
        try {
            Instant time = ID.parse(suffix.group(1), Instant::from);
            boolean absent = suffix.group(3).equals("absent");
            return Optional.of(new Backup(suffix.group(1), candidate, time, absent, suffix.group(2)));
        } catch (DateTimeParseException noTime) {
            return Optional.empty();
        }
    }
}
