package io.github.mirrorctl.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorctl.fault.Problem;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class JsonRendererTest {

    /** What is said beside the document. */
    private static String said(Locale language, boolean quiet, Problem.Severity... severities) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream err = new PrintStream(said, true, StandardCharsets.UTF_8);
        JsonRenderer renderer = new JsonRenderer(err, err, Messages.of(language), quiet);
        for (Problem.Severity severity : severities) {
            renderer.announce(List.of(Problem.of("assumed-https", severity, "m.example", "https://m.example")));
        }
        return said.toString(StandardCharsets.UTF_8);
    }

    @Test
    void says_in_the_readers_language_what_a_document_has_no_place_for() {
        assertThat(said(Locale.ENGLISH, false, Problem.Severity.WARNING)).startsWith("warning: m.example");
        assertThat(said(Locale.CHINESE, false, Problem.Severity.WARNING)).startsWith("警告：已将 m.example");
    }

    @Test
    void says_nothing_but_errors_where_it_is_to_be_quiet() {
        assertThat(said(Locale.ENGLISH, true, Problem.Severity.INFO, Problem.Severity.WARNING))
                .isEmpty();
        assertThat(said(Locale.ENGLISH, true, Problem.Severity.ERROR)).startsWith("error: ");
    }
}
