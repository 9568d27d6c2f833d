import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * Runs the program that a bundle will hold and writes down which classes its commands load, for the bundle's archive of
 * classes. What measures does so against two mirrors in this process, so that the network is asked for nothing.
 *
 * <p>Started as {@code java Rehearsal.java RUNTIME FOLDER}: the runtime that has the program inside, and an empty folder,
 * which gets {@code classes}.
 */
final class Rehearsal {
    private static final String PASSWORD = "rehearsal";
    /** Exit codes of the program: what was asked is not understood, and the last of those that are answers. */
    private static final int USAGE = 2;

    private static final int LAST_ANSWER = 5;
    /** Loaded by nothing but a TLS handshake that has gone well. */
    private static final String HANDSHAKE = "sun/security/ssl/Finished";

    private final Path runtime;
    private final Path folder;
    private final Set<String> classes = new TreeSet<>();

    private Rehearsal(Path runtime, Path folder) {
        this.runtime = runtime;
        this.folder = folder;
    }

    public static void main(String[] args) throws Exception {
        new Rehearsal(Path.of(args[0]), Files.createDirectories(Path.of(args[1]))).run();
    }

    private void run() throws Exception {
        Path machine = Files.createDirectories(folder.resolve("machine"));
        Files.createFile(folder.resolve("hosts"));
        rehearse("--version");
        rehearse("--help");
        rehearse("list");
        rehearse("list", "--help");
        rehearse("list", "-o", "json", "--lang=zh");
        rehearse("check", "--root", machine.toString());

        // What mirrors have: mostly the first kind, and the other one where they are old.
        HttpsServer newer = mirror("newer", "TLSv1.3", "-keyalg", "EC", "-groupname", "secp256r1");
        HttpsServer older = mirror("older", "TLSv1.2", "-keyalg", "RSA", "-keysize", "2048");
        Path catalog = folder.resolve("catalog.json");
        Files.writeString(
                catalog,
                "{\"schemaVersion\": 1, \"updated\": \"2026-01-01\", \"mirrors\": [" + entry("newer", newer) + ", "
                        + entry("older", older) + "]}");
        List<String> those = List.of("--catalog", catalog.toString(), "--proxy", "none");
        rehearse(those, "probe", "--depth", "ping");
        rehearse(those, "probe");
        rehearse(those, "apply", "--dry-run", "--root", machine.toString());
        rehearse("apply", "--dry-run", "--no-probe", "--root", machine.toString());
        newer.stop(0);
        older.stop(0);
        if (!classes.contains(HANDSHAKE)) {
            throw new IllegalStateException("no mirror was reached: " + HANDSHAKE + " was not loaded");
        }
        Files.write(folder.resolve("classes"), classes);
    }

    private void rehearse(List<String> options, String... command) throws Exception {
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(options);
        rehearse(words.toArray(String[]::new));
    }

    /** What the answer is depends on the platform, but there must be one. */
    private void rehearse(String... command) throws Exception {
        Path list = folder.resolve("loaded");
        List<String> words = new ArrayList<>(List.of(
                runtime.resolve("bin/java").toString(),
                "-XX:DumpLoadedClassList=" + list,
                "-Xlog:disable",
                "-Dpicocli.converters.excludes=java.(sql|time)[.].*",
                // The only names that it knows: none, so that it does not get to Docker Hub.
                "-Djdk.net.hosts.file=" + folder.resolve("hosts"),
                "-cp",
                folder.resolve("none").toString(),
                "io.github.mirrorctl.Main"));
        words.addAll(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().keySet().removeAll(Set.of("CLASSPATH", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
        builder.environment()
                .putAll(Map.of(
                        "XDG_CONFIG_HOME", folder.toString(),
                        "SSL_CERT_FILE", folder.resolve("authorities.pem").toString()));
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() == USAGE || process.exitValue() > LAST_ANSWER) {
            throw new IllegalStateException(
                    String.join(" ", words) + " ended with " + process.exitValue() + ":\n" + said);
        }
        for (String line : Files.readAllLines(list)) {
            // Notes, and classes that lie nowhere. JDK 17 crashes on a name that stands there twice; newer ones number them.
            if (!line.startsWith("#") && !line.startsWith("@cp") && !line.contains(" source: ")) {
                classes.add(line.replaceAll(" id: .*", ""));
            }
        }
    }

    // --- the mirrors ---

    private static String entry(String id, HttpsServer server) {
        return "{\"id\": \"" + id + "\", \"url\": \"https://127.0.0.1:" + server.getAddress().getPort() + "\"}";
    }

    private HttpsServer mirror(String name, String protocol, String... algorithm)
            throws IOException, GeneralSecurityException, InterruptedException {
        SSLContext context = SSLContext.getInstance("TLS");
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(keyStore(name, algorithm), PASSWORD.toCharArray());
        context.init(keys.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters chosen = context.getDefaultSSLParameters();
                chosen.setProtocols(new String[] {protocol});
                parameters.setSSLParameters(chosen);
            }
        });
        server.createContext("/", exchange -> {
            URI uri = exchange.getRequestURI();
            boolean isHead = exchange.getRequestMethod().equals("HEAD");
            byte[] body = (isHead ? "" : "{}").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Docker-Distribution-Api-Version", "registry/2.0");
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(uri.getPath().equals("/v2/") ? 200 : 404, isHead ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        }));
        server.start();
        return server;
    }

    /** A certificate that an authority signed, as those of mirrors are. The authority joins those that are believed. */
    private KeyStore keyStore(String name, String... algorithm)
            throws IOException, GeneralSecurityException, InterruptedException {
        Path file = folder.resolve(name + ".p12");
        keytool(file, "root", "-ext", "bc:c", algorithm);
        keytool(file, "mirror", "-signer", "root", algorithm);
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        Path authorities = folder.resolve("authorities.pem");
        String before = Files.exists(authorities) ? Files.readString(authorities) : "";
        Files.writeString(
                authorities,
                before + "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(store.getCertificate("root").getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
        store.deleteEntry("root");
        return store;
    }

    private static void keytool(Path file, String alias, String option, String value, String... algorithm)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore", file.toString(),
                "-storetype", "PKCS12",
                "-storepass", PASSWORD,
                "-alias", alias,
                "-dname", "CN=" + alias,
                "-ext", "san=ip:127.0.0.1",
                "-validity", "2",
                option, value));
        words.addAll(List.of(algorithm));
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("keytool failed: " + said);
        }
    }
}
