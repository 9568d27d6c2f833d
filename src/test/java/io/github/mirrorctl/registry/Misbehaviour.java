package io.github.mirrorctl.registry;

import io.github.mirrorctl.registry.FakeRegistry.Call;
import io.github.mirrorctl.registry.FakeRegistry.Header;
import io.github.mirrorctl.registry.FakeRegistry.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** A way in which a {@link FakeRegistry} answers other than a healthy one would. */
interface Misbehaviour {

    /** Answers, and tells whether another request may follow on the connection. */
    boolean answer(Call call) throws IOException;

    /** A complete answer that differs from the healthy one. */
    static Misbehaviour reply(UnaryOperator<Reply> change) {
        return call -> {
            call.send(change.apply(call.normal()));
            return true;
        };
    }

    /** What the healthy registry would do: undoes a wider rule. */
    static Misbehaviour none() {
        return reply(normal -> normal);
    }

    /** Misbehaves a number of times, then no more. */
    static Misbehaviour times(int times, Misbehaviour misbehaviour) {
        AtomicInteger left = new AtomicInteger(times);
        return call -> (left.getAndDecrement() > 0 ? misbehaviour : none()).answer(call);
    }

    /** Misbehaves where more than a part is asked for. */
    static Misbehaviour unlessRanged(Misbehaviour misbehaviour) {
        return call -> (call.request().header("range").isPresent() ? none() : misbehaviour).answer(call);
    }

    /** Misbehaves with bodies at least that long. */
    static Misbehaviour fromSize(int bytes, Misbehaviour misbehaviour) {
        return call -> (call.normal().body().length < bytes ? none() : misbehaviour).answer(call);
    }

    /** Misbehaves with bodies shorter than that. */
    static Misbehaviour belowSize(int bytes, Misbehaviour misbehaviour) {
        return call -> (call.normal().body().length < bytes ? misbehaviour : none()).answer(call);
    }

    static Misbehaviour status(int status) {
        return reply(normal -> Reply.of(status, ""));
    }

    static Misbehaviour status(int status, String body) {
        return reply(normal -> Reply.of(status, body));
    }

    static Misbehaviour error(int status, String code, String message) {
        return reply(normal -> Reply.error(status, code, message));
    }

    /** A web page. */
    static Misbehaviour page(int status) {
        return reply(normal -> new Reply(status, List.of(), FakeImage.bytes("<!DOCTYPE html><title>Hello</title>"))
                .and("Content-Type", "text/html; charset=utf-8"));
    }

    static Misbehaviour redirect(String location) {
        return reply(normal -> Reply.of(307, "").and("Location", location));
    }

    /** The same path on another registry. */
    static Misbehaviour redirectTo(FakeRegistry other) {
        return call -> {
            call.send(Reply.of(307, "")
                    .and("Location", other.url() + call.request().path()));
            return true;
        };
    }

    /** Round and round on the same registry. */
    static Misbehaviour redirectLoop() {
        return call -> {
            call.send(Reply.of(302, "").and("Location", call.request().path()));
            return true;
        };
    }

    static Misbehaviour header(String name, String value) {
        return reply(normal -> normal.without(name).and(name, value));
    }

    static Misbehaviour withoutHeader(String name) {
        return reply(normal -> normal.without(name));
    }

    /** Right length, one byte wrong. */
    static Misbehaviour corrupt() {
        return reply(normal -> {
            byte[] body = normal.body().clone();
            body[body.length / 2] ^= 1;
            return normal.withBody(body);
        });
    }

    static Misbehaviour body(byte[] body) {
        return reply(normal -> normal.without("Docker-Content-Digest").withBody(body));
    }

    /** Success with that content, whatever was asked for. */
    static Misbehaviour content(byte[] body) {
        return reply(normal -> new Reply(200, List.of(), body).and("Content-Type", "application/octet-stream"));
    }

    static Misbehaviour hang() {
        return call -> {
            call.hang();
            return false;
        };
    }

    /** Half the answer's body, then silence. */
    static Misbehaviour stall() {
        return call -> {
            writeHalf(call);
            call.hang();
            return false;
        };
    }

    /** Half the answer's body, then the end. */
    static Misbehaviour truncate() {
        return call -> {
            writeHalf(call);
            return false;
        };
    }

    /** Half the answer's body, then a reset. */
    static Misbehaviour truncateByReset() {
        return call -> {
            writeHalf(call);
            call.socket().setSoLinger(true, 0);
            call.socket().close();
            return false;
        };
    }

    private static void writeHalf(Call call) throws IOException {
        Reply normal = call.normal();
        call.write(normal.head("HTTP/1.1", List.of(length(normal))));
        call.write(Arrays.copyOf(normal.body(), normal.body().length / 2));
    }

    private static Header length(Reply reply) {
        return new Header("Content-Length", String.valueOf(reply.body().length));
    }

