package io.github.mirrorctl.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.mirrorctl.registry.FakeRegistry.At;
import io.github.mirrorctl.registry.FakeRegistry.Request;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What several connections at once show of a line that one does not. */
class SecondLookTest {
    private static final FakeImage IMAGE = FakeImage.of("library/node:20-alpine", FakeImage.MediaTypes.OCI, 1, 200_000);
    private static final Manifest.Descriptor LAYER =
            Manifest.parse(IMAGE.manifest("amd64")).orElseThrow().largestLayer().orElseThrow();
    private static final Duration FAR = Duration.ofMillis(100);
    private static final double FASTEST = PullEstimate.FASTEST_BYTES_PER_SECOND;
    private static final Duration NEAR = Duration.ofMillis(10);
    /** Over such a way, about as a sender paces its first bytes. */
    private static final Misbehaviour PACED = Misbehaviour.paced(600_000);

    private static final TestCertificates CERTIFICATES = TestCertificates.COMMON;

    private static Session session(FakeRegistry registry) {
        return Probes.session(Probes.candidate(registry.url()));
    }

    private static Origin.Target layer(FakeRegistry registry) {
        Origin origin = Origin.of(Probes.candidate(registry.url()).url());
        return new Origin.Target(origin, "/v2/" + IMAGE.repository() + "/blobs/" + LAYER.digest());
    }

    /** A machine that does not come to look in time tells nothing. */
    private static double mostOf(Optional<LineRate> rate) {
        return rate.map(LineRate::most).orElse(FASTEST);
    }

    private static Optional<LineRate> look(Session session, FakeRegistry registry, Duration roundTrip) {
        return new SecondLook(session, LAYER, layer(registry), Map.of("Accept", "*/*"), roundTrip).rate(44_000);
    }

    @Test
    void a_line_is_known_by_what_all_connections_bring_together() {
        try (FakeRegistry registry = FakeRegistry.serving(IMAGE).with(Misbehaviour.paced(100_000), At.BLOB);
                Session session = session(registry)) {

            double most = mostOf(look(session, registry, FAR));

            // Three times 100 kB/s; where this machine reads late it looks faster, and never slower.
            assertThat(most == FASTEST ? 500_000 : most).isBetween(150_000.0, 1_500_000.0);
        }
    }

    /** As seen of lines of 0.3 to 24 MB/s: three in four carry between half of it and all of it. */
    @Test
    void what_is_seen_is_the_most_that_a_line_carries() {
        LineRate far = SecondLook.judged(3e6, FAR);

        assertThat(far.least()).isEqualTo(1.5e6);
        assertThat(far.most()).isEqualTo(3e6);
    }

    @Test
    void of_faster_lines_than_glances_tell_apart_only_that_is_known() {
        assertThat(SecondLook.judged(7e6, FAR)).isEqualTo(LineRate.atLeast(6e6));
        assertThat(SecondLook.judged(Double.POSITIVE_INFINITY, NEAR)).isEqualTo(LineRate.atLeast(6e6));
        assertThat(SecondLook.judged(9e6, NEAR)).isEqualTo(LineRate.between(4.5e6, 9e6));
        assertThat(SecondLook.judged(18e6, NEAR)).isEqualTo(LineRate.between(6e6, 18e6));
    }

    @Test
    void what_looks_faster_is_never_expected_to_be_slower() {
        for (int millis : new int[] {6, 10, 30, 60, 100, 300}) {
            double before = 0;
            for (double seen = 1e5; seen < 1e8; seen *= 1.05) {
                double likely =
                        SecondLook.judged(seen, Duration.ofMillis(millis)).likely();
                assertThat(likely).as("%s at %s ms", seen, millis).isGreaterThanOrEqualTo(before);
                before = likely;
            }
        }
    }

