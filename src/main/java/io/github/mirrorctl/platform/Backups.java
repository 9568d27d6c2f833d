package io.github.mirrorctl.platform;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The backups that lie beside a configuration file. All paths are free of links. */
final class Backups {
    private Backups() {}

    /** Newest first; empty where there are none, or not even a folder. */
    static List<Backup> of(Path config) throws IOException {
        List<Backup> found = new ArrayList<>();
        try (DirectoryStream<Path> siblings = Files.newDirectoryStream(Folders.parent(config))) {
            for (Path sibling : siblings) {
                Backup.parse(config, sibling)
                        .filter(backup -> Files.isRegularFile(backup.file(), LinkOption.NOFOLLOW_LINKS))
                        .ifPresent(found::add);
            }
        } catch (NoSuchFileException noFolder) {
            return List.of();
        }
        found.sort(Comparator.comparing(Backup::time).reversed());
        return List.copyOf(found);
    }

    /** Later than every backup there is, so that the newest stays the newest when the clock is set back. */
    static Instant unusedTime(Path config, Instant now) throws IOException {
        Instant time = now.truncatedTo(ChronoUnit.MILLIS);
        return of(config).stream()
                .findFirst()
                .map(newest -> newest.time().plusMillis(1))
                .filter(next -> next.isAfter(time))
                .orElse(time);
    }
}
