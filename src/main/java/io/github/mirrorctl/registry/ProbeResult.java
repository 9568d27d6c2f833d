package io.github.mirrorctl.registry;

import io.github.mirrorctl.mirror.ImageStore;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What one walk down a mirror's pull path found.
 *
 * @param depth how far it got; empty where not even {@code /v2/} answered
 * @param failedAt the step at which it ended; empty where it is usable
 * @param httpStatus the status of the answer that decided the verdict; empty where none was received
 * @param reason why, or what else should be known of a usable one
 * @param digest what the tag means there, as computed from the bytes received
 * @param sample what its blobs showed; empty where they were not asked for
 * @param stores the image stores whose engines can pull through it
 * @param isInside whether its name leads to this machine or this network, so that it is nobody's on the Internet
 * @param hasAllowlist whether it refused an image that is not official
 * @param requests how many requests were sent to anyone on its behalf
 * @param bytesReceived bodies and headers, in bytes
 * @param exchanges every request in order, where somebody wants to see them; else empty
 */
public record ProbeResult(
        Candidate candidate,
        Verdict verdict,
        Optional<Depth> depth,
        Optional<Step> failedAt,
        OptionalInt httpStatus,
        Optional<Reason> reason,
        Latency latency,
        Optional<Digest> digest,
        Optional<Sample> sample,
        Set<ImageStore> stores,
        boolean isInside,
        boolean hasAllowlist,
        int requests,
        long bytesReceived,
        List<Exchange> exchanges) {
    /** The reason of what a proxy does wrong itself: the proxy, and what it is. It says nothing of the mirror. */
    public static final String PROXY_FAILED = "proxy-failed";
    /** The reason of what a proxy will not do: the proxy, whom it was to reach, and its answer. */
    static final String PROXY_DENIES = "proxy-denies";
    /** The reason of what a proxy could not do, with the same arguments. */
    static final String PROXY_HAS_NO_WAY = "proxy-no-way";

    public ProbeResult {
        stores = Set.copyOf(stores);
        exchanges = List.copyOf(exchanges);
    }

    /** Whether an engine with that store can pull through it; with no store known, whether every engine can. */
    public boolean isUsableBy(Optional<ImageStore> store) {
        return verdict.isUsable() && store.map(stores::contains).orElse(stores.size() == ImageStore.values().length);
    }

    /** Whether the store in use, where that is known, is one that can use it. */
    public boolean isNotRuledOutFor(Optional<ImageStore> store) {
        return store.map(stores::contains).orElse(true);
    }

    /** Whether it may be chosen without being named, now that it is known where its name leads. */
    public boolean isSafeUnasked() {
        return candidate.isSafeUnasked() || candidate.isSafeUnasked(isInside);
    }

    /**
     * Whether an engine that meets such a mirror waits long, or gives the pull up, instead of taking the next one
     * (measured on engines from 20.10 to 29: a dead first mirror costs 15 s a pull on the classic store and 30 s a
     * request on containerd's; a page or wrong content under status 200 aborts there, any other status falls through,
     * though the classic store asks five times for a layer that is answered with 5xx, which takes more than a minute).
     */
    public boolean hangsOrAborts() {
        return switch (verdict) {
            case CORRUPT, STALLED -> true;
            case UNREACHABLE -> !isAnswerOfProxy();
            case NOT_A_REGISTRY -> httpStatus.orElse(200) == 200;
            case SERVER_ERROR -> failedAt.equals(Optional.of(Step.BLOB));
            default -> false;
        };
    }

    /** What is wrong with the proxy, where it ended there, so that nothing is known of the mirror. */
    public Optional<Reason> proxyFailure() {
        return verdict.isUsable()
                ? Optional.empty()
                : reason.filter(why -> why.code().equals(PROXY_FAILED));
    }

    /** Whether a proxy had the last word, so that the mirror had none. */
    public boolean endedAtProxy() {
        return !verdict.isUsable()
                && reason.filter(why -> why.code().startsWith("proxy-")).isPresent();
    }

    /** An engine that a proxy turns away takes the next mirror at once; one that a proxy fails fares no better elsewhere. */
    private boolean isAnswerOfProxy() {
        return proxyFailure().isPresent()
                || reason.filter(why -> why.code().equals(PROXY_HAS_NO_WAY)).isPresent();
    }

    ProbeResult withVerdict(Verdict changed, Reason why) {
        return new ProbeResult(
                candidate,
                changed,
                depth,
                failedAt,
                httpStatus,
                Optional.of(why),
                latency,
                digest,
                sample,
                stores,
                isInside,
                hasAllowlist,
                requests,
                bytesReceived,
                exchanges);
    }
}
