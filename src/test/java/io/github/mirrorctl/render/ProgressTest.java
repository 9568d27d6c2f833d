package io.github.mirrorctl.render;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorctl.mirror.ImageStore;
import io.github.mirrorctl.mirror.MirrorUrl;
import io.github.mirrorctl.registry.Candidate;
import io.github.mirrorctl.registry.Latency;
import io.github.mirrorctl.registry.ProbeResult;
import io.github.mirrorctl.registry.PullEstimate;
import io.github.mirrorctl.registry.Sample;
import io.github.mirrorctl.registry.Verdict;
import io.github.mirrorctl.task.ProbeTask;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ProgressTest {
    private static final String ERASED = "\r \u001b[J\r";
    private static final int WIDE = 80;
    private static final int NARROW = 40;
    private static final Sample SAMPLE = new Sample(
            OptionalDouble.of(1e6),
            new PullEstimate(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, 1e6),
            Duration.ofSeconds(1));

    /** Tells when something is drawn, so that nobody has to sleep. */
    private static final class Terminal extends PrintStream {
        final CountDownLatch drawn = new CountDownLatch(1);

        Terminal(ByteArrayOutputStream written) {
            super(written, true, UTF_8);
        }

        @Override
        public void flush() {
            super.flush();
            drawn.countDown();
        }
    }

    private static String written(Locale language, boolean isTerminal, int columns, List<ProbeTask.News> news)
            throws InterruptedException {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(written);
        try (Progress progress = new Progress(terminal, Messages.of(language), isTerminal, columns)) {
            news.forEach(progress::add);
            progress.during(Progress.Wait.ENGINE);
            if (isTerminal) {
                assertThat(terminal.drawn.await(30, TimeUnit.SECONDS)).isTrue();
            }
        }
        return written.toString(UTF_8);
    }

    private static Candidate mirror(int number) {
        return new Candidate(MirrorUrl.parse("mirror" + number + ".example"), Optional.empty());
    }

    private static ProbeResult result(Candidate candidate, Verdict verdict, Optional<Sample> sample) {
        return new ProbeResult(
                candidate,
                verdict,
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                new Latency(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
                Optional.empty(),
                sample,
                Set.of(ImageStore.values()),
                false,
                false,
                1,
                1,
                List.of());
    }

    /** A probe of 30 mirrors, as far as it is: two usable ones, one of them sampled, and some that are not. */
    private static List<ProbeTask.News> news() {
        List<ProbeResult> results = new ArrayList<>();
        results.add(result(mirror(0), Verdict.READY, Optional.of(SAMPLE)));
        results.add(result(mirror(1), Verdict.READY, Optional.empty()));
        for (int i = 2; i < 14; i++) {
            Verdict verdict = i < 11 ? Verdict.UNKNOWN_HOST : i < 13 ? Verdict.DENIED : Verdict.MISSING_IMAGE;
            results.add(result(mirror(i), verdict, Optional.empty()));
        }
        List<ProbeTask.News> news = new ArrayList<>();
        news.add(new ProbeTask.News(30, 5, Optional.empty()));
        results.forEach(result -> news.add(new ProbeTask.News(30, 5, Optional.of(result))));
        return news;
    }

    @Test
    void is_shown_while_nobody_answers_and_cleaned_away() throws Exception {
        assertThat(written(Locale.ENGLISH, true, WIDE, List.of()))
                .startsWith("\r\u001b[?7l0 s: asking the engine\u001b[J\u001b[?7h\r")
                .endsWith(ERASED);
        assertThat(written(Locale.CHINESE, true, WIDE, List.of())).contains("正在询问引擎");
    }

    @Test
    void says_how_much_is_done_of_how_much() throws Exception {
        assertThat(written(Locale.ENGLISH, true, WIDE, news()))
                .contains(
                        "0 s: 14 of 30 measured, 2 usable, 1 of 2 sampled; unknown host 9, denied 2\u001b[J\u001b[?7h\r");
        assertThat(written(Locale.CHINESE, true, WIDE, news()))
                .contains("0 秒：已测 14/30，可用 2，已测速 1/2；域名无法解析 9，拒绝访问 2，没有该镜像 1\u001b[J\u001b[?7h\r");
    }

    @Test
    void is_brief_where_the_terminal_is_narrow() throws Exception {
        assertThat(written(Locale.ENGLISH, true, NARROW, news()))
                .contains("0 s: 14/30, 2 usable, 1/2 sampled\u001b[J\u001b[?7h\r");
        assertThat(written(Locale.CHINESE, true, NARROW, news()))
                .contains("0 秒：已测 14/30，可用 2，已测速 1/2\u001b[J\u001b[?7h\r");
    }

    @Test
    void docker_hub_is_none_of_the_mirrors() throws Exception {
        ProbeResult hub = result(Candidate.DOCKER_HUB, Verdict.READY, Optional.of(SAMPLE));

        assertThat(written(
                        Locale.ENGLISH,
                        true,
                        WIDE,
                        List.of(
                                new ProbeTask.News(1, 1, Optional.empty()),
                                new ProbeTask.News(1, 1, Optional.of(hub)))))
                .contains("0 s: 0 of 1 measured, 0 usable\u001b[J\u001b[?7h");
    }

    @Test
    void a_pipe_gets_none() throws Exception {
        assertThat(written(Locale.ENGLISH, false, WIDE, news())).isEmpty();
    }
}
