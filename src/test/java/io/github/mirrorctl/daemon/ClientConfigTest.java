package io.github.mirrorctl.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientConfigTest {
    private static ClientConfig parse(String json) {
        return ClientConfig.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"auths\":{\"https://index.docker.io/v1/\":{\"auth\":\"dTpw\"}}}",
                "{\"auths\":{\"https://index.docker.io/v1/\":{}},\"credsStore\":\"desktop\"}",
                "{\"credHelpers\":{\"docker.io\":\"pass\"}}"
            })
    void sees_a_login_to_docker_hub(String json) {
        assertThat(parse(json).hasHubLogin()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"auths\":{\"ghcr.io\":{}}}", "{\"credsStore\":\"desktop\"}", "{}", "", "{", "[1]", "null"})
    void sees_none_elsewhere(String json) {
        assertThat(parse(json).hasHubLogin()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"{\"currentContext\":\"build\"} | build", "{\"currentContext\":\"default\"} | ``", "{} | ``"})
    void knows_the_context_in_use(String json, String context) {
        assertThat(parse(json).currentContext()).isEqualTo(Optional.of(context).filter(name -> !name.isEmpty()));
    }

    @Test
    void finds_a_context_as_the_client_files_it() {
        assertThat(ClientConfig.contextFile("desktop-linux"))
                .isEqualTo("contexts/meta/fe9c6bd7a66301f49ca9b6a70b217107cd1284598bfc254700c989b916da791e/meta.json");
        assertThat(ClientConfig.contextHost("{\"Name\":\"b\",\"Endpoints\":{\"docker\":{\"Host\":\"ssh://a@b\"}}}"
                        .getBytes(StandardCharsets.UTF_8)))
                .contains("ssh://a@b");
        assertThat(ClientConfig.contextHost(new byte[0])).isEmpty();
    }
}
