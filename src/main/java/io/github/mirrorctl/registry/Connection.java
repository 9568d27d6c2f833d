package io.github.mirrorctl.registry;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 connection over a socket (RFC 9112), as much of it as reading from a registry needs. Written by hand
 * because the JDK's client tells neither the phases of a connection nor the time of the first byte apart, and because
 * whatever a server sends must be bounded in time, bytes and memory. One thread at a time.
 */
final class Connection implements Closeable {
    private static final int LONGEST_HEAD = 64 * 1024;
    private static final int MOST_HEADERS = 200;
    private static final int LONGEST_CHUNK_LINE = 1024;
    private static final int MOST_INTERIM_ANSWERS = 10;

    private final Socket socket;
    private final TimedSocket raw;
    private final Origin origin;
    private final Optional<Proxy> forwarder;
    private final Allowance allowance;
    private final byte[] buffer = new byte[16 * 1024];
    private final InputStream in;
    private int bufferStart;
    private int bufferEnd;
    private boolean reusable = true;
    private boolean reset;

    /**
     * @param raw what lies below {@code socket} where that is secured, else the same; closing a secured socket talks to
     *     the peer and may block, closing this one never does
     * @param forwarder the proxy at the other end, where it is that one that reads the requests
     * @param allowance its deadline is the one that holds at the moment; every byte is counted, heads and bodies
     */
    Connection(Socket socket, TimedSocket raw, Origin origin, Optional<Proxy> forwarder, Allowance allowance)
            throws IOException {
        this.socket = socket;
        this.raw = raw;
        this.origin = origin;
        this.forwarder = forwarder;
        this.allowance = allowance;
        this.in = socket.getInputStream();
    }

    Origin origin() {
        return origin;
    }

    /** The proxy that reads the requests; empty where the origin itself does. */
    Optional<Proxy> forwarder() {
        return forwarder;
    }

    /** Whether another request may follow. What came unasked would be taken for the next answer. */
    boolean isReusable() throws IOException {
        return reusable && bufferStart == bufferEnd && in.available() == 0;
    }

    /** Takes the body of a successful answer as it comes, so that nothing of it need be held. */
    interface Sink {
        void take(byte[] buffer, int offset, int count);

        /** Whether the rest is not wanted: it is left unread then and the connection used no more. */
        boolean isFull();
    }

    /** Holds a body, as long as it is no longer than allowed. It grows with what really comes, not with what was promised. */
    private static final class Held implements Sink {
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();
        private final int longest;
        private boolean isCut;

        Held(int longest) {
            this.longest = longest;
        }

        @Override
        public void take(byte[] buffer, int offset, int count) {
            int wanted = Math.min(count, longest - content.size());
            content.write(buffer, offset, wanted);
            isCut |= wanted < count;
        }

        /**
         * What was meant: without the compression that Go's client, which engines use, asks for and undoes by itself. A
         * server that compresses unasked serves them well. As it came where it is not what it is called.
         */
        byte[] decoded(boolean isGzip) {
            byte[] raw = content.toByteArray();
            if (!isGzip) {
                return raw;
            }
            try (InputStream plain = new GZIPInputStream(new ByteArrayInputStream(raw))) {
                byte[] decoded = plain.readNBytes(longest);
                isCut |= decoded.length == longest && plain.read() >= 0;
                return decoded;
            } catch (IOException e) {
                return raw;
            }
        }

        @Override
        public boolean isFull() {
            return content.size() >= longest;
        }
    }

    /**
     * Sends a request, whose answer is to be read by {@link #receive}.
     *
     * @param headers without {@code Host} and {@code Connection}
     * @throws NoAnswerException where the connection has ended
     */
    void send(String method, String path, Map<String, String> headers) throws IOException {
        reusable = false;
        Map<String, String> all = new LinkedHashMap<>(headers);
        forwarder.flatMap(Proxy::login).ifPresent(login -> all.put("Proxy-Authorization", login.basic()));
        // A proxy is asked for the whole URL (RFC 9112, section 3.2.2).
        String target = forwarder.isPresent() ? "http://" + origin.authority() + path : path;
        write(head(method, target, origin.authority(), all));
    }

