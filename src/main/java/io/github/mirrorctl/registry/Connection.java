package io.github.mirrorctl.registry;

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
import java.util.concurrent.atomic.AtomicLong;
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
    private final Socket raw;
    private final Origin origin;
    private final Deadline deadline;
    private final AtomicLong received;
    private final byte[] buffer = new byte[16 * 1024];
    private final InputStream in;
    private int bufferStart;
    private int bufferEnd;
    private boolean reusable = true;
    private boolean reset;

    /**
     * @param raw what lies below {@code socket} where that is secured, else the same; closing a secured socket talks to
     *     the peer and may block, closing this one never does
     * @param received counts every byte, heads and bodies
     */
    Connection(Socket socket, Socket raw, Origin origin, Deadline deadline, AtomicLong received) throws IOException {
        this.socket = socket;
        this.raw = raw;
        this.origin = origin;
        this.deadline = deadline;
        this.received = received;
        this.in = socket.getInputStream();
    }

    Origin origin() {
        return origin;
    }

    /** Whether another request may follow. What came unasked would be taken for the next answer. */
    boolean isReusable() throws IOException {
        return reusable && bufferStart == bufferEnd && in.available() == 0;
    }

    /**
     * Sends a request and reads its answer whole.
     *
     * @param headers without {@code Host} and {@code Connection}
     * @param longestBody in bytes; what goes beyond is left unread and the connection is used no more
     * @throws java.net.SocketTimeoutException at the deadline
     * @throws NoAnswerException where the connection ends before an answer
     * @throws ProtocolException where the answer is not HTTP
     */
    Response exchange(String method, String path, Map<String, String> headers, int longestBody) throws IOException {
        reusable = false;
        StringBuilder head = new StringBuilder(256);
        head.append(method)
                .append(' ')
                .append(path)
                .append(" HTTP/1.1\r\nHost: ")
                .append(origin.authority());
        headers.forEach(
                (name, value) -> head.append("\r\n").append(name).append(": ").append(value));
        head.append("\r\n\r\n");
        Duration firstByte = sendAndAwait(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        Head answer = readHead();
        for (int interim = 0; answer.status < 200; interim++) {
            if (interim == MOST_INTERIM_ANSWERS) {
                throw new ProtocolException("more than " + MOST_INTERIM_ANSWERS + " interim answers");
            }
            answer = readHead();
        }
        Body body = method.equals("HEAD") || answer.status == 204 || answer.status == 304
                ? Body.EMPTY
                : readBody(answer, longestBody);
        reusable = answer.keepsAlive() && body.framed && !body.cutShort && !body.tooLong;
        return new Response(answer.status, answer.headers, body.content, body.cutShort, body.tooLong, firstByte);
    }

    private Duration sendAndAwait(byte[] request) throws IOException {
        try {
            socket.getOutputStream().write(request);
            long sent = System.nanoTime();
            if (fill()) {
                return Duration.ofNanos(System.nanoTime() - sent);
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

        boolean isChunked() {
            return String.join(",", headers.getOrDefault("transfer-encoding", List.of()))
                    .toLowerCase(Locale.ROOT)
                    .contains("chunked");
        }
    }

    private record Body(byte[] content, boolean cutShort, boolean tooLong, boolean framed) {
        static final Body EMPTY = new Body(new byte[0], false, false, true);
    }

    private Head readHead() throws IOException {
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

    private Body readBody(Head head, int longest) throws IOException {
        if (head.isChunked()) {
            return readChunked(longest);
        }
        long length = contentLength(head);
        boolean framed = length >= 0;
        // It grows with what really comes, not with what was promised.
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        long wanted = framed ? Math.min(length, longest) : longest;
        long read = copy(wanted, content);
        boolean cutShort = reset || (framed && read < wanted);
        boolean tooLong = framed ? length > longest : read == longest && !atEnd();
        return new Body(content.toByteArray(), cutShort, tooLong, framed);
    }

    private static long contentLength(Head head) throws ProtocolException {
        List<String> values = head.headers.getOrDefault("content-length", List.of());
        if (values.isEmpty()) {
            return -1;
        }
        if (!values.stream().allMatch(values.get(0)::equals)) {
            throw new ProtocolException("two lengths");
        }
        try {
            long length = Long.parseLong(values.get(0));
            if (length >= 0) {
                return length;
            }
        } catch (NumberFormatException e) {
            // falls through to the failure below, with the header's own words left out
        }
        throw new ProtocolException("a Content-Length that is no number");
    }

    private Body readChunked(int longest) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        boolean tooLong = false;
        boolean cutShort = false;
        try {
            tooLong = !copyChunks(longest, content);
        } catch (EOFException | SocketException e) {
            cutShort = true;
        }
        return new Body(content.toByteArray(), cutShort, tooLong, true);
    }

    /** Whether all chunks were within the length allowed. */
    private boolean copyChunks(int longest, ByteArrayOutputStream to) throws IOException {
        while (true) {
            long size = chunkSize(readLine(LONGEST_CHUNK_LINE));
            if (size == 0) {
                skipTrailers();
                return true;
            }
            long wanted = Math.min(size, longest - to.size());
            if (copy(wanted, to) < wanted) {
                throw new EOFException("closed within a chunk");
            }
            if (wanted < size) {
                return false;
            }
            if (!readLine(2).isEmpty()) {
                throw new ProtocolException("a chunk longer than it said");
            }
        }
    }

    private static long chunkSize(String line) throws ProtocolException {
        String size = line.indexOf(';') < 0 ? line : line.substring(0, line.indexOf(';'));
        try {
            long parsed = Long.parseLong(size.strip(), 16);
            if (parsed >= 0) {
                return parsed;
            }
        } catch (NumberFormatException e) {
            // falls through to the failure below, with the server's own words left out
        }
        throw new ProtocolException("a chunk size that is no number");
    }

    private void skipTrailers() throws IOException {
        for (int count = 0; count < MOST_HEADERS; count++) {
            if (readLine(LONGEST_CHUNK_LINE).isEmpty()) {
                return;
            }
        }
        throw new ProtocolException("more than " + MOST_HEADERS + " trailer lines");
    }

    private long copy(long wanted, ByteArrayOutputStream to) throws IOException {
        long left = wanted;
        while (left > 0) {
            if (bufferStart == bufferEnd && !fillOrEnd()) {
                break;
            }
            int count = (int) Math.min(left, bufferEnd - bufferStart);
            to.write(buffer, bufferStart, count);
            bufferStart += count;
            left -= count;
        }
        return wanted - left;
    }

    private boolean atEnd() throws IOException {
        return bufferStart == bufferEnd && !fillOrEnd();
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
        socket.setSoTimeout(deadline.remainingMillis());
        int count = in.read(buffer, 0, buffer.length);
        if (count <= 0) {
            return false;
        }
        bufferStart = 0;
        bufferEnd = count;
        received.addAndGet(count);
        return true;
    }

    @Override
    public void close() throws IOException {
        reusable = false;
        raw.close();
    }
}
