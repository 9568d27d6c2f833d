package io.github.mirrorctl.registry;

import java.util.Optional;

/**
 * Which proxy serves whom, by the engine's rules: one for https and one for http, neither standing in for the other since
 * Go 1.16, and none for whom {@link NoProxy} names. Immutable.
 */
public final class Proxies {
    /** Everybody is reached directly. */
    public static final Proxies NONE = new Proxies(Optional.empty(), Optional.empty(), NoProxy.NOBODY);

    private final Optional<Proxy> http;
    private final Optional<Proxy> https;
    private final NoProxy except;

    private Proxies(Optional<Proxy> http, Optional<Proxy> https, NoProxy except) {
        this.http = http;
        this.https = https;
        this.except = except;
    }

    /**
     * Those of the engine's three settings.
     *
     * @param http for http URLs
     * @param https for https URLs
     * @param noProxy who is reached directly, parted by commas; may be empty
     */
    public static Proxies of(Optional<Proxy> http, Optional<Proxy> https, String noProxy) {
        return new Proxies(http, https, NoProxy.parse(noProxy));
    }

    /** One for everybody but this machine itself. */
    public static Proxies all(Proxy proxy) {
        return new Proxies(Optional.of(proxy), Optional.of(proxy), NoProxy.NOBODY);
    }

    public Optional<Proxy> http() {
        return http;
    }

    public Optional<Proxy> https() {
        return https;
    }

    /** The proxy through which an origin is reached; empty where it is reached directly. */
    Optional<Proxy> serving(Origin origin) {
        return (origin.isTls() ? https : http).filter(proxy -> !except.includes(origin.host(), origin.port()));
    }
}
