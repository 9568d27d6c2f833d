package io.github.mirrorctl.platform;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected as bash 5.2 expands the same patterns with LC_ALL=C. */
class GlobTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '"',
            value = {
                "* docker true",
                "* .docker false",
                ".* .docker true",
                "docker* docker true",
                "docker? docker false",
                "d?cker docker true",
                "[a-e]ocker docker true",
                "[!a-e]ocker docker false",
                "[^a-e]ocker locker true",
                "[]d]ocker docker true",
                "[!]d]ocker docker false",
                "[d-]ocker -ocker true",
                "[docker [docker true",
                "[docker docker false",
                "docker\\* docker* true",
                "docker\\* docker1 false",
                "{a,b}* a false",
                "{a,b}* {a,b}c true",
                "*.conf aconf false",
                "a**b ab true",
            })
    void stands_for_what_glob_7_says(String glob, String name, boolean matches) {
        assertThat(Glob.parse(glob).orElseThrow().matches(name)).isEqualTo(matches);
    }

    @Test
    void is_none_where_a_name_stands_for_itself() {
        assertThat(Glob.parse("docker-{a,b}.env")).isEmpty();
    }
}
