package io.github.mirrorctl.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class HtmlTest {

    @Test
    void shows_markup_as_text_wherever_it_stands() {
        String page = new Html()
                .open("p", "title", "\"><script>")
                .text("<b>&\u001b[2J")
                .close()
                .toString();

        assertThat(page).isEqualTo("<p title=\"&quot;&gt;&lt;script&gt;\">&lt;b&gt;&amp;?[2J</p>\n");
    }

    @Test
    void says_what_differs_in_both_languages_and_the_rest_once() {
        String page = new Html().words("verdict.ready").words("report.part.tls").toString();

        assertThat(page).isEqualTo("<span lang=\"en\">ready</span><span lang=\"zh\">可用</span>TLS");
    }

    @Test
    void lets_nobody_forget_an_end() {
        Html page = new Html().open("p");

        assertThatThrownBy(page::toString).isInstanceOf(IllegalStateException.class);
    }
}
