package io.github.mirrorctl.registry;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The authorities of a bundle, each read when a certificate names it: to read all of a hundred and more takes 0.1 s, and
 * the mirrors of a run name three or four. Names are compared byte by byte, as the engine's own language does it (Go's
 * {@code x509.CertPool}). May be used by several threads.
 */
final class Authorities {
    static final Authorities NONE = new Authorities(Map.of());

    private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
    private static final String END = "-----END CERTIFICATE-----";
    /** The tag of {@code [0] EXPLICIT}, before which a certificate of version 1 has nothing. */
    private static final int VERSION = 0xa0;

    private final Map<ByteBuffer, List<byte[]>> encodedBySubject;
    private final Map<Set<ByteBuffer>, Optional<X509ExtendedTrustManager>> managers = new ConcurrentHashMap<>();

    private Authorities(Map<ByteBuffer, List<byte[]>> encodedBySubject) {
        this.encodedBySubject = encodedBySubject;
    }

    /** @param bundle certificates as PEM; what is none of these is passed over, as by the engine */
    static Authorities ofPem(byte[] bundle) {
        String text = new String(bundle, StandardCharsets.ISO_8859_1);
        Map<ByteBuffer, List<byte[]>> encodedBySubject = new HashMap<>();
        int begin = text.indexOf(BEGIN);
        while (begin >= 0) {
            int start = begin + BEGIN.length();
            int end = text.indexOf(END, start);
            if (end < 0) {
                break;
            }
            try {
                byte[] encoded = Base64.getMimeDecoder().decode(text.substring(start, end));
                encodedBySubject
                        .computeIfAbsent(subject(encoded), name -> new ArrayList<>())
                        .add(encoded);
            } catch (IllegalArgumentException | BufferUnderflowException noCertificate) {
                // One that is damaged takes nothing from the others.
            }
            begin = text.indexOf(BEGIN, end);
        }
        return new Authorities(encodedBySubject);
    }

    boolean isEmpty() {
        return encodedBySubject.isEmpty();
    }

    /** Who judges a chain by the authorities that it names; empty where it names none of these. */
    Optional<X509ExtendedTrustManager> named(X509Certificate[] chain) {
        Set<ByteBuffer> names = new LinkedHashSet<>();
        for (X509Certificate certificate : chain) {
            names.add(ByteBuffer.wrap(certificate.getIssuerX500Principal().getEncoded()));
            // The certificate itself may be who is believed.
            names.add(ByteBuffer.wrap(certificate.getSubjectX500Principal().getEncoded()));
        }
        names.retainAll(encodedBySubject.keySet());
        return names.isEmpty() ? Optional.empty() : managers.computeIfAbsent(names, this::trusting);
    }

    private Optional<X509ExtendedTrustManager> trusting(Set<ByteBuffer> names) {
        try {
            CertificateFactory certificates = CertificateFactory.getInstance("X.509");
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int count = 0;
            for (ByteBuffer name : names) {
                for (byte[] encoded : encodedBySubject.getOrDefault(name, List.of())) {
                    store.setCertificateEntry(
                            "authority-" + count++,
                            certificates.generateCertificate(new ByteArrayInputStream(encoded)));
                }
            }
            return Optional.of(trusting(store));
        } catch (GeneralSecurityException | IOException unreadable) {
            return Optional.empty();
        }
    }

    /** @param authorities null for those that come with Java */
    static X509ExtendedTrustManager trusting(@Nullable KeyStore authorities) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(authorities);
        return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
    }

    /**
     * The name of whom a certificate is for, as it is encoded (RFC 5280, section 4.1).
     *
     * @throws BufferUnderflowException where it is no certificate
     */
    private static ByteBuffer subject(byte[] certificate) {
        ByteBuffer in = ByteBuffer.wrap(certificate);
        enter(in);
        enter(in);
        if ((in.duplicate().get() & 0xff) == VERSION) {
            skip(in);
        }
        // serialNumber, signature, issuer and validity
        for (int field = 0; field < 4; field++) {
            skip(in);
        }
        int start = in.position();
        skip(in);
        return in.slice(start, in.position() - start);
    }

    private static void skip(ByteBuffer in) {
        int length = enter(in);
        in.position(in.position() + length);
    }

    /** Goes past tag and length of an element (X.690, section 8.1), and returns its length. */
    private static int enter(ByteBuffer in) {
        in.get();
        int length = in.get() & 0xff;
        if (length >= 0x80) {
            int octets = length & 0x7f;
            length = 0;
            while (octets-- > 0) {
                length = (length << 8) + (in.get() & 0xff);
            }
        }
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        return length;
    }
}
