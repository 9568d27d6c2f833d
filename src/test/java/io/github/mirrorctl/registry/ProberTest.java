package io.github.mirrorctl.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mirrorctl.mirror.ImageStore;
import io.github.mirrorctl.registry.FakeRegistry.At;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProberTest {
    private static final SSLSocketFactory TLS = (SSLSocketFactory) SSLSocketFactory.getDefault();

    private static Prober prober(Duration timeout) {
        return new Prober(Probes.plan(Depth.MANIFEST, timeout), registry -> TLS, Proxies.NONE, Resolver.SYSTEM);
    }

    private static List<Candidate> candidates(FakeRegistry registry, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Probes.candidate(registry.url() + "/mirror-" + i))
                .toList();
    }

    @Test
    void walks_the_pull_path_as_an_engine_does() throws InterruptedException {
        String node = "/v2/library/node/manifests/";
        FakeImage image = FakeImage.node();
        try (FakeRegistry registry = FakeRegistry.serving(image)
                .withToken()
                .expecting(
                        "GET /v2/",
                        "GET /token?scope=repository%3Alibrary%2Fnode%3Apull&service=fake",
                        "HEAD " + node + "20-alpine?ns=docker.io",
                        "GET " + node + "20-alpine",
                        "GET " + node + Digest.of(image.manifest("amd64")),
                        "GET /v2/",
                        "GET /v2/",
                        "GET /v2/",
                        "GET /token?scope=repository%3Aprom%2Fprometheus%3Apull&service=fake",
                        "HEAD /v2/prom/prometheus/manifests/latest?ns=docker.io")) {

            ProbeResult result = Probes.probe(registry.url());

            assertThat(result.verdict()).isEqualTo(Verdict.READY);
            assertThat(result.depth()).contains(Depth.MANIFEST);
            assertThat(result.digest()).contains(image.digest());
            assertThat(result.stores()).containsExactlyInAnyOrder(ImageStore.values());
            assertThat(result.requests()).isEqualTo(10);
            assertThat(result.bytesReceived()).isPositive();
            assertThat(result.latency().roundTrip()).isPresent();
            assertThat(registry.lines().subList(2, 5)).allMatch(line -> line.contains("/manifests/"));
        }
    }

    @Test
    void reads_oci_media_types_and_another_platform() throws InterruptedException {
        FakeImage image = FakeImage.of("library/node:20-alpine", FakeImage.MediaTypes.OCI, 1, 256);
        try (FakeRegistry registry = FakeRegistry.serving(image)) {
            Prober.Plan plan = new Prober.Plan(
                    List.of(Probes.NODE), Depth.MANIFEST, Probes.AMPLE, 8, "arm64", Optional.empty(), Set.of());

            ProbeResult result = Probes.probe(registry.url(), plan);

            assertThat(result.verdict()).isEqualTo(Verdict.READY);
            assertThat(registry.lines())
                    .contains("GET /v2/library/node/manifests/" + Digest.of(image.manifest("arm64")));
        }
    }

    @Test
    void reads_a_tag_that_is_a_single_manifest() throws InterruptedException {
        FakeImage image = FakeImage.node();
        byte[] manifest = image.manifest("amd64");
        try (FakeRegistry registry = FakeRegistry.serving(image).with(Misbehaviour.body(manifest), At.TAG, At.HEAD)) {

            ProbeResult result = Probes.probe(registry.url());

            assertThat(result.verdict()).isEqualTo(Verdict.READY);
            assertThat(result.digest()).contains(Digest.of(manifest));
        }
    }

    @Test
    void asks_for_all_images_and_holds_a_digest_to_what_was_asked() throws InterruptedException {
        FakeImage image = FakeImage.node();
        try (FakeRegistry registry = FakeRegistry.serving(image)) {
            ImageReference pinned = ImageReference.parse("node@" + image.digest());
            ImageReference other = ImageReference.parse("redis");

            ProbeResult right = Probes.probe(registry.url(), plan(pinned));
            ProbeResult wrong = Probes.probe(registry.url(), plan(pinned, other));

            assertThat(right.verdict()).isEqualTo(Verdict.READY);
            assertThat(wrong.verdict()).isEqualTo(Verdict.MISSING_IMAGE);
            assertThat(wrong.reason().map(Reason::arguments)).contains(List.of("docker.io/library/redis:latest"));
        }
    }

    private static Prober.Plan plan(ImageReference... images) {
        return new Prober.Plan(List.of(images), Depth.MANIFEST, Probes.AMPLE, 8, "amd64", Optional.empty(), Set.of());
    }

    @Test
    void follows_a_redirect_to_another_host_without_the_token() throws InterruptedException {
        try (FakeRegistry storage = FakeRegistry.serving(FakeImage.node());
                FakeRegistry registry = FakeRegistry.serving(FakeImage.node())
                        .withToken()
                        .with(Misbehaviour.redirectTo(storage), At.TAG, At.PLATFORM)) {

            ProbeResult result = Probes.probe(registry.url());

            assertThat(result.verdict()).isEqualTo(Verdict.READY);
            assertThat(registry.requests())
                    .anyMatch(r -> r.header("authorization").isPresent());
            assertThat(storage.requests())
                    .hasSize(2)
                    .allMatch(r -> r.header("authorization").isEmpty())
                    .allMatch(r -> r.header("user-agent").orElse("").startsWith("docker/"));
        }
    }

    @Test
    void sends_at_most_a_dozen_requests_where_everything_is_redirected() throws InterruptedException {
        try (FakeRegistry real = FakeRegistry.serving(FakeImage.node());
                FakeRegistry registry = FakeRegistry.serving(FakeImage.node()).with(Misbehaviour.redirectTo(real))) {

            ProbeResult result = Probes.probe(registry.url());

            assertThat(result.verdict()).isEqualTo(Verdict.READY);
            assertThat(registry.requests().size() + real.requests().size()).isLessThanOrEqualTo(12);
        }
    }

    @Test
    void thirty_candidates_of_which_twenty_five_hang_end_in_about_one_timeout() throws InterruptedException {
        try (FakeRegistry good = FakeRegistry.serving(FakeImage.node());
                FakeRegistry hanging = FakeRegistry.serving(FakeImage.node()).with(Misbehaviour.hang())) {
            List<Candidate> all = new ArrayList<>(candidates(hanging, 25));
            IntStream.range(0, 5).forEach(i -> all.add(Probes.candidate(good.url())));
            List<ProbeResult> told = new ArrayList<>();
            Duration timeout = Duration.ofSeconds(2);
            long start = System.nanoTime();

            List<ProbeResult> results = prober(timeout).probe(all, told::add);

            assertThat(System.nanoTime() - start)
                    .isLessThan(timeout.plusSeconds(2).toNanos());
            assertThat(results).extracting(ProbeResult::candidate).isEqualTo(all);
            assertThat(results.subList(0, 25)).allMatch(r -> r.verdict() == Verdict.STALLED);
            assertThat(results.subList(25, 30)).allMatch(r -> r.verdict() == Verdict.READY);
            assertThat(told).containsExactlyInAnyOrderElementsOf(results);
            assertThat(hanging.isLeftAlone()).isTrue();
        }
    }

    @Test
    void three_hundred_candidates_run_in_bounded_threads() throws InterruptedException {
        try (FakeRegistry hanging = FakeRegistry.serving(FakeImage.node()).with(Misbehaviour.hang())) {
            Duration timeout = Duration.ofSeconds(1);
            long start = System.nanoTime();
            List<Long> probing = new ArrayList<>();

            List<ProbeResult> results =
                    prober(timeout).probe(candidates(hanging, 300), r -> probing.add(probingThreads()));

            assertThat(results).hasSize(300).allMatch(r -> r.verdict() == Verdict.STALLED);
            // Those that ended a moment ago may still be counted.
            assertThat(probing).allMatch(count -> count <= 2 * 128);
            assertThat(System.nanoTime() - start)
                    .isLessThan(timeout.multipliedBy(3).plusSeconds(3).toNanos());
            assertThat(hanging.isLeftAlone()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Depth.class,
            names = {"PING", "MANIFEST"})
    void a_thousand_candidates_exhaust_nothing(Depth depth) throws InterruptedException {
        List<FakeRegistry> registries = IntStream.range(0, 20)
                .mapToObj(i -> FakeRegistry.serving(FakeImage.node()))
                .toList();
        List<Candidate> all = IntStream.range(0, 1000)
                .mapToObj(i ->
                        Probes.candidate(registries.get(i % registries.size()).url()))
                .toList();
        List<Long> probing = new ArrayList<>();

        List<ProbeResult> results = new Prober(
                        Probes.plan(depth, Probes.AMPLE), registry -> TLS, Proxies.NONE, Resolver.SYSTEM)
                .probe(all, result -> probing.add(probingThreads()));

        assertThat(results).hasSize(1000).allMatch(result -> result.verdict() == Verdict.READY);
        // Those that ended a moment ago may still be counted.
        assertThat(probing).allMatch(count -> count <= 2 * 128);
        for (FakeRegistry registry : registries) {
            assertThat(registry.isLeftAlone()).isTrue();
            registry.close();
        }
    }

    @Test
    void whoever_comes_while_handshakes_queue_begins_later_and_loses_no_time() throws Exception {
        SSLSocketFactory slow = taking(() -> Thread.sleep(10));

        List<ProbeResult> results = probeAtOneProcessor(slow, 200, Duration.ofSeconds(1));

        // All at once they would have waited up to two seconds for the only processor.
        assertThat(results).hasSize(200).allMatch(result -> result.reason().equals(Optional.of(Reason.of("not-tls"))));
    }

    @Test
    void a_walk_gets_back_what_it_waits_for_a_processor_beyond_a_third_of_its_time() throws Exception {
        SSLSocketFactory slow = taking(() -> Thread.sleep(80));

        List<ProbeResult> results = probeAtOneProcessor(slow, 45, Duration.ofSeconds(1));

        // They begin every 50 ms, so that the last would wait for more than its whole second.
        assertThat(results).hasSize(45).allMatch(result -> result.reason().equals(Optional.of(Reason.of("not-tls"))));
    }

    @Test
    void handshakes_that_never_end_hold_the_others_back_for_moments_only() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        Duration timeout = Duration.ofSeconds(1);
        long start = System.nanoTime();

        List<ProbeResult> results = probeAtOneProcessor(taking(seen::await), 45, timeout);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        seen.countDown();

        assertThat(results)
                .hasSize(45)
                .allMatch(result -> result.reason().equals(Optional.of(Reason.of("tls-timeout"))));
        assertThat(took).isLessThan(timeout.multipliedBy(3).plusSeconds(2));
    }

    /** Mirrors that take the connection and need do no more. */
    private static List<ProbeResult> probeAtOneProcessor(SSLSocketFactory tls, int count, Duration timeout)
            throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket listening = new ServerSocket(0, count, loopback)) {
            String url = "https://" + loopback.getHostAddress() + ":" + listening.getLocalPort();
            List<Candidate> candidates = IntStream.range(0, count)
                    .mapToObj(i -> Probes.candidate(url + "/mirror-" + i))
                    .toList();
            Prober.Plan plan = new Prober.Plan(
                    List.of(Probes.NODE), Depth.PING, timeout, count, "amd64", Optional.empty(), Set.of());
            Handshakes handshakes = new Handshakes(registry -> tls, 1, Probes.AMPLE);
            return new Prober(plan, new Transport(handshakes, Proxies.NONE, Resolver.SYSTEM, Reach::isInside))
                    .probe(candidates, result -> {});
        }
    }

    private interface Work {
        void run() throws InterruptedException;
    }

    /** Handshakes that take a processor for so long, and fail. */
    private static SSLSocketFactory taking(Work work) {
        return new SSLSocketFactory() {
            @Override
            public Socket createSocket(Socket socket, String host, int port, boolean autoClose) throws IOException {
                try {
                    work.run();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                throw new SSLException("enough");
            }

            @Override
            public Socket createSocket(String host, int port) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Socket createSocket(String host, int port, InetAddress local, int localPort) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Socket createSocket(InetAddress host, int port) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
                throw new UnsupportedOperationException();
            }

            @Override
            public String[] getDefaultCipherSuites() {
                return new String[0];
            }

            @Override
            public String[] getSupportedCipherSuites() {
                return new String[0];
            }
        };
    }

    private static long probingThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("probe-"))
                .count();
    }

    @Test
    void a_walk_ended_at_its_deadline_reports_its_latency_so_far() throws InterruptedException {
        try (FakeRegistry registry = FakeRegistry.serving(FakeImage.node()).with(Misbehaviour.hang(), At.TAG)) {

            ProbeResult result = Probes.probe(registry.url(), Probes.plan(Depth.MANIFEST, Probes.SHORT));

            assertThat(result.verdict()).isEqualTo(Verdict.STALLED);
            assertThat(result.depth()).contains(Depth.PING);
            assertThat(result.latency().connect()).isPresent();
            assertThat(result.latency().firstByte()).isPresent();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PING", "MANIFEST"})
    void connects_once_more_where_the_latency_is_what_counts(Depth depth) throws InterruptedException {
        try (FakeRegistry registry = FakeRegistry.serving(FakeImage.node())) {

            Probes.probe(registry.url(), Probes.plan(depth, Probes.AMPLE));

            assertThat(registry.connections(2)).isEqualTo(2);
        }
    }

    @Test
    void what_was_walked_is_ready_though_nothing_listens_any_more() throws InterruptedException {
        try (FakeRegistry registry = FakeRegistry.serving(FakeImage.node())) {
            registry.loggingTo(request -> registry.refusing());

            ProbeResult result = Probes.probe(registry.url());

            assertThat(result.verdict()).isEqualTo(Verdict.READY);
            assertThat(result.latency().connect()).isPresent();
        }
    }

    @Test
    void what_was_walked_is_ready_though_the_repeats_do_not_end_in_time() throws InterruptedException {
        CountDownLatch first = new CountDownLatch(1);
        Misbehaviour onlyOnce = call -> {
            Misbehaviour next = first.getCount() > 0 ? Misbehaviour.none() : Misbehaviour.hang();
            first.countDown();
            return next.answer(call);
        };
        try (FakeRegistry registry = FakeRegistry.serving(FakeImage.node()).with(onlyOnce, At.PING)) {

            ProbeResult result = Probes.probe(registry.url(), Probes.plan(Depth.MANIFEST, Probes.SHORT));

            assertThat(result.verdict()).isEqualTo(Verdict.READY);
        }
    }

    @Test
    void a_walk_that_ended_keeps_its_result_when_the_deadline_comes_late() {
        try (FakeRegistry registry =
                FakeRegistry.serving(FakeImage.node()).with(Misbehaviour.error(403, "DENIED", "no"), At.TAG, At.HEAD)) {
            Candidate candidate = Probes.candidate(registry.url());
            Prober.Plan plan = Probes.plan(Depth.MANIFEST, Probes.AMPLE);
            Walk walk = new Walk(
                    candidate,
                    plan,
                    Walk.session(
                            candidate,
                            plan,
                            Deadline.after(Probes.AMPLE),
                            Transport.of(any -> TLS, Proxies.NONE, Resolver.SYSTEM)),
                    new Calm(1, Probes.AMPLE));

            ProbeResult ended = walk.run();

            assertThat(ended.verdict()).isEqualTo(Verdict.DENIED);
            assertThat(walk.endAtDeadline()).isSameAs(ended);
        }
    }

    @Test
    void interrupting_the_probing_thread_closes_all_sockets() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(10);
        try (FakeRegistry hanging = FakeRegistry.serving(FakeImage.node())
                .with(Misbehaviour.hang())
                .loggingTo(request -> asked.countDown())) {
            CountDownLatch interrupted = new CountDownLatch(1);
            Thread probing = new Thread(() -> {
                try {
                    prober(Probes.AMPLE).probe(candidates(hanging, 10), r -> {});
                } catch (InterruptedException e) {
                    interrupted.countDown();
                }
            });
            probing.start();
            asked.await();

            probing.interrupt();

            probing.join();
            assertThat(interrupted.getCount()).isZero();
            assertThat(hanging.isLeftAlone()).isTrue();
        }
    }

    @Test
    void a_failing_listener_closes_all_sockets() {
        try (FakeRegistry good = FakeRegistry.serving(FakeImage.node());
                FakeRegistry hanging = FakeRegistry.serving(FakeImage.node()).with(Misbehaviour.hang())) {
            List<Candidate> both = List.of(Probes.candidate(hanging.url()), Probes.candidate(good.url()));

            assertThatThrownBy(() -> prober(Probes.AMPLE).probe(both, r -> {
                        throw new IllegalStateException("the listener");
                    }))
                    .hasMessage("the listener");

            assertThat(hanging.requests().size()).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void words_of_a_server_are_cut() throws InterruptedException {
        String flood = "\u001b[31m" + "x".repeat(60_000);
        try (FakeRegistry registry = FakeRegistry.serving(FakeImage.node())
                .with(Misbehaviour.error(403, "DENIED", flood.replace("\u001b", "\\u001b")), At.TAG)) {

            ProbeResult result = Probes.probe(registry.url());

            assertThat(result.verdict()).isEqualTo(Verdict.DENIED);
            assertThat(result.reason().orElseThrow().arguments()).allMatch(words -> words.length() <= 201);
        }
    }

    @Test
    void a_store_that_cannot_use_it_decides_where_it_is_known() throws InterruptedException {
        try (FakeRegistry registry = FakeRegistry.serving(FakeImage.node()).with(Misbehaviour.close(), At.PING)) {

            ProbeResult result = Probes.probe(registry.url());

            assertThat(result.stores()).isEqualTo(Set.of(ImageStore.CONTAINERD));
            assertThat(result.isUsableBy(Optional.of(ImageStore.CONTAINERD))).isTrue();
            assertThat(result.isUsableBy(Optional.of(ImageStore.GRAPHDRIVER))).isFalse();
            assertThat(result.isUsableBy(Optional.empty())).isFalse();
        }
    }
}
