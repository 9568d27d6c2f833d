package io.github.mirrorctl.registry;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * A registry on a loopback port that serves one {@link FakeImage} and misbehaves where it is told to. It records what it
 * was asked, and complains when it is closed about requests that a test did not expect.
 *
 * <p>{@link FakeRegistryMain} runs many of them as a process of their own.
 */
final class FakeRegistry implements AutoCloseable {
    private static final Set<At> ANSWERS = EnumSet.complementOf(EnumSet.of(At.ACCEPT));
    private static final String TOKEN = "a-token-for-anybody";

    /** What a request is for, and so where a misbehaviour can sit. */
    enum At {
        /** Before anything was read. With TLS: before the handshake. */
        ACCEPT,
        PING,
        TOKEN,
        /** A manifest by its tag, asked for by HEAD. */
        HEAD,
        /** A manifest by its tag, asked for by GET. */
        TAG,
        /** A manifest by its digest. */
        PLATFORM,
        BLOB,
        OTHER
    }

    /** What was asked; header names in lower case. */
    record Request(String method, String path, Map<String, List<String>> headers) {

        Optional<String> header(String name) {
            return headers.getOrDefault(name, List.of()).stream().findFirst();
        }

        String line() {
            return method + " " + path;
        }

        At kind() {
            String bare = path.indexOf('?') < 0 ? path : path.substring(0, path.indexOf('?'));
            if (bare.endsWith("/v2/")) {
                return At.PING;
            }
            if (bare.startsWith("/token")) {
                return At.TOKEN;
            }
            if (bare.contains("/blobs/")) {
                return At.BLOB;
            }
            if (!bare.contains("/manifests/")) {
                return At.OTHER;
            }
            if (bare.contains("/manifests/sha256:")) {
                return At.PLATFORM;
            }
            return method.equals("HEAD") ? At.HEAD : At.TAG;
        }
    }

    private record Rule(Set<At> places, Misbehaviour misbehaviour) {}

    private final Listener listener;
    private final Optional<SSLContext> tls;
    private volatile Consumer<SSLParameters> tlsRestriction = parameters -> {};
    private final FakeImage image;
    private final List<Rule> rules = new CopyOnWriteArrayList<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final AtomicLong sent = new AtomicLong();
    private volatile Set<At> guarded = Set.of();
    private volatile List<String> challenges = List.of();
    private volatile List<String> expected = List.of();
    private volatile Consumer<Request> log = request -> {};

    private FakeRegistry(FakeImage image, Optional<SSLContext> tls, InetSocketAddress address) {
        this.image = image;
        this.tls = tls;
        this.listener = Listener.on(address, "fake-registry", this::serve);
    }

