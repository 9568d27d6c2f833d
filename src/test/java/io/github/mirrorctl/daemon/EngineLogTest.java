package io.github.mirrorctl.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EngineLogTest {

    /** 28.5.2 on 2026-11-23, after a reload of {@code {"registry-mirrors":["ftp://x"]}}; the second line is newer than 25.0. */
    private static final String REFUSED = """
            time="2026-11-23T21:49:09.234079461Z" level=info msg="Got signal to reload configuration" config-file=/etc/docker/daemon.json
            time="2026-11-23T21:49:09.234275182Z" level=error msg="Error reloading configuration" error="file configuration validation failed: invalid mirror: unsupported scheme \\"ftp\\" in \\"ftp://x\\""
            """;

    @Test
    void tells_what_went_wrong_and_why() {
        assertThat(EngineLog.errors(REFUSED))
                .containsExactly("Error reloading configuration: file configuration validation failed: invalid mirror: "
                        + "unsupported scheme \"ftp\" in \"ftp://x\"");
    }

    @Test
    void tells_nothing_of_a_reload_that_went_well() {
        assertThat(EngineLog.errors("time=\"T\" level=info msg=\"Reloaded configuration\" config=\"{\\\"a\\\":1}\"\n"
                        + "time=\"T\" level=warning msg=\"level=error is not meant\"\n\n"))
                .isEmpty();
    }

    /** What 20.10.24 says before it has a logger. */
    @Test
    void counts_a_line_without_a_level() {
        String line = "unable to configure the Docker daemon with file /etc/docker/daemon.json: EOF";

        assertThat(EngineLog.errors(line + "\n")).containsExactly(line);
    }

    @Test
    void keeps_the_last_three_and_none_of_them_twice() {
        String log = "one\ntwo\nthree\nfour\nfour\n";

        assertThat(EngineLog.errors(log)).containsExactly("two", "three", "four");
    }

    @Test
    void is_fit_to_be_shown_whatever_was_logged() {
        String evil =
                "level=error msg=\"\u001b[31m\u202e" + "x".repeat(100_000) + "\"\nlevel=fatal\nlevel=error msg=\"open";

        assertThat(EngineLog.errors(evil))
                .allSatisfy(
                        said -> assertThat(said).hasSizeLessThanOrEqualTo(300).doesNotContain("\u001b", "\u202e"))
                .hasSize(3);
    }
}
