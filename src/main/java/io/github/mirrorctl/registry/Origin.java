package io.github.mirrorctl.registry;

import io.github.mirrorctl.mirror.MirrorUrl;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/** Where a connection goes: scheme, host and port. Two requests with equal origins can share one connection. */
record Origin(boolean isTls, String host, int port) {

    static Origin of(MirrorUrl url) {
        return new Origin(url.isHttps(), url.host(), url.port());
    }

    /** The value of the {@code Host} header. */
    String authority() {
        String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return port == defaultPort(isTls) ? name : name + ":" + port;
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

        /** Reads an absolute URL as a server gave it; empty where it is not http or https or cannot be read. */
        static Optional<Target> parse(String url) {
            try {
                URI uri = new URI(url);
                String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
                boolean isTls = scheme.equals("https");
                if ((!isTls && !scheme.equals("http")) || uri.getHost() == null || uri.getRawUserInfo() != null) {
                    return Optional.empty();
                }
                String host = uri.getHost();
                if (host.startsWith("[")) {
                    host = host.substring(1, host.length() - 1);
                }
                int port = uri.getPort() < 0 ? defaultPort(isTls) : uri.getPort();
                String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
                String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
                return Optional.of(new Target(new Origin(isTls, host.toLowerCase(Locale.ROOT), port), path + query));
            } catch (URISyntaxException e) {
                return Optional.empty();
            }
        }

        /** Reads a {@code Location} header, which may be relative to what was asked for (RFC 9110, section 10.2.2). */
        Optional<Target> resolve(String reference) {
            int fragment = reference.indexOf('#');
            String location = fragment < 0 ? reference : reference.substring(0, fragment);
            if (!location.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
                return Optional.empty();
            }
            if (location.startsWith("//")) {
                return parse((origin.isTls ? "https:" : "http:") + location);
            }
            if (location.startsWith("/")) {
                return Optional.of(new Target(origin, location));
            }
            if (location.indexOf("://") > 0) {
                return parse(location);
            }
            String folder = path.indexOf('?') < 0 ? path : path.substring(0, path.indexOf('?'));
            if (location.startsWith("?")) {
                return Optional.of(new Target(origin, folder + location));
            }
            return Optional.of(new Target(origin, folder.substring(0, folder.lastIndexOf('/') + 1) + location));
        }
    }
}
