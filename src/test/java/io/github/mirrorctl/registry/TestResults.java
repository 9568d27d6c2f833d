package io.github.mirrorctl.registry;

import io.github.mirrorctl.mirror.ImageStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Results of probes that nobody made. */
public final class TestResults {
    private TestResults() {}

    /** At depth manifest, in 10 ms. */
    public static ProbeResult of(String url, Verdict verdict, Set<ImageStore> stores) {
        return of(Probes.candidate(url), verdict, stores, Optional.empty(), Duration.ofMillis(10));
    }

    /** One that is ready for both stores after as much time. */
    public static ProbeResult after(Duration time, Candidate candidate) {
        return of(candidate, Verdict.READY, Set.of(ImageStore.values()), Optional.empty(), time);
    }

    /** One that is ready, and where the tag means this. */
    static ProbeResult meaning(Candidate candidate, Digest digest) {
        return of(candidate, Verdict.READY, Set.of(ImageStore.values()), Optional.of(digest), Duration.ofMillis(10));
    }

    private static ProbeResult of(
            Candidate candidate, Verdict verdict, Set<ImageStore> stores, Optional<Digest> digest, Duration taken) {
        Optional<Duration> time = Optional.of(taken);
        return new ProbeResult(
                candidate,
                verdict,
                Optional.of(Depth.MANIFEST),
                Optional.empty(),
                OptionalInt.of(200),
                Optional.empty(),
                new Latency(time, time, time, time),
                digest,
                Optional.empty(),
                stores,
                false,
                false,
                1,
                1,
                List.of());
    }

    public static ProbeResult ready(String url, Set<ImageStore> stores) {
        return of(url, Verdict.READY, stores);
    }
}
