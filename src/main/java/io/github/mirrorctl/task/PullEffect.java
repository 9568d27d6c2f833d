package io.github.mirrorctl.task;

import io.github.mirrorctl.daemon.EngineVersion;
import io.github.mirrorctl.mirror.ImageStore;
import io.github.mirrorctl.registry.ProbeResult;
import io.github.mirrorctl.registry.Reason;
import io.github.mirrorctl.registry.Step;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a pull does that comes to a mirror, by the image store and the version of its engine. Measured on engines 20.10 and
 * 29.7 with both stores, and for the commonest faults on 26.1 and 28.5. Not measured but read from the sources are the 10 s
 * of a TLS handshake and the waits of other versions: moby's {@code registry/auth.go} and containerd's
 * {@code core/remotes/docker/registry.go}.
 *
 * @param cost what the mirror adds to every pull before the next one is asked; what is under a second counts as nothing,
 *     and so does everything where there is no next one
 */
record PullEffect(Kind kind, Duration cost) {

    /** How it goes on. */
    public enum Kind {
        SERVES,
        /** The next mirror is asked, at once or after {@link PullEffect#cost}. */
        PASSED_OVER,
        /** The pull waits for as long as the mirror keeps it waiting, minutes or for ever. */
        HANGS,
        /** The pull fails, however good the next mirror is. */
        ABORTS;

        private final String key = name().toLowerCase(Locale.ROOT).replace('_', '-');

        /** As JSON spells it. */
        public String key() {
            return key;
        }
    }

    private static final Duration PING = Duration.ofSeconds(15);
    private static final Duration CONNECT = Duration.ofSeconds(30);
    private static final Duration HANDSHAKE = Duration.ofSeconds(10);

    /** Layers that are redirected to a storage which does not open, on the classic store. */
    private static final Duration STORAGE = Duration.ofSeconds(165);

    /** The tag, the index, the platform's manifest, the configuration, and the layers, which come three at a time. */
    private static final int REQUESTS = 5;

    /** A token is fetched to resolve the tag and once more to fetch. */
    private static final int TOKENS = 2;

    /** From here on a token service that does not answer ends a pull on the classic store (moby 083ccfa486). */
    private static final EngineVersion ENDS_AT_TOKENS = new EngineVersion(28, 2, 0);

    /** From here on the containerd store waits 30 s for an answer, and no longer. */
    private static final EngineVersion WAITS_SHORTLY = new EngineVersion(29, 7, 0);

    /** Layers that come under a wrong digest or length, where the classic store does not try the same again. */
    private static final Set<String> WRONG_AT_ONCE = Set.of("blob-mismatch", "blob-size", "blob-too-long");

    static PullEffect serving() {
        return new PullEffect(Kind.SERVES, Duration.ZERO);
    }

    private static PullEffect passedOver(Duration cost) {
        return new PullEffect(Kind.PASSED_OVER, cost);
    }

    private static PullEffect ending(Kind kind) {
        return new PullEffect(kind, Duration.ZERO);
    }

    /**
     * Foretells it from a probe.
     *
     * @param version where it is empty, the worse of what versions do
     */
    static PullEffect of(ProbeResult probed, ImageStore store, Optional<EngineVersion> version) {
        return store == ImageStore.CONTAINERD ? onContainerd(probed, version) : onClassic(probed, version);
    }

