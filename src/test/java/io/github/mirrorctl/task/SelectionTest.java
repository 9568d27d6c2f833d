package io.github.mirrorctl.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.mirror.Catalog;
import io.github.mirrorctl.mirror.CatalogReader;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SelectionTest {
    private static final Catalog.Filter ABROAD = new Catalog.Filter(Set.of("ir"), Set.of(), Set.of());

    private static Selection.Resolved on(String cloud, String... named) {
        return new Selection(List.of(named), ABROAD, false, Optional.of(cloud)).resolve(CatalogReader.bundled());
    }

    private static List<String> urls(Selection.Resolved resolved) {
        return resolved.candidates().stream()
                .map(candidate -> candidate.url().toString())
                .toList();
    }

    @Test
    void makes_a_clouds_own_mirror_a_candidate_on_its_machines_whatever_the_filter_says() {
        Selection.Resolved resolved = on("Tencent Cloud");

        assertThat(urls(resolved)).contains("https://mirror.ccs.tencentyun.com");
        assertThat(resolved.warnings()).extracting(Problem::code).containsExactly("cloud-mirror");
    }

    @Test
    void names_the_entry_to_fill_in_and_the_page_where_every_user_has_an_address() {
        Selection.Resolved resolved = on("Alibaba Cloud");

        assertThat(urls(resolved)).noneMatch(url -> url.contains("aliyuncs"));
        assertThat(resolved.warnings())
                .containsExactly(Problem.of(
                        "cloud-mirror-of-your-own",
                        Problem.Severity.INFO,
                        "Alibaba Cloud",
                        "aliyun",
                        "https://cr.console.aliyun.com/cn-hangzhou/instances/mirrors"));
        assertThat(on("Huawei Cloud").warnings().get(0).arguments()).contains("huawei-swr");
    }

    @Test
    void leaves_named_candidates_alone() {
        Selection.Resolved resolved = on("Tencent Cloud", "daocloud");

        assertThat(urls(resolved)).containsExactly("https://docker.m.daocloud.io");
        assertThat(resolved.warnings()).isEmpty();
    }
}
