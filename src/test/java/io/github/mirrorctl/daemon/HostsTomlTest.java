package io.github.mirrorctl.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostsTomlTest {

    private static HostsToml read(String text) {
        return HostsToml.parse(text.getBytes(UTF_8));
    }

    @Test
    void counts_the_tables_of_hosts_and_the_registry_itself() {
        // As in containerd's docs/hosts.md, with what people add.
        HostsToml toml = read("""
                server = "https://registry-1.docker.io"    # default after trying hosts

                [host."https://mirror.example"]
                  capabilities = [
                    "pull",   # ]
                    "resolve",
                  ]
                  ca = "/etc/certs/mirror.pem"
                  [host."https://mirror.example".header]
                    x-custom = ["a]", 'b']
                [ host . 'http://[::1]:5000' ]
                  skip_verify = true
                """);

        assertThat(toml.hosts()).isEqualTo(List.of("https://mirror.example", "http://[::1]:5000"));
        assertThat(toml.endpoints()).isEqualTo(3);
        assertThat(toml.firstHost()).hasValue(3);
        assertThat(toml.oddLine()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "server = \"https://registry-1.docker.io\"",
                "# [host.\"https://a\"]",
                "note = \"\"\"\n[host.\"https://a\"]\n\"\"\"",
                "capabilities = ['pull',\n'[host.\"https://a\"]']",
                "[hosts.\"https://a\"]",
                "[host]",
            })
    void finds_the_registry_alone(String text) {
        assertThat(read(text)).isEqualTo(read(""));
        assertThat(read(text).endpoints()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "server: https://a",
                "[host.\"https://a\"",
                "[host.https://a]",
                "server = \"https://a",
                "capabilities = [\"pull\"",
                "a = \"x\" ]",
                "server =",
                "note = '''x",
            })
    void tells_what_is_no_toml(String line) {
        assertThat(read("# first\n" + line).oddLine()).hasValue(2);
    }
}