    /** The whole image is tried at one mirror after the other, each greeted by {@code /v2/}. */
    private static PullEffect onClassic(ProbeResult probed, Optional<EngineVersion> version) {
        boolean isOlder = version.map(v -> v.isBefore(ENDS_AT_TOKENS)).orElse(false);
        Duration retries = Duration.ofSeconds(isOlder ? 75 : 50);
        return switch (probed.verdict()) {
            case READY, STALE ->
                probed.isUsableBy(Optional.of(ImageStore.GRAPHDRIVER))
                        ? serving()
                        : passedOver(reasonIs(probed, "ping-broken") ? PING : Duration.ZERO);
            case UNREACHABLE, UNKNOWN_HOST -> passedOver(isLateAt(probed, Step.CONNECT) ? PING : Duration.ZERO);
            case TLS_FAILED -> passedOver(reasonIs(probed, "tls-timeout") ? HANDSHAKE : Duration.ZERO);
            case STALLED -> stalledOnClassic(probed, isOlder);
            case SERVER_ERROR -> passedOver(isAt(probed, Step.BLOB) ? retries : Duration.ZERO);
            case CORRUPT ->
                passedOver(
                        isAt(probed, Step.BLOB) && !WRONG_AT_ONCE.contains(reason(probed)) ? retries : Duration.ZERO);
            case LOGIN_REQUIRED, DENIED, RATE_LIMITED, MISSING_IMAGE, NOT_A_REGISTRY, REFUSED ->
                passedOver(Duration.ZERO);
        };
    }

    private static PullEffect stalledOnClassic(ProbeResult probed, boolean isOlder) {
        return switch (probed.failedAt().orElse(Step.MANIFEST)) {
            case DNS, CONNECT, TLS, PING -> passedOver(PING);
            case TOKEN -> isOlder ? passedOver(PING) : ending(Kind.ABORTS);
            case MANIFEST, BLOB ->
                reasonIs(probed, "blob-slow")
                        ? serving()
                        : reasonIs(probed, "storage-timeout") ? passedOver(STORAGE) : ending(Kind.HANGS);
        };
    }

    /** Every request is tried at one mirror after the other, from the first again; {@code /v2/} is never asked for. */
    private static PullEffect onContainerd(ProbeResult probed, Optional<EngineVersion> version) {
        return switch (probed.verdict()) {
            case READY, STALE ->
                probed.isUsableBy(Optional.of(ImageStore.CONTAINERD)) ? serving() : passedOver(Duration.ZERO);
            case UNREACHABLE, UNKNOWN_HOST ->
                isAt(probed, Step.BLOB)
                        ? ending(Kind.ABORTS)
                        : passedOver(isLateAt(probed, Step.CONNECT) ? CONNECT.multipliedBy(REQUESTS) : Duration.ZERO);
            case TLS_FAILED ->
                passedOver(reasonIs(probed, "tls-timeout") ? HANDSHAKE.multipliedBy(REQUESTS) : Duration.ZERO);
            case STALLED -> stalledOnContainerd(probed, version);
            case CORRUPT -> ending(Kind.ABORTS);
            case NOT_A_REGISTRY ->
                probed.httpStatus().orElse(0) == 200 ? ending(Kind.ABORTS) : passedOver(Duration.ZERO);
            case SERVER_ERROR, LOGIN_REQUIRED, DENIED, RATE_LIMITED, MISSING_IMAGE, REFUSED ->
                passedOver(Duration.ZERO);
        };
    }

    private static PullEffect stalledOnContainerd(ProbeResult probed, Optional<EngineVersion> version) {
        boolean waitsShortly = version.map(v -> !v.isBefore(WAITS_SHORTLY)).orElse(false);
        if (reasonIs(probed, "blob-slow")) {
            return serving();
        }
        if (isAt(probed, Step.TOKEN)) {
            return passedOver(CONNECT.multipliedBy(TOKENS));
        }
        if (reasonIs(probed, "storage-timeout")) {
            return passedOver(CONNECT.multipliedBy(2));
        }
        boolean stopsInside = reasonIs(probed, "blob-stalled");
        return waitsShortly && !stopsInside
                ? passedOver(CONNECT.multipliedBy(isAt(probed, Step.BLOB) ? 2 : REQUESTS))
                : ending(Kind.HANGS);
    }

    private static boolean isAt(ProbeResult probed, Step step) {
        return probed.failedAt().equals(Optional.of(step));
    }

    private static boolean isLateAt(ProbeResult probed, Step step) {
        return isAt(probed, step) && reasonIs(probed, "connect-timeout");
    }

    private static boolean reasonIs(ProbeResult probed, String code) {
        return reason(probed).equals(code);
    }

    private static String reason(ProbeResult probed) {
        return probed.reason().map(Reason::code).orElse("");
    }
}
