package io.github.mirrorctl.cli;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.registry.Depth;
import io.github.mirrorctl.registry.Digest;
import io.github.mirrorctl.registry.ImageReference;
import io.github.mirrorctl.registry.Proxy;
import io.github.mirrorctl.task.Installation;
import io.github.mirrorctl.task.ProbeTask;
import io.github.mirrorctl.task.ProxyChoice;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How mirrors are measured. */
final class ProbeOptions {
    static final Duration USUAL_TIMEOUT = Duration.ofSeconds(5);

    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final int MOST_PARALLEL = 512;

    @Option(names = "--image", paramLabel = "IMAGE", descriptionKey = "option.image")
    List<String> images = List.of("node:20-alpine");

    @Option(names = "--depth", paramLabel = "ping|manifest|blob", descriptionKey = "option.depth")
    Depth depth = Depth.BLOB;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            descriptionKey = "option.timeout",
            converter = DurationConverter.class)
    Duration timeout = USUAL_TIMEOUT;

    @Option(names = "--parallel", paramLabel = "N", descriptionKey = "option.parallel")
    int parallel = 384;

    @Option(names = "--digest", paramLabel = "sha256:...", descriptionKey = "option.digest")
    Optional<String> digest = Optional.empty();

    @Option(names = "--named-only", descriptionKey = "option.named-only")
    boolean namedOnly;

    @Option(names = "--proxy", paramLabel = "URL|none", descriptionKey = "option.proxy")
    private Optional<String> proxy = Optional.empty();

    /**
     * Through whom mirrors are reached: whom the command line names, else as the engine that is meant does it.
     *
     * @param engines asked for the latter
     */
    ProxyChoice route(Route engines, Host host, Installation.Hints hints) throws InterruptedException {
        Optional<ProxyChoice> given = givenRoute();
        return given.isPresent() ? given.get() : engines.of(host, hints);
    }

    private Optional<ProxyChoice> givenRoute() {
        return proxy.map(text -> text.equals("none")
                ? ProxyChoice.UNUSED
                : Proxy.parse(text)
                        .map(given -> ProxyChoice.given(given, "--proxy"))
                        .orElseThrow(() -> new Fault(
                                FaultCode.USAGE_VALUE,
                                "--proxy",
                                Proxy.withoutLogin(text),
                                "http://HOST:PORT, https://HOST:PORT, socks5://HOST:PORT, none")));
    }

    /** @throws Fault {@link FaultCode#USAGE_VALUE} where it is too short to see anything, or nobody waits so long */
    static void requireTimeout(Duration timeout) {
        if (timeout.compareTo(SHORTEST) < 0 || timeout.compareTo(LONGEST) > 0) {
            throw new Fault(FaultCode.USAGE_VALUE, "--timeout", timeout.toMillis() + "ms", "100ms ... 5m");
        }
    }

    ProbeTask.Options options(String architecture) {
        requireTimeout(timeout);
        if (parallel < 1 || parallel > MOST_PARALLEL) {
            throw new Fault(FaultCode.USAGE_VALUE, "--parallel", String.valueOf(parallel), "1 ... " + MOST_PARALLEL);
        }
        Optional<Digest> pinned = digest.map(text -> Digest.parseSha256(text)
                .orElseThrow(() -> new Fault(FaultCode.USAGE_VALUE, "--digest", text, "sha256:... (64 hex digits)")));
        // What means nothing comes before a bad file.
        givenRoute();
        List<ImageReference> parsed = images.stream().map(ImageReference::parse).toList();
        // The first image's name would say what its tag means in two ways, by two algorithms even.
        boolean contradicts = parsed.get(0)
                .digest()
                .filter(named -> !pinned.equals(Optional.of(named)))
                .isPresent();
        if (pinned.isPresent() && contradicts) {
            throw new Fault(FaultCode.USAGE_EXCLUSIVE, "--digest", images.get(0));
        }
        return new ProbeTask.Options(parsed, depth, timeout, parallel, architecture, pinned, Optional.empty());
    }
}
