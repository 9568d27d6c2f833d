package io.github.mirrorctl.cli;

import io.github.mirrorctl.mirror.Catalog;
import io.github.mirrorctl.mirror.Kind;
import io.github.mirrorctl.mirror.Mirror;
import io.github.mirrorctl.mirror.Status;
import io.github.mirrorctl.platform.Platform;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.ArgSpec;

/**
 * What can stand in an argument's place, for completion; told by the label that the help shows.
 *
 * @param source where the candidates come from
 * @param words the candidates, where they are known beforehand
 */
record ArgumentKind(Source source, List<String> words) {

    /** Where candidates come from; the key is how the scripts spell it. */
    enum Source {
        WORDS,
        FILE,
        FOLDER,
        /** The ids of the catalog, which the program is asked for. */
        MIRROR,
        /** Those of the user's own catalog, likewise. */
        ENTRY,
        /** The ids of backups, likewise. */
        BACKUP,
        /** Nobody can know them. */
        NONE;

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @throws IllegalStateException for a label that nobody has thought of here */
    static ArgumentKind of(ArgSpec arg, Catalog catalog) {
        String label = arg.paramLabel();
        return switch (label) {
            case "FILE", "FILE|-", "FILE.html", "URL|FILE" -> from(Source.FILE);
            case "DIR" -> from(Source.FOLDER);
            case "MIRROR" -> from(Source.MIRROR);
            case "ID" -> from(Source.BACKUP);
            case "COMMAND" -> arg.isPositional() ? words(Mirrorctl.COMMANDS.stream()) : from(Source.NONE);
            case "REGION" -> words(Stream.concat(regions(catalog), Stream.of("all")));
            case "TIER" -> words(Stream.of("1", "2", "3"));
            case "STATUS" -> words(Stream.concat(Arrays.stream(Status.values()).map(Status::key), Stream.of("all")));
            case "KIND" -> words(kinds().stream());
            case "ENTRY" -> from(Source.ENTRY);
            case "NAME" ->
                words(Arrays.stream(Platform.values()).map(Platform::key).sorted());
            case "N", "TIME", "IMAGE", "URL", "TEXT", "HEX", "sha256:..." -> from(Source.NONE);
            default -> {
                if (label.indexOf('|') < 0) {
                    throw new IllegalStateException("how to complete " + label + "?");
                }
                yield words(Arrays.stream(label.split("\\|")));
            }
        };
    }

    static List<String> kinds() {
        return Arrays.stream(Kind.values()).map(Kind::key).toList();
    }

    private static Stream<String> regions(Catalog catalog) {
        return catalog.mirrors().stream().map(Mirror::region).distinct().sorted();
    }

    private static ArgumentKind from(Source source) {
        return new ArgumentKind(source, List.of());
    }

    private static ArgumentKind words(Stream<String> words) {
        return new ArgumentKind(Source.WORDS, words.collect(Collectors.toUnmodifiableList()));
    }
}
