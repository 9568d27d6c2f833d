package io.github.mirrorctl.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorctl.registry.FakeRegistry.Request;
import io.github.mirrorctl.registry.Hostile.Playing;
import io.github.mirrorctl.registry.Hostile.Run;
import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each of the {@link HostileMirrors}, alone: its verdict, and what it may cost in time, requests and bytes. */
class HostileTest {
    /** Those that hang cost a machine nothing, the others are to have a processor to themselves. */
    private static final int HANGING_AT_A_TIME = 16;

    private static final int WORKING_AT_A_TIME = 3;
    private static final List<Duration> BRIEF = List.of(Duration.ofMillis(1500), Duration.ofSeconds(6));
    /** For a machine that does much else. The bound itself is the walk's time and a fifth of it. */
    private static final Duration MACHINE = Duration.ofSeconds(3);
    /** What a finalist has on top of its walk. */
    private static final Duration SAMPLE = Duration.ofSeconds(3);

    private static final TestCertificates CERTIFICATES = TestCertificates.COMMON;

    private static final Map<String, Found> FOUND = new LinkedHashMap<>();

    /** What came of a row. */
    private record Found(
            ProbeResult result,
            Duration timeout,
            Duration elapsed,
            List<Request> asked,
            List<List<Request>> askedOthers) {}

    static Stream<Run> runs() {
        return Run.of(HostileMirrors.all()).stream();
    }

    @BeforeAll
    static void probe_them_all() throws InterruptedException, ExecutionException {
        Map<String, SSLContext> contexts = new ConcurrentHashMap<>();
        ExecutorService hanging = Executors.newFixedThreadPool(HANGING_AT_A_TIME);
        ExecutorService working = Executors.newFixedThreadPool(WORKING_AT_A_TIME);
        Map<Run, Future<Found>> running = new LinkedHashMap<>();
        runs().forEach(run ->
                running.put(run, (run.hostile().hangs() ? hanging : working).submit(() -> probe(run, contexts))));
        for (Map.Entry<Run, Future<Found>> one : running.entrySet()) {
            FOUND.put(one.getKey().toString(), one.getValue().get());
        }
        hanging.shutdown();
        working.shutdown();
    }

    /** A busy machine may need more time to reach the step that hangs; an idle one is not kept waiting. */
    private static Found probe(Run run, Map<String, SSLContext> contexts) throws InterruptedException {
        for (Duration timeout : run.hostile().hangs() ? BRIEF : List.<Duration>of()) {
            Found found = probe(run, contexts, timeout);
            if (run.expected().isMetBy(found.result())) {
                return found;
            }
        }
        return probe(run, contexts, Probes.AMPLE);
    }

    private static Found probe(Run run, Map<String, SSLContext> contexts, Duration timeout)
            throws InterruptedException {
        try (Playing playing = Playing.start(
                run, HostileMirrors.IMAGE, alias -> contexts.computeIfAbsent(alias, CERTIFICATES::server))) {
            return probe(playing, timeout);
        }
    }

    private static Found probe(Playing playing, Duration timeout) throws InterruptedException {
        Hostile hostile = playing.run().hostile();
        Prober prober = new Prober(
                Probes.plan(hostile.depth(), timeout),
                new Transport(
                        new Handshakes(registry -> CERTIFICATES.client()),
                        Proxies.NONE,
                        Resolver.SYSTEM,
                        hostile.isOutside() ? HostileTest::isInsideFromAfar : Reach::isInside));
        long start = System.nanoTime();
        ProbeResult result = prober.probe(
                        List.of(Probes.candidate(playing.mirror().url())), r -> {})
                .get(0);
        Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
        assertThat(playing.mirror().isLeftAlone())
                .as(playing.run() + " is left alone")
                .isTrue();
        return new Found(
                result,
                timeout,
                elapsed,
                playing.mirror().requests(),
                playing.all().stream().skip(1).map(FakeRegistry::requests).toList());
    }

    /** The loopback address that our fake registries have stands for one on the Internet. */
    private static boolean isInsideFromAfar(InetAddress address) {
        return Reach.isInside(address) && !address.getHostAddress().equals("127.0.0.1");
    }

    private static Found found(Run run) {
        Found found = FOUND.get(run.toString());
        if (found == null) {
            throw new AssertionError("never ran: " + run);
        }
        return found;
    }

    @ParameterizedTest
    @MethodSource("runs")
    void a_hostile_mirror_gets_its_verdict_and_no_more_than_its_share(Run run) {
        Found found = found(run);
        ProbeResult result = found.result();

        String told = result + " after " + found.asked();
        assertThat(run.expected().isMetBy(result))
                .as("%s, of %s", run.expected(), told)
                .isTrue();
        Duration bound = found.timeout().multipliedBy(6).dividedBy(5).plus(MACHINE);
        assertThat(found.elapsed())
                .as(told)
                .isLessThan(run.hostile().depth() == Depth.BLOB ? bound.plus(SAMPLE) : bound);
        boolean isFinalist = result.sample().isPresent() || result.failedAt().equals(java.util.Optional.of(Step.BLOB));
        assertThat(result.requests()).as(told).isLessThanOrEqualTo(isFinalist ? 24 : 12);
        assertThat(result.bytesReceived()).as(told).isLessThanOrEqualTo(isFinalist ? 16_500_000 : 150_000);
    }

    @ParameterizedTest
    @MethodSource("runs")
    void a_hostile_mirror_is_told_nothing_that_is_not_its_own(Run run) {
        Found found = found(run);

        for (Request request : found.asked()) {
            assertThat(request.header("authorization").orElse("Bearer ")).startsWith("Bearer ");
            assertThat(request.header("x-evil")).isEmpty();
        }
        for (List<Request> requests : found.askedOthers()) {
            assertThat(requests)
                    .allMatch(request -> request.header("authorization").isEmpty());
        }
    }

    @Test
    void there_are_as_many_as_were_promised() {
        List<Hostile> all = HostileMirrors.all();

        assertThat(all).extracting(Hostile::name).doesNotHaveDuplicates().hasSizeGreaterThan(180);
    }
}
