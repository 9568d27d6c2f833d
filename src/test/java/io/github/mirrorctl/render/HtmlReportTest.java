package io.github.mirrorctl.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.mirror.ImageStore;
import io.github.mirrorctl.registry.Depth;
import io.github.mirrorctl.registry.ImageReference;
import io.github.mirrorctl.registry.ProbeHistory;
import io.github.mirrorctl.registry.ProbeResult;
import io.github.mirrorctl.registry.TestResults;
import io.github.mirrorctl.registry.Verdict;
import io.github.mirrorctl.task.ProbeTask;
import io.github.mirrorctl.task.ProxyChoice;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HtmlReportTest {
    private static final Set<ImageStore> BOTH = Set.of(ImageStore.values());

    private static String page(List<ProbeResult> ranked, List<ProbeResult> chosen, Problem... warnings) {
        ProbeTask.Report report = new ProbeTask.Report(
                new ProbeTask.Options(
                        List.of(ImageReference.parse("node:20-alpine")),
                        Depth.MANIFEST,
                        Duration.ofSeconds(5),
                        1,
                        "amd64",
                        Optional.empty(),
                        Optional.empty()),
                Duration.ZERO,
                ProxyChoice.UNUSED,
                Optional.empty(),
                ranked,
                List.of(),
                chosen,
                List.of(warnings));
        HtmlReport.Setting setting = new HtmlReport.Setting(
                Locale.ENGLISH,
                ZonedDateTime.parse("2026-11-27T12:00:00+08:00"),
                "web1 (Linux, amd64)",
                "mirrorctl 1",
                "2026-11-24");
        return HtmlReport.of(report, setting, new ProbeHistory(List.of()));
    }

    private static String file(String page) {
        int begin = page.indexOf("registry-mirrors");
        return begin < 0 ? "" : page.substring(begin, page.indexOf("</code>", begin));
    }

    @Test
    void the_file_holds_those_that_would_be_chosen_and_nobody_else() {
        ProbeResult open = TestResults.of("http://open.example", Verdict.READY, BOTH);
        ProbeResult good = TestResults.of("https://good.example", Verdict.READY, BOTH);
        ProbeResult stale = TestResults.of("https://stale.example", Verdict.STALE, BOTH);

        String page = page(List.of(open, good, stale), List.of(good));

        assertThat(page).contains("open.example", "stale.example");
        assertThat(file(page)).contains("https://good.example").doesNotContain("open.example", "stale.example");
    }

    @Test
    void what_scripts_are_warned_of_readers_are_too() {
        ProbeResult good = TestResults.of("https://good.example", Verdict.READY, BOTH);

        assertThat(page(List.of(good), List.of(good), Problem.of("hub-faster", Problem.Severity.WARNING)))
                .contains("Docker Hub itself is faster than the best mirror", "Docker Hub 本身比最好的镜像加速器更快");
    }

    @Test
    void where_nobody_would_be_chosen_there_is_none() {
        ProbeResult stale = TestResults.of("https://stale.example", Verdict.STALE, BOTH);

        assertThat(file(page(List.of(stale), List.of()))).isEmpty();
    }
}
