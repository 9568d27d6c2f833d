package io.github.mirrorctl.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorctl.daemon.DockerInfo;
import io.github.mirrorctl.daemon.MirrorEntry;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.mirror.CatalogReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MirrorFindingsTest {
    private static final String CLASSIC = "\"Driver\":\"overlay2\",";
    private static final String CONTAINERD =
            "\"Driver\":\"overlayfs\",\"DriverStatus\":[[\"driver-type\",\"io.containerd.snapshotter.v1\"]],";

    private static List<Problem> findings(String fields, String... mirrors) {
        return findings("28.5.2", fields, List.of(), mirrors);
    }

    private static List<Problem> findings(String version, String fields, List<MirrorEntry> entries, String... mirrors) {
        DockerInfo info = DockerInfo.parse(
                "{\"ServerVersion\":\"" + version + "\"," + fields
                        + "\"RegistryConfig\":{\"InsecureRegistryCIDRs\":[\"127.0.0.0/8\",\"10.9.0.0/16\"],"
                        + "\"IndexConfigs\":{\"m.example:5000\":{\"Secure\":false},\"docker.io\":{\"Secure\":true}},\"Mirrors\":[]}}");
        return new MirrorFindings(CatalogReader.bundled(), info, List.of(mirrors), List.of(), entries).all();
    }

    private static List<String> codes(List<Problem> problems) {
        return problems.stream().map(Problem::code).toList();
    }

    @Test
    void has_nothing_against_a_few_good_mirrors() {
        assertThat(findings(CONTAINERD, "https://docker.m.daocloud.io/", "https://docker.1ms.run/"))
                .isEmpty();
    }

    @Test
    void counts_mirrors_that_nobody_waits_for() {
        List<String> mirrors = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            mirrors.add("https://m" + i + ".example/");
        }
        assertThat(findings(CLASSIC, mirrors.toArray(String[]::new))).isEmpty();
        mirrors.add("https://m5.example/");
        assertThat(codes(findings(CLASSIC, mirrors.toArray(String[]::new)))).containsExactly("many-mirrors");
    }

    @Test
    void names_retired_mirrors_with_date_and_source_and_addresses_that_cannot_be_meant() {
        List<Problem> found = findings(CLASSIC, "https://reg-mirror.qiniu.com/", "https://<ID>.mirror.aliyuncs.com/");

        assertThat(codes(found)).containsExactly("retired-mirror", "url-placeholder");
        assertThat(found.get(0).arguments().get(1)).matches("20\\d\\d-\\d\\d, https://.+");
    }

    @Test
    void names_a_mirror_of_another_registry() {
        List<Problem> found = findings(CLASSIC, "https://ghcr.m.daocloud.io/");

        assertThat(codes(found)).containsExactly("other-registry");
        assertThat(found.get(0).arguments()).containsExactly("https://ghcr.m.daocloud.io/", "ghcr.io");
    }

    @ParameterizedTest
    @CsvSource({
        "https://a.example/, HTTPS://A.example:443/, duplicate-mirror",
        "https://a.example/, https://a.example//, duplicate-mirror",
        "https://a.example/, https://a.example, ",
        "https://a.example/, https://a.example:8443/, "
    })
    void names_two_spellings_of_one_mirror_that_the_daemon_takes_for_two(String one, String other, String code) {
        assertThat(codes(findings(CLASSIC, one, other))).isEqualTo(code == null ? List.of() : List.of(code));
    }

    @Test
    void names_a_path_that_stores_ask_for_differently() {
        assertThat(codes(findings(CLASSIC, "https://a.example/v2"))).containsExactly("path-mirror");
        // What an engine would not start with is said of its file.
        assertThat(findings("20.10.24", CLASSIC, List.of(), "https://a.example/v2"))
                .isEmpty();
    }

    @Test
    void names_plain_http_over_the_internet() {
        assertThat(codes(findings(CLASSIC, "http://a.example/"))).containsExactly("plain-http");
        assertThat(findings(CLASSIC, "http://10.0.0.1:5000/", "http://nexus:8081/", "http://mirror.lan/"))
                .isEmpty();
    }

    @Test
    void shows_where_the_file_has_the_mirror() {
        Problem.Place place = new Problem.Place("/etc/docker/daemon.json", 3, 5, "");
        List<MirrorEntry> entries = List.of(new MirrorEntry("http://a.example", place));

        assertThat(findings("28.5.2", CLASSIC, entries, "http://a.example/")
                        .get(0)
                        .place())
                .contains(place);
        assertThat(findings("28.5.2", CLASSIC, entries, "http://b.example/")
                        .get(0)
                        .place())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:5000, true",
        "http://localhost:5000, true",
        "https://10.9.8.7, true",
        "https://m.example:5000, true",
        "https://m.example, false",
        "https://10.8.8.7, false"
    })
    void warns_of_what_switches_the_checks_off_on_containerds_store(String mirror, boolean isWarned) {
        assertThat(codes(findings(CONTAINERD, mirror)).contains("unchecked-certificates"))
                .isEqualTo(isWarned);
        assertThat(findings(CLASSIC, mirror)).isEmpty();
    }
}