    /** Bytes that have come and were not read yet, those of TLS itself among them. */
    int unread() throws IOException {
        return raw.getInputStream().available();
    }

    /**
     * Reads the answer to the last request.
     *
     * @param method of that request
     * @param path of that request
     * @param longestBody in bytes; what goes beyond is left unread and the connection is used no more
     * @param onSuccess takes the body of an answer of 200 to 299, which is empty in the response then
     * @throws java.net.SocketTimeoutException at the deadline
     * @throws NoAnswerException where the connection ends before an answer
     * @throws ProtocolException where the answer is not HTTP
     */
    Response receive(String method, String path, int longestBody, Optional<? extends Sink> onSuccess)
            throws IOException {
        Duration firstByte = awaitAnswer();
        Head answer = readFinalHead();
        Held held = new Held(longestBody);
        boolean hasBody = !method.equals("HEAD") && answer.status != 204 && answer.status != 304;
        boolean isSuccess = answer.status < 300;
        Sink sink = isSuccess && onSuccess.isPresent() ? onSuccess.get() : held;
        Body body = hasBody ? readBody(answer, sink) : Body.EMPTY;
        reusable = answer.keepsAlive() && body.framed && !body.cutShort && !body.leftUnread;
        byte[] content = held.decoded(answer.isGzip());
        return new Response(
                new Origin.Target(origin, path),
                answer.status,
                answer.headers,
                content,
                body.cutShort,
                body.leftUnread || held.isCut,
                firstByte);
    }

    /**
     * Asks the proxy at the other end for a tunnel (RFC 9110, section 9.3.6). What follows an answer of 200 to 299 is the
     * tunnel's; what follows any other is left unread.
     *
     * @param authority whom the tunnel is to reach, always with the port
     * @throws IOException as {@link #send} and {@link #receive} do
     */
    Response connect(String authority, Map<String, String> headers) throws IOException {
        reusable = false;
        write(head("CONNECT", authority, authority, headers));
        Duration firstByte = awaitAnswer();
        Head answer = readFinalHead();
        return new Response(
                new Origin.Target(origin, "/"), answer.status, answer.headers, new byte[0], false, false, firstByte);
    }

