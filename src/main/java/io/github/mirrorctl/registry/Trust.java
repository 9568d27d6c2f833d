package io.github.mirrorctl.registry;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Whose certificates are believed: those of the authorities in the system's bundle, which is what the engine believes and
 * where a company's own authority is; and where these do not vouch for a certificate, those that come with Java. There is
 * no way to believe everybody.
 */
public final class Trust implements Supplier<SSLSocketFactory> {
    private final FutureTask<SSLSocketFactory> factory;

    /** @param systemBundle the system's authorities as PEM; asked once, when a connection needs it or is to be expected */
    public Trust(Supplier<Optional<byte[]>> systemBundle) {
        this.factory = new FutureTask<>(() -> socketFactory(systemBundle));
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

    private static SSLSocketFactory socketFactory(Supplier<Optional<byte[]>> systemBundle)
            throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        Authorities system = Authorities.ofPem(systemBundle.get().orElse(new byte[0]));
        FutureTask<X509ExtendedTrustManager> java = new FutureTask<>(() -> Authorities.trusting(null));
        if (system.isEmpty()) {
            java.run();
        }
        context.init(null, new TrustManager[] {new Layered(system, java)}, new SecureRandom());
        return context.getSocketFactory();
    }

    /** Asks Java's authorities where those of the system do not vouch. Java's are read when first asked, for 0.1 s. */
    private static final class Layered extends X509ExtendedTrustManager {
        private final Authorities system;
        private final FutureTask<X509ExtendedTrustManager> java;

        Layered(Authorities system, FutureTask<X509ExtendedTrustManager> java) {
            this.system = system;
            this.java = java;
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
            check(chain, authorities -> authorities.checkServerTrusted(chain, authType, socket));
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
