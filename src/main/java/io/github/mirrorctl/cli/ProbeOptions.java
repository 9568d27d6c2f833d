package io.github.mirrorctl.cli;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.mirror.Catalog;
import io.github.mirrorctl.platform.CloudVendor;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.registry.Depth;
import io.github.mirrorctl.registry.Digest;
import io.github.mirrorctl.registry.ImageReference;
import io.github.mirrorctl.registry.Proxy;
import io.github.mirrorctl.task.EngineProxy;
import io.github.mirrorctl.task.EngineTraits;
import io.github.mirrorctl.task.Installation;
import io.github.mirrorctl.task.ProbeTask;
import io.github.mirrorctl.task.ProxyChoice;
import io.github.mirrorctl.task.Selection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How mirrors are measured. */
final class ProbeOptions {
    static final Duration USUAL_TIMEOUT = Duration.ofSeconds(5);

    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final int USUALLY_PARALLEL = 384;
    private static final int MOST_PARALLEL = 512;

    private final Argument<Boolean> namedOnly;
    private final Argument<List<String>> images;
    private final Argument<Depth> depth;
    private final Argument<Duration> timeout;
    private final Argument<Integer> parallel;
    private final Argument<String> digest;
    private final Argument<String> proxy;

    ProbeOptions(Arguments arguments) {
        images = arguments
                .options(String.class, "IMAGE", "option.image", "--image")
                .usually(List.of("node:20-alpine"));
        depth = arguments
                .option(Depth.class, "ping|manifest|blob", "option.depth", "--depth")
                .usually(Depth.BLOB);
        timeout = arguments
                .option(Duration.class, "TIME", "option.timeout", "--timeout")
                .usually(USUAL_TIMEOUT);
        parallel = arguments
                .option(Integer.class, "N", "option.parallel", "--parallel")
                .usually(USUALLY_PARALLEL);
        digest = arguments.option(String.class, "sha256:...", "option.digest", "--digest");
        namedOnly = arguments.flag("option.named-only", "--named-only");
        proxy = arguments.option(String.class, "URL|none", "option.proxy", "--proxy");
    }

    /**
     * The engine that is meant, reached through whom the command line names, else as it reaches mirrors itself. It is not
     * asked for what cannot matter: who answers {@code /v2/} serves both stores, as far as that tells.
     *
     * @param engines asked for what the command line does not name
     */
    EngineTraits engine(Route engines, Host host, Installation.Hints hints) throws InterruptedException {
        Optional<ProxyChoice> given = givenRoute();
        if (given.isEmpty()) {
            return engines.of(host, hints);
        }
        boolean matters = depth.value() != Depth.PING;
        return new EngineTraits(given.get(), matters ? EngineProxy.store(host, hints) : Optional.empty());
    }

    /**
     * Which mirrors are measured, and those of the cloud that the machine is rented from beside them.
     *
     * @throws Fault where the filters mean nothing in this catalog
     */
    Selection candidates(List<String> mirrors, CatalogOptions filters, Catalog catalog, Host host) {
        Optional<String> cloud = CloudVendor.of(host).map(CloudVendor::operator);
        return new Selection(mirrors, filters.filterForChoosing(catalog), namedOnly.value(), cloud);
    }

    private Optional<ProxyChoice> givenRoute() {
        return proxy.given()
                .map(text -> text.equals("none")
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
        requireTimeout(timeout.value());
        int atOnce = parallel.value();
        if (atOnce < 1 || atOnce > MOST_PARALLEL) {
            throw new Fault(FaultCode.USAGE_VALUE, "--parallel", String.valueOf(atOnce), "1 ... " + MOST_PARALLEL);
        }
        Optional<Digest> pinned = digest.given()
                .map(text -> Digest.parseSha256(text)
                        .orElseThrow(() ->
                                new Fault(FaultCode.USAGE_VALUE, "--digest", text, "sha256:... (64 hex digits)")));
        // What means nothing comes before a bad file.
        givenRoute();
        List<ImageReference> parsed =
                images.value().stream().map(ImageReference::parse).toList();
        // The first image's name would say what its tag means in two ways, by two algorithms even.
        boolean contradicts = parsed.get(0)
                .digest()
                .filter(named -> !pinned.equals(Optional.of(named)))
                .isPresent();
        if (pinned.isPresent() && contradicts) {
            throw new Fault(
                    FaultCode.USAGE_EXCLUSIVE, "--digest", images.value().get(0));
        }
        return new ProbeTask.Options(
                parsed, depth.value(), timeout.value(), atOnce, architecture, pinned, Optional.empty());
    }
}
