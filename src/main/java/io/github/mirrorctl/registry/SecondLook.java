package io.github.mirrorctl.registry;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks at a blob over several connections at once, as a pull downloads layers. A sender that paces its bytes (BBR) lets
 * go over one connection no more than about three of TCP's first windows in a round trip at first, and five after
 * 100 kB, whatever the line carries. The first ten segments of a connection are not paced (Linux, net/ipv4/tcp_output.c,
 * {@code tcp_update_skb_after_send}), so that new ones show the line itself, in bytes that a mirror hardly feels. The
 * record of decision 4 in {@code src/docs/adr} has what it tells apart.
 *
 * <p>The answers are watched in the sockets' buffers, where neither their decryption nor another thread comes between, and
 * read afterwards. Where this machine looks late it sees much at once, which counts as a fast line: a mirror that is
 * wrongly taken for a slow one is lost, one that is wrongly taken for a fast one costs a place among the finalists.
 *
 * <p>Belongs to the walk's thread.
 */
final class SecondLook {
    /** Of the connection that is open already, and has sent most so far. */
    private static final int OPEN_PART = 29_000;
    /** Of each new one: with the head of the answer, no more than ten segments. */
    private static final int NEW_PART = 13_000;
    /** The same where the handshake of TLS has taken some of the ten. */
    private static final int NEW_PART_WITH_TLS = 8_000;

    private static final int NEW_CONNECTIONS = 2;

    static final int REQUESTS = 1 + NEW_CONNECTIONS;
    /** Of blobs, at most. */
    static final int BYTES = OPEN_PART + NEW_CONNECTIONS * NEW_PART;

    /**
     * Glances are too far apart to tell faster lines from this one. What looks faster, and than so many of TCP's first
     * windows in a round trip, may be faster by any factor.
     */
    private static final double MOST_KNOWN_BYTES_PER_SECOND = 6e6;

    private static final double MOST_KNOWN_WINDOWS = 24;
    /** A line mostly carries no less of the rate that was seen: bytes that are seen late look as if they had come fast. */
    private static final double LEAST_PART = 0.5;

    /** Shorter stretches of what comes together are no sign of anything. */
    private static final int STRETCH_WINDOWS = 2;
    /** What comes before the blob itself: the head, and tickets of TLS. */
    private static final int LEAST_SEEN = 2_000;

    private static final int LONGEST_PAGE = 4 * 1024;
    /** That a look may well take, handshakes included; and that the answers may take at most. */
    private static final int ROUND_TRIPS = 8;

    private static final int ROUND_TRIPS_OF_ANSWERS = 8;
    private static final int ROUND_TRIPS_OF_SILENCE = 2;
    /** What a server takes to answer comes on top of the round trips. */
    private static final Duration SERVERS_OWN = Duration.ofMillis(100);

    /** For what has come to be read before the walk ends. */
    private static final Duration LAST_MOMENT = Duration.ofMillis(50);

    private static final int GLANCES_IN_ROUND_TRIP = 100;
    private static final long SHORTEST_PAUSE_NANOS = 250_000;
    private static final long LONGEST_PAUSE_NANOS = 2_000_000;

    private final Session session;
    private final Manifest.Descriptor blob;
    private final Origin.Target target;
    private final Map<String, String> headers;
    private final Duration roundTrip;
    private final RateMeter together;
    private final List<Lane> lanes = new ArrayList<>();

    /**
     * @param target who gave the beginning of the blob
     * @param headers that it was asked with
     * @param roundTrip to the mirror
     */
    SecondLook(
            Session session,
            Manifest.Descriptor blob,
            Origin.Target target,
            Map<String, String> headers,
            Duration roundTrip) {
        this.session = session;
        this.blob = blob;
        this.target = target;
        this.headers = headers;
        this.roundTrip = roundTrip;
        this.together = new RateMeter(roundTrip);
    }

    /** Whether a walk has enough bytes and time left for it. */
    static boolean isAffordable(Allowance allowance, Duration roundTrip) {
        return allowance.bytesLeft() >= BYTES + REQUESTS * LONGEST_PAGE
                && allowance.deadline().remainingNanos() > ROUND_TRIPS * roundTrip.toNanos();
    }

    /** One of the connections, and what of its answer has come. */
    private final class Lane {
        private final Session.Asked asked;
        private final int part;
        private int unread;
        private int seen;
        private long sentAt;
        private long firstSeenAt;
        private long wholeAt;

        Lane(Session.Asked asked, int part) {
            this.asked = asked;
            this.part = part;
        }

        void send(long from) throws IOException {
            Map<String, String> all = new LinkedHashMap<>(headers);
            all.put("Range", "bytes=" + from + "-" + (from + part - 1));
            unread = asked.unread();
            sentAt = System.nanoTime();
            asked.send(all);
        }

