package io.github.mirrorctl.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorctl.registry.FakeRegistry.At;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;

/** Hostile mirrors, many at once, against a heap as small as the launcher's. */
class SmallHeapTest {
    private static final int EACH = 6;

    /** The process under test: probes its arguments and prints the verdicts. */
    static final class Probing {
        private Probing() {}

        public static void main(String[] urls) throws InterruptedException {
            List<Candidate> candidates =
                    Arrays.stream(urls).map(Probes::candidate).toList();
            Prober prober = new Prober(
                    Probes.plan(Depth.MANIFEST, Probes.AMPLE),
                    registry -> (SSLSocketFactory) SSLSocketFactory.getDefault(),
                    Proxies.NONE,
                    Resolver.SYSTEM);
            prober.probe(candidates, result -> {})
                    .forEach(result -> System.out.println(result.verdict().key()));
        }
    }

    @Test
    void hostile_answers_fit_into_a_heap_of_64_megabytes() throws IOException, InterruptedException {
        List<Misbehaviour> hostile = List.of(
                Misbehaviour.hugeBody(100_000_000),
                Misbehaviour.endlessBody(),
                Misbehaviour.endlessChunks(),
                Misbehaviour.gzipBomb(50_000_000),
                Misbehaviour.body(FakeImage.bytes("[".repeat(900_000))));
        List<FakeRegistry> registries = hostile.stream()
                .map(m -> FakeRegistry.serving(FakeImage.node()).with(m, At.TAG, At.PLATFORM))
                .toList();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                Probing.class.getName()));
        registries.forEach(registry -> command.addAll(Collections.nCopies(EACH, registry.url())));

        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said.lines()).hasSize(EACH * hostile.size()).containsOnly("corrupt");
        registries.forEach(FakeRegistry::close);
    }
}
