package io.github.mirrorctl.registry;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Whose certificates are believed: those of the authorities in the system's bundle, which is what the engine believes and
 * where a company's own authority is; where these do not vouch for a certificate, those that come with Java; and then those
 * that the engine is told to believe of this registry. There is no way to believe everybody. Safe for use by many threads.
 */
public final class Trust implements TlsSockets {
    /** What a session bears whose certificate is believed of one registry's pull path and of no other. */
    private static final String OF_REGISTRY = "io.github.mirrorctl.of-registry";

    private final FutureTask<Everybody> everybody;
    private final Function<String, byte[]> ofRegistry;
    private final Map<String, SSLSocketFactory> byRegistry = new ConcurrentHashMap<>();

    /** What is believed of all registries alike. Java's authorities are read when first asked, for 0.1 s. */
    private record Everybody(Authorities system, FutureTask<X509ExtendedTrustManager> java, SSLSocketFactory sockets) {

        static Everybody of(Authorities system) throws GeneralSecurityException {
            FutureTask<X509ExtendedTrustManager> java = new FutureTask<>(() -> Authorities.trusting(null));
            if (system.isEmpty()) {
                java.run();
            }
            return new Everybody(system, java, trusting(new Layered(system, java, Authorities.NONE)));
        }

        SSLSocketFactory and(Authorities own) throws GeneralSecurityException {
            return trusting(new Layered(system, java, own));
        }

        private static SSLSocketFactory trusting(X509ExtendedTrustManager manager) throws GeneralSecurityException {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {manager}, new SecureRandom());
            return context.getSocketFactory();
        }
    }

    /**
     * @param systemBundle the system's authorities as PEM; asked once, when a connection needs it or is to be expected
     * @param ofRegistry those that the engine believes of one registry beside these, by the registry's authority; asked once
     *     for each, by several threads
     */
    public Trust(Supplier<Optional<byte[]>> systemBundle, Function<String, byte[]> ofRegistry) {
        this.everybody = new FutureTask<>(
                () -> Everybody.of(Authorities.ofPem(systemBundle.get().orElse(new byte[0]))));
        this.ofRegistry = ofRegistry;
    }

    /**
     * Whether it was an authority of the registry's own that vouched. The classic store alone asks these of a mirror (moby's
     * {@code daemon/pkg/registry/service_v2.go}), of its token service and its storage too, since all go over one transport
     * ({@code daemon/internal/distribution/registry.go}); containerd's asks those of Docker Hub ({@code daemon/hosts.go}).
     */
    static boolean isOfRegistry(SSLSession session) {
        return session.getValue(OF_REGISTRY) != null;
    }

    /**
     * Begins in the background to read the authorities. Then begins a handshake with nobody, since the first of a process
     * loads classes for 0.1 s, for which those of all mirrors would wait.
     */
    public void prepare() {
        Thread reader = new Thread(
                () -> {
                    everybody.run();
                    rehearse();
                },
                "authorities");
        reader.setDaemon(true);
        reader.start();
    }

    private void rehearse() {
        try {
            Rehearsal.of(sockets());
        } catch (IllegalStateException unusable) {
            // Whoever needs it is told.
        }
    }

    /** For what is no registry's. Waits where the authorities are still being read. */
    public SSLSocketFactory sockets() {
        return everybody().sockets();
    }

    @Override
    public SSLSocketFactory pullingFrom(String registry) {
        return byRegistry.computeIfAbsent(registry, authority -> {
            Authorities own = Authorities.ofPem(ofRegistry.apply(authority));
            try {
                return own.isEmpty() ? sockets() : everybody().and(own);
            } catch (GeneralSecurityException e) {
                throw unusable(e);
            }
        });
    }

    private static IllegalStateException unusable(Exception e) {
        return new IllegalStateException("this Java runtime has no usable TLS", e);
    }

    private Everybody everybody() {
        everybody.run();
        try {
            return everybody.get();
        } catch (ExecutionException e) {
            throw unusable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Asks Java's authorities where those of the system do not vouch, and then the registry's own. */
    private static final class Layered extends X509ExtendedTrustManager {
        private final Authorities system;
        private final FutureTask<X509ExtendedTrustManager> java;
        private final Authorities own;

        Layered(Authorities system, FutureTask<X509ExtendedTrustManager> java, Authorities own) {
            this.system = system;
            this.java = java;
            this.own = own;
        }

        @FunctionalInterface
        private interface Check {
            void by(X509ExtendedTrustManager authorities) throws CertificateException;
        }

        private void check(X509Certificate[] chain, Check check) throws CertificateException {
            Optional<X509ExtendedTrustManager> named = system.named(chain);
            if (named.isPresent()) {
                try {
                    check.by(named.get());
                    return;
                } catch (CertificateException refused) {
                    if (!TlsFailure.isUntrusted(refused)) {
                        throw refused;
                    }
                }
            }
            check.by(java());
        }

        private X509ExtendedTrustManager java() throws CertificateException {
            java.run();
            try {
                return java.get();
            } catch (ExecutionException e) {
                throw new CertificateException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CertificateException(e);
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            try {
                check(chain, authorities -> authorities.checkServerTrusted(chain, authType, socket));
            } catch (CertificateException refused) {
                if (!TlsFailure.isUntrusted(refused) || !(socket instanceof SSLSocket secured)) {
                    throw refused;
                }
                Optional<X509ExtendedTrustManager> named = own.named(chain);
                if (named.isEmpty()) {
                    throw refused;
                }
                named.get().checkServerTrusted(chain, authType, socket);
                secured.getHandshakeSession().putValue(OF_REGISTRY, true);
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            check(chain, authorities -> authorities.checkServerTrusted(chain, authType, engine));
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            check(chain, authorities -> authorities.checkServerTrusted(chain, authType));
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            check(chain, authorities -> authorities.checkClientTrusted(chain, authType, socket));
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            check(chain, authorities -> authorities.checkClientTrusted(chain, authType, engine));
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            check(chain, authorities -> authorities.checkClientTrusted(chain, authType));
        }

        /** What a server asks its clients for; here are none. */
        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
