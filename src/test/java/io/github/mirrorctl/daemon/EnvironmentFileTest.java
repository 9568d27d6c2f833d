package io.github.mirrorctl.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What systemd 252.39 (Debian 12) made of these files on 2026-11-24, seen as the arguments of a unit with
 * {@code EnvironmentFile=} and {@code ExecStart=printf <%s> $DOCKER_OPTS}. {@code |} stands for a line's end, {@code ~} for
 * a backslash. One that differs is left out: a comment that ends in a backslash swallows the next line before systemd 254.
 */
class EnvironmentFileTest {
    private static final String URL = "--registry-mirror=https://a.example";

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            quoteCharacter = '\0',
            delimiter = '\t',
            value = {
                "DOCKER_OPTS=\"--debug URL\"|\t<--debug><URL>",
                "DOCKER_OPTS='--registry-mirror https://a.example --label x=\"b c\"'|"
                        + "\t<--registry-mirror><https://a.example><--label><x=b c>",
                "DOCKER_OPTS=--debug URL   |\t<--debug><URL>",
                "DOCKER_OPTS=--debug URL # not a comment|\t<--debug><URL><#><not><a><comment>",
                "DOCKER_OPTS=--debug|  DOCKER_OPTS = \"URL\"|\t<URL>",
                "export DOCKER_OPTS=\"URL\"|\t",
                "DOCKER_OPTS=\"--debug ~| URL\"|\t<--debug><URL>",
                "DOCKER_OPTS=--debug ~|   URL ~|#x|\t<--debug><URL><#x>",
                "DOCKER_OPTS=\"--debug \"'URL'|\t<--debug><URL>",
                "DOCKER_OPTS=\"--debug\" URL|\t<--debugURL>",
                "DOCKER_OPTS=\"--registry-mirror=~\"https://a.example~\" --label='x y'\"|\t<URL><--label=x y>",
                "DOCKER_OPTS=\"--debug|URL\"|\t<--debug><URL>",
                ";DOCKER_OPTS=--debug|DOCKER_OPTS=URL;x|\t<URL;x>",
                "M=https://a.example|DOCKER_OPTS=\"--registry-mirror=$M --label=${M}\"|"
                        + "\t<--registry-mirror=$M><--label=${M}>",
                "DOCKER_OPTS=--registry-mirror=https://a~.example --label=a~sb --label=c~~td|"
                        + "\t<URL><--label=asb><--label=ctd>",
                "DOCKER_OPTS=\"--label=a~sb --label=c~~~~td --registry-mirror=https://a~.example\"|"
                        + "\t<--label=asb><--label=c~td><URL>",
                "DOCKER-OPTS=1|DOCKER_OPTS+= URL|\t",
                "DOCKER_OPTS=URL|DOCKER_OPTS=|\t",
                "DOCKER_OPTS=URL\t<URL>",
                "DOCKER_OPTS=\"--debug\"   # URL|\t<--debug#><URL>",
                "DOCKER_OPTS=--label=\"a b\" --registry-mirror=\"https://a.example\"|\t<--label=a b><URL>",
                "DOCKER_OPTS=--label='a b'#x URL|\t<--label=a b#x><URL>",
                "DOCKER_OPTS=\"--label=~$x --label=~`y URL\"|\t<--label=$x><--label=`y><URL>",
                "hello|DOCKER_OPTS=URL|\t<URL>",
                "A=1 DOCKER_OPTS=URL|\t",
                "DOCKER_OPTS='--label=a~~b URL'|\t<--label=a~b><URL>",
                "DOCKER_OPTS=--debug ~||URL|\t<--debug>",
                "DOCKER_OPTS=URL ~\t<URL>",
            })
    void gives_the_words_that_systemd_gives(String spelled, String words) {
        String content = spelled.replace('|', '\n').replace('~', '\\').replace("URL", URL);
        String expected = words == null ? "" : words.replace('~', '\\').replace("URL", URL);

        DockerOpts opts = DockerOpts.parse(content, "/etc/default/docker", "DOCKER_OPTS", DockerOpts.Dialect.SYSTEMD);

        StringBuilder found = new StringBuilder();
        opts.arguments().forEach(word -> found.append('<').append(word.text()).append('>'));
        assertThat(found.toString()).isEqualTo(expected);
    }
}
