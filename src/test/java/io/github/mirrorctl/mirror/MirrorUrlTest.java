package io.github.mirrorctl.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.mirrorctl.fault.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MirrorUrlTest {

    @ParameterizedTest
    @CsvSource({
        "https://docker.m.daocloud.io, https://docker.m.daocloud.io",
        "https://docker.m.daocloud.io/, https://docker.m.daocloud.io",
        "https://docker.m.daocloud.io//, https://docker.m.daocloud.io",
        "HTTPS://Docker.M.DaoCloud.io:443, https://docker.m.daocloud.io",
        "docker.m.daocloud.io, https://docker.m.daocloud.io",
        "'  docker.m.daocloud.io\r', https://docker.m.daocloud.io",
        "docker.m.daocloud.io:5000, https://docker.m.daocloud.io:5000",
        "http://10.0.0.1:80, http://10.0.0.1",
        "http://10.0.0.1:443, http://10.0.0.1:443",
        "http://[::1]:5000/, http://[::1]:5000",
        "http://[FE80::1], http://[fe80::1]",
        "https://h_x, https://h_x",
        "https://h:05000, https://h:5000",
        "https://h/Path/to, https://h/Path/to",
    })
    void two_spellings_of_one_address_are_equal(String spelled, String canonical) {
        MirrorUrl url = MirrorUrl.parse(spelled);

        assertThat(url).hasToString(canonical);
        assertThat(url).isEqualTo(MirrorUrl.parse(canonical));
    }

    @ParameterizedTest
    @CsvSource({
        "'', url-empty",
        "'   ', url-empty",
        "https://https://x, url-double-scheme",
        "'https://a,https://b', url-double-scheme",
        "ftp://x, url-scheme",
        "unix:///var/run/x, url-scheme",
        "https://x?y=z, url-query",
        "https://h?, url-query",
        "https://x#y, url-fragment",
        "https://h#, url-fragment",
        "https://u:p@x, url-user-info",
        "https://@x, url-user-info",
        "https://a b, url-blank",
        "'https://h/a b', url-blank",
        "'a\tb', url-blank",
        "https://<id>.mirror.aliyuncs.com, url-placeholder",
        "https://<你的ID>.mirror.aliyuncs.com, url-placeholder",
        "https://{id}.mirror.aliyuncs.com, url-placeholder",
        "https://xxxxxx.mirror.aliyuncs.com, url-placeholder",
        "https://your-id.mirror.aliyuncs.com, url-placeholder",
        "https://YOUR_CODE.mirror.aliyuncs.com, url-placeholder",
        "docker.io, url-docker-hub",
        "https://registry-1.docker.io, url-docker-hub",
        "https://hub.docker.com/, url-docker-hub",
        "HTTPS://INDEX.DOCKER.IO:443/v1/, url-docker-hub",
    })
    void what_cannot_be_meant_is_refused_with_its_reason(String text, String code) {
        assertThat(refusal(text).code().key()).isEqualTo(code);
    }

    /** What engine 29.7.2 takes although it can never work (docker-facts §1, LAB), and what it refuses. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://",
                "https:///",
                "http://:5000",
                "https://h:99999",
                "https://h:0",
                "https://h:",
                "https://h;x",
                "https://h\u00a0",
                "https://h\u200bx",
                "https://例え.jp",
                "https://..",
                "https://[::1",
                "https://[1234]",
                "https://[::1]5000",
                "https://h:１",
                "https://h:5000x",
                "https:\\\\h",
                "//h",
                "https:/h",
                "“https://h”",
                "https：//h",
                "'https://h'",
                "-h",
            })
    void what_an_engine_could_not_use_is_refused(String text) {
        // A no-break space at an end is stripped by no engine, but it is never meant either.
        String inner = text.replace("\u00a0", "\u00a0x");

        assertThat(refusal(inner).code().key()).startsWith("url-");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://user:secret@x",
                "https://user:sec?ret@x",
                "https://user:sec#ret@x",
                "https://user:sec ret@x",
                "https://user:sec<r>ret@x",
                "https://user:sec/ret@x",
                "https://user:sec@ret@x",
                "ftp://user:secret@x",
                "https://user:secret@https://x",
                "user:secret@x",
                "user:sec://ret@x",
            })
    void a_password_is_never_repeated(String text) {
        Fault refused = refusal(text);

        assertThat(refused.arguments()).allMatch(shown -> !shown.contains("sec") && !shown.contains("user:"));
        assertThat(refused.getMessage()).doesNotContain("sec");
    }

    @Test
    void a_refusal_shows_the_address_as_typed() {
        assertThat(refusal("ftp://mirror.example/x").arguments()).containsExactly("ftp://mirror.example/x");
        assertThat(refusal("https://u:p@mirror.example").arguments()).containsExactly("https://…@mirror.example");
    }

    @Test
    void the_authority_names_the_port_only_where_it_is_not_the_schemes_own() {
        assertThat(MirrorUrl.parse("https://h:8443").authority()).isEqualTo("h:8443");
        assertThat(MirrorUrl.parse("https://h").authority()).isEqualTo("h");
        assertThat(MirrorUrl.parse("http://[::1]").authority()).isEqualTo("[::1]");
    }

    private static Fault refusal(String text) {
        Fault fault = catchThrowableOfType(Fault.class, () -> MirrorUrl.parse(text));
        assertThat(fault).as("a refusal of " + text).isNotNull();
        return fault;
    }
}
