package io.github.mirrorctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.mirrorctl.registry.TestMirror;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code check --pull} and {@code check --image}, judged by an output of docker info. */
class CheckPullTest {
    private static final String CLASSIC = "Storage Driver: overlay2";
    private static final String CONTAINERD = "Storage Driver: overlayfs\n  driver-type: io.containerd.snapshotter.v1";

    @TempDir
    private Path root;

    private Run check(String store, List<String> mirrors, String... options) {
        String info = "Server:\n Server Version: 28.5.2\n " + store + "\n Registry Mirrors:\n  "
                + String.join("\n  ", mirrors) + "\n Live Restore Enabled: false\n";
        List<String> arguments = new ArrayList<>(List.of("check", "--docker-info", "-"));
        arguments.addAll(List.of(options));
        return Run.Machine.at(root).runWith(info, arguments.toArray(String[]::new));
    }

    private static List<String> codes(JsonNode document) {
        return document.findValuesAsText("code");
    }

    @Test
    void names_the_mirror_that_will_serve() {
        try (TestMirror broken = TestMirror.answering(503);
                TestMirror good = TestMirror.working()) {
            Run run = check(CLASSIC, List.of(broken.url(), good.url()), "--pull", "-o", "json")
                    .exits(0);

            JsonNode pull = run.json().path("pull");
            assertThat(pull.path("server").asText()).isEqualTo(good.url());
            assertThat(pull.path("judgedFor").asText()).isEqualTo("graphdriver");
            assertThat(pull.path("image").asText()).isEqualTo("docker.io/library/node:20-alpine");
            assertThat(pull.path("mirrors").findValuesAsText("outcome")).startsWith("passed-over", "serves");
            assertThat(codes(run.json())).contains("pull-served").doesNotContain("pull-delayed");
        }
    }

    /** A probe looks at the layers of five; the sixth is the one that decides here. */
    @Test
    void looks_at_the_layers_of_the_mirror_that_decides_however_many_stand_before_it() {
        List<TestMirror> mirrors = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            mirrors.add(i < 5 ? TestMirror.corrupt() : TestMirror.working());
        }
        for (int i = 0; i < 6; i++) {
            mirrors.add(TestMirror.working());
        }
        try {
            List<String> urls = mirrors.stream().map(TestMirror::url).toList();

            JsonNode pull =
                    check(CLASSIC, urls, "--pull", "-o", "json").exits(0).json().path("pull");

            assertThat(pull.path("server").asText()).isEqualTo(urls.get(5));
            assertThat(pull.at("/mirrors/4/verdict").asText()).isEqualTo("corrupt");
            assertThat(pull.at("/mirrors/5/depth").asText()).isEqualTo("blob");
        } finally {
            mirrors.forEach(TestMirror::close);
        }
    }

    @Test
    void tells_that_the_engine_gives_up_or_waits_for_ever() {
        try (TestMirror corrupt = TestMirror.corrupt();
                TestMirror hanging = TestMirror.hanging();
                TestMirror good = TestMirror.working()) {
            Run aborts = check(CONTAINERD, List.of(corrupt.url(), good.url()), "--pull", "-o", "json")
                    .exits(3);
            Run hangs = check(CLASSIC, List.of(hanging.url(), good.url()), "--pull", "--timeout=500ms", "-o", "json")
                    .exits(3);

            assertThat(codes(aborts.json())).contains("pull-aborts").doesNotContain("pull-served");
            assertThat(aborts.json().at("/pull/server").isNull()).isTrue();
            assertThat(codes(hangs.json())).contains("pull-hangs");
            assertThat(hangs.json().at("/pull/mirrors/0/verdict").asText()).isEqualTo("stalled");
        }
    }

    @Test
    void takes_a_time_that_probe_takes() {
        check(CLASSIC, List.of("https://docker.1ms.run/"), "--timeout=1ms").exits(2);
    }

    @Test
    void says_it_in_words_too() {
        try (TestMirror good = TestMirror.working()) {
            Run english = check(CLASSIC, List.of(good.url()), "--pull").exits(0);
            Run chinese = check(CLASSIC, List.of(good.url()), "--pull", "--lang", "zh")
                    .exits(0);

            assertThat(english.out()).contains("docker.io/library/node:20-alpine will come from " + good.url());
            assertThat(chinese.out()).contains("将由 " + good.url() + " 提供");
        }
    }

    @Test
    void asks_for_the_image_that_is_meant() {
        try (TestMirror mirror = TestMirror.working()) {
            Run run = check(CLASSIC, List.of(mirror.url()), "--pull", "--image", "nobody/has:it", "-o", "json");

            assertThat(run.json().at("/pull/mirrors/0/verdict").asText()).isEqualTo("missing-image");
            assertThat(codes(run.json())).contains("image-mirrored");
        }
    }

    @Test
    void says_that_the_list_does_not_apply_to_other_registries_and_what_does() {
        Run run = check(
                        CONTAINERD,
                        List.of("https://docker.1ms.run/"),
                        "--pull",
                        "--image",
                        "ghcr.io/a/b:1",
                        "-o",
                        "json")
                .exits(0);

        assertThat(run.json().path("pull").isNull()).isTrue();
        assertThat(codes(run.json())).contains("image-not-mirrored", "image-hosts-toml");
        assertThat(run.out()).contains("docker pull ghcr.", "/etc/docker/certs.d/ghcr.io/hosts.toml");
        assertThat(codes(check(CLASSIC, List.of("https://docker.1ms.run/"), "--image", "ghcr.io/a/b", "-o", "json")
                        .json()))
                .contains("image-not-mirrored")
                .doesNotContain("image-hosts-toml");
    }

    @Test
    void refuses_what_is_no_image() {
        check(CLASSIC, List.of("https://docker.1ms.run/"), "--image", "ghcr.io/a b")
                .exits(2);
        check(CLASSIC, List.of("https://docker.1ms.run/"), "--image", "A_B").exits(2);
    }
}