    @Test
    void what_comes_at_once_may_come_over_a_line_of_any_speed() {
        try (FakeRegistry registry = FakeRegistry.serving(IMAGE);
                Session session = session(registry)) {

            assertThat(mostOf(look(session, registry, FAR))).isEqualTo(FASTEST);
        }
    }

    @Test
    void three_parts_that_follow_each_other_are_asked_for_over_three_connections() throws Exception {
        try (FakeRegistry registry = FakeRegistry.serving(IMAGE);
                Session session = session(registry)) {
            session.send("GET", new Origin.Target(layer(registry).origin(), "/v2/"), Map.of(), 1000);

            look(session, registry, FAR);

            List<String> ranges = registry.requests().stream()
                    .flatMap(request -> request.header("range").stream())
                    .toList();
            assertThat(ranges).containsExactlyInAnyOrder("bytes=44000-72999", "bytes=73000-85999", "bytes=86000-98999");
            assertThat(registry.connections(3)).isEqualTo(3);
            assertThat(session.allowance().requests()).isEqualTo(4);
            assertThat(session.allowance().bytesReceived()).isEqualTo(registry.bytesSent());
        }
    }

    /** The open connection goes on, the two others are of no more use. */
    @Test
    void the_connections_that_were_opened_for_it_are_closed() throws Exception {
        try (FakeRegistry registry = FakeRegistry.serving(IMAGE)) {
            Session session = session(registry);
            Origin.Target ping = new Origin.Target(layer(registry).origin(), "/v2/");
            session.send("GET", ping, Map.of(), 1000);

            look(session, registry, FAR);
            session.send("GET", ping, Map.of(), 1000);

            assertThat(registry.connections(3)).isEqualTo(3);
            session.close();
            assertThat(registry.isLeftAlone()).isTrue();
        }
    }

    static Stream<Misbehaviour> failures() {
        return Stream.of(
                Misbehaviour.status(403),
                Misbehaviour.status(500),
                Misbehaviour.close(),
                Misbehaviour.reset(),
                Misbehaviour.garbage("220 smtp.example ESMTP\r\n"),
                Misbehaviour.truncate(),
                Misbehaviour.page(200));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void what_fails_tells_nothing(Misbehaviour failure) {
        try (FakeRegistry registry = FakeRegistry.serving(IMAGE).with(failure, At.BLOB);
                Session session = session(registry)) {

            assertThat(look(session, registry, FAR)).isEmpty();
        }
    }

    static Stream<Misbehaviour> endless() {
        return Stream.of(Misbehaviour.hang(), Misbehaviour.stall(), Misbehaviour.drip(20), Misbehaviour.endlessBody());
    }

    @ParameterizedTest
    @MethodSource("endless")
    void what_does_not_come_is_not_waited_for(Misbehaviour endless) {
        try (FakeRegistry registry = FakeRegistry.serving(IMAGE).with(endless, At.BLOB);
                Session session = session(registry)) {
            long start = System.nanoTime();

            look(session, registry, Duration.ofMillis(30));

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Probes.AMPLE.dividedBy(4));
            assertThat(session.allowance().bytesReceived()).isLessThan(SecondLook.BYTES + 3 * 16_384L);
        }
    }

    @Test
    void one_that_says_when_to_come_back_is_asked_no_more() {
        Misbehaviour busy = Misbehaviour.reply(reply ->
                FakeRegistry.Reply.error(429, "TOOMANYREQUESTS", "later").and("Retry-After", "30"));
        try (FakeRegistry registry = FakeRegistry.serving(IMAGE).with(busy, At.BLOB);
                Session session = session(registry)) {

            assertThat(look(session, registry, FAR)).isEmpty();

            WalkException refused = catchThrowableOfType(
                    WalkException.class, () -> session.send("GET", layer(registry), Map.of(), 1000));
            assertThat(refused.verdict()).isEqualTo(Verdict.RATE_LIMITED);
        }
    }

