package io.github.mirrorctl.registry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How long {@code docker pull} of an image would take from a mirror, predicted from what was measured of it.
 *
 * <pre>
 * estimate = handshake + token + manifests + blobs
 * </pre>
 *
 * <p>The engine opens a connection, fetches the token where one is wanted, asks for the tag and the manifests one after
 * the other, and then downloads the configuration and the layers in the manifest's order, three at a time
 * ({@code max-concurrent-downloads} of dockerd). The time for the blobs is played through: each of the three lanes
 * waits for its own handshake and each blob for its first byte; a new connection sends ten segments in its first round
 * trip (RFC 6928) and twice as many in each further one until the line is full; what the line carries is shared
 * evenly. Unpacking is the same for every mirror and left out. The record of decision 4 in {@code src/docs/adr} has
 * the measured error.
 *
 * @param handshake TCP, and TLS where it is spoken
 * @param token zero where none is wanted
 * @param manifests all requests for them together
 * @param firstByte from the request for a blob to its first byte, redirects included
 * @param roundTrip to the mirror
 * @param bytesPerSecond what the line carries
 */
public record PullEstimate(
        Duration handshake,
        Duration token,
        Duration manifests,
        Duration firstByte,
        Duration roundTrip,
        double bytesPerSecond) {
    /** What a short-lived JVM can measure at most: TLS is decrypted no faster before its code is compiled. */
    public static final double FASTEST_BYTES_PER_SECOND = 20e6;

    private static final int LANES = 3;
    static final double FIRST_WINDOW_BYTES = 10 * 1460;
    private static final double LEAST_SECONDS = 1e-6;
    /** For sizes that nobody means. */
    private static final double LONGEST_SECONDS = 1e8;

    /** A whole pull of an image. */
    Duration of(Manifest image) {
        List<Long> sizes = new ArrayList<>();
        image.config().ifPresent(config -> sizes.add(config.size()));
        image.layers().forEach(layer -> sizes.add(layer.size()));
        return handshake.plus(token).plus(manifests).plus(blobs(sizes));
    }

    /** One of the connections over which blobs come, one blob after another. */
    private static final class Lane {
        private double readyAt;
        private double left;
        private double window = FIRST_WINDOW_BYTES;
        private double widensAt;
        private double rate;

        Lane(double readyAt, double bytes, double roundTrip) {
            this.readyAt = readyAt;
            this.left = bytes;
            this.widensAt = readyAt + roundTrip;
        }
    }

    private Duration blobs(List<Long> sizes) {
        double roundTripSeconds = Math.max(LEAST_SECONDS, seconds(roundTrip));
        double line = Math.max(1, bytesPerSecond);
        List<Lane> lanes = new ArrayList<>();
        int next = 0;
        while (next < sizes.size() && lanes.size() < LANES) {
            lanes.add(new Lane(seconds(handshake) + seconds(firstByte), sizes.get(next++), roundTripSeconds));
        }
        double now = 0;
        // Beyond that a lane's last bytes get lost in rounding.
        while (!lanes.isEmpty() && now < LONGEST_SECONDS) {
            double until = share(lanes, now, line, roundTripSeconds);
            for (Lane lane : List.copyOf(lanes)) {
                lane.left -= lane.rate * (until - now);
                boolean widens = lane.readyAt <= now && lane.widensAt <= until + 2 * LEAST_SECONDS;
                if (widens) {
                    lane.window *= 2;
                    lane.widensAt = until + roundTripSeconds;
                }
                boolean isDone = lane.readyAt <= until && lane.left < 0.5;
                if (isDone && next < sizes.size()) {
                    lane.left = sizes.get(next++);
                    lane.readyAt = until + seconds(firstByte);
                    lane.widensAt = lane.readyAt + roundTripSeconds;
                } else if (isDone) {
                    lanes.remove(lane);
                }
            }
            now = until;
        }
        return Duration.ofNanos(Math.round(Math.min(now, LONGEST_SECONDS) * 1e9));
    }

    /** Shares the line among the lanes that are downloading, and tells until when that holds. */
    private static double share(List<Lane> lanes, double now, double line, double roundTrip) {
        List<Lane> busy = new ArrayList<>();
        double until = Double.MAX_VALUE;
        for (Lane lane : lanes) {
            lane.rate = 0;
            if (lane.readyAt > now) {
                until = Math.min(until, lane.readyAt);
            } else {
                busy.add(lane);
            }
        }
        busy.sort(Comparator.comparingDouble(lane -> lane.window));
        double free = line;
        for (int i = 0; i < busy.size(); i++) {
            Lane lane = busy.get(i);
            double own = lane.window / roundTrip;
            lane.rate = Math.min(own, free / (busy.size() - i));
            free -= lane.rate;
            until = Math.min(until, now + Math.max(LEAST_SECONDS, lane.left / lane.rate));
            if (own < line) {
                until = Math.min(until, Math.max(now + LEAST_SECONDS, lane.widensAt));
            }
        }
        return until;
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
