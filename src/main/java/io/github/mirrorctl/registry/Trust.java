package io.github.mirrorctl.registry;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertPathBuilderException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Whose certificates are believed: those of the authorities that come with Java, and where a certificate is from none of
 * them, those of the system's bundle, which is what the engine believes. A company's own authority is often only there.
 * There is no way to believe everybody.
 */
public final class Trust implements Supplier<SSLSocketFactory> {
    private final FutureTask<SSLSocketFactory> factory;

    /** @param systemBundle the system's authorities as PEM; asked at most once, and only when needed */
    public Trust(Supplier<Optional<byte[]>> systemBundle) {
        this.factory = new FutureTask<>(() -> socketFactory(systemBundle));
    }

    /**
     * Begins to read Java's authorities in the background: there are a hundred and more, which takes 0.2 s. Then begins a
     * handshake with nobody, since the first of a process loads classes for 0.1 s, for which those of all mirrors would
     * wait.
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
        context.init(null, new TrustManager[] {new Layered(javaAuthorities(), systemBundle)}, new SecureRandom());
        return context.getSocketFactory();
    }

    private static X509ExtendedTrustManager javaAuthorities() throws GeneralSecurityException {
        return trusting(null);
    }

    private static X509ExtendedTrustManager trusting(@Nullable KeyStore authorities) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(authorities);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager extended) {
                return extended;
            }
        }
        throw new GeneralSecurityException("no X.509 trust manager");
    }

    private static Optional<X509ExtendedTrustManager> fromPem(byte[] bundle) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int count = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(bundle))) {
                store.setCertificateEntry("authority-" + count++, certificate);
            }
            return count == 0 ? Optional.empty() : Optional.of(trusting(store));
        } catch (GeneralSecurityException | IOException e) {
            // A bundle that cannot be read vouches for nobody.
            return Optional.empty();
        }
    }

    /** Asks the second set of authorities where the first knows nothing of the issuer. */
    private static final class Layered extends X509ExtendedTrustManager {
        private final X509ExtendedTrustManager first;
        private final Supplier<Optional<byte[]>> systemBundle;
        private Optional<X509ExtendedTrustManager> second = Optional.empty();
        private boolean isAsked;

        Layered(X509ExtendedTrustManager first, Supplier<Optional<byte[]>> systemBundle) {
            this.first = first;
            this.systemBundle = systemBundle;
        }

        @FunctionalInterface
        private interface Check {
            void by(X509ExtendedTrustManager authorities) throws CertificateException;
        }

        private void check(Check check) throws CertificateException {
            try {
                check.by(first);
            } catch (CertificateException refused) {
                Optional<X509ExtendedTrustManager> further = isUnknownIssuer(refused) ? second() : Optional.empty();
                if (further.isEmpty()) {
                    throw refused;
                }
                check.by(further.get());
            }
        }

        private static boolean isUnknownIssuer(Throwable refused) {
            for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
                if (cause instanceof CertPathBuilderException) {
                    return true;
                }
            }
            return false;
        }

        private synchronized Optional<X509ExtendedTrustManager> second() {
            if (!isAsked) {
                second = systemBundle.get().flatMap(Trust::fromPem);
                isAsked = true;
            }
            return second;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            check(authorities -> authorities.checkServerTrusted(chain, authType, socket));
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            check(authorities -> authorities.checkServerTrusted(chain, authType, engine));
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            check(authorities -> authorities.checkServerTrusted(chain, authType));
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            first.checkClientTrusted(chain, authType, socket);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            first.checkClientTrusted(chain, authType, engine);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            first.checkClientTrusted(chain, authType);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return first.getAcceptedIssuers();
        }
    }
}