    @Test
    void nothing_is_asked_where_no_connection_can_be_made() {
        try (FakeRegistry registry = FakeRegistry.serving(IMAGE).refusing();
                Session session = session(registry)) {

            assertThat(look(session, registry, FAR)).isEmpty();
            assertThat(registry.requests()).isEmpty();
        }
    }

    /** Its address as those know it who reach it through a proxy. */
    private static String named(FakeRegistry registry) {
        return registry.url().replace("127.0.0.1", "mirror.example");
    }

    private static FakeRegistry withToken(FakeRegistry registry) {
        return registry.withChallenge("Bearer realm=\"" + named(registry) + "/token\",service=\"fake\"");
    }

    private static ProbeResult walk(FakeRegistry registry, FakeProxy proxy) {
        Candidate candidate = Probes.candidate(named(registry));
        return Probes.walk(candidate, Probes.session(candidate, CERTIFICATES.client(), proxy.forAll()));
    }

    /** Through a tunnel the way to the mirror is long enough for a second look to tell something. */
    @Test
    void a_walk_looks_again_at_one_that_may_be_fast() throws Exception {
        try (FakeRegistry registry = withToken(FakeRegistry.serving(IMAGE, CERTIFICATES.server("good")))
                        .with(PACED, At.BLOB);
                FakeProxy proxy = FakeProxy.http().answeringAfter(FAR)) {

            ProbeResult result = walk(registry, proxy);

            assertThat(result.verdict()).as(result.toString()).isEqualTo(Verdict.READY);
            List<Request> parts = registry.requests().stream()
                    .filter(request -> request.header("range").isPresent())
                    .toList();
            assertThat(parts).hasSize(1 + SecondLook.REQUESTS);
            assertThat(parts).allMatch(part -> part.header("authorization").isPresent());
            assertThat(parts.stream().flatMap(part -> part.header("range").stream()))
                    .contains("bytes=0-43999", "bytes=44000-72999", "bytes=73000-80999", "bytes=81000-88999");
        }
    }

    /** A storage is asked directly, and is sent no token. */
    @Test
    void where_a_layer_comes_from_a_storage_that_one_is_looked_at() throws Exception {
        try (FakeRegistry storage =
                        FakeRegistry.serving(IMAGE, CERTIFICATES.server("good")).with(PACED, At.BLOB);
                FakeRegistry registry = withToken(FakeRegistry.serving(IMAGE, CERTIFICATES.server("good")))
                        .with(
                                Misbehaviour.redirect(
                                        named(storage) + layer(storage).path()),
                                At.BLOB);
                FakeProxy proxy = FakeProxy.http().answeringAfter(FAR)) {

            ProbeResult result = walk(registry, proxy);

            assertThat(result.requests())
                    .isEqualTo(registry.requests().size() + storage.requests().size())
                    .isLessThanOrEqualTo(PolitenessTest.MOST_REQUESTS);
            assertThat(result.bytesReceived()).isLessThanOrEqualTo(PolitenessTest.MOST_BYTES);
            assertThat(storage.requests().stream()
                            .filter(request -> request.header("range").isPresent()))
                    .hasSize(1 + SecondLook.REQUESTS)
                    .allMatch(request -> request.header("authorization").equals(Optional.empty()));
        }
    }

    @Test
    void a_walk_that_has_little_left_does_not_look() {
        assertThat(SecondLook.isAffordable(new Allowance(Deadline.after(Probes.AMPLE), 3, 100_000), FAR))
                .isTrue();
        assertThat(SecondLook.isAffordable(new Allowance(Deadline.after(Probes.AMPLE), 3, 60_000), FAR))
                .isFalse();
        assertThat(SecondLook.isAffordable(new Allowance(Deadline.after(FAR.multipliedBy(9)), 3, 100_000), FAR))
                .isTrue();
        assertThat(SecondLook.isAffordable(new Allowance(Deadline.after(FAR.multipliedBy(7)), 3, 100_000), FAR))
                .isFalse();
    }
}
