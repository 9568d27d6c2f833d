package io.github.mirrorctl.daemon;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.fault.Problem.Severity;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The verdicts are those of dockerd 20.10.24, 26.1.5 and 28.5.2, each given each of these files. */
class KeyCheckTest {

    private static DaemonConfig parse(String text) {
        return DaemonConfig.parse(text.replace('\'', '"').getBytes(UTF_8), "daemon.json");
    }

    private static List<String> problems(String text, String engine) {
        return parse(text).problems(EngineVersion.parse(engine)).stream()
                .map(KeyCheckTest::brief)
                .toList();
    }

    private static String brief(Problem problem) {
        Problem.Place place = problem.place().orElseThrow();
        return problem.severity() + " " + place.line() + ":" + place.column() + " " + problem.code() + " "
                + problem.arguments();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'debug': 'x'} | 1:11 key-type [debug, true]",
                "{'bip': 5} | 1:9 key-type [bip, \"…\"]",
                "{'mtu': 1e3} | 1:9 key-whole-number [mtu, 1e3]",
                "{'mtu': 1500.0} | 1:9 key-whole-number [mtu, 1500.0]",
                "{'mtu': '1500'} | 1:9 key-type [mtu, 10]",
                "{'default-shm-size': 64} | 1:22 key-type [default-shm-size, \"64m\"]",
                "{'default-shm-size': null} | 1:22 key-type [default-shm-size, \"64m\"]",
                "{'dns': '1.1.1.1'} | 1:9 key-type [dns, [\"…\"]]",
                "{'dns': ['1.1.1.1', 5]} | 1:21 key-type [dns, [\"…\"]]",
                "{'log-opts': {'max-file': 3}} | 1:27 option-not-text [log-opts, 3]",
                "{'log-opts': {'a': {}}} | 1:20 key-type [log-opts, {\"…\": \"…\"}]",
                "{'log-opts': 'x'} | 1:14 key-type [log-opts, {\"…\": \"…\"}]",
                "{'features': {'a': 'true'}} | 1:20 key-type [features, {\"…\": true}]",
                "{'runtimes': {'a': 'runc'}} | 1:20 key-type [runtimes, {\"…\": {…}}]",
                "{'default-address-pools': ['10.0.0.0/8']} | 1:28 key-type"
                        + " [default-address-pools, [{\"base\": \"…\", \"size\": 24}]]",
                "{'Registry-Mirrors': []} | 1:2 key-case [Registry-Mirrors, registry-mirrors]",
            })
    void an_engine_that_is_known_would_refuse_it(String text, String expected) {
        assertThat(problems(text, "20.10.24")).containsExactly("ERROR " + expected);
        assertThat(problems(text, "28.5.2")).containsExactly("ERROR " + expected);
        assertThat(problems(text, "")).containsExactly("WARNING " + expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'debug': null, 'mtu': null, 'log-opts': null, 'registry-mirrors': null}",
                "{'mtu': 1500, 'debug': true, 'bip': '10.0.0.1/24', 'dns': [], 'log-opts': {'max-file': '3'}}",
                "{'features': {'a': true}, 'builder': {'gc': {'enabled': true}}, 'default-shm-size': '64M'}",
                "{'runtimes': {'a': {'path': 'x'}}, 'default-ulimits': {'nofile': {'Name': 'nofile', 'Hard': 1}}}",
                "{'default-address-pools': [{'base': '10.0.0.0/8', 'size': 24}]}",
            })
    void every_engine_takes_it(String text) {
        assertThat(problems(text, "20.10.24")).isEmpty();
        assertThat(problems(text, "28.5.2")).isEmpty();
        assertThat(problems(text, "")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'proxies': {'http-proxy': 'x'}} | ERROR 1:2 key-too-new [proxies, 23.0, 20.10] | |",
                "{'cdi-spec-dirs': []} | ERROR 1:2 key-too-new [cdi-spec-dirs, 25.0, 20.10] | |",
                "{'bip6': 'x'} | ERROR 1:2 key-too-new [bip6, 28.0, 20.10] | |",
                "{'graph': 'x'} | WARNING 1:2 key-gone [graph, 23.0] | ERROR 1:2 key-gone [graph, 23.0]"
                        + " | WARNING 1:2 key-gone [graph, 23.0]",
                "{'deprecated-key-path': 'x'} | WARNING 1:2 key-ignored [deprecated-key-path, 23.0]"
                        + " | WARNING 1:2 key-ignored [deprecated-key-path, 23.0]"
                        + " | WARNING 1:2 key-ignored [deprecated-key-path, 23.0]",
            })
    void what_another_version_refuses_is_no_error(String text, String old, String current, String unknown) {
        assertThat(problems(text, "20.10.24")).containsExactly(old);
        assertThat(String.join("", problems(text, "28.5.2"))).isEqualTo(current == null ? "" : current);
        assertThat(String.join("", problems(text, ""))).isEqualTo(unknown == null ? "" : unknown);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'registry-mirror': 'x'} | 1:2 singular-key [registry-mirror, registry-mirrors]",
                "{'http-proxy': 'x'} | 1:2 proxy-outside [http-proxy]",
                "{'containerd-plugins-namespace': 'x'} | 1:2 flag-only [containerd-plugins-namespace]",
                "{'zzz': {'debug': true}} | 1:10 key-too-deep [debug]",
                "{'zzz': {'registry-mirrors': []}} | 1:10 key-too-deep [registry-mirrors]",
                "{'containerd-plugin-namespace': 'x'} | 1:2 unknown-key [containerd-plugin-namespace]",
            })
    void what_is_ignored_is_a_warning_whatever_the_engine(String text, String expected) {
        assertThat(problems(text, "28.5.2")).containsExactly("WARNING " + expected);
        assertThat(problems(text, "")).containsExactly("WARNING " + expected);
    }

    @Test
    void an_empty_object_has_no_members_to_be_unknown() {
        assertThat(problems("{'proxies': {}}", "20.10.24")).isEmpty();
    }

    @Test
    void an_engine_before_23_gets_the_file_in_a_form_it_reads() {
        byte[] marked = "\ufeff{\"debug\": true}".getBytes(UTF_8);
        byte[] wide = "{\"debug\": true}".getBytes(UTF_16);
        Optional<EngineVersion> old = EngineVersion.parse("20.10.24");

        for (byte[] content : List.of(marked, wide)) {
            DaemonConfig config = DaemonConfig.parse(content, "daemon.json");

            assertThat(config.readableBy(old).content()).isEqualTo("{\"debug\": true}".getBytes(UTF_8));
            assertThat(config.readableBy(Optional.empty()).content()).isEqualTo(content);
            assertThat(config.readableBy(EngineVersion.parse("26.1.5")).content())
                    .isEqualTo(content);
            assertThat(config.unreadableBy(old).orElseThrow().severity()).isEqualTo(Severity.ERROR);
            assertThat(config.unreadableBy(Optional.empty()).orElseThrow().severity())
                    .isEqualTo(Severity.WARNING);
            assertThat(config.unreadableBy(EngineVersion.parse("26.1.5"))).isEmpty();
        }
        assertThat(parse(" \n").readableBy(old).content()).isEqualTo("{}\n".getBytes(UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
        "'Docker version 20.10.24+dfsg1, build 5d6db84', 20.10.24",
        "'Docker version 29.0.0-rc.1, build abc', 29.0.0",
        "1.13, 1.13.0",
        "v24.0.7, 24.0.7",
    })
    void a_version_is_found_in_what_programs_say(String text, String expected) {
        assertThat(EngineVersion.parse(text).orElseThrow()).hasToString(expected);
    }

    @Test
    void a_mirror_with_a_path_is_refused_for_an_engine_that_would_not_start() {
        MirrorEntry entry = parse("{'registry-mirrors': ['https://a.example/hub']}")
                .entries()
                .get(0);

        assertThat(MirrorCheck.refusal(entry, EngineVersion.parse("24.0.7"))
                        .orElseThrow()
                        .code())
                .isEqualTo("mirror-path");
        assertThat(MirrorCheck.refusal(entry, EngineVersion.parse("24.0.8"))).isEmpty();
        assertThat(MirrorCheck.refusal(entry, Optional.empty())).isEmpty();
    }
}
