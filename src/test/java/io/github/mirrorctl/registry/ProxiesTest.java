package io.github.mirrorctl.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorctl.mirror.MirrorUrl;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of Go's {@code golang.org/x/net/http/httpproxy}, by whose documentation the expectations were written. */
class ProxiesTest {
    private static final Proxy PROXY = Proxy.parse("proxy.corp:3128").orElseThrow();

    private static Origin origin(String url) {
        return Origin.of(MirrorUrl.parse(url));
    }

    // ---- who is served ----

    @ParameterizedTest
    @CsvSource({
        "localhost, false",
        "127.0.0.1, false",
        "127.0.0.2, false",
        "[::1], false",
        "[::2], true",
        "192.168.1.1, false",
        "192.168.1.2, true",
        "192.168.1.3, false",
        "192.168.1.4, true",
        "10.0.0.2, false",
        "10.0.0.5, true",
        "[2001:db8::52:0:1], false",
        "[2001:db8::52:0:2], true",
        "[2001:db8::52:0:3], false",
        "[2002:db8:a::123], false",
        "[fe80::424b:c8be:1643:a1b6], true",
        "corp.example, false",
        "below.corp.example, false",
        "notcorp.example, true",
        "below.example, true",
        "x.below.example, false",
        "star.example, true",
        "x.star.example, false",
        "xstar.example, true",
        "ported.example, false",
        "otherport.example, true",
        "localhost.example, true",
        "x.localhost, true"
    })
    void an_exception_is_a_name_an_address_or_a_network(String host, boolean isProxied) {
        String noProxy = "corp.example, .below.example,, *.star.example , ported.example:80, otherport.example:81, "
                + "192.168.1.1, 192.168.1.2:81, 192.168.1.3:80, 10.0.0.0/30, 2001:db8::52:0:1, "
                + "[2001:db8::52:0:2]:443, [2001:db8::52:0:3]:80, 2002:db8:a::45/64";

        Proxies proxies = Proxies.of(Optional.of(PROXY), Optional.empty(), noProxy);

        assertThat(proxies.serving(origin("http://" + host)).isPresent()).isEqualTo(isProxied);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mirror.example", "8.8.8.8", "[2001:db8::1]"})
    void a_star_excepts_everybody(String host) {
        Proxies proxies = Proxies.of(Optional.of(PROXY), Optional.of(PROXY), "other.example, *");

        assertThat(proxies.serving(origin("https://" + host))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",", ":1", "10.0.0.0/33", "10.0.0/8", "10", "mirror.example/", "."})
    void an_entry_that_means_nothing_excepts_nobody(String noProxy) {
        Proxies proxies = Proxies.of(Optional.of(PROXY), Optional.of(PROXY), noProxy);

        assertThat(proxies.serving(origin("https://mirror.example"))).contains(PROXY);
        assertThat(proxies.serving(origin("https://10.0.0.9"))).contains(PROXY);
    }

    @Test
    void letters_have_no_case_and_names_may_be_chinese() {
        Proxies proxies = Proxies.of(Optional.of(PROXY), Optional.of(PROXY), "MIRROR.Example,示例.com");

        assertThat(proxies.serving(origin("https://mirror.example"))).isEmpty();
        assertThat(proxies.serving(origin("https://www.xn--fsq092h.com"))).isEmpty();
    }

    @Test
    void the_proxy_for_http_is_not_the_one_for_https() {
        Proxy secure = Proxy.parse("https://secure.corp").orElseThrow();
        Proxies both = Proxies.of(Optional.of(PROXY), Optional.of(secure), "");
        Proxies httpAlone = Proxies.of(Optional.of(PROXY), Optional.empty(), "");

        assertThat(both.serving(origin("http://mirror.example"))).contains(PROXY);
        assertThat(both.serving(origin("https://mirror.example"))).contains(secure);
        assertThat(httpAlone.serving(origin("https://mirror.example"))).isEmpty();
    }

    @Test
    void one_for_all_still_leaves_this_machine_out() {
        assertThat(Proxies.all(PROXY).serving(origin("https://mirror.example"))).contains(PROXY);
        assertThat(Proxies.all(PROXY).serving(origin("http://127.0.0.1:5000"))).isEmpty();
        assertThat(Proxies.all(PROXY).serving(origin("http://localhost:5000"))).isEmpty();
    }

    // ---- URLs ----

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:8080, http://127.0.0.1:8080",
        "cache.corp.example:1234, http://cache.corp.example:1234",
        "cache.corp.example, http://cache.corp.example:80",
        "localhost, http://localhost:80",
        "localhost:3128, http://localhost:3128",
        "' http://proxy.corp:3128/ ', http://proxy.corp:3128",
        "HTTP://Proxy.Corp:3128, http://proxy.corp:3128",
        "https://proxy.corp, https://proxy.corp:443",
        "https://proxy.corp:8443/x?y#z, https://proxy.corp:8443",
        "socks5://127.0.0.1, socks5://127.0.0.1:1080",
        "socks5h://proxy.corp:9050, socks5://proxy.corp:9050",
        "http://[fd00::1]:3128, http://[fd00::1]:3128",
        "http://user:secret@proxy.corp:3128, http://proxy.corp:3128",
        "user@proxy.corp, http://proxy.corp:80",
        "http://proxy_1.corp:3128, http://proxy_1.corp:3128",
        "http://示例.com, http://xn--fsq092h.com:80"
    })
    void a_url_is_read_as_the_engine_reads_it(String written, String meant) {
        assertThat(Proxy.parse(written).map(Proxy::toString)).contains(meant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "http://",
                "ftp://proxy.corp",
                "socks4://proxy.corp",
                "http://proxy.corp:0",
                "http://proxy.corp:65536",
                "http://proxy.corp:x",
                "http://pro xy.corp",
                "http://proxy.corp:3128:3129",
                "http://[fd00::1",
                "http://proxy.corp\r\nX: y"
            })
    void what_is_no_such_url_is_none(String written) {
        assertThat(Proxy.parse(written)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "http://user:secret@proxy.corp, user, secret",
        "http://user:p%40ss%3Aword@proxy.corp, user, p@ss:word",
        "http://user:p@ss@proxy.corp, user, p@ss",
        "http://us+er:a+b@proxy.corp, us+er, a+b",
        "http://user:100%@proxy.corp, user, 100%",
        "http://user@proxy.corp, user, ''"
    })
    void a_login_is_decoded(String written, String user, String password) {
        assertThat(Proxy.parse(written).flatMap(Proxy::login)).contains(new Proxy.Login(user, password));
    }

    @Test
    void a_login_is_never_shown() {
        Proxy proxy = Proxy.parse("http://alice:secret@proxy.corp:3128").orElseThrow();

        assertThat(proxy + " " + proxy.authority() + " " + proxy.login())
                .doesNotContain("alice")
                .doesNotContain("secret");
        assertThat(Proxy.withoutLogin("htp:/alice:secr@et@proxy")).isEqualTo("…@proxy");
        assertThat(Proxy.withoutLogin("ftp://alice:secret@proxy")).isEqualTo("ftp://…@proxy");
        assertThat(Proxy.withoutLogin("ftp://proxy")).isEqualTo("ftp://proxy");
    }
}