    /** A byte at a time. */
    static Misbehaviour drip(long millisBetween) {
        return call -> {
            Reply normal = call.normal();
            call.write(normal.head("HTTP/1.1", List.of(length(normal))));
            for (byte b : normal.body()) {
                call.pause(millisBetween);
                call.write(new byte[] {b});
            }
            return true;
        };
    }

    /** As over a line that carries so much of each answer, or a little less. */
    static Misbehaviour paced(int bytesPerSecond) {
        return call -> {
            Reply normal = call.normal();
            call.write(normal.head("HTTP/1.1", List.of(length(normal))));
            int piece = bytesPerSecond / 200;
            for (int from = 0; from < normal.body().length; from += piece) {
                call.write(Arrays.copyOfRange(normal.body(), from, Math.min(normal.body().length, from + piece)));
                call.pause(5);
            }
            return true;
        };
    }

    /** Answers after a while. */
    static Misbehaviour late(long millis) {
        return call -> {
            call.pause(millis);
            call.send(call.normal());
            return true;
        };
    }

    static Misbehaviour reset() {
        return call -> {
            call.socket().setSoLinger(true, 0);
            call.socket().close();
            return false;
        };
    }

    /** For {@link FakeRegistry.At#ACCEPT}: resets once the client spoke, since earlier it might not be connected yet. */
    static Misbehaviour resetAfterFirstByte() {
        return call -> call.socket().getInputStream().read() >= 0 && reset().answer(call);
    }

    /** The end without an answer. */
    static Misbehaviour close() {
        return call -> false;
    }

    /** Something that is no HTTP, then the end. What the client still sends is read, lest a reset overtake our words. */
    static Misbehaviour garbage(String text) {
        return call -> {
            call.write(text);
            call.socket().shutdownOutput();
            call.hang();
            return false;
        };
    }

    /** A healthy answer in pieces of that many bytes. */
    static Misbehaviour chunked(int piece) {
        return call -> {
            Reply normal = call.normal();
            call.write(normal.head("HTTP/1.1", List.of(new Header("Transfer-Encoding", "chunked"))));
            if (!call.request().method().equals("HEAD")) {
                for (int at = 0; at < normal.body().length; at += piece) {
                    int end = Math.min(normal.body().length, at + piece);
                    call.write(Integer.toHexString(end - at) + ";name=value\r\n");
                    call.write(Arrays.copyOfRange(normal.body(), at, end));
                    call.write("\r\n");
                }
                call.write("0\r\nTrailer: x\r\n\r\n");
            }
            return true;
        };
    }

    /** A chunked answer that ends, or is reset, before its last chunk. */
    static Misbehaviour chunkedAndCut(boolean byReset) {
        return call -> {
            Reply normal = call.normal();
            call.write(normal.head("HTTP/1.1", List.of(new Header("Transfer-Encoding", "chunked"))));
            call.write("8\r\n");
            call.write(Arrays.copyOf(normal.body(), 8));
            call.write("\r\n");
            return byReset ? reset().answer(call) : false;
        };
    }

    /** A healthy answer that ends with the connection, as HTTP/1.0 has it. */
    static Misbehaviour http10() {
        return call -> {
            call.write(call.normal().head("HTTP/1.0", List.of()));
            if (!call.request().method().equals("HEAD")) {
                call.write(call.normal().body());
            }
            return false;
        };
    }

    /** A body where none belongs, behind the answer to a HEAD. */
    static Misbehaviour bodyToHead() {
        return call -> {
            Reply normal = call.normal();
            call.write(normal.head("HTTP/1.1", List.of(length(normal))));
            call.write(normal.body());
            return true;
        };
    }

