package io.github.mirrorctl.mirror;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The address of a registry mirror, in the one spelling in which we compare and write it: scheme and host in lower
 * case, no default port, no slash at the end. Two spellings of one address are equal.
 *
 * <p>It is stricter than the daemon, which takes {@code https://} without a host and upper-case schemes that never
 * work ({@code ValidateMirror} in moby's {@code daemon/pkg/registry/config.go}). Whether a path or plain http is
 * welcome depends on who asked, so both can be represented.
 *
 * @param scheme {@code https} or {@code http}
 * @param host a name or an address; an IPv6 address stands without brackets
 * @param port from 1 to 65535, the scheme's default where none was written
 * @param path empty, or beginning with a slash and not ending with one
 */
public record MirrorUrl(String scheme, String host, int port, String path) {
    private static final Set<String> DOCKER_HUB = Set.of(
            "docker.io",
            "index.docker.io",
            "registry-1.docker.io",
            "hub.docker.com",
            "www.docker.com",
            "auth.docker.io");

    /** As tutorials write what the reader is to put in, where a host name allows no angle brackets. */
    private static final class PlaceholderLabel {
        static final Pattern PATTERN = Pattern.compile(
                "^(?:x{3,}|your[-_]?(?:own[-_]?)?(?:id|code|account|name|domain|host|mirror|registry)?)\\.");
    }

    /**
     * Reads an address as people type it. A missing scheme means https.
     *
     * @throws Fault with one of the {@code URL_} codes and the text where it cannot be a mirror
     */
    public static MirrorUrl parse(String text) {
        String trimmed = text.strip();
        if (trimmed.isEmpty()) {
            throw new Fault(FaultCode.URL_EMPTY);
        }
        String shown = withoutUserInfo(trimmed);
        requirePlainText(trimmed, shown);
        String scheme = "https";
        String rest = trimmed;
        int separator = trimmed.indexOf("://");
        if (separator >= 0) {
            scheme = trimmed.substring(0, separator).toLowerCase(Locale.ROOT);
            rest = trimmed.substring(separator + 3);
            if (!scheme.equals("https") && !scheme.equals("http")) {
                throw new Fault(FaultCode.URL_SCHEME, shown);
            }
        }
        if (rest.contains("://")) {
            throw new Fault(FaultCode.URL_DOUBLE_SCHEME, shown);
        }
        if (rest.indexOf('?') >= 0) {
            throw new Fault(FaultCode.URL_QUERY, shown);
        }
        if (rest.indexOf('#') >= 0) {
            throw new Fault(FaultCode.URL_FRAGMENT, shown);
        }
        int slash = rest.indexOf('/');
        String authority = slash < 0 ? rest : rest.substring(0, slash);
        if (authority.indexOf('@') >= 0) {
            throw new Fault(FaultCode.URL_USER_INFO, shown);
        }
        String path = slash < 0 ? "" : rest.substring(slash);
        while (path.endsWith("/")) {
            path = path.substring(0, path.length() - 1);
        }
        return ofAuthority(scheme, authority, path, shown);
    }

    /**
     * Reads an address as it stands in an engine's file, where nothing is assumed: an engine takes none without a
     * scheme or between blanks.
     *
     * @throws Fault as {@link #parse} does
     */
    public static MirrorUrl parseConfigured(String text) {
        MirrorUrl url = parse(text);
        if (!text.equals(text.strip())) {
            throw new Fault(FaultCode.URL_BLANK, text);
        }
        if (!text.contains("://")) {
            throw new Fault(FaultCode.URL_SCHEME, text);
        }
        return url;
    }

    /**
     * Whether an engine that is given this very text asks the mirror it means: with a scheme in lower case, which the
     * classic store does not recognise otherwise ({@code lookupV2Endpoints} in moby's
     * {@code daemon/pkg/registry/service_v2.go}), and one slash at its end at most.
     */
    public static boolean isSpelledForEngines(String text) {
        return (text.startsWith("https://") || text.startsWith("http://")) && !text.endsWith("//");
    }

    /** The text as it may be shown: whatever stands before an {@code @} may be a password. */
    private static String withoutUserInfo(String text) {
        int at = text.lastIndexOf('@');
        if (at < 0) {
            return text;
        }
        int separator = text.indexOf("://");
        boolean isScheme = separator > 0 && text.chars().limit(separator).allMatch(Character::isLetter);
        return (isScheme ? text.substring(0, separator + 3) : "") + "…" + text.substring(at);
    }

    private static MirrorUrl ofAuthority(String scheme, String authority, String path, String text) {
        String host = authority;
        String port = "";
        if (authority.startsWith("[")) {
            int close = authority.indexOf(']');
            if (close < 0) {
                throw new Fault(FaultCode.URL_HOST, text);
            }
            host = authority.substring(1, close);
            String tail = authority.substring(close + 1);
            if (!isIpv6Literal(host) || !(tail.isEmpty() || tail.startsWith(":"))) {
                throw new Fault(FaultCode.URL_HOST, text);
            }
            port = tail.isEmpty() ? "" : requireWritten(tail.substring(1), text);
        } else {
            int colon = authority.indexOf(':');
            if (colon >= 0) {
                host = authority.substring(0, colon);
                port = requireWritten(authority.substring(colon + 1), text);
            }
            if (!isHostName(host)) {
                throw new Fault(FaultCode.URL_HOST, text);
            }
        }
        host = host.toLowerCase(Locale.ROOT);
        // Few begin so, and the expression costs a start more than all else about an address.
        boolean mayBePlaceholder = host.startsWith("xxx") || host.startsWith("your");
        if (mayBePlaceholder && PlaceholderLabel.PATTERN.matcher(host).find()) {
            throw new Fault(FaultCode.URL_PLACEHOLDER, text);
        }
        if (DOCKER_HUB.contains(host)) {
            throw new Fault(FaultCode.URL_DOCKER_HUB, text);
        }
        return new MirrorUrl(scheme, host, portOf(port, scheme, text), path);
    }

    private static String requireWritten(String port, String text) {
        if (port.isEmpty()) {
            throw new Fault(FaultCode.URL_PORT, text);
        }
        return port;
    }

    private static int portOf(String written, String scheme, String text) {
        if (written.isEmpty()) {
            return defaultPort(scheme);
        }
        int port = 0;
        for (int i = 0; i < written.length(); i++) {
            char c = written.charAt(i);
            if (c < '0' || c > '9' || port > 65535) {
                throw new Fault(FaultCode.URL_PORT, text);
            }
            port = port * 10 + (c - '0');
        }
        if (port < 1 || port > 65535) {
            throw new Fault(FaultCode.URL_PORT, text);
        }
        return port;
    }

    private static void requirePlainText(String text, String shown) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '<' || c == '>' || c == '{' || c == '}') {
                throw new Fault(FaultCode.URL_PLACEHOLDER, shown);
            }
            // Invisible characters pass the daemon's check and then never resolve.
            if (c <= ' '
                    || c == '\\'
                    || c == 0x7f
                    || c == 0xa0
                    || Character.getType(c) == Character.FORMAT
                    || Character.isSpaceChar(c)) {
                throw new Fault(FaultCode.URL_BLANK, shown);
            }
        }
    }

    private static boolean isHostName(String host) {
        if (host.isEmpty()
                || host.length() > 253
                || host.startsWith(".")
                || host.startsWith("-")
                || host.contains("..")) {
            return false;
        }
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            boolean digit = c >= '0' && c <= '9';
            boolean allowed = letter || digit || c == '-' || c == '.' || c == '_';
            if (!allowed) {
                return false;
            }
        }
        return true;
    }

    private static boolean isIpv6Literal(String host) {
        if (host.indexOf(':') < 0) {
            return false;
        }
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (!HexFormat.isHexDigit(c) && c != ':' && c != '.') {
                return false;
            }
        }
        return true;
    }

    private static int defaultPort(String scheme) {
        return scheme.equals("https") ? 443 : 80;
    }

    public boolean isHttps() {
        return scheme.equals("https");
    }

    /** The host and, where it is not the scheme's own, the port, as the {@code Host} header wants it. */
    public String authority() {
        String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return port == defaultPort(scheme) ? name : name + ":" + port;
    }

    /** As a record's own, which is put together while the program runs: the first one costs a start some 20 ms. */
    @Override
    public boolean equals(Object other) {
        return other instanceof MirrorUrl url
                && port == url.port
                && host.equals(url.host)
                && scheme.equals(url.scheme)
                && path.equals(url.path);
    }

    @Override
    public int hashCode() {
        return ((scheme.hashCode() * 31 + host.hashCode()) * 31 + port) * 31 + path.hashCode();
    }

    /** The spelling that goes into the daemon's file: no slash at the end, which every engine takes. */
    @Override
    public String toString() {
        return scheme + "://" + authority() + path;
    }
}