    private static byte[] head(String method, String target, String host, Map<String, String> headers) {
        StringBuilder head = new StringBuilder(256);
        head.append(method)
                .append(' ')
                .append(target)
                .append(" HTTP/1.1\r\nHost: ")
                .append(host);
        headers.forEach(
                (name, value) -> head.append("\r\n").append(name).append(": ").append(value));
        return head.append("\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private Head readFinalHead() throws IOException {
        Head answer = readHead();
        for (int interim = 0; answer.status < 200; interim++) {
            if (interim == MOST_INTERIM_ANSWERS) {
                throw new ProtocolException("more than " + MOST_INTERIM_ANSWERS + " interim answers");
            }
            answer = readHead();
        }
        return answer;
    }

    private void write(byte[] request) throws IOException {
        try {
            socket.getOutputStream().write(request);
        } catch (SocketException e) {
            throw new NoAnswerException(e);
        }
    }

    /** From the request to the first byte of its answer. */
    private Duration awaitAnswer() throws IOException {
        long sentAt = raw.sentAt();
        try {
            if (fill()) {
                return Duration.ofNanos(raw.receivedAt() - sentAt);
            }
            throw new NoAnswerException(null);
        } catch (SocketException e) {
            throw new NoAnswerException(e);
        }
    }

    /** The connection ended before the first byte of an answer, as one does that was kept open for too long. */
    static final class NoAnswerException extends IOException {
        private static final long serialVersionUID = 1L;

        NoAnswerException(@Nullable IOException cause) {
            super("closed without an answer", cause);
        }
    }

    /** An answer that is not HTTP, or breaks its bounds. */
    static final class ProtocolException extends IOException {
        private static final long serialVersionUID = 1L;

        ProtocolException(String message) {
            super(message);
        }
    }

    private record Head(int status, boolean isHttp11, Map<String, List<String>> headers) {

        boolean keepsAlive() {
            String connection = String.join(",", headers.getOrDefault("connection", List.of()))
                    .toLowerCase(Locale.ROOT);
            return isHttp11 ? !connection.contains("close") : connection.contains("keep-alive");
        }

        boolean isGzip() {
            return headers.getOrDefault("content-encoding", List.of()).stream()
                    .anyMatch(coding -> coding.equalsIgnoreCase("gzip"));
        }

        /** Go's client, which engines use, knows no other transfer coding. It outranks a length (RFC 9112, section 6.3). */
        boolean isChunked() throws ProtocolException {
            List<String> codings = headers.getOrDefault("transfer-encoding", List.of());
            if (!isHttp11 || codings.isEmpty()) {
                return false;
            }
            if (codings.size() == 1 && codings.get(0).equalsIgnoreCase("chunked")) {
                return true;
            }
            throw new ProtocolException("a transfer coding other than chunked");
        }
    }

    /** How a body ended. */
    private record Body(boolean cutShort, boolean leftUnread, boolean framed) {
        static final Body EMPTY = new Body(false, false, true);
    }

    private Head readHead() throws IOException {
        // What begins otherwise is no HTTP, however it goes on or ends.
        boolean isForeign = (bufferStart < bufferEnd || fill()) && buffer[bufferStart] != 'H';
        if (isForeign) {
            throw new ProtocolException("no HTTP status line");
        }
        int allowed = LONGEST_HEAD;
        String statusLine = readLine(allowed);
        allowed -= statusLine.length();
        int status = parseStatus(statusLine);
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (int count = 0; ; count++) {
            String line = readLine(allowed);
            if (line.isEmpty()) {
                return new Head(status, statusLine.startsWith("HTTP/1.1"), headers);
            }
            allowed -= line.length();
            if (count == MOST_HEADERS) {
                throw new ProtocolException("more than " + MOST_HEADERS + " header lines");
            }
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.computeIfAbsent(
                                line.substring(0, colon).strip().toLowerCase(Locale.ROOT), n -> new ArrayList<>())
                        .add(line.substring(colon + 1).strip());
            }
        }
    }

    private static int parseStatus(String line) throws ProtocolException {
        boolean isHttp = line.startsWith("HTTP/1.") && line.length() >= 12 && line.charAt(8) == ' ';
        if (isHttp) {
            int status = 0;
            for (int i = 9; i < 12; i++) {
                int digit = Character.digit(line.charAt(i), 10);
                if (digit < 0) {
                    isHttp = false;
                }
                status = status * 10 + digit;
            }
            if (isHttp && status >= 100) {
                return status;
            }
        }
        throw new ProtocolException("no HTTP status line");
    }

    /** Where the allowance ends within the body, the rest is left unread, whether that is content or framing. */
    private Body readBody(Head head, Sink sink) throws IOException {
        try {
            return readFramed(head, sink);
        } catch (Allowance.SpentException e) {
            return new Body(false, true, false);
        }
    }

    private Body readFramed(Head head, Sink sink) throws IOException {
        if (head.isChunked()) {
            return readChunked(sink);
        }
        long length = contentLength(head);
        boolean framed = length >= 0;
        long wanted = framed ? length : Long.MAX_VALUE;
        boolean isWhole = copy(wanted, sink) == wanted;
        boolean leftUnread = !isWhole && sink.isFull();
        boolean cutShort = reset || (framed && !isWhole && !leftUnread);
        return new Body(cutShort, leftUnread, framed);
    }

