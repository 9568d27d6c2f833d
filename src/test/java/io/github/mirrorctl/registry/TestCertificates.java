package io.github.mirrorctl.registry;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** Certificates for servers on loopback, made by {@code keytool} for each run, so that no key lies in the tree. */
final class TestCertificates {
    private static final char[] PASSWORD = "only-for-tests".toCharArray();
    private static final String THIS_HOST = "san=ip:127.0.0.1,dns:localhost,dns:mirror.example";
    /** Those of all tests, since to make them takes seconds. */
    static final TestCertificates COMMON = make();

    private final KeyStore keys;

    private TestCertificates(KeyStore keys) {
        this.keys = keys;
    }

    /** Makes an authority and what it signs, anew. */
    static TestCertificates make() {
        try {
            Path folder = Files.createTempDirectory("certificates");
            Path file = folder.resolve("keys.p12");
            keytool(file, "authority", "-ext", "bc:c");
            keytool(file, "rsa", "-signer", "authority", "-ext", THIS_HOST, "-keyalg", "RSA");
            keytool(file, "good", "-signer", "authority", "-ext", THIS_HOST);
            keytool(file, "expired", "-signer", "authority", "-ext", THIS_HOST, "-startdate", "-9d", "-validity", "3");
            keytool(file, "not-yet-valid", "-signer", "authority", "-ext", THIS_HOST, "-startdate", "+3d");
            keytool(file, "wrong-host", "-signer", "authority", "-ext", "san=dns:elsewhere.example");
            keytool(file, "self-signed", "-ext", THIS_HOST);
            KeyStore keys = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(file)) {
                keys.load(in, PASSWORD);
            }
            Files.delete(file);
            Files.delete(folder);
            return new TestCertificates(keys);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void keytool(Path store, String alias, String... options) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-alias",
                alias,
                "-dname",
                "CN=" + alias,
                "-J-XX:TieredStopAtLevel=1"));
        command.addAll(List.of(options));
        if (!command.contains("-keyalg")) {
            command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1"));
        }
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + " said " + said);
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A server's context with one of the certificates, such as {@code good} or {@code expired}. */
    SSLContext server(String alias) {
        try {
            KeyStore one = KeyStore.getInstance("PKCS12");
            one.load(null, PASSWORD);
            one.setKeyEntry(alias, keys.getKey(alias, PASSWORD), PASSWORD, keys.getCertificateChain(alias));
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(one, PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The authority's certificate, as a system's bundle has it. */
    String authorityPem() {
        return pem("authority");
    }

    String pem(String alias) {
        try {
            byte[] encoded = keys.getCertificate(alias).getEncoded();
            return "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder().encodeToString(encoded)
                    + "\n-----END CERTIFICATE-----\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A client's sockets that trust the authority and nobody else. */
    SSLSocketFactory client() {
        try {
            Certificate authority = keys.getCertificate("authority");
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, PASSWORD);
            trusted.setCertificateEntry("authority", authority);
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context.getSocketFactory();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
