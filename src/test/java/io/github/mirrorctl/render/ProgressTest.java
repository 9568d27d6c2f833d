package io.github.mirrorctl.render;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ProgressTest {
    private static final String ERASED = "\r\u001b[K";

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

    private static String written(Locale language, boolean isTerminal) throws InterruptedException {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(written);
        try (Progress progress = new Progress(terminal, Messages.of(language), isTerminal).ofProbe()) {
            assertThat(progress).isNotNull();
            if (isTerminal) {
                assertThat(terminal.drawn.await(30, TimeUnit.SECONDS)).isTrue();
            }
        }
        return written.toString(UTF_8);
    }

    @Test
    void is_shown_while_nobody_answers_and_cleaned_away() throws Exception {
        assertThat(written(Locale.ENGLISH, true))
                .startsWith(ERASED + "\u001b[?7l0 s: 0 measured, 0 usable, 0 sampled\u001b[?7h")
                .endsWith(ERASED);
        assertThat(written(Locale.CHINESE, true)).contains("已测 0，可用 0，已测速 0");
    }

    @Test
    void a_pipe_gets_none() throws Exception {
        assertThat(written(Locale.ENGLISH, false)).isEmpty();
    }
}
