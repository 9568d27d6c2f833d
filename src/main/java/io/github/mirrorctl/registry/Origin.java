package io.github.mirrorctl.registry;

import io.github.mirrorctl.mirror.MirrorUrl;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a connection goes: scheme, host and port. Two requests with equal origins can share one connection. */
record Origin(boolean isTls, String host, int port) {

    private static final int LAST_PORT = 65_535;
    /** Stricter than RFC 3986 in that nobody logs in, laxer in that names have underscores, as some storages' do. */
    private static final Pattern HTTP_URL = Pattern.compile("(?<scheme>[Hh][Tt][Tt][Pp][Ss]?)://"
            + "(?<host>\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)(?::(?<port>[0-9]{0,5}))?"
            + "(?<path>(?:[/?][!-~&&[^#]]*)?)(?:#.*)?");

    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:");

    static Origin of(MirrorUrl url) {
        return new Origin(url.isHttps(), url.host(), url.port());
    }

    /** As a record's own, which all walks would put together at once. See {@link MirrorUrl#equals}. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Origin origin
                && port == origin.port
                && isTls == origin.isTls
                && host.equals(origin.host);
    }

    @Override
    public int hashCode() {
        return (host.hashCode() * 31 + port) * 2 + (isTls ? 1 : 0);
    }

    /** The value of the {@code Host} header. */
    String authority() {
        String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return port == defaultPort(isTls) ? name : name + ":" + port;
    }

    /** The host with its port, whatever that is. */
    String hostAndPort() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    private static int defaultPort(boolean isTls) {
        return isTls ? 443 : 80;
    }

    /**
     * An origin and what to ask it for.
     *
     * @param path with the query, beginning with a slash
     */
    record Target(Origin origin, String path) {

        String url() {
            return (origin.isTls ? "https://" : "http://") + origin.authority() + path;
        }

        /** Reads an absolute URL as a server gave it; empty where it is not http or https or cannot be asked for. */
        static Optional<Target> parse(String url) {
            Matcher parts = HTTP_URL.matcher(url);
            if (!parts.matches()) {
                return Optional.empty();
            }
            boolean isTls = parts.group("scheme").equalsIgnoreCase("https");
            String written = parts.group("port");
            int port = written == null || written.isEmpty() ? defaultPort(isTls) : Integer.parseInt(written);
            if (port < 1 || port > LAST_PORT) {
                return Optional.empty();
            }
            String host = parts.group("host").toLowerCase(Locale.ROOT);
            boolean isBracketed = host.startsWith("[");
            Origin origin = new Origin(isTls, isBracketed ? host.substring(1, host.length() - 1) : host, port);
            String path = parts.group("path");
            return Optional.of(new Target(origin, path.startsWith("/") ? path : "/" + path));
        }

        /** Reads a {@code Location} header, which may be relative to what was asked for (RFC 9110, section 10.2.2). */
        Optional<Target> resolve(String reference) {
            int fragment = reference.indexOf('#');
            String location = fragment < 0 ? reference : reference.substring(0, fragment);
            if (SCHEME.matcher(location).lookingAt()) {
                return parse(location);
            }
            if (!location.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
                return Optional.empty();
            }
            if (location.startsWith("//")) {
                return parse((origin.isTls ? "https:" : "http:") + location);
            }
            if (location.startsWith("/")) {
                return Optional.of(new Target(origin, withoutDots(location)));
            }
            String asked = path.indexOf('?') < 0 ? path : path.substring(0, path.indexOf('?'));
            if (location.startsWith("?")) {
                return Optional.of(new Target(origin, asked + location));
            }
            return Optional.of(new Target(
                    origin, withoutDots(asked.substring(0, asked.lastIndexOf('/') + 1) + location)));
        }

        /** Without the segments {@code .} and {@code ..} (RFC 3986, section 5.2.4). */
        private static String withoutDots(String path) {
            int query = path.indexOf('?');
            String bare = query < 0 ? path : path.substring(0, query);
            Deque<String> kept = new ArrayDeque<>();
            String last = "";
            for (String segment : bare.substring(1).split("/", -1)) {
                boolean isDots = segment.equals(".") || segment.equals("..");
                if (segment.equals("..")) {
                    kept.pollLast();
                } else if (!isDots) {
                    kept.addLast(segment);
                }
                last = isDots ? "/" : "";
            }
            String clean = "/" + String.join("/", kept) + (kept.isEmpty() ? "" : last);
            return query < 0 ? clean : clean + path.substring(query);
        }
    }
}
