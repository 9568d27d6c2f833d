package io.github.mirrorctl.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class UciFileTest {
    /** After https://github.com/openwrt/packages/blob/master/utils/dockerd/files/etc/config/dockerd, 2026-11-24. */
    private static final List<String> LINES = List.of(
            "# The following settings require a restart",
            "config globals 'globals'",
            "#\toption alt_config_file '/etc/docker/daemon.json'",
            "\toption data_root '/opt/docker/'",
            "\tlist registry_mirrors 'https://a.example'",
            "  list  registry_mirrors\t\"https://b.example\" # the second",
            "\tlist 'registry_mirrors' https://c.example",
            "\tlist registry_mirrors 'https://broken.example",
            "",
            "config firewall 'firewall'",
            "\tlist registry_mirrors 'https://not.these'",
            "config proxies",
            "\toption http_proxy ''");

    private final UciFile file = UciFile.parse(LINES);

    @Test
    void knows_a_list_and_where_its_items_stand() {
        assertThat(file.list("globals", "registry_mirrors"))
                .extracting(UciFile.Value::value)
                .containsExactly("https://a.example", "https://b.example", "https://c.example");
        assertThat(file.list("globals", "registry_mirrors"))
                .extracting(UciFile.Value::line)
                .containsExactly(5, 6, 7);
    }

    @Test
    void knows_an_option_unless_it_is_commented_out_or_empty() {
        assertThat(file.option("globals", "data_root")).contains("/opt/docker/");
        assertThat(file.option("globals", "alt_config_file")).isEmpty();
        assertThat(file.option("", "http_proxy")).isEmpty();
    }
}
