package io.github.mirrorctl.registry;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;

/**
 * The last part of the walk of a mirror that may win: the configuration whole, a sample of the largest layer, and the
 * smallest layer whole where the time allows. What was read whole is held to its digest, everything to its size.
 *
 * <p>What is wrong here breaks pulls in different ways (measured on engines from 20.10 to 29). Where a digest or a size
 * is wrong, the classic store takes the next mirror and containerd's gives the pull up. Where a body stalls, both wait
 * for ever. Where a layer is refused with 4xx both take the next one at once; with 5xx the classic store only after
 * five further tries.
 *
 * <p>{@link #run} belongs to one thread; {@link #endAtDeadline} may be called from another at any time.
 */
final class Finalist {
    /** The bounds of what a finalist is burdened with. */
    private static final Duration LONGEST = Duration.ofSeconds(3);

    private static final long MOST_BYTES = 16_000_000;
    private static final int MOST_REQUESTS = 12;
    /** The heads of the answers come on top of the blobs. */
    private static final long HEAD_BYTES = 100_000;
    /** A new connection and two answers from the other end of the world come on top of the sample's own time. */
    private static final int ROUND_TRIPS = 6;

    /** Less than this and a pull takes hours. */
    private static final double LEAST_BYTES_PER_SECOND = 16 * 1024;
    /** A layer of which nothing came for so long stands still. */
    private static final Duration SILENCE = Duration.ofSeconds(1);

    private final Walk walk;
    private final Session session;
    private final CompletableFuture<ProbeResult> outcome = new CompletableFuture<>();
    private long bytes;

    Finalist(Walk walk) {
        this.walk = walk;
        this.session = walk.session();
    }

    static Deadline deadline(Duration roundTrip) {
        Duration roundTrips = roundTrip.multipliedBy(ROUND_TRIPS);
        // How long a connection takes is the server's to say, how long we wait is not.
        return Deadline.after(LONGEST.plus(roundTrips.compareTo(LONGEST) < 0 ? roundTrips : LONGEST));
    }

    /** Does not throw: whatever happens is a result. */
    ProbeResult run(Deadline deadline) {
        session.allowance().extend(deadline, MOST_REQUESTS, MOST_BYTES + HEAD_BYTES);
        session.enter(Step.BLOB);
        return settled(walked());
    }

    ProbeResult endAtDeadline() {
        ProbeResult result = settled(walk.failed(late(session)));
        session.close();
        return result;
    }

    private ProbeResult settled(ProbeResult result) {
        outcome.complete(result);
        return outcome.join();
    }

    private ProbeResult walked() {
        try {
            for (Map.Entry<ImageReference, Manifest> image : walk.manifests().entrySet()) {
                if (image.getValue().config().isPresent()) {
                    whole(image.getKey(), image.getValue().config().get());
                }
            }
            Map.Entry<ImageReference, Manifest> first =
                    walk.manifests().entrySet().iterator().next();
            sample(first.getKey(), first.getValue());
            return walk.ready();
        } catch (WalkException e) {
            return walk.failed(e);
        } catch (SocketTimeoutException e) {
            return walk.failed(late(session));
        } catch (IOException e) {
            return walk.failed(session.allowance().deadline().isPast() ? late(session) : Walk.explain(e, Step.BLOB));
        } finally {
            session.close();
        }
    }

    /** That the time went by, and on what where that is known. */
    static WalkException late(Session session) {
        return new WalkException(Step.BLOB, Verdict.STALLED, awaited(session), 0);
    }

    private static Reason awaited(Session session) {
        return session.connections().awaited().orElseGet(() -> Reason.of("blob-timeout"));
    }

    private void whole(ImageReference image, Manifest.Descriptor blob) throws IOException {
        RateMeter meter = new RateMeter(walk.roundTrip());
        Download download = new Download(blob, meter, () -> bytes + meter.total() >= MOST_BYTES);
        read(image, download);
        if (!download.isWhole()) {
            Reason reason = Reason.of("config-too-long", String.valueOf(blob.size()));
            throw new WalkException(Step.BLOB, Verdict.CORRUPT, reason, 200);
        }
    }

