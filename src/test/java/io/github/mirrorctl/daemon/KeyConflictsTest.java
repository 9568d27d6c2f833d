package io.github.mirrorctl.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorctl.fault.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each pair was given to {@code dockerd --validate} of 26.1 and 28.5, which judge the same. */
class KeyConflictsTest {
    private static List<Problem> conflicts(String json, String... words) {
        DaemonConfig config = DaemonConfig.parse(json.getBytes(StandardCharsets.UTF_8), "daemon.json");
        return config.conflicts(new DaemonCommand(Stream.of(words)
                .map(word -> new Argument(word, new Problem.Place("docker.service", 7, 0, "")))
                .toList()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"hosts\": [\"unix:///x\"]} | -H | hosts",
                "{\"hosts\": [\"unix:///x\"]} | -Hfd:// | hosts",
                "{\"hosts\": []} | --host=fd:// | hosts",
                "{\"debug\": true} | -D | debug",
                "{\"debug\": true} | --debug=false | debug",
                "{\"log-level\": \"info\"} | --log-level=info | log-level",
                "{\"log-level\": \"info\"} | -l | log-level",
                "{\"data-root\": \"/data\"} | --data-root=/data | data-root",
                "{\"insecure-registries\": []} | --insecure-registry=10.0.0.0/8 | insecure-registries",
                "{\"dns\": [\"1.1.1.1\"]} | --dns | dns",
                "{\"log-opts\": {\"max-size\": \"10m\"}} | --log-opt | log-opts",
                "{\"default-ulimits\": {}} | --default-ulimit | default-ulimits",
                "{\"proxies\": {\"http-proxy\": \"http://p\"}} | --http-proxy=http://q | http-proxy"
            })
    void names_the_key_that_a_flag_sets_too(String json, String flag, String key) {
        List<Problem> found = conflicts(json, "/usr/bin/dockerd", flag);

        assertThat(found).hasSize(1);
        assertThat(found.get(0).severity()).isEqualTo(Problem.Severity.ERROR);
        assertThat(found.get(0).arguments()).containsExactly(key, flag.replaceFirst("=.*", ""), "docker.service:7");
        assertThat(found.get(0).place().orElseThrow().file()).isEqualTo("daemon.json");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"hosts\": []} | --debug",
                "{\"runtimes\": {}} | --add-runtime=x=/x",
                "{\"registry-mirrors\": []} | --registry-mirror=https://a",
                "{\"labels\": [\"hosts\"]} | -H",
                "{\"features\": {\"debug\": true}} | -D",
                "{\"proxies\": {}} | --http-proxy=http://q",
                "{\"hosts\": []} | -",
                "{\"hosts\": []} | --"
            })
    void is_content_with_the_rest(String json, String flag) {
        assertThat(conflicts(json, "/usr/bin/dockerd", flag)).isEmpty();
    }

    @Test
    void names_each_key_once() {
        assertThat(conflicts("{\"hosts\": [], \"debug\": true}", "dockerd", "-H", "fd://", "-H", "tcp://x", "-D"))
                .extracting(found -> found.arguments().get(0))
                .containsExactly("hosts", "debug");
    }
}
