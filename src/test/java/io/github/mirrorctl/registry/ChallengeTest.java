package io.github.mirrorctl.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChallengeTest {
    private static final Map<String, String> PARAMETERS = Map.of(
            "realm", "https://auth.example/token?a=b&c=d",
            "service", "registry.example",
            "scope", "repository:library/node:pull,push",
            "error", "a \"quoted\\ word\"");

    private static Challenge bearer(String... headers) {
        return Challenge.find(Challenge.parse(List.of(headers)), "bearer").orElseThrow();
    }

    @RepeatedTest(200)
    void reads_parameters_in_any_order_and_quoting(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        List<String> names = new ArrayList<>(PARAMETERS.keySet());
        Collections.sort(names);
        Collections.shuffle(names, random);
        StringBuilder header = new StringBuilder(random.nextBoolean() ? "Negotiate, " : "");
        header.append(random.nextBoolean() ? "Bearer " : "bEARER \t");
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            header.append(i == 0 ? "" : separator(random))
                    .append(random.nextBoolean() ? name : name.toUpperCase(java.util.Locale.ROOT))
                    .append(blank(random))
                    .append('=')
                    .append(blank(random))
                    .append(written(PARAMETERS.getOrDefault(name, ""), random));
        }
        header.append(random.nextBoolean() ? ", Basic realm=\"other\"" : "");

        assertThat(bearer(header.toString()).parameters()).as(header.toString()).isEqualTo(PARAMETERS);
    }

    private static String separator(Random random) {
        return List.of(",", ", ", " , ", ",,", ",\t").get(random.nextInt(5));
    }

    private static String blank(Random random) {
        return random.nextInt(4) == 0 ? " " : "";
    }

    private static String written(String value, Random random) {
        boolean needsQuotes = IntStream.of(' ', ',', '"', '\\').anyMatch(c -> value.indexOf(c) >= 0);
        return needsQuotes || random.nextBoolean()
                ? '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"'
                : value;
    }

    @Test
    void finds_a_challenge_among_several_headers() {
        List<Challenge> challenges =
                Challenge.parse(List.of("Negotiate dG9rZW4=", "Basic realm=\"x\"", "Bearer realm=\"https://a\""));

        assertThat(challenges).extracting(Challenge::scheme).contains("negotiate", "basic", "bearer");
        assertThat(Challenge.find(challenges, "bearer").orElseThrow().parameter("realm"))
                .contains("https://a");
        assertThat(Challenge.find(challenges, "digest")).isEmpty();
    }

    @Test
    void the_first_of_equal_names_counts() {
        assertThat(bearer("Bearer realm=\"a\",realm=\"b\"").parameter("realm")).contains("a");
    }

    @Test
    void a_parameter_before_any_scheme_belongs_to_none() {
        assertThat(bearer("realm=\"stray\", Bearer service=\"s\"").parameters()).isEqualTo(Map.of("service", "s"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ",",
                "=",
                "\"",
                "=\"",
                "Bearer",
                "Bearer =",
                "Bearer realm",
                "Bearer realm=",
                "Bearer realm=\"",
                "Bearer realm=\"a\\",
                ",,,=,\"\"\"",
                "\"Bearer\"=\"x\"",
                "Bearer \"realm\"=x"
            })
    void what_cannot_be_read_is_passed_over(String header) {
        assertThat(Challenge.parse(List.of(header))).isNotNull();
    }

    @RepeatedTest(50)
    void noise_ends(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        StringBuilder noise = new StringBuilder();
        random.ints(2000, 0, 9).forEach(i -> noise.append("aB=\", \t\\;".charAt(i)));

        assertThat(Challenge.parse(List.of(noise.toString()))).isNotNull();
    }
}