    private void sample(ImageReference image, Manifest manifest) throws IOException {
        Optional<Manifest.Descriptor> largest = manifest.largestLayer();
        OptionalDouble rate = OptionalDouble.empty();
        Duration firstByte = Duration.ZERO;
        if (largest.isPresent()) {
            RateMeter meter = new RateMeter(walk.roundTrip());
            Download download = new Download(largest.get(), meter, () -> isSampled(meter));
            long asked = System.nanoTime();
            readSample(image, download);
            firstByte = download.firstByteSince(asked);
            rate = meter.tailRate();
        }
        session.journal()
                .concludes(Reason.of(
                        "saw-sample",
                        String.valueOf(bytes),
                        rate.isPresent() ? String.valueOf(Math.round(rate.getAsDouble())) : "?"));
        Optional<Manifest.Descriptor> smallest = manifest.smallestLayer();
        if (smallest.isPresent() && !smallest.equals(largest) && fits(smallest.get(), rate)) {
            wholeIfInTime(image, smallest.get());
        }
        PullEstimate basis = walk.estimate(firstByte, rate.orElse(PullEstimate.FASTEST_BYTES_PER_SECOND));
        walk.reachedBlob(new Sample(rate, basis, basis.of(manifest)));
    }

    private boolean isSampled(RateMeter meter) {
        return bytes + meter.total() >= MOST_BYTES
                || meter.isSettled()
                || meter.elapsedNanos() >= LONGEST.toNanos()
                || session.allowance().deadline().remainingNanos()
                        < LONGEST.dividedBy(20).toNanos();
    }

    /** Whether a blob can be read in half of the time that is left, at the rate that was measured. */
    private boolean fits(Manifest.Descriptor blob, OptionalDouble rate) {
        double perSecond = rate.orElse(PullEstimate.FASTEST_BYTES_PER_SECOND);
        double nanos =
                blob.size() / perSecond * 1e9 + ROUND_TRIPS * walk.roundTrip().toNanos();
        return bytes + blob.size() <= MOST_BYTES
                && nanos < session.allowance().deadline().remainingNanos() / 2.0;
    }

    private void wholeIfInTime(ImageReference image, Manifest.Descriptor blob) throws IOException {
        try {
            whole(image, blob);
        } catch (SocketTimeoutException e) {
            // The sample showed already how fast it is; this would have been one more proof.
        }
    }

    /** Time that runs out within a sample is no failure while bytes still come. */
    private void readSample(ImageReference image, Download download) throws IOException {
        try {
            read(image, download);
        } catch (SocketTimeoutException e) {
            requireFlow(session, download, e);
        }
        if (!download.isWhole()) {
            requirePace(download);
        }
    }

    /** What came before the time was up must have kept coming, and not too slowly. */
    static void requireFlow(Session session, Download download, SocketTimeoutException cause) throws WalkException {
        long total = download.meter().total();
        if (total == 0) {
            throw new WalkException(Step.BLOB, Verdict.STALLED, awaited(session), cause);
        }
        if (download.isSilentFor(SILENCE)) {
            throw new WalkException(
                    Step.BLOB, Verdict.STALLED, Reason.of("blob-stalled", String.valueOf(total)), cause);
        }
        requirePace(download);
    }

    private static void requirePace(Download download) throws WalkException {
        double rate = download.meter().tailRate().orElse(0);
        if (rate < LEAST_BYTES_PER_SECOND) {
            throw new WalkException(
                    Step.BLOB, Verdict.STALLED, Reason.of("blob-slow", String.valueOf(Math.round(rate))), 0);
        }
    }

    private void read(ImageReference image, Download download) throws IOException {
        Response response = walk.askBlob(image, download, Map.of());
        bytes += download.meter().total();
        if (!response.isSuccess()) {
            throw walk.refusedBlob(image, response);
        }
        long size = download.blob().size();
        boolean wasStopped = response.tooLong() && download.meter().total() < size;
        if (wasStopped) {
            requireSize(response, size);
        } else if (download.isWhole() && !response.tooLong()) {
            Digest computed = download.digest();
            if (!computed.equals(download.blob().digest())) {
                throw wrong(
                        response,
                        Reason.of("blob-mismatch", download.blob().digest().toString(), computed.toString()));
            }
            session.journal().concludes(Reason.of("saw-blob", computed.toString(), String.valueOf(size)));
        } else {
            throw wrong(
                    response,
                    Reason.of(
                            download.meter().total() > size ? "blob-too-long" : "blob-cut-short",
                            String.valueOf(size),
                            String.valueOf(download.meter().total())));
        }
    }

    private static void requireSize(Response response, long size) throws WalkException {
        String length = response.header("content-length").orElse("");
        if (!length.isEmpty() && !length.equals(String.valueOf(size))) {
            throw wrong(response, Reason.of("blob-size", String.valueOf(size), length));
        }
    }

    private static WalkException wrong(Response response, Reason reason) {
        boolean isPage = response.mediaType().equals("text/html");
        return isPage
                ? new WalkException(
                        Step.BLOB,
                        Verdict.NOT_A_REGISTRY,
                        Reason.of("answers-a-page", String.valueOf(response.status())),
                        response.status())
                : new WalkException(Step.BLOB, Verdict.CORRUPT, reason, response.status());
    }
}
