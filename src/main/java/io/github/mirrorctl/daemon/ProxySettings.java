package io.github.mirrorctl.daemon;

import java.util.Optional;
import java.util.function.Function;

/**
 * The proxies that an engine pulls through, as they are spelled: logins included, so that nothing of it is fit to be shown.
 *
 * @param http for http URLs
 * @param https for https URLs
 * @param noProxy whom it reaches directly, parted by commas
 */
public record ProxySettings(Optional<String> http, Optional<String> https, Optional<String> noProxy) {
    public static final ProxySettings NONE = new ProxySettings(Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * Those of an environment, by Go's names and order: upper case first ({@code FromEnvironment} in golang.org/x/net's
     * {@code http/httpproxy/proxy.go}).
     */
    public static ProxySettings of(Function<String, Optional<String>> variables) {
        return new ProxySettings(
                either(variables, "HTTP_PROXY", "http_proxy"),
                either(variables, "HTTPS_PROXY", "https_proxy"),
                either(variables, "NO_PROXY", "no_proxy"));
    }

    private static Optional<String> either(Function<String, Optional<String>> variables, String first, String second) {
        return variables
                .apply(first)
                .filter(value -> !value.isEmpty())
                .or(() -> variables.apply(second).filter(value -> !value.isEmpty()));
    }

    /** These where they say something, the others where not. */
    public ProxySettings over(ProxySettings others) {
        return new ProxySettings(
                http.or(() -> others.http), https.or(() -> others.https), noProxy.or(() -> others.noProxy));
    }

    /** The one for Docker Hub and most mirrors, else the one for plain http. */
    public Optional<String> any() {
        return https.or(() -> http);
    }

    @Override
    public String toString() {
        return any().isPresent() ? "…" : "none";
    }
}
