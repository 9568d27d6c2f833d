package io.github.mirrorctl.registry;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;

/** Why a TLS handshake failed, told by the kinds of the exceptions and never by their wording. */
final class TlsFailure {
    private static final String UNTRUSTED = "certificate-untrusted";

    private TlsFailure() {}

    /** @param proxy the one in between, which may be who opens TLS: a company's own authority is known to few */
    static WalkException explain(IOException failure, Optional<Proxy> proxy) {
        String code = code(failure);
        Reason reason = code.equals(UNTRUSTED) && proxy.isPresent()
                ? Reason.of("certificate-untrusted-behind-proxy", proxy.get().authority())
                : Reason.of(code);
        return new WalkException(Step.TLS, Verdict.TLS_FAILED, reason, failure);
    }

    private static String code(Exception failure) {
        if (failure instanceof SocketTimeoutException) {
            return "tls-timeout";
        }
        if (failure instanceof SocketException) {
            return "tls-closed";
        }
        List<Throwable> causes = causes(failure);
        if (holds(causes, CertificateExpiredException.class)) {
            return "certificate-expired";
        }
        if (holds(causes, CertificateNotYetValidException.class)) {
            return "certificate-not-yet-valid";
        }
        if (holds(causes, CertPathBuilderException.class) || holds(causes, CertPathValidatorException.class)) {
            return UNTRUSTED;
        }
        if (holds(causes, EOFException.class)) {
            return "tls-closed";
        }
        // What is left of the certificate's checks once its chain and dates were good is the name.
        if (holds(causes, CertificateException.class)) {
            return "certificate-wrong-host";
        }
        return failure instanceof SSLHandshakeException ? "tls-refused" : "not-tls";
    }

    /** Why TLS failed once the first handshake with the mirror was made: in that connection, or with who was asked next. */
    static Reason later(IOException failure) {
        String code = code(failure);
        return Reason.of(code.startsWith("certificate-") ? code : "tls-broken-off");
    }

    /** Whether a certificate was refused because nobody who is believed vouches for it. */
    static boolean isUntrusted(Exception refused) {
        return code(refused).equals(UNTRUSTED);
    }

    private static List<Throwable> causes(Throwable failure) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable cause = failure; cause != null && !causes.contains(cause); cause = cause.getCause()) {
            causes.add(cause);
        }
        return causes;
    }

    private static boolean holds(List<Throwable> causes, Class<? extends Throwable> kind) {
        return causes.stream().anyMatch(kind::isInstance);
    }
}
