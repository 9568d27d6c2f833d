package io.github.mirrorctl.registry;

import java.net.IDN;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A proxy that mirrors are reached through, of the kinds that the engine knows (the field {@code Proxy} of
 * {@code Transport} in Go's {@code net/http/transport.go}). Its login is for the proxy alone: neither
 * {@link #toString} nor {@link #authority} shows it.
 *
 * @param host in lower case; an IPv6 address stands without brackets
 */
public record Proxy(Kind kind, String host, int port, Optional<Login> login) {
    private static final Pattern URL = Pattern.compile(
            "(?:(?<scheme>[a-z][a-z0-9+.-]*)://)?(?:(?<login>.*)@)?(?<host>\\[[0-9a-f:.]+]|[^@:\\[\\]]+)"
                    + "(?::(?<port>[0-9]{1,5})?)?",
            Pattern.CASE_INSENSITIVE);

    private static final int HIGHEST_PORT = 65535;

    /** How a proxy is spoken to. */
    public enum Kind {
        HTTP("http", 80),
        /** As {@link #HTTP}, over TLS. */
        HTTPS("https", 443),
        /** SOCKS 5, which resolves the mirror's name itself whether it is written {@code socks5} or {@code socks5h}. */
        SOCKS("socks5", 1080);

        private final String scheme;
        private final int usualPort;

        Kind(String scheme, int usualPort) {
            this.scheme = scheme;
            this.usualPort = usualPort;
        }

        private static Optional<Kind> of(String scheme) {
            return switch (scheme) {
                case "http" -> Optional.of(HTTP);
                case "https" -> Optional.of(HTTPS);
                case "socks5", "socks5h" -> Optional.of(SOCKS);
                default -> Optional.empty();
            };
        }
    }

    /** What a proxy wants to know of its user. Shows neither. */
    public record Login(String user, String password) {

        /** The value of {@code Proxy-Authorization} (RFC 7617). */
        String basic() {
            byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
            return "Basic " + Base64.getEncoder().encodeToString(both);
        }

        @Override
        public String toString() {
            return "…";
        }
    }

    /**
     * Reads a proxy's URL as Go does ({@code parseProxy} in golang.org/x/net's {@code http/httpproxy/proxy.go}): without a
     * scheme it is http, without a port its kind's usual one, and what follows the address means nothing. Empty where it
     * is none, or of a kind that the engine does not know.
     */
    public static Optional<Proxy> parse(String text) {
        String spelled = text.strip();
        int end = endOfAuthority(spelled);
        Matcher url = URL.matcher(spelled.substring(0, end));
        if (!url.matches()) {
            return Optional.empty();
        }
        String scheme = Optional.ofNullable(url.group("scheme")).orElse("http");
        Optional<String> host = host(url.group("host"));
        return Kind.of(scheme.toLowerCase(Locale.ROOT))
                .filter(kind -> host.isPresent())
                .map(kind -> new Proxy(
                        kind,
                        host.orElseThrow(),
                        Optional.ofNullable(url.group("port"))
                                .map(Integer::valueOf)
                                .orElse(kind.usualPort),
                        Optional.ofNullable(url.group("login")).map(Proxy::login)))
                .filter(proxy -> proxy.port >= 1 && proxy.port <= HIGHEST_PORT);
    }

    private static int endOfAuthority(String url) {
        int separator = url.indexOf("://");
        for (int i = separator < 0 ? 0 : separator + 3; i < url.length(); i++) {
            if ("/?#".indexOf(url.charAt(i)) >= 0) {
                return i;
            }
        }
        return url.length();
    }

    private static Optional<String> host(String written) {
        if (written.startsWith("[")) {
            return Optional.of(written.substring(1, written.length() - 1).toLowerCase(Locale.ROOT));
        }
        try {
            String ascii = IDN.toASCII(written).toLowerCase(Locale.ROOT);
            return Optional.of(ascii).filter(host -> host.matches("[a-z0-9._-]+"));
        } catch (IllegalArgumentException noName) {
            return Optional.empty();
        }
    }

    private static Login login(String written) {
        int colon = written.indexOf(':');
        return new Login(
                decoded(colon < 0 ? written : written.substring(0, colon)),
                colon < 0 ? "" : decoded(written.substring(colon + 1)));
    }

    /** A plus stands for itself before the host. */
    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return text;
        }
    }

    /** The text of a proxy that cannot be read as it may be shown: whatever stands before an {@code @} may be a password. */
    public static String withoutLogin(String text) {
        int at = text.lastIndexOf('@');
        if (at < 0) {
            return text;
        }
        int separator = text.indexOf("://");
        boolean isScheme = separator > 0 && text.chars().limit(separator).allMatch(Character::isLetterOrDigit);
        return (isScheme ? text.substring(0, separator + 3) : "") + "…" + text.substring(at);
    }

    /** Whether it is asked in HTTP, so that plain http needs no tunnel. */
    boolean forwards() {
        return kind != Kind.SOCKS;
    }

    boolean isTls() {
        return kind == Kind.HTTPS;
    }

    /** Host and port. */
    public String authority() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /** The URL without the login. */
    @Override
    public String toString() {
        return kind.scheme + "://" + authority();
    }
}
