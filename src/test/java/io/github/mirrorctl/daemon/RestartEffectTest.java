package io.github.mirrorctl.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RestartEffectTest {
    private static final String WEB = "{\"Id\":\"0123456789abcdef\",\"Names\":[\"/db/alias\",\"/web\"],\"Labels\":{}}";
    private static final String TASK = "{\"Id\":\"fedcba9876543210\",\"Names\":[\"/api.1.xyz\"],"
            + "\"Labels\":{\"com.docker.swarm.service.name\":\"api\"}}";
    private static final String NAMELESS = "{\"Id\":\"fedcba9876543210\",\"Names\":null}";

    @Test
    void stops_all_containers() {
        RestartEffect effect =
                RestartEffect.of("{\"LiveRestoreEnabled\":false}", "[" + WEB + "," + TASK + "," + NAMELESS + "]");

        assertThat(effect.stopping()).containsExactly("web", "api.1.xyz", "fedcba987654");
        assertThat(effect.staying()).isEmpty();
    }

    @Test
    void lets_them_go_on_under_live_restore_but_for_those_of_swarm_services() {
        RestartEffect effect =
                RestartEffect.of("{\"LiveRestoreEnabled\":true,\"OSType\":\"linux\"}", "[" + WEB + "," + TASK + "]");

        assertThat(effect.stopping()).containsExactly("api.1.xyz");
        assertThat(effect.staying()).containsExactly("web");
    }

    @Test
    void stops_windows_containers_whatever_is_set() {
        assertThat(RestartEffect.of("{\"LiveRestoreEnabled\":true,\"OSType\":\"windows\"}", "[" + WEB + "]")
                        .stopping())
                .containsExactly("web");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "null", "[", "{\"message\":\"no\"}"})
    void is_unknown_where_the_engine_did_not_tell(String answer) {
        assertThat(RestartEffect.of("{}", answer)).isEqualTo(RestartEffect.UNKNOWN);
        assertThat(RestartEffect.of("[]", "[]").isKnown()).isFalse();
        assertThat(RestartEffect.of("{}", "[]").isKnown()).isTrue();
    }
}
