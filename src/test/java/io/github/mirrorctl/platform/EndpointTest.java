package io.github.mirrorctl.platform;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "unix:///var/run/docker.sock",
                "unix:///home/ann/.docker/desktop/docker.sock",
                "fd://",
                "npipe:////./pipe/docker_engine",
                "tcp://localhost:2375",
                "tcp://127.0.0.1:2375",
                "tcp://127.1.2.3",
                "tcp://[::1]:2375/",
                "tcp://0.0.0.0:2375",
                "tcp://:2375",
                "http://localhost:2375",
                "localhost:2375"
            })
    void is_here(String address) {
        assertThat(new Endpoint(address).isElsewhere()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ssh://build@127.0.0.1:49152",
                "ssh://build.corp.example",
                "tcp://10.0.0.5:2376",
                "tcp://localhost.corp.example:2376",
                "tcp://[2001:db8::1]:2376",
                "https://docker.corp.example",
                "npipe:////server/pipe/docker_engine",
                "192.168.1.5:2375",
                "quic://somewhere"
            })
    void is_elsewhere(String address) {
        assertThat(new Endpoint(address).isElsewhere()).isTrue();
    }
}
