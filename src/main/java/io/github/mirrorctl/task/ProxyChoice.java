package io.github.mirrorctl.task;

import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.fault.Problem.Severity;
import io.github.mirrorctl.registry.Proxies;
import io.github.mirrorctl.registry.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The proxies that mirrors are measured through, and who says so.
 *
 * @param origin whose they are
 * @param place where they were found, as its owner would name it: a file, a variable, an option, a command
 * @param noProxy who is reached without them, as it is spelled there
 * @param problems what should be known of them
 */
public record ProxyChoice(
        Proxies proxies, Origin origin, String place, Optional<String> noProxy, List<Problem> problems) {

    /** Whose proxies they are. */
    public enum Origin {
        /** The command line's. */
        OPTION,
        /** The engine's, so that it pulls the same way. */
        DAEMON,
        /** The shell's, since the engine's are unknown. */
        ENVIRONMENT;

        private final String key = name().toLowerCase(java.util.Locale.ROOT);

        /** As JSON spells it. */
        public String key() {
            return key;
        }
    }

    public ProxyChoice {
        problems = List.copyOf(problems);
    }

    /** Everybody is reached directly, or nobody at all. */
    public static final ProxyChoice UNUSED =
            new ProxyChoice(Proxies.NONE, Origin.OPTION, "", Optional.empty(), List.of());

    /** The one that the command line names. */
    public static ProxyChoice given(Proxy proxy, String option) {
        return new ProxyChoice(Proxies.all(proxy), Origin.OPTION, option, Optional.empty(), List.of()).told();
    }

    /** With a word on the proxies that are used, where there are any. */
    ProxyChoice told() {
        List<Problem> all = new ArrayList<>(problems);
        if (isProxied()) {
            all.add(Problem.of("proxy-used", Severity.INFO, shown(), place));
        }
        return new ProxyChoice(proxies, origin, place, noProxy, all);
    }

    private String shown() {
        return Stream.of(proxies.https(), proxies.http())
                .flatMap(Optional::stream)
                .map(Proxy::toString)
                .distinct()
                .collect(Collectors.joining(", "));
    }

    /** With a word on proxies that are there and are not used, where none is: what comes of it may look like no network. */
    ProxyChoice noting(ProxyChoice unused) {
        List<Problem> all = new ArrayList<>(problems);
        if (!isProxied() && unused.isProxied()) {
            all.add(Problem.of("proxy-left-out", Severity.INFO, unused.shown(), unused.place));
        }
        return new ProxyChoice(proxies, origin, place, noProxy, all);
    }

    /** Whether anybody may be reached through a proxy. */
    public boolean isProxied() {
        return proxies.http().isPresent() || proxies.https().isPresent();
    }
}
