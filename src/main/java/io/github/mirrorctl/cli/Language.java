package io.github.mirrorctl.cli;

import io.github.mirrorctl.platform.Host;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Which language to speak, decided before the arguments are understood, since errors in them need one. */
final class Language {
    private static final List<String> VARIABLES = List.of("MIRRORCTL_LANG", "LC_ALL", "LC_MESSAGES", "LANG");

    private Language() {}

    /**
     * {@code --lang}, else the first variable that is set, else English; English where Chinese cannot be shown, or may not
     * be and was not asked for by name.
     */
    static Locale choose(String[] args, Host host, Console console) {
        Optional<String> asked = argument(args);
        if (asked.isEmpty()) {
            asked = host.environment(VARIABLES.get(0));
        }
        Optional<String> wanted = asked;
        for (String variable : VARIABLES) {
            wanted = wanted.isPresent() ? wanted : host.environment(variable);
        }
        boolean isChinese = wanted.orElse("en").toLowerCase(Locale.ROOT).startsWith("zh");
        boolean isDoubtful = console.isBare(host) || console.isInCLocale(host);
        boolean isShown = console.canShowChinese() && (asked.isPresent() || !isDoubtful);
        return isChinese && isShown ? Locale.CHINESE : Locale.ENGLISH;
    }

    private static Optional<String> argument(String[] args) {
        for (int i = 0; i < args.length; i++) {
            if (args[i].startsWith("--lang=")) {
                return Optional.of(args[i].substring("--lang=".length()));
            }
            if (args[i].equals("--lang") && i + 1 < args.length) {
                return Optional.of(args[i + 1]);
            }
        }
        return Optional.empty();
    }
}