    private static long contentLength(Head head) throws ProtocolException {
        List<String> values = head.headers.getOrDefault("content-length", List.of());
        if (values.isEmpty()) {
            return -1;
        }
        if (!values.stream().allMatch(values.get(0)::equals)) {
            throw new ProtocolException("two lengths");
        }
        return number(values.get(0), 10, "a Content-Length that is no number");
    }

    /** Digits alone: no sign, which {@link Long#parseLong} would take. */
    private static long number(String text, int radix, String otherwise) throws ProtocolException {
        if (!text.isEmpty() && text.chars().allMatch(c -> c < 0x80 && Character.digit(c, radix) >= 0)) {
            try {
                return Long.parseLong(text, radix);
            } catch (NumberFormatException e) {
                // Too long a number is none either.
            }
        }
        throw new ProtocolException(otherwise);
    }

    private Body readChunked(Sink sink) throws IOException {
        try {
            return new Body(false, !copyChunks(sink), true);
        } catch (EOFException | SocketException e) {
            return new Body(true, false, true);
        }
    }

    /** Whether all chunks were wanted. */
    private boolean copyChunks(Sink to) throws IOException {
        while (true) {
            long size = chunkSize(readLine(LONGEST_CHUNK_LINE));
            if (size == 0) {
                skipTrailers();
                return true;
            }
            if (copy(size, to) < size) {
                if (to.isFull()) {
                    return false;
                }
                throw new EOFException("closed within a chunk");
            }
            if (!readLine(2).isEmpty()) {
                throw new ProtocolException("a chunk longer than it said");
            }
            if (to.isFull()) {
                return false;
            }
        }
    }

    private static long chunkSize(String line) throws ProtocolException {
        String size = line.indexOf(';') < 0 ? line : line.substring(0, line.indexOf(';'));
        return number(size.strip(), 16, "a chunk size that is no number");
    }

    private void skipTrailers() throws IOException {
        for (int count = 0; count < MOST_HEADERS; count++) {
            if (readLine(LONGEST_CHUNK_LINE).isEmpty()) {
                return;
            }
        }
        throw new ProtocolException("more than " + MOST_HEADERS + " trailer lines");
    }

    /** How many bytes came, which are fewer than wanted where the connection ends or the sink is full. */
    private long copy(long wanted, Sink to) throws IOException {
        long left = wanted;
        while (left > 0 && !to.isFull()) {
            if (bufferStart == bufferEnd && !fillOrEnd()) {
                break;
            }
            int count = (int) Math.min(left, bufferEnd - bufferStart);
            to.take(buffer, bufferStart, count);
            bufferStart += count;
            left -= count;
        }
        return wanted - left;
    }

    /** A reset within a body cuts it short, as an early end does. */
    private boolean fillOrEnd() throws IOException {
        try {
            return fill();
        } catch (SocketException e) {
            reset = true;
            return false;
        }
    }

    /** A line without its end. An empty line stands for itself; the end of the connection is a failure. */
    private String readLine(int longest) throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            if (bufferStart == bufferEnd && !fill()) {
                throw new EOFException("closed within an answer");
            }
            char c = (char) (buffer[bufferStart++] & 0xff);
            if (c == '\n') {
                int end = line.length();
                return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
            }
            if (line.length() >= longest) {
                throw new ProtocolException("a head of more than " + LONGEST_HEAD + " bytes");
            }
            line.append(c);
        }
    }

    private boolean fill() throws IOException {
        socket.setSoTimeout(allowance.deadline().remainingMillis());
        allowance.requireBytes();
        int count = in.read(buffer, 0, (int) Math.min(buffer.length, allowance.bytesLeft()));
        if (count <= 0) {
            return false;
        }
        bufferStart = 0;
        bufferEnd = count;
        allowance.countBytes(count);
        return true;
    }

    @Override
    public void close() throws IOException {
        reusable = false;
        raw.close();
    }
}
