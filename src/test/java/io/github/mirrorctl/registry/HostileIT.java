package io.github.mirrorctl.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.mirrorctl.registry.Hostile.Playing;
import io.github.mirrorctl.registry.Hostile.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** All {@link HostileMirrors} at once before the packaged launcher, in a small heap. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "so many addresses do not fit into its command line")
class HostileIT {
    private static final Path LAUNCHER = Path.of(System.getProperty("mirrorctl.home"), "bin", "mirrorctl");
    /** Walks have 5 s and finals end 12 s later; the rest is for the machine. */
    private static final Duration LONGEST = Duration.ofSeconds(45);

    private final List<Playing> playing = new ArrayList<>();

    @TempDir
    private Path folder;

    private Path authorities;

    @BeforeEach
    void start_them_all() throws IOException {
        authorities = Files.writeString(folder.resolve("authorities.pem"), TestCertificates.COMMON.authorityPem());
        Map<String, SSLContext> contexts = new HashMap<>();
        for (Run run : Run.of(HostileMirrors.all())) {
            // What is inside cannot be asked for here without leaving this machine.
            if (!run.hostile().isOutside()) {
                playing.add(Playing.start(
                        run,
                        HostileMirrors.IMAGE,
                        alias -> contexts.computeIfAbsent(alias, TestCertificates.COMMON::server)));
            }
        }
    }

    @AfterEach
    void end_them_all() {
        playing.forEach(Playing::close);
    }

    /** What a run of the launcher printed. */
    private record Printed(int exit, String out, String err, Duration elapsed) {}

    private Printed probe(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(LAUNCHER.toString(), "probe"));
        command.addAll(List.of(options));
        playing.forEach(one -> command.add(one.mirror().url()));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("LANG", "en_US.UTF-8");
        builder.environment().put("MIRRORCTL_CACHE", "");
        builder.environment().put("SSL_CERT_FILE", authorities.toString());
        // Nobody but those on this machine is to be found.
        builder.environment().put("MIRRORCTL_OPTS", "-Xmx64m -Djdk.net.hosts.file=" + noNames());
        long start = System.nanoTime();
        int exit = builder.start().waitFor();
        Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
        return new Printed(exit, Files.readString(out), Files.readString(err), elapsed);
    }

    private Path noNames() throws IOException {
        return Files.writeString(folder.resolve("hosts"), "127.0.0.1 localhost\n");
    }

    @Test
    void the_launcher_outlives_them_in_64_megabytes_and_tells_each_by_its_verdict() throws Exception {
        Printed printed = probe("-o", "json");

        String told = printed.err().lines().limit(40).collect(Collectors.joining("\n"));
        assertThat(printed.exit()).as(told).isIn(0, 3);
        assertThat(printed.elapsed()).isLessThan(LONGEST);
        Map<String, String> verdicts = new HashMap<>();
        for (JsonNode mirror : new ObjectMapper().readTree(printed.out()).path("mirrors")) {
            verdicts.put(mirror.path("url").asText(), mirror.path("verdict").asText());
        }
        assertThat(verdicts).hasSize(playing.size());
        assertThat(steering(printed.out() + printed.err())).isEmpty();
        for (Playing one : playing) {
            String expected = one.run().expected().verdict().key();
            // Only the walk is held to its verdict: not all are finalists, and so many at once may take all of the
            // time.
            boolean isAskedSo = one.run().hostile().depth() == Depth.BLOB;
            boolean isWalked = isAskedSo && !one.run().expected().failedAt().equals(java.util.Optional.of(Step.BLOB));
            if (isWalked) {
                assertThat(verdicts.get(one.mirror().url()))
                        .as(one.run().toString())
                        .isIn(
                                expected,
                                expected.equals("ready") ? "stale" : expected,
                                "stalled",
                                "tls-failed",
                                "unreachable",
                                "unknown-host");
            }
        }
    }

    @Test
    void nothing_they_say_can_steer_a_terminal() throws Exception {
        Printed table = probe("-o", "wide", "--depth", "manifest", "--timeout", "2s");
        Printed explained = probe(
                "--depth",
                "manifest",
                "--explain",
                playing.get(playing.size() - 1).mirror().url());

        for (Printed printed : List.of(table, explained)) {
            assertThat(steering(printed.out() + printed.err())).isEmpty();
            assertThat(printed.out()).isNotEmpty();
        }
    }

    /** The characters that are neither text nor the end of a line. */
    private static List<String> steering(String printed) {
        return printed.codePoints()
                .filter(c -> c != '\n' && isSteering(c))
                .mapToObj(c -> String.format("U+%04X", c))
                .distinct()
                .toList();
    }

    private static boolean isSteering(int c) {
        boolean joins = c == 0x200c || c == 0x200d;
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                true;
            case Character.FORMAT -> !joins;
            default -> false;
        };
    }
}