        /** How many bytes came since the last glance. */
        int glance(long now) throws IOException {
            int more = Math.max(0, asked.unread() - unread);
            unread += more;
            seen += more;
            firstSeenAt = firstSeenAt == 0 && seen >= LEAST_SEEN ? now : firstSeenAt;
            wholeAt = wholeAt == 0 && isWhole() ? now : wholeAt;
            return more;
        }

        boolean isWhole() {
            return seen >= part;
        }

        /** Bytes per second, as if the first ones had come in no time. */
        double rate() {
            return seen * 1e9 / (wholeAt - firstSeenAt);
        }

        /** Whether the answer was a part of the blob. What has not come whole is not waited for. */
        boolean receive() throws IOException {
            if (seen == 0) {
                return false;
            }
            RateMeter meter = new RateMeter(roundTrip);
            int wanted = isWhole() ? part : 1;
            Download download = Download.undigested(blob, meter, () -> meter.total() >= wanted);
            Optional<Duration> firstSeen =
                    firstSeenAt == 0 ? Optional.empty() : Optional.of(Duration.ofNanos(firstSeenAt - sentAt));
            Response response = asked.receive(LONGEST_PAGE, Optional.of(download), firstSeen);
            asked.concludes(Reason.of("saw-part", String.valueOf(meter.total())));
            return response.isSuccess() && isWhole();
        }
    }

    /**
     * What the line carries; empty where the look failed. That is no verdict: what ails the mirror shows elsewhere.
     *
     * @param from where in the blob to begin
     */
    Optional<LineRate> rate(long from) {
        try {
            open();
            long start = from;
            for (Lane lane : lanes) {
                lane.send(start);
                start += lane.part;
            }
            watch();
            boolean areParts = true;
            for (Lane lane : lanes) {
                areParts &= lane.receive();
            }
            return areParts ? Optional.of(judged()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } finally {
            end();
        }
    }

    /** How many bytes of the blob were asked for. */
    long bytes() {
        return lanes.stream().mapToLong(lane -> lane.part).sum();
    }

    private void open() throws IOException {
        lanes.add(new Lane(session.askBeside(target, /* mayShare= */ true), OPEN_PART));
        int part = target.origin().isTls() ? NEW_PART_WITH_TLS : NEW_PART;
        for (int i = 0; i < NEW_CONNECTIONS; i++) {
            lanes.add(new Lane(session.askBeside(target, /* mayShare= */ false), part));
        }
    }

    /** Until all has come that was asked for, or nothing more does. */
    private void watch() throws IOException {
        long pauseNanos = Math.max(
                SHORTEST_PAUSE_NANOS, Math.min(LONGEST_PAUSE_NANOS, roundTrip.toNanos() / GLANCES_IN_ROUND_TRIP));
        Duration longestSilence = roundTrip.multipliedBy(ROUND_TRIPS_OF_SILENCE).plus(SERVERS_OWN);
        Deadline silent = Deadline.after(longestSilence);
        Deadline end = Deadline.after(
                        roundTrip.multipliedBy(ROUND_TRIPS_OF_ANSWERS).plus(SERVERS_OWN))
                .orSooner(session.allowance().deadline().plus(LAST_MOMENT.negated()));
        while (!lanes.stream().allMatch(Lane::isWhole) && !silent.isPast() && !end.isPast()) {
            LockSupport.parkNanos(pauseNanos);
            long now = System.nanoTime();
            int more = 0;
            for (Lane lane : lanes) {
                more += lane.glance(now);
            }
            if (more > 0) {
                together.add(now, more);
                silent = Deadline.after(longestSilence);
            }
        }
    }

    private LineRate judged() {
        double fastest = together.fastestRate(STRETCH_WINDOWS).orElse(Double.POSITIVE_INFINITY);
        for (Lane lane : lanes.subList(1, lanes.size())) {
            fastest = Math.max(fastest, lane.rate());
        }
        return judged(fastest, roundTrip);
    }

    /** @param seen bytes per second, and infinite where they came at once */
    static LineRate judged(double seen, Duration roundTrip) {
        double mostKnown = Math.max(MOST_KNOWN_BYTES_PER_SECOND, LineRate.ofWindows(MOST_KNOWN_WINDOWS, roundTrip));
        return seen < mostKnown
                ? LineRate.between(Math.min(seen * LEAST_PART, MOST_KNOWN_BYTES_PER_SECOND), seen)
                : LineRate.atLeast(MOST_KNOWN_BYTES_PER_SECOND);
    }

    private void end() {
        for (Lane lane : lanes) {
            try {
                lane.asked.end();
            } catch (IOException e) {
                // Closing is all we wanted of it.
            }
        }
    }
}