    /** Interim answers before the healthy one. */
    static Misbehaviour interim(int count) {
        return call -> {
            for (int i = 0; i < count; i++) {
                call.write("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
            }
            call.send(call.normal());
            return true;
        };
    }

    /** Interim answers for ever. */
    static Misbehaviour interimForEver() {
        return call -> {
            while (true) {
                call.write("HTTP/1.1 102 Processing\r\n\r\n");
            }
        };
    }

    static Misbehaviour manyHeaders(int count) {
        return call -> {
            Reply reply = call.normal();
            StringBuilder flood = new StringBuilder("HTTP/1.1 200 OK\r\n");
            for (int i = 0; i < count; i++) {
                flood.append("X-").append(i).append(": y\r\n");
            }
            call.write(flood.toString());
            call.write("Content-Length: " + reply.body().length + "\r\n\r\n");
            call.write(reply.body());
            return false;
        };
    }

    static Misbehaviour longHeader(int bytes) {
        return call -> {
            call.write("HTTP/1.1 200 OK\r\nX: ");
            writeMuch(call, bytes, (byte) 'a');
            call.write("\r\nContent-Length: 0\r\n\r\n");
            return false;
        };
    }

    /** A body of that length, as announced. */
    static Misbehaviour hugeBody(long bytes) {
        return call -> {
            call.write(call.normal().head("HTTP/1.1", List.of(new Header("Content-Length", String.valueOf(bytes)))));
            writeMuch(call, bytes, (byte) ' ');
            return false;
        };
    }

    /** A body without a length and without an end. */
    static Misbehaviour endlessBody() {
        return call -> {
            call.write(call.normal().head("HTTP/1.1", List.of(new Header("Connection", "close"))));
            writeMuch(call, Long.MAX_VALUE, (byte) ' ');
            return false;
        };
    }

    /** A body of chunks without an end. */
    static Misbehaviour endlessChunks() {
        return call -> {
            call.write(call.normal().head("HTTP/1.1", List.of(new Header("Transfer-Encoding", "chunked"))));
            String many = "1\r\n \r\n".repeat(1000);
            while (true) {
                call.write(many);
            }
        };
    }

    /** Few bytes on the wire that say they are many. */
    static Misbehaviour gzipBomb(int bytes) {
        byte[] bomb = FakeImage.gzip(new byte[bytes]);
        return reply(normal -> normal.withBody(bomb).and("Content-Encoding", "gzip"));
    }

    /** Exactly these bytes, as Latin-1, and then ready for the next request. */
    static Misbehaviour says(String text) {
        return call -> {
            call.write(text);
            return true;
        };
    }

    /** Exactly these bytes and nothing more, with the connection left open. */
    static Misbehaviour saysAndHangs(String text) {
        return call -> {
            call.write(text);
            call.hang();
            return false;
        };
    }

    /** A beginning and then the same again and again for ever. */
    static Misbehaviour floods(String beginning, String endless) {
        String many = endless.repeat(Math.max(1, 8192 / endless.length()));
        return call -> {
            call.write(beginning);
            while (true) {
                call.write(many);
            }
        };
    }

    /** A beginning and then the same again and again for ever, a piece at a time. */
    static Misbehaviour drips(String beginning, String piece, long millisBetween) {
        return call -> {
            call.write(beginning);
            while (true) {
                call.pause(millisBetween);
                call.write(piece);
            }
        };
    }

    /** The healthy answer with these headers in the place of its {@code Content-Length}, and then the end. */
    static Misbehaviour framedAs(String... headers) {
        return call -> {
            StringBuilder framing = new StringBuilder();
            for (String header : headers) {
                framing.append(header).append("\r\n");
            }
            String head = call.normal().head("HTTP/1.1", List.of());
            call.write(head.substring(0, head.length() - 2) + framing + "\r\n");
            if (!call.request().method().equals("HEAD")) {
                call.write(call.normal().body());
            }
            return false;
        };
    }

    /** Says that the body is chunked, then exactly these bytes, and then the end. */
    static Misbehaviour chunks(String text) {
        return call -> {
            call.write(call.normal().head("HTTP/1.1", List.of(new Header("Transfer-Encoding", "chunked"))));
            call.write(text);
            return false;
        };
    }

    /** The healthy answer, and right behind it another one that nobody asked for. */
    static Misbehaviour followedBy(String text) {
        return call -> {
            Reply normal = call.normal();
            byte[] body = call.request().method().equals("HEAD") ? new byte[0] : normal.body();
            ByteArrayOutputStream both = new ByteArrayOutputStream();
            both.writeBytes(normal.head("HTTP/1.1", List.of(length(normal))).getBytes(StandardCharsets.ISO_8859_1));
            both.writeBytes(body);
            both.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
            call.write(both.toByteArray());
            return true;
        };
    }

    /** A healthy answer, and the end though nothing said so. */
    static Misbehaviour closesUnasked() {
        return call -> {
            call.send(call.normal());
            return false;
        };
    }

    /** So many redirects before the healthy answer. */
    static Misbehaviour redirectChain(int length) {
        return call -> {
            String path = call.request().path();
            int at = path.indexOf("hop=");
            int hops = at < 0 ? 0 : Integer.parseInt(path.substring(at + 4));
            String bare = path.indexOf('?') < 0 ? path : path.substring(0, path.indexOf('?'));
            call.send(hops == length ? call.normal() : Reply.of(307, "").and("Location", bare + "?hop=" + (hops + 1)));
            return true;
        };
    }

    /** Another manifest behind the tag, with its own digest and everything else right. */
    static Misbehaviour manifest(String mediaType, String json) {
        byte[] body = FakeImage.bytes(json);
        return reply(normal -> new Reply(200, List.of(), body)
                .and("Content-Type", mediaType)
                .and("Docker-Content-Digest", FakeImage.digest(body)));
    }

    private static void writeMuch(Call call, long bytes, byte filler) throws IOException {
        byte[] block = new byte[64 * 1024];
        Arrays.fill(block, filler);
        for (long left = bytes; left > 0; left -= block.length) {
            call.write(left >= block.length ? block : Arrays.copyOf(block, (int) left));
        }
    }
}
