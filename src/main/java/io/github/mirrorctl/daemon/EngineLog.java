package io.github.mirrorctl.daemon;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds in an engine's log what went wrong. */
public final class EngineLog {
    private static final int MOST = 3;
    /** In characters; what stands behind is not shown, and a regular expression has no room for it. */
    private static final int LONGEST_LINE = 2000;

    private static final Pattern LEVEL = Pattern.compile("(?:^|\\s)level=(\\w+)");
    private static final Pattern FIELD =
            Pattern.compile("(?:^|\\s)(msg|error)=(?:\"((?:[^\"\\\\]++|\\\\.)*+)\"|(\\S+))");

    private EngineLog() {}

    /**
     * The last errors in a log, oldest first, at most three, each one line that is fit to be shown. What dockerd says when
     * it cannot start has no level ({@code cmd/dockerd/docker.go} in moby), so such lines count too.
     */
    public static List<String> errors(String log) {
        List<String> errors = new ArrayList<>();
        log.lines()
                .forEach(line ->
                        error(line).filter(said -> !errors.contains(said)).ifPresent(errors::add));
        return errors.subList(Math.max(0, errors.size() - MOST), errors.size());
    }

    private static Optional<String> error(String whole) {
        String line = whole.substring(0, Math.min(whole.length(), LONGEST_LINE));
        Matcher level = LEVEL.matcher(line);
        if (!level.find()) {
            return Optional.of(PlainText.of(line)).filter(said -> !said.isEmpty());
        }
        boolean isError = level.group(1).equals("error") || level.group(1).equals("fatal");
        if (!isError) {
            return Optional.empty();
        }
        List<String> parts = new ArrayList<>();
        Matcher field = FIELD.matcher(line);
        while (field.find()) {
            String quoted = field.group(2);
            parts.add(quoted == null ? field.group(3) : quoted.replaceAll("\\\\([\"\\\\])", "$1"));
        }
        return Optional.of(PlainText.of(parts.isEmpty() ? line : String.join(": ", parts)));
    }
}