    /** A healthy registry over plain http. */
    static FakeRegistry serving(FakeImage image) {
        return serving(image, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    static FakeRegistry serving(FakeImage image, InetSocketAddress address) {
        return new FakeRegistry(image, Optional.empty(), address);
    }

    /** A healthy registry over TLS. */
    static FakeRegistry serving(FakeImage image, SSLContext tls) {
        return new FakeRegistry(image, Optional.of(tls), new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /** @param restriction of what it takes in a TLS handshake */
    FakeRegistry withTls(Consumer<SSLParameters> restriction) {
        tlsRestriction = restriction;
        return this;
    }

    /** Misbehaves at those places, or with every answer where none is named. A later word about a place wins. */
    FakeRegistry with(Misbehaviour misbehaviour, At... places) {
        rules.add(0, new Rule(places.length == 0 ? ANSWERS : Set.of(places), misbehaviour));
        return this;
    }

    /**
     * Asks for a bearer token, everywhere below {@code /v2/}.
     *
     * @param headers the values of the {@code WWW-Authenticate} headers; {@code {url}} stands for this registry's address
     */
    FakeRegistry withChallenge(String... headers) {
        return withChallengeAt(Set.of(At.PING, At.HEAD, At.TAG, At.PLATFORM, At.BLOB), headers);
    }

    FakeRegistry withChallengeAt(Set<At> places, String... headers) {
        challenges = Arrays.stream(headers).map(h -> h.replace("{url}", url())).toList();
        guarded = places;
        return this;
    }

    /** A challenge as Docker's own registry writes it. */
    FakeRegistry withToken() {
        return withChallenge("Bearer realm=\"{url}/token\",service=\"fake\"");
    }

    /** Complain when closed unless exactly these were asked, in whatever order, such as {@code GET /v2/}. */
    FakeRegistry expecting(String... lines) {
        expected = List.of(lines);
        return this;
    }

    FakeRegistry loggingTo(Consumer<Request> sink) {
        log = sink;
        return this;
    }

    int port() {
        return listener.address().getPort();
    }

    String url() {
        String host = listener.address().getAddress().getHostAddress();
        return (tls.isPresent() ? "https://" : "http://") + (host.contains(":") ? "[" + host + "]" : host) + ":"
                + port();
    }

    List<Request> requests() {
        return List.copyOf(requests);
    }

    /** The requests as {@code METHOD path}. */
    List<String> lines() {
        return requests.stream().map(Request::line).toList();
    }

    /** How many bytes went out, heads and bodies, whether or not the client took them. */
    long bytesSent() {
        return sent.get();
    }

    boolean isLeftAlone() throws InterruptedException {
        return listener.isLeftAlone();
    }

    int connections(int expected) throws InterruptedException {
        return listener.accepted(expected);
    }

    FakeRegistry refusing() {
        listener.refuse();
        return this;
    }

    @Override
    public void close() {
        listener.close();
        if (!expected.isEmpty()) {
            List<String> unexpected = new ArrayList<>(lines());
            List<String> unused = new ArrayList<>(expected);
            expected.forEach(unexpected::remove);
            lines().forEach(unused::remove);
            if (!unexpected.isEmpty() || !unused.isEmpty()) {
                throw new AssertionError("nobody expected " + unexpected + "; nobody asked for " + unused);
            }
        }
    }

    private void serve(Socket raw) throws IOException {
        Optional<Misbehaviour> first = misbehaviour(At.ACCEPT);
        if (first.isPresent()) {
            Call call = new Call(raw, new Request("", "", Map.of()), Reply.of(200, ""));
            if (!first.get().answer(call)) {
                return;
            }
        }
        Socket socket = tls.isPresent() ? Listener.secured(raw, tls.get(), tlsRestriction) : raw;
        InputStream in = new BufferedInputStream(socket.getInputStream());
        boolean mayFollow = true;
        while (mayFollow) {
            Optional<Request> request = read(in);
            mayFollow = request.isPresent() && answer(socket, request.get());
        }
    }

    private static Optional<Request> read(InputStream in) throws IOException {
        String[] words = readLine(in).split(" ", 3);
        if (words.length < 3) {
            return Optional.empty();
        }
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (String line = readLine(in); !line.isEmpty(); line = readLine(in)) {
            int colon = line.indexOf(':');
            headers.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        return Optional.of(new Request(words[0], words[1], headers));
    }

    private static String readLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    private Optional<Misbehaviour> misbehaviour(At place) {
        return rules.stream()
                .filter(rule -> rule.places.contains(place))
                .map(Rule::misbehaviour)
                .findFirst();
    }

    /** Whether another request may follow. */
    private boolean answer(Socket socket, Request request) throws IOException {
        requests.add(request);
        log.accept(request);
        Call call = new Call(socket, request, reply(request));
        Optional<Misbehaviour> rule = misbehaviour(request.kind());
        if (rule.isPresent()) {
            return rule.get().answer(call);
        }
        call.send(call.normal());
        return true;
    }

    /** What a healthy registry answers. */
    private Reply reply(Request request) {
        At kind = request.kind();
        boolean hasToken = request.header("authorization").equals(Optional.of("Bearer " + TOKEN));
        if (guarded.contains(kind) && !hasToken) {
            Reply refusal = Reply.error(401, "UNAUTHORIZED", "authentication required");
            for (String challenge : challenges) {
                refusal = refusal.and("WWW-Authenticate", challenge);
            }
            return refusal;
        }
        return switch (kind) {
            case PING -> Reply.of(200, "{}").and("Docker-Distribution-Api-Version", "registry/2.0");
            case TOKEN -> Reply.of(200, "{\"token\":\"" + TOKEN + "\",\"expires_in\":300}");
            case HEAD, TAG, PLATFORM -> manifest(request);
            case BLOB -> blob(request);
            case ACCEPT, OTHER -> Reply.error(404, "NOT_FOUND", "page not found");
        };
    }

    private static String named(Request request, String kind) {
        String path = request.path();
        int query = path.indexOf('?');
        return path.substring(path.indexOf(kind) + kind.length(), query < 0 ? path.length() : query);
    }

    private Reply manifest(Request request) {
        String reference = named(request, "/manifests/");
        byte[] manifest = reference.equals(image.tag())
                ? image.index()
                : image.manifests().get(reference);
        if (manifest == null || !request.path().startsWith("/v2/" + image.repository() + "/")) {
            return Reply.error(404, "MANIFEST_UNKNOWN", "manifest unknown");
        }
        return new Reply(200, List.of(), manifest)
                .and("Content-Type", image.mediaTypeOf(manifest))
                .and("Docker-Content-Digest", FakeImage.digest(manifest));
    }

    private Reply blob(Request request) {
        byte[] blob = image.blobs().get(named(request, "/blobs/"));
        if (blob == null) {
            return Reply.error(404, "BLOB_UNKNOWN", "blob unknown to registry");
        }
        Reply whole = new Reply(200, List.of(), blob).and("Content-Type", "application/octet-stream");
        String range = request.header("range").orElse("");
        if (!range.startsWith("bytes=")) {
            return whole;
        }
        String[] ends = range.substring(6).split("-", 2);
        int from = Integer.parseInt(ends[0]);
        int to = ends[1].isEmpty() ? blob.length - 1 : Math.min(blob.length - 1, Integer.parseInt(ends[1]));
        return new Reply(206, whole.headers(), Arrays.copyOfRange(blob, from, to + 1))
                .and("Content-Range", "bytes " + from + "-" + to + "/" + blob.length);
    }

    /** One header line of an answer. */
    record Header(String name, String value) {}

    /** An answer before it is put on the wire. {@code Content-Length} is added there. */
    record Reply(int status, List<Header> headers, byte[] body) {

        static Reply of(int status, String body) {
            return new Reply(status, List.of(), FakeImage.bytes(body)).and("Content-Type", "application/json");
        }

        /** The envelope that the distribution spec wants for errors. */
        static Reply error(int status, String code, String message) {
            return of(status, "{\"errors\":[{\"code\":\"" + code + "\",\"message\":\"" + message + "\"}]}");
        }

        Reply and(String name, String value) {
            List<Header> more = new ArrayList<>(headers);
            more.add(new Header(name, value));
            return new Reply(status, more, body);
        }

        Reply without(String name) {
            return new Reply(
                    status,
                    headers.stream().filter(h -> !h.name.equalsIgnoreCase(name)).toList(),
                    body);
        }

        Reply withBody(byte[] other) {
            return new Reply(status, headers, other);
        }

        /** The head alone, with its empty line. */
        String head(String version, List<Header> framing) {
            StringBuilder head = new StringBuilder(version + " " + status + " Whatever\r\n");
            headers.forEach(h -> head.append(h.name + ": " + h.value + "\r\n"));
            framing.forEach(h -> head.append(h.name + ": " + h.value + "\r\n"));
            return head.append("\r\n").toString();
        }
    }

    /** A request that waits for its answer, and what a misbehaviour may do about it. */
    final class Call {
        private final Socket socket;
        private final Request request;
        private final Reply normal;
        private final OutputStream out;

        Call(Socket socket, Request request, Reply normal) throws IOException {
            this.socket = socket;
            this.request = request;
            this.normal = normal;
            this.out = new BufferedOutputStream(socket.getOutputStream());
        }

        Request request() {
            return request;
        }

        /** What a healthy registry would answer. */
        Reply normal() {
            return normal;
        }

        Socket socket() {
            return socket;
        }

        String url() {
            return FakeRegistry.this.url();
        }

        void send(Reply reply) throws IOException {
            Header length = new Header("Content-Length", String.valueOf(reply.body().length));
            write(reply.head("HTTP/1.1", List.of(length)));
            if (!request.method().equals("HEAD")) {
                write(reply.body());
            }
        }

        void write(String text) throws IOException {
            write(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        void write(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
            sent.addAndGet(bytes.length);
        }

        /** Says nothing more until the client goes away or the registry is closed. */
        void hang() throws IOException {
            Listener.hang(socket);
        }

        /** Waits a moment, or less if the registry is closed meanwhile. */
        void pause(long millis) throws IOException {
            try {
                if (listener.isClosedWithin(millis)) {
                    throw new IOException("closed");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }
    }
}
