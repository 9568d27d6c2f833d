package io.github.mirrorctl.registry;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
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
 * that the engine is told to believe of this registry. There is no way to believe everybody.
 */
public final class Trust implements Supplier<SSLSocketFactory> {
    /** What a session bears whose certificate is believed of its registry and of no other. */
    private static final String OF_REGISTRY = "io.github.mirrorctl.of-registry";

    private final FutureTask<SSLSocketFactory> factory;

    /**
     * @param systemBundle the system's authorities as PEM; asked once, when a connection needs it or is to be expected
     * @param ofRegistry those that the engine believes of one registry beside these, by the registry's authority; asked by
     *     several threads, for each certificate that nobody else vouches for
     */
    public Trust(Supplier<Optional<byte[]>> systemBundle, Function<String, byte[]> ofRegistry) {
        this.factory = new FutureTask<>(() -> socketFactory(systemBundle, ofRegistry));
    }

    /**
     * Whether it was an authority of the registry's own that vouched. The classic store alone asks these of a mirror (moby's
     * {@code daemon/pkg/registry/service_v2.go}); containerd's asks those of Docker Hub ({@code daemon/hosts.go}).
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
                    factory.run();
                    rehearse();
                },
                "authorities");
        reader.setDaemon(true);
        reader.start();
    }

    private void rehearse() {
        try {
            Rehearsal.of(get());
        } catch (IllegalStateException unusable) {
            // Whoever needs it is told.
        }
    }

    /** Makes sockets that check the other side's certificate and name. Waits where they are still being prepared. */
    @Override
    public SSLSocketFactory get() {
        factory.run();
        try {
            return factory.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("this Java runtime has no usable TLS", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static SSLSocketFactory socketFactory(
            Supplier<Optional<byte[]>> systemBundle, Function<String, byte[]> ofRegistry)
            throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        Authorities system = Authorities.ofPem(systemBundle.get().orElse(new byte[0]));
        FutureTask<X509ExtendedTrustManager> java = new FutureTask<>(() -> Authorities.trusting(null));
        if (system.isEmpty()) {
            java.run();
        }
        context.init(null, new TrustManager[] {new Layered(system, java, ofRegistry)}, new SecureRandom());
        return context.getSocketFactory();
    }

    /**
     * Asks Java's authorities where those of the system do not vouch, and then the registry's. Java's are read when first
     * asked, for 0.1 s.
     */
    private static final class Layered extends X509ExtendedTrustManager {
        private final Authorities system;
        private final FutureTask<X509ExtendedTrustManager> java;
        private final Function<String, byte[]> ofRegistry;

        Layered(Authorities system, FutureTask<X509ExtendedTrustManager> java, Function<String, byte[]> ofRegistry) {
            this.system = system;
            this.java = java;
            this.ofRegistry = ofRegistry;
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
                SSLSession session = secured.getHandshakeSession();
                Origin registry = new Origin(true, session.getPeerHost(), session.getPeerPort());
                Optional<X509ExtendedTrustManager> own = Authorities.ofPem(ofRegistry.apply(registry.authority()))
                        .named(chain);
                if (own.isEmpty()) {
                    throw refused;
                }
                own.get().checkServerTrusted(chain, authType, socket);
                session.putValue(OF_REGISTRY, registry);
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
