package io.github.mirrorctl.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.0/8, 127.0.0.1, true",
        "127.0.0.0/8, 128.0.0.1, false",
        "10.2.0.0/15, 10.1.255.255, false",
        "10.0.0.0/15, 10.1.255.255, true",
        "0.0.0.0/0, 8.8.8.8, true",
        "10.0.0.1/32, 10.0.0.1, true",
        "10.0.0.1/32, 10.0.0.2, false",
        "::1/128, ::1, true",
        "::1/128, 127.0.0.1, false",
        "127.0.0.0/8, localhost, false",
        "127.0.0.0/8, 1.example, false"
    })
    void knows_its_addresses(String network, String host, boolean isInside) {
        assertThat(Network.parse(network).orElseThrow().contains(host)).isEqualTo(isInside);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "registry.example", "registry.example/8", "10.0.0.0/33", "10.0.0.0/x", "10.0.0.0/-1"})
    void is_nothing_else(String text) {
        assertThat(Network.parse(text)).isEmpty();
    }
}
