package io.github.mirrorctl.registry;

import static io.github.mirrorctl.mirror.ImageStore.CONTAINERD;
import static io.github.mirrorctl.mirror.ImageStore.GRAPHDRIVER;
import static io.github.mirrorctl.registry.Hostile.row;

import io.github.mirrorctl.registry.FakeRegistry.At;
import io.github.mirrorctl.registry.FakeRegistry.Reply;
import io.github.mirrorctl.registry.Hostile.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The ways of being hostile, by where they strike, each with what an engine would make of it (docker-facts §5.2 and
 * bench RESULTS A to C), and otherwise with what a careful reader of RFC 9110, RFC 9112 and the distribution spec would.
 */
final class HostileMirrors {
    /** Its large layer has 800 kB, so more than a walk looks at before the finals. */
    static final FakeImage IMAGE = FakeImage.of("library/node:20-alpine", FakeImage.MediaTypes.OCI, 1, 200_000);

    private static final int SMALL = 100_000;
    private static final int LARGE = 300_000;
    private static final At[] MANIFESTS = {At.HEAD, At.TAG, At.PLATFORM};
    private static final String INDEX = FakeImage.MediaTypes.OCI.index;
    private static final String MANIFEST = FakeImage.MediaTypes.OCI.manifest;
    private static final String CONFIG_DESCRIPTOR = descriptor("\"sha256:" + "a".repeat(64) + "\"", "7");
    private static final String LAST_ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
    private static final String ESCAPES = "\u001b]0;owned\u0007\u001b[2J\u009b31m\r\n\u0000\b\u202e\u2066";

    private HostileMirrors() {}

    static List<Hostile> all() {
        List<Hostile> all = new ArrayList<>();
        all.addAll(accepts());
        all.addAll(handshakes());
        all.addAll(heads());
        all.addAll(framings());
        all.addAll(chunks());
        all.addAll(connections());
        all.addAll(pings());
        all.addAll(realms());
        all.addAll(tokens());
        all.addAll(tags());
        all.addAll(redirects());
        all.addAll(inward());
        all.addAll(manifests());
        all.addAll(descriptors());
        all.addAll(blobs());
        all.addAll(storage());
        all.addAll(words());
        return all;
    }

    private static String descriptor(String digest, String size) {
        return "{\"digest\":" + digest + ",\"size\":" + size + "}";
    }

    private static List<Hostile> accepts() {
        return List.of(
                row("accepts and says nothing", Misbehaviour.hang(), At.ACCEPT)
                        .hangs(Verdict.STALLED, Step.PING, "ping-timeout")
                        .failsOverTls("tls-timeout"),
                row("one byte and then nothing", Misbehaviour.saysAndHangs("H"), At.ACCEPT)
                        .hangs(Verdict.STALLED, Step.PING, "ping-timeout")
                        .failsOverTls("tls-timeout"),
                row("drips a TLS record", Misbehaviour.drips("\u0016\u0003\u0003@\u0000", "\u0002", 20), At.ACCEPT)
                        .over(Transport.TLS)
                        .hangs(Verdict.STALLED, Step.PING, "ping-timeout")
                        .failsOverTls("tls-timeout"),
                row("speaks SSH", Misbehaviour.garbage("SSH-2.0-OpenSSH_9.2\r\n"), At.ACCEPT)
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "not-http")
                        .failsOverTls("not-tls"),
                row("speaks HTTP/2", Misbehaviour.garbage("\0\0\0\4\0\0\0\0\0"), At.ACCEPT)
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "not-http")
                        .failsOverTls("not-tls"),
                row("floods with zeros", Misbehaviour.floods("", "\0"), At.ACCEPT)
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "not-http")
                        .failsOverTls("not-tls"),
                row("closes", Misbehaviour.close(), At.ACCEPT)
                        .fails(Verdict.UNREACHABLE, Step.MANIFEST, "connection-lost")
                        .failsOverTls("tls-closed"),
                row("resets", Misbehaviour.resetAfterFirstByte(), At.ACCEPT)
                        .fails(Verdict.UNREACHABLE, Step.MANIFEST, "connection-lost")
                        .failsOverTls("tls-closed"),
                row("refuses", stage -> stage.mirror().refusing())
                        .fails(Verdict.REFUSED, Step.CONNECT, "connect-refused"));
    }

    private static List<Hostile> handshakes() {
        return List.of(
                Hostile.certificate("expired", "certificate-expired"),
                Hostile.certificate("not-yet-valid", "certificate-not-yet-valid"),
                Hostile.certificate("self-signed", "certificate-untrusted"),
                Hostile.certificate("wrong-host", "certificate-wrong-host"),
                row(
                                "plain http where TLS should be",
                                Misbehaviour.garbage("HTTP/1.1 400 Bad Request\r\n\r\n"),
                                At.ACCEPT)
                        .over(Transport.TLS)
                        .failsOverTls("not-tls"),
                // RFC 5246, section 7.2: the alerts protocol_version, internal_error and no_renegotiation.
                row(
                                "knows no TLS later than 1.1",
                                Misbehaviour.garbage("\u0015\u0003\u0002\u0000\u0002\u0002F"),
                                At.ACCEPT)
                        .over(Transport.TLS)
                        .failsOverTls("tls-refused"),
                row(
                                "an alert within the handshake",
                                Misbehaviour.garbage("\u0015\u0003\u0003\u0000\u0002\u0002P"),
                                At.ACCEPT)
                        .over(Transport.TLS)
                        .failsOverTls("not-tls"),
                row(
                                "a handshake message of 16 MB",
                                Misbehaviour.floods("", "\u0016\u0003\u0003\u0000\u0004\u0002\u00ff\u00ff\u00ff"),
                                At.ACCEPT)
                        .over(Transport.TLS)
                        .failsOverTls("not-tls"),
                row("new keys before each answer", call -> {
                            ((javax.net.ssl.SSLSocket) call.socket()).startHandshake();
                            return Misbehaviour.none().answer(call);
                        })
                        .over(Transport.TLS)
                        .ready());
    }

    private static List<Hostile> heads() {
        return List.of(
                row("a drip before the status line ends", Misbehaviour.drips("HTTP/1.1 2", "0", 50))
                        .hangs(Verdict.STALLED, Step.PING, "ping-timeout"),
                row("a drip of headers", Misbehaviour.drips("HTTP/1.1 200 OK\r\n", "X: y\r\n", 50))
                        .hangs(Verdict.STALLED, Step.PING, "ping-timeout"),
                row("a drip of interim answers", Misbehaviour.drips("", "HTTP/1.1 100 Continue\r\n\r\n", 500), At.TAG)
                        .hangs(Verdict.STALLED, Step.MANIFEST, "manifest-timeout"),
                row("headers for ever", Misbehaviour.floods("HTTP/1.1 200 OK\r\n", "X: y\r\n"))
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "not-http"),
                row("10,000 headers", Misbehaviour.manyHeaders(10_000))
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "not-http"),
                row("a header of 10 MB", Misbehaviour.longHeader(10_000_000))
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "not-http"),
                row(
                                "a reason phrase of 1 MB",
                                Misbehaviour.says("HTTP/1.1 200 " + "O".repeat(1_000_000) + "\r\n\r\n"),
                                MANIFESTS)
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "not-http"),
                row("interim answers for ever", Misbehaviour.interimForEver())
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "not-http"),
                row(
                                "early hints for ever",
                                Misbehaviour.floods("", "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"),
                                MANIFESTS)
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "not-http"),
                row(
                                "another protocol after 101",
                                Misbehaviour.saysAndHangs("HTTP/1.1 101 Switching Protocols\r\n\r\n\0\0\n\n"),
                                MANIFESTS)
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "not-http"),
                row("HTTP/0.9", Misbehaviour.garbage("<html>Hello</html>"))
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "not-http"),
                row("HTTP/2 by its status line", Misbehaviour.says("HTTP/2 200\r\nContent-Length: 0\r\n\r\n"))
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "not-http"),
                row("status 099", Misbehaviour.says("HTTP/1.1 099 Odd\r\nContent-Length: 0\r\n\r\n"), MANIFESTS)
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "not-http"),
                row("status 999", Misbehaviour.status(999), MANIFESTS)
                        .fails(Verdict.SERVER_ERROR, Step.MANIFEST, "server-error"),
                row(
                                "a status without a reason phrase",
                                Misbehaviour.says("HTTP/1.1 200\r\nContent-Length: 2\r\n\r\n{}"),
                                At.PING)
                        .ready(),
                row("nothing but line feeds", Misbehaviour.floods("", "\n"), MANIFESTS)
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "not-http"),
                row(
                                "garbage for headers",
                                Misbehaviour.says(
                                        "HTTP/1.1 200 OK\r\n:\r\n: x\r\n x\r\n\0\u00ff\r\nContent-Length: 2\r\n\r\n{}"),
                                At.PING)
                        .ready());
    }

    private static List<Hostile> framings() {
        return List.of(
                row("a negative length", Misbehaviour.framedAs("Content-Length: -1"), MANIFESTS)
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "not-http"),
                row("a length with a sign", Misbehaviour.framedAs("Content-Length: +5"), MANIFESTS)
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "not-http"),
                row("a length that is no number", Misbehaviour.framedAs("Content-Length: many"), MANIFESTS)
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "not-http"),
                row("a length of 2^64", Misbehaviour.framedAs("Content-Length: 18446744073709551616"), MANIFESTS)
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "not-http"),
                row("a length of 2^63-1", Misbehaviour.framedAs("Content-Length: 9223372036854775807"), At.TAG)
                        .fails(Verdict.CORRUPT, Step.MANIFEST, "manifest-cut-short"),
                row("two lengths", Misbehaviour.framedAs("Content-Length: 5", "Content-Length: 6"), MANIFESTS)
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "not-http"),
                row("two lengths in one line", Misbehaviour.framedAs("Content-Length: 5, 6"), MANIFESTS)
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "not-http"),
                row("the same length twice", call -> {
                            String length = "Content-Length: " + call.normal().body().length;
                            return Misbehaviour.framedAs(length, length).answer(call);
                        })
                        .ready(),
                row(
                                "a length too great by one",
                                call -> Misbehaviour.framedAs("Content-Length: "
                                                + (call.normal().body().length + 1))
                                        .answer(call),
                                At.TAG)
                        .fails(Verdict.CORRUPT, Step.MANIFEST, "manifest-cut-short"),
                row(
                                "a length too small by one",
                                call -> Misbehaviour.framedAs("Content-Length: "
                                                + (call.normal().body().length - 1))
                                        .answer(call),
                                At.TAG)
                        .fails(Verdict.CORRUPT, Step.MANIFEST, "digest-mismatch"),
                row("no length", Misbehaviour.framedAs()).ready(),
                row("a body of 100 MB", Misbehaviour.hugeBody(100_000_000), At.TAG)
                        .fails(Verdict.CORRUPT, Step.MANIFEST, "manifest-too-long"),
                row("a body without an end", Misbehaviour.endlessBody(), At.TAG)
                        .fails(Verdict.CORRUPT, Step.MANIFEST, "manifest-too-long"),
                row("a refusal without an end", Misbehaviour.floods("HTTP/1.1 403 No\r\n\r\n", "no "), MANIFESTS)
                        .fails(Verdict.DENIED, Step.MANIFEST, "denied"),
                row("a drip of a body", Misbehaviour.drip(100), At.TAG)
                        .hangs(Verdict.STALLED, Step.MANIFEST, "manifest-timeout"),
                row("half a body", Misbehaviour.stall(), At.PLATFORM)
                        .hangs(Verdict.STALLED, Step.MANIFEST, "manifest-timeout"),
                row("a reset within the body", Misbehaviour.truncateByReset(), At.PLATFORM)
                        .fails(Verdict.CORRUPT, Step.MANIFEST, "manifest-cut-short"),
                row("a zipped bomb", Misbehaviour.gzipBomb(50_000_000), At.TAG)
                        .fails(Verdict.CORRUPT, Step.MANIFEST, "manifest-too-long"));
    }

    private static List<Hostile> chunks() {
        return List.of(
                row("chunks of one byte with extensions", Misbehaviour.chunked(1), MANIFESTS)
                        .ready(),
                row(
                                "chunks and a length",
                                call -> {
                                    Reply both = call.normal().and("Content-Length", "3");
                                    call.write(both.head(
                                            "HTTP/1.1",
                                            List.of(new FakeRegistry.Header("Transfer-Encoding", "chunked"))));
                                    String size =
                                            Integer.toHexString(call.normal().body().length);
                                    call.write(size + "\r\n");
                                    call.write(call.normal().body());
                                    call.write("\r\n0\r\n\r\n");
                                    return true;
                                },
                                At.TAG)
                        .ready(),
                row(
                                "an encoding beside the chunks",
                                Misbehaviour.framedAs("Transfer-Encoding: gzip, chunked"),
                                MANIFESTS)
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "not-http"),
                row(
                                "an encoding in the place of chunks",
                                Misbehaviour.framedAs("Transfer-Encoding: xchunked"),
                                MANIFESTS)
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "not-http"),
                row("chunks without an end", Misbehaviour.endlessChunks(), At.TAG)
                        .fails(Verdict.CORRUPT, Step.MANIFEST, "manifest-too-long"),
                row("a chunk size that is no number", Misbehaviour.chunks("zz\r\n{}\r\n0\r\n\r\n"), MANIFESTS)
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "not-http"),
                row("a negative chunk size", Misbehaviour.chunks("-2\r\n{}\r\n0\r\n\r\n"), MANIFESTS)
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "not-http"),
                row("a chunk size with a sign", Misbehaviour.chunks("+2\r\n{}\r\n0\r\n\r\n"), MANIFESTS)
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "not-http"),
                row("a chunk size of 2^64", Misbehaviour.chunks("10000000000000000\r\n{}"), MANIFESTS)
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "not-http"),
                row("a chunk of 2^63-1 bytes", Misbehaviour.chunks("7fffffffffffffff\r\n{}"), At.TAG)
                        .fails(Verdict.CORRUPT, Step.MANIFEST, "manifest-cut-short"),
                row("a chunk longer than it said", Misbehaviour.chunks("2\r\n{}{}{}\r\n0\r\n\r\n"), MANIFESTS)
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "not-http"),
                row(
                                "a chunk extension without an end",
                                Misbehaviour.floods("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;", "x"),
                                MANIFESTS)
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "not-http"),
                row(
                                "trailers without an end",
                                Misbehaviour.floods(
                                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n",
                                        "X: y\r\n"),
                                MANIFESTS)
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "not-http"),
                row(
                                "more framing than body",
                                Misbehaviour.floods(
                                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                                        "1;" + "x".repeat(1000) + "\r\n \r\n"),
                                MANIFESTS)
                        .fails(Verdict.CORRUPT, Step.MANIFEST, "manifest-too-long"));
    }

    private static List<Hostile> connections() {
        return List.of(
                row("says close and stays", Misbehaviour.header("Connection", "close"))
                        .ready(),
                row("says keep-alive and closes", Misbehaviour.closesUnasked()).ready(),
                row("another answer behind each one", Misbehaviour.followedBy(LAST_ANSWER))
                        .ready(),
                row("garbage behind each answer", Misbehaviour.followedBy("\r\n\r\n\0\0"))
                        .ready(),
                row("no answer on a connection used before", Misbehaviour.close(), At.HEAD, At.TAG)
                        .fails(Verdict.UNREACHABLE, Step.MANIFEST, "connection-lost"),
                row("a reset in the place of each answer", Misbehaviour.reset())
                        .fails(Verdict.UNREACHABLE, Step.MANIFEST, "connection-lost"),
                row("an answer to HEAD with a body", Misbehaviour.bodyToHead(), At.HEAD)
                        .ready());
    }

    private static List<Hostile> pings() {
        return List.of(
                row("/v2/ that hangs", Misbehaviour.hang(), At.PING).hangs(Verdict.STALLED, Step.PING, "ping-timeout"),
                row("/v2/ that hangs, asked alone", Misbehaviour.hang(), At.PING)
                        .atDepth(Depth.PING)
                        .hangs(Verdict.STALLED, Step.PING, "ping-timeout"),
                row("/v2/ in a loop", Misbehaviour.redirectLoop(), At.PING).ready("ping-broken", CONTAINERD),
                row("/v2/ in a loop, asked alone", Misbehaviour.redirectLoop(), At.PING)
                        .atDepth(Depth.PING)
                        .fails(Verdict.NOT_A_REGISTRY, Step.PING, "too-many-redirects"),
                row("/v2/ with an endless body", Misbehaviour.endlessBody(), At.PING)
                        .ready(),
                row("/v2/ with an endless body, asked alone", Misbehaviour.endlessBody(), At.PING)
                        .atDepth(Depth.PING)
                        .ready(),
                row("/v2/ with a header of 10 MB, asked alone", Misbehaviour.longHeader(10_000_000), At.PING)
                        .atDepth(Depth.PING)
                        .fails(Verdict.NOT_A_REGISTRY, Step.PING, "not-http"),
                row("/v2/ with a header of 10 MB", Misbehaviour.longHeader(10_000_000), At.PING)
                        .ready("ping-broken", CONTAINERD),
                row("/v2/ reset", Misbehaviour.reset(), At.PING).ready("ping-broken", CONTAINERD),
                row(
                                "/v2/ with a page of 60 kB",
                                Misbehaviour.says(
                                        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 60000\r\n\r\n"
                                                + " ".repeat(60_000)),
                                At.PING)
                        .ready("ping-page"));
    }

    private static List<Hostile> realms() {
        return List.of(
                realm("no realm", "Bearer service=x").fails(Verdict.LOGIN_REQUIRED, Step.TOKEN, "realm-unusable"),
                realm("an empty realm", "Bearer realm=\"\"")
                        .fails(Verdict.LOGIN_REQUIRED, Step.TOKEN, "realm-unusable"),
                realm("a realm that is a file", "Bearer realm=\"file:///etc/passwd\"")
                        .fails(Verdict.LOGIN_REQUIRED, Step.TOKEN, "realm-unusable"),
                realm("a realm that is a script", "Bearer realm=\"javascript:alert(1)\"")
                        .fails(Verdict.LOGIN_REQUIRED, Step.TOKEN, "realm-unusable"),
                realm("a realm at a port that is none", "Bearer realm=\"{url}9/token\"")
                        .fails(Verdict.LOGIN_REQUIRED, Step.TOKEN, "realm-unusable"),
                realm("a realm with a login in it", "Bearer realm=\"https://u:p@127.0.0.1/\"")
                        .fails(Verdict.LOGIN_REQUIRED, Step.TOKEN, "realm-unusable"),
                realm("a realm with control characters", "Bearer realm=\"{url}/\u001b[31mtoken\"")
                        .fails(Verdict.LOGIN_REQUIRED, Step.TOKEN, "realm-unusable"),
                realm("a realm that does not resolve", "Bearer realm=\"https://nowhere.example/token\"")
                        .fails(Verdict.LOGIN_REQUIRED, Step.TOKEN, "realm-unreachable"),
                realm("a realm where nobody listens", "Bearer realm=\"https://127.0.0.1:1/token\"")
                        .fails(Verdict.LOGIN_REQUIRED, Step.TOKEN, "realm-unreachable"),
                row(
                                "a realm over plain http",
                                stage -> stage.mirror()
                                        .withChallenge("Bearer realm=\""
                                                + stage.anotherPlain().get().url() + "/token\""))
                        .over(Transport.TLS)
                        .fails(Verdict.LOGIN_REQUIRED, Step.TOKEN, "realm-plain-http"),
                row(
                                "a realm on another mirror",
                                stage -> stage.mirror()
                                        .withChallenge("Bearer realm=\""
                                                + stage.another().get().url() + "/token\""))
                        .ready(),
                row(
                                "a realm that leads on to another host",
                                stage -> stage.mirror()
                                        .withToken()
                                        .with(
                                                Misbehaviour.redirectTo(
                                                        stage.another().get()),
                                                At.TOKEN))
                        .ready(),
                row("a realm that hangs on another host", stage -> {
                            FakeRegistry hanging = stage.another().get().with(Misbehaviour.hang());
                            stage.mirror().withChallenge("Bearer realm=\"" + hanging.url() + "/token\"");
                        })
                        .hangs(Verdict.STALLED, Step.TOKEN, "realm-timeout"),
                realm("a challenge of 1 MB", "Bearer realm=\"" + "x".repeat(1_000_000) + "\"")
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "not-http"),
                realm("a challenge of commas", ",".repeat(20_000))
                        .fails(Verdict.LOGIN_REQUIRED, Step.MANIFEST, "login-required"),
                realm("challenges that are garbage", "=,\"=\\", "Bearer=\"", "\"\"\"", "Bearer realm=\"{url}/token\"")
                        .ready(),
                realm(
                                "a service that would break the query",
                                "Bearer realm=\"{url}/token\",service=\"a b&c=\\\"\\\\#\"")
                        .ready(),
                realm("a login", "Basic realm=\"x\"").fails(Verdict.LOGIN_REQUIRED, Step.MANIFEST, "login-required"));
    }

    private static Hostile realm(String name, String... challenges) {
        return row(name, stage -> stage.mirror().withChallenge(challenges));
    }

    private static List<Hostile> tokens() {
        return List.of(
                token("a token that hangs", Misbehaviour.hang()).hangs(Verdict.STALLED, Step.TOKEN, "realm-timeout"),
                token("a token that drips", Misbehaviour.drip(200)).hangs(Verdict.STALLED, Step.TOKEN, "realm-timeout"),
                token("a token of 1 MB", Misbehaviour.status(200, "{\"token\":\"" + "x".repeat(1_000_000) + "\"}"))
                        .fails(Verdict.LOGIN_REQUIRED, Step.TOKEN, "token-missing"),
                token("a token's answer of 100 MB", Misbehaviour.hugeBody(100_000_000))
                        .fails(Verdict.LOGIN_REQUIRED, Step.TOKEN, "token-missing"),
                token("a token behind 10,000 brackets", Misbehaviour.status(200, "{\"x\":" + "[".repeat(10_000)))
                        .fails(Verdict.LOGIN_REQUIRED, Step.TOKEN, "token-missing"),
                token("a token with a header in it", Misbehaviour.status(200, "{\"token\":\"a\\r\\nX-Evil: y\"}"))
                        .fails(Verdict.LOGIN_REQUIRED, Step.TOKEN, "token-missing"),
                token("a token with control characters", Misbehaviour.status(200, "{\"token\":\"a\\u0000\\u001b[2J\"}"))
                        .fails(Verdict.LOGIN_REQUIRED, Step.TOKEN, "token-missing"),
                token("a token beyond Latin-1", Misbehaviour.status(200, "{\"token\":\"\u4ee4\u724c\"}"))
                        .fails(Verdict.LOGIN_REQUIRED, Step.TOKEN, "token-missing"),
                token("a token that is a number", Misbehaviour.status(200, "{\"token\":1e400}"))
                        .fails(Verdict.LOGIN_REQUIRED, Step.TOKEN, "token-missing"),
                token("a token that does not help", Misbehaviour.status(200, "{\"token\":\"x\"}"))
                        .fails(Verdict.LOGIN_REQUIRED, Step.MANIFEST, "login-required"),
                token("a token in a loop", Misbehaviour.redirectLoop())
                        .fails(Verdict.NOT_A_REGISTRY, Step.TOKEN, "too-many-redirects"),
                token(
                                "a token behind another challenge",
                                Misbehaviour.reply(normal -> Reply.of(401, "")
                                        .and("WWW-Authenticate", "Bearer realm=\"https://127.0.0.1:1/\"")))
                        .fails(Verdict.LOGIN_REQUIRED, Step.TOKEN, "token-refused"),
                token("a token reset", Misbehaviour.reset())
                        .fails(Verdict.LOGIN_REQUIRED, Step.TOKEN, "realm-unreachable"),
                token("a token that is no HTTP", Misbehaviour.garbage("nothing\r\n"))
                        .fails(Verdict.LOGIN_REQUIRED, Step.TOKEN, "realm-unreachable"));
    }

    private static Hostile token(String name, Misbehaviour misbehaviour) {
        return row(name, stage -> stage.mirror().withToken().with(misbehaviour, At.TOKEN));
    }

    private static List<Hostile> tags() {
        String otherDigest = "sha256:" + "0".repeat(64);
        return List.of(
                row("HEAD that hangs where GET works", Misbehaviour.hang(), At.HEAD)
                        .hangs(Verdict.STALLED, Step.MANIFEST, "manifest-timeout"),
                row("GET that hangs where HEAD works", Misbehaviour.hang(), At.TAG)
                        .hangs(Verdict.STALLED, Step.MANIFEST, "manifest-timeout"),
                row("HEAD 404", Misbehaviour.status(404), At.HEAD).ready("head-refused", GRAPHDRIVER),
                row("HEAD 405", Misbehaviour.status(405), At.HEAD).ready(),
                row("HEAD with another digest", Misbehaviour.header("Docker-Content-Digest", otherDigest), At.HEAD)
                        .fails(Verdict.CORRUPT, Step.MANIFEST, "head-differs"),
                row("HEAD with another length", Misbehaviour.framedAs("Content-Length: 7"), At.HEAD)
                        .fails(Verdict.CORRUPT, Step.MANIFEST, "head-differs"),
                row("HEAD with another type", Misbehaviour.header("Content-Type", "text/html"), At.HEAD)
                        .fails(Verdict.CORRUPT, Step.MANIFEST, "head-differs"),
                row(
                                "HEAD with neither digest nor type",
                                Misbehaviour.says("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
                                At.HEAD)
                        .ready(),
                row("GET with another digest", Misbehaviour.header("Docker-Content-Digest", otherDigest), At.TAG)
                        .fails(Verdict.CORRUPT, Step.MANIFEST, "digest-mismatch"),
                row(
                                "a digest that climbs",
                                Misbehaviour.header("Docker-Content-Digest", "sha256:../../etc/passwd"),
                                At.TAG)
                        .fails(Verdict.CORRUPT, Step.MANIFEST, "digest-mismatch"),
                row("204", Misbehaviour.status(204), MANIFESTS).fails(Verdict.CORRUPT, Step.MANIFEST, "not-a-manifest"),
                row(
                                "206 with all of it",
                                Misbehaviour.reply(normal -> new Reply(206, normal.headers(), normal.body())),
                                At.TAG)
                        .ready(),
                row(
                                "206 with a part of it",
                                Misbehaviour.reply(normal -> new Reply(
                                                206, normal.headers(), java.util.Arrays.copyOf(normal.body(), 99))
                                        .and("Content-Range", "bytes 0-98/" + normal.body().length)),
                                At.TAG)
                        .fails(Verdict.CORRUPT, Step.MANIFEST, "digest-mismatch"),
                row("304", Misbehaviour.status(304), MANIFESTS)
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "odd-status"),
                row("302 without a place to go", Misbehaviour.status(302), MANIFESTS)
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "odd-status"),
                row("a wrong Content-Type", Misbehaviour.header("Content-Type", "text/plain"), MANIFESTS)
                        .fails(Verdict.CORRUPT, Step.MANIFEST, "not-a-manifest"),
                row("no Content-Type", Misbehaviour.withoutHeader("Content-Type"), MANIFESTS)
                        .fails(Verdict.CORRUPT, Step.MANIFEST, "not-a-manifest"),
                row("a page", Misbehaviour.page(200), MANIFESTS)
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "answers-a-page"),
                row("a page for the platform alone", Misbehaviour.page(200), At.PLATFORM)
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "answers-a-page"),
                row("a byte that flipped", Misbehaviour.corrupt(), At.PLATFORM)
                        .fails(Verdict.CORRUPT, Step.MANIFEST, "digest-mismatch"));
    }

    private static List<Hostile> redirects() {
        return List.of(
                redirect("a redirect to itself", Misbehaviour.redirectLoop())
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "too-many-redirects"),
                redirect("eleven redirects", Misbehaviour.redirectChain(11))
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "too-many-redirects"),
                row("three redirects", Misbehaviour.redirectChain(3), At.TAG).ready(),
                row("three redirects everywhere", Misbehaviour.redirectChain(3))
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "too-many-requests"),
                redirect("a redirect to a file", Misbehaviour.redirect("file:///etc/passwd"))
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "redirects-away"),
                redirect("a redirect to a file without slashes", Misbehaviour.redirect("file:/etc/passwd"))
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "redirects-away"),
                redirect("a redirect to a script", Misbehaviour.redirect("javascript:alert(1)"))
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "redirects-away"),
                redirect("a redirect to nothing", Misbehaviour.redirect(""))
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "odd-status"),
                redirect("a redirect to a port that is none", Misbehaviour.redirect("https://127.0.0.1:99999/"))
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "redirects-away"),
                redirect("a redirect to port 0", Misbehaviour.redirect("https://127.0.0.1:0/"))
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "redirects-away"),
                redirect("a redirect with a login in it", Misbehaviour.redirect("https://u:p@127.0.0.1/"))
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "redirects-away"),
                redirect("a redirect with escapes in it", Misbehaviour.redirect("https://127.0.0.1/\u001b[2J\u009b"))
                        .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "redirects-away"),
                redirect("a redirect of 60 kB", Misbehaviour.redirect("https://nowhere.example/" + "x".repeat(60_000)))
                        .fails(Verdict.UNREACHABLE, Step.MANIFEST, "redirects-nowhere"),
                redirect("a redirect to a name that is none", Misbehaviour.redirect("https://nowhere.example/"))
                        .fails(Verdict.UNREACHABLE, Step.MANIFEST, "redirects-nowhere"),
                redirect("a redirect to a name of 60 kB", Misbehaviour.redirect("https://" + "x".repeat(60_000) + "/"))
                        .fails(Verdict.UNREACHABLE, Step.MANIFEST, "redirects-nowhere"),
                redirect("a redirect to where nobody listens", Misbehaviour.redirect("https://127.0.0.1:1/"))
                        .fails(Verdict.UNREACHABLE, Step.MANIFEST, "connection-lost"),
                row(
                                "a relative redirect",
                                Misbehaviour.times(1, Misbehaviour.redirect("../manifests/./20-alpine?x=y")),
                                At.TAG)
                        .ready(),
                row(
                                "a redirect to a host that hangs",
                                stage -> stage.mirror()
                                        .with(
                                                Misbehaviour.redirectTo(
                                                        stage.another().get().with(Misbehaviour.hang())),
                                                At.TAG))
                        .hangs(Verdict.STALLED, Step.MANIFEST, "manifest-timeout"),
                row(
                                "a redirect from TLS to plain http",
                                stage -> stage.mirror()
                                        .withToken()
                                        .with(
                                                Misbehaviour.redirectTo(
                                                        stage.anotherPlain().get()),
                                                At.TAG))
                        .over(Transport.TLS)
                        .ready());
    }

    private static Hostile redirect(String name, Misbehaviour misbehaviour) {
        return row(name, misbehaviour, MANIFESTS);
    }

    /** From a mirror that counts as one on the Internet to where none may send us, however that is spelled. */
    private static List<Hostile> inward() {
        List<Hostile> rows = new ArrayList<>();
        List<String> inside = List.of(
                "127.0.0.2:1",
                "[::1]:1",
                "[::ffff:127.0.0.2]:1",
                "[::ffff:7f00:2]:1",
                "[::127.0.0.2]:1",
                "[64:ff9b::7f00:2]:1",
                "[2002:7f00:2::]:1",
                "[::]:1",
                "0.0.0.0:1",
                "0.1.2.3:1",
                "2130706434:1",
                "10.1.2.3",
                "172.16.0.1",
                "192.168.1.1",
                "169.254.169.254",
                "100.100.100.200",
                "[fe80::1]",
                "[fd00:ec2::254]",
                "metadata.test");
        for (String host : inside) {
            rows.add(redirect("a redirect inward to " + host, Misbehaviour.redirect("https://" + host + "/latest/"))
                    .outside()
                    .fails(Verdict.NOT_A_REGISTRY, Step.MANIFEST, "redirect-inward"));
        }
        rows.add(realm("a realm inside", "Bearer realm=\"https://metadata.test/token\"")
                .outside()
                .fails(Verdict.LOGIN_REQUIRED, Step.TOKEN, "realm-inward"));
        rows.add(token("a realm that leads inside", Misbehaviour.redirect("https://192.168.1.1/token"))
                .outside()
                .fails(Verdict.LOGIN_REQUIRED, Step.TOKEN, "realm-inward"));
        rows.add(row("/v2/ that leads inside", Misbehaviour.redirect("https://10.0.0.1/"), At.PING)
                .outside()
                .ready("ping-broken", CONTAINERD));
        rows.add(row("a blob inside", Misbehaviour.redirect("https://10.0.0.1/"), At.BLOB)
                .outside()
                .fails(Verdict.NOT_A_REGISTRY, Step.BLOB, "redirect-inward"));
        return rows;
    }

    private static List<Hostile> manifests() {
        String platform = ",\"platform\":{\"os\":\"linux\",\"architecture\":\"amd64\"}}";
        String entry = descriptor("\"sha256:" + "b".repeat(64) + "\"", "7").replaceFirst("}$", platform);
        return List.of(
                manifest("100,000 brackets", INDEX, "{\"manifests\":" + "[".repeat(100_000))
                        .fails(Verdict.CORRUPT, Step.MANIFEST, "not-a-manifest"),
                manifest("5,000 platforms within platforms", INDEX, "{\"manifests\":[" + "{\"platform\":".repeat(5_000))
                        .fails(Verdict.CORRUPT, Step.MANIFEST, "not-a-manifest"),
                manifest("40,000 entries", INDEX, "{\"manifests\":[" + "{},".repeat(40_000) + "{}]}")
                        .fails(Verdict.MISSING_IMAGE, Step.MANIFEST, "no-such-platform"),
                manifest("a million entries", INDEX, "{\"manifests\":[" + "{},".repeat(1_000_000) + "{}]}")
                        .fails(Verdict.CORRUPT, Step.MANIFEST, "manifest-too-long"),
                manifest("10,000 names", INDEX, names(10_000)).fails(Verdict.CORRUPT, Step.MANIFEST, "not-a-manifest"),
                manifest(
                                "a number of 5,000 digits",
                                MANIFEST,
                                image(
                                        CONFIG_DESCRIPTOR,
                                        descriptor("\"sha256:" + "a".repeat(64) + "\"", "9".repeat(5_000))))
                        .fails(Verdict.CORRUPT, Step.MANIFEST, "not-a-manifest"),
                manifest("two documents", MANIFEST, image(CONFIG_DESCRIPTOR, "") + "{}")
                        .fails(Verdict.CORRUPT, Step.MANIFEST, "not-a-manifest"),
                manifest(
                                "an index and an image in one",
                                MANIFEST,
                                "{\"manifests\":[" + entry + "],\"layers\":[],\"config\":" + CONFIG_DESCRIPTOR + "}")
                        .fails(Verdict.CORRUPT, Step.MANIFEST, "not-a-manifest"),
                manifest(
                                "no entry for our platform",
                                INDEX,
                                "{\"manifests\":[" + entry.replace("amd64", "s390x") + "]}")
                        .fails(Verdict.MISSING_IMAGE, Step.MANIFEST, "no-such-platform"),
                manifest("an entry that is not there", INDEX, "{\"manifests\":[" + entry + "]}")
                        .fails(Verdict.MISSING_IMAGE, Step.MANIFEST, "missing-image"),
                row("an index of indexes", HostileMirrors::indexOfIndexes, At.HEAD, At.TAG, At.PLATFORM)
                        .fails(Verdict.CORRUPT, Step.MANIFEST, "index-in-index"),
                manifest(
                                "the format of 2014",
                                "application/vnd.docker.distribution.manifest.v1+prettyjws",
                                "{\"schemaVersion\":1,\"fsLayers\":[]}")
                        .fails(Verdict.CORRUPT, Step.MANIFEST, "not-a-manifest"),
                manifest("no JSON", MANIFEST, "\u0000\u0001").fails(Verdict.CORRUPT, Step.MANIFEST, "not-a-manifest"),
                manifest("nothing", MANIFEST, "").fails(Verdict.CORRUPT, Step.MANIFEST, "not-a-manifest"));
    }

    private static Hostile manifest(String name, String mediaType, String json) {
        return row(name, Misbehaviour.manifest(mediaType, json), At.HEAD, At.TAG);
    }

    private static String names(int count) {
        StringBuilder names = new StringBuilder("{");
        for (int i = 0; i < count; i++) {
            names.append('"').append(Integer.toString(i, 36)).append("\":0,");
        }
        return names.append("\"x\":0}").toString();
    }

    private static String image(String config, String layers) {
        return "{\"schemaVersion\":2,\"config\":" + config + ",\"layers\":[" + layers + "]}";
    }

    private static boolean indexOfIndexes(FakeRegistry.Call call) throws java.io.IOException {
        String inner = "{\"schemaVersion\":2,\"manifests\":[]}";
        String outer = "{\"manifests\":["
                + descriptor("\"" + FakeImage.digest(FakeImage.bytes(inner)) + "\"", String.valueOf(inner.length()))
                        .replaceFirst("}$", ",\"platform\":{\"os\":\"linux\",\"architecture\":\"amd64\"}}")
                + "]}";
        boolean isPlatform = call.request().kind() == At.PLATFORM;
        return Misbehaviour.manifest(INDEX, isPlatform ? inner : outer).answer(call);
    }

    /** Configurations and layers that are not what an image may name. */
    private static List<Hostile> descriptors() {
        String good = "\"sha256:" + "a".repeat(64) + "\"";
        Map<String, String> wrong = Map.of(
                "a digest that climbs", descriptor("\"sha256:../../../etc/passwd\"", "7"),
                "a digest of an unknown kind", descriptor("\"crc32:00000000\"", "7"),
                "a digest that is a number", descriptor("7", "7"),
                "a digest with a header in it", descriptor("\"sha256:" + "a".repeat(62) + "\\r\\n\"", "7"),
                "no digest", "{\"size\":7}",
                "a negative size", descriptor(good, "-1"),
                "a size of 2^63", descriptor(good, "9223372036854775808"),
                "a size of 1e400", descriptor(good, "1e400"),
                "a size in words", descriptor(good, "\"seven\""));
        List<Hostile> rows = new ArrayList<>();
        wrong.forEach((name, descriptor) -> {
            rows.add(manifest("a layer with " + name, MANIFEST, image(CONFIG_DESCRIPTOR, descriptor))
                    .fails(Verdict.CORRUPT, Step.MANIFEST, "not-a-manifest"));
            rows.add(manifest("a configuration with " + name, MANIFEST, image(descriptor, CONFIG_DESCRIPTOR))
                    .fails(Verdict.CORRUPT, Step.MANIFEST, "not-a-manifest"));
        });
        String config =
                "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}";
        String digest = "\"" + FakeImage.digest(FakeImage.bytes(config)) + "\"";
        String configured = descriptor(digest, String.valueOf(config.length()));
        rows.add(row(
                "no layers",
                stage -> stage.mirror()
                        .with(Misbehaviour.manifest(MANIFEST, image(configured, "")), At.HEAD, At.TAG)
                        .with(Misbehaviour.content(FakeImage.bytes(config)), At.BLOB)));
        rows.add(row("a layer that says it is elsewhere", stage -> {
            String elsewhere = configured.replaceFirst(
                    "}$", ",\"urls\":[\"" + stage.another().get().url() + "/x\"]}");
            stage.mirror()
                    .with(Misbehaviour.manifest(MANIFEST, image(configured, elsewhere)), At.HEAD, At.TAG)
                    .with(Misbehaviour.content(FakeImage.bytes(config)), At.BLOB);
        }));
        rows.add(row(
                        "a layer of no bytes that has some",
                        stage -> stage.mirror()
                                .with(
                                        Misbehaviour.manifest(MANIFEST, image(configured, descriptor(digest, "0"))),
                                        At.HEAD,
                                        At.TAG)
                                .with(Misbehaviour.content(FakeImage.bytes(config)), At.BLOB))
                .fails(Verdict.CORRUPT, Step.BLOB, "blob-too-long"));
        rows.add(row(
                        "a configuration of 1 TB that comes",
                        stage -> stage.mirror()
                                .with(
                                        Misbehaviour.manifest(
                                                MANIFEST, image(descriptor(good, "1000000000000"), configured)),
                                        At.HEAD,
                                        At.TAG)
                                .with(Misbehaviour.floods("HTTP/1.1 200 OK\r\n\r\n", " "), At.BLOB))
                .fails(Verdict.CORRUPT, Step.BLOB, "config-too-long"));
        rows.add(row(
                "a layer of 2^62 bytes that comes",
                stage -> stage.mirror()
                        .with(
                                Misbehaviour.manifest(
                                        MANIFEST, image(configured, descriptor(good, "4611686018427387904"))),
                                At.HEAD,
                                At.TAG)
                        .with(
                                call -> (call.request().path().contains(digest.substring(1, digest.length() - 1))
                                                ? Misbehaviour.content(FakeImage.bytes(config))
                                                : Misbehaviour.floods("HTTP/1.1 200 OK\r\n\r\n", " "))
                                        .answer(call),
                                At.BLOB)));
        return rows;
    }

    private static List<Hostile> blobs() {
        return List.of(
                blob("a blob with a byte that flipped", Misbehaviour.corrupt())
                        .fails(Verdict.CORRUPT, Step.BLOB, "blob-mismatch"),
                blob("a configuration with a byte that flipped", Misbehaviour.belowSize(SMALL, Misbehaviour.corrupt()))
                        .fails(Verdict.CORRUPT, Step.BLOB, "blob-mismatch"),
                blob("a large layer with a byte that flipped", Misbehaviour.fromSize(LARGE, Misbehaviour.corrupt()))
                        .fails(Verdict.CORRUPT, Step.BLOB, "blob-mismatch"),
                blob(
                                "a small layer with a byte that flipped",
                                Misbehaviour.fromSize(SMALL, Misbehaviour.belowSize(LARGE, Misbehaviour.corrupt())))
                        .fails(Verdict.CORRUPT, Step.BLOB, "blob-mismatch"),
                blob("a layer cut short", Misbehaviour.fromSize(LARGE, Misbehaviour.truncate()))
                        .fails(Verdict.CORRUPT, Step.BLOB, "blob-cut-short"),
                blob("a layer reset in its midst", Misbehaviour.fromSize(LARGE, Misbehaviour.truncateByReset()))
                        .fails(Verdict.CORRUPT, Step.BLOB, "blob-cut-short"),
                blob("a blob of 100 MB", Misbehaviour.hugeBody(100_000_000))
                        .fails(Verdict.CORRUPT, Step.BLOB, "blob-too-long"),
                blob("a blob without an end", Misbehaviour.endlessBody())
                        .fails(Verdict.CORRUPT, Step.BLOB, "blob-too-long"),
                blob("a blob of chunks without an end", Misbehaviour.endlessChunks())
                        .fails(Verdict.CORRUPT, Step.BLOB, "blob-too-long"),
                blob("a zipped bomb for a blob", Misbehaviour.gzipBomb(50_000_000))
                        .fails(Verdict.CORRUPT, Step.BLOB, "blob-too-long"),
                blob(
                                "another range than asked for",
                                Misbehaviour.reply(normal -> new Reply(
                                                206, normal.headers(), java.util.Arrays.copyOf(normal.body(), 9))
                                        .and("Content-Range", "bytes 7-15/16")))
                        .fails(Verdict.CORRUPT, Step.BLOB, "blob-cut-short"),
                blob(
                                "a layer that stops half-way",
                                Misbehaviour.unlessRanged(Misbehaviour.fromSize(LARGE, Misbehaviour.stall())))
                        .hangs(Verdict.STALLED, Step.BLOB, "blob-(stalled|slow|timeout)"),
                blob(
                                "a layer that drips",
                                Misbehaviour.unlessRanged(Misbehaviour.fromSize(LARGE, Misbehaviour.drip(20))))
                        .hangs(Verdict.STALLED, Step.BLOB, "blob-(slow|timeout)"),
                blob("a configuration that hangs", Misbehaviour.belowSize(SMALL, Misbehaviour.hang()))
                        .hangs(Verdict.STALLED, Step.BLOB, "blob-timeout"),
                blob(
                                "a configuration that drips",
                                Misbehaviour.unlessRanged(Misbehaviour.belowSize(SMALL, Misbehaviour.drip(200))))
                        .hangs(Verdict.STALLED, Step.BLOB, "blob-timeout"),
                blob("blobs that hang", Misbehaviour.hang()).hangs(Verdict.STALLED, Step.BLOB, "blob-timeout"),
                blob("a page for a blob", Misbehaviour.page(200))
                        .fails(Verdict.NOT_A_REGISTRY, Step.BLOB, "answers-a-page"),
                blob("404 for blobs", Misbehaviour.status(404)).fails(Verdict.MISSING_IMAGE, Step.BLOB, "missing-blob"),
                blob("403 for blobs", Misbehaviour.status(403)).fails(Verdict.DENIED, Step.BLOB, "denied"),
                blob("429 for blobs", Misbehaviour.status(429)).fails(Verdict.RATE_LIMITED, Step.BLOB, "rate-limited"),
                blob("503 for blobs", Misbehaviour.status(503)).fails(Verdict.SERVER_ERROR, Step.BLOB, "server-error"),
                blob("204 for blobs", Misbehaviour.status(204)).fails(Verdict.CORRUPT, Step.BLOB, "blob-cut-short"),
                blob(
                                "416 for ranges",
                                call -> (call.request().header("range").isPresent()
                                                ? Misbehaviour.status(416)
                                                : Misbehaviour.none())
                                        .answer(call))
                        .ready(),
                blob("blobs reset", Misbehaviour.reset()).fails(Verdict.UNREACHABLE, Step.BLOB, "connection-lost"),
                blob("blobs that are no HTTP", Misbehaviour.garbage("nothing\r\n"))
                        .fails(Verdict.NOT_A_REGISTRY, Step.BLOB, "not-http"));
    }

    private static Hostile blob(String name, Misbehaviour misbehaviour) {
        return row(name, misbehaviour, At.BLOB);
    }

    private static List<Hostile> storage() {
        return List.of(
                row("a storage that takes no token", stage -> {
                            Misbehaviour picky = call -> (call.request()
                                                    .header("authorization")
                                                    .isPresent()
                                            ? Misbehaviour.status(400)
                                            : Misbehaviour.none())
                                    .answer(call);
                            FakeRegistry storage = stage.another().get().with(picky);
                            stage.mirror().withToken().with(Misbehaviour.redirectTo(storage), At.BLOB);
                        })
                        .ready(),
                row(
                                "a storage that hangs",
                                stage -> stage.mirror()
                                        .with(
                                                Misbehaviour.redirectTo(
                                                        stage.another().get().with(Misbehaviour.hang())),
                                                At.BLOB))
                        .hangs(Verdict.STALLED, Step.BLOB, "blob-timeout"),
                row(
                                "a storage that refuses",
                                stage -> stage.mirror()
                                        .with(
                                                Misbehaviour.redirectTo(
                                                        stage.another().get().with(Misbehaviour.status(403))),
                                                At.BLOB))
                        .fails(Verdict.DENIED, Step.BLOB, "denied"),
                row(
                                "a storage that is gone",
                                stage -> stage.mirror()
                                        .with(
                                                Misbehaviour.redirectTo(
                                                        stage.another().get().refusing()),
                                                At.BLOB))
                        .fails(Verdict.UNREACHABLE, Step.BLOB, "connection-lost"),
                row("a storage in a loop", Misbehaviour.redirectLoop(), At.BLOB)
                        .fails(Verdict.NOT_A_REGISTRY, Step.BLOB, "too-many-redirects"),
                row(
                                "a storage with another blob",
                                stage -> stage.mirror()
                                        .with(
                                                Misbehaviour.redirectTo(
                                                        stage.another().get().with(Misbehaviour.corrupt())),
                                                At.BLOB))
                        .fails(Verdict.CORRUPT, Step.BLOB, "blob-mismatch"),
                row("a storage that asks for our token", stage -> {
                            FakeRegistry storage = stage.another().get().withToken();
                            stage.mirror().withToken().with(Misbehaviour.redirectTo(storage), At.BLOB);
                        })
                        .fails(Verdict.LOGIN_REQUIRED, Step.BLOB, "login-required"));
    }

    /** What a server says of its refusal, all of which may reach a terminal. */
    private static List<Hostile> words() {
        return List.of(
                row("1 MB of words", Misbehaviour.status(403, "no ".repeat(350_000)), MANIFESTS)
                        .fails(Verdict.DENIED, Step.MANIFEST, "denied"),
                row("1 MB of words in an envelope", Misbehaviour.error(403, "DENIED", "no ".repeat(350_000)), MANIFESTS)
                        .fails(Verdict.DENIED, Step.MANIFEST, "denied"),
                row("words with terminal escapes", Misbehaviour.status(403, ESCAPES + "now run rm -rf"), MANIFESTS)
                        .fails(Verdict.DENIED, Step.MANIFEST, "denied"),
                row(
                                "words with terminal escapes in an envelope",
                                Misbehaviour.error(
                                        500, "X", "\\u001b[2J\\u009b31m\\n\\r\\u0007\\u202e\\u200f\\u2028\\u061c"),
                                MANIFESTS)
                        .fails(Verdict.SERVER_ERROR, Step.MANIFEST, "server-error"),
                row("words that are half a character", Misbehaviour.error(403, "X", "\\ud83d and \\udc00"), MANIFESTS)
                        .fails(Verdict.DENIED, Step.MANIFEST, "denied"),
                row(
                                "words cut within a character",
                                Misbehaviour.error(403, "X", "\\ud83d\\ude00".repeat(300)),
                                MANIFESTS)
                        .fails(Verdict.DENIED, Step.MANIFEST, "denied"),
                row(
                                "words that are no UTF-8",
                                call -> {
                                    call.write("HTTP/1.1 403 No\r\nContent-Length: 4\r\n\r\n\u00ff\u00fe\u0080\u00c0");
                                    return true;
                                },
                                MANIFESTS)
                        .fails(Verdict.DENIED, Step.MANIFEST, "denied"),
                row(
                                "a limit with escapes",
                                Misbehaviour.reply(normal ->
                                        Reply.of(429, "").and("Retry-After", "\u001b[2J" + "9".repeat(5_000))),
                                MANIFESTS)
                        .fails(Verdict.RATE_LIMITED, Step.MANIFEST, "rate-limited-until"),
                row(
                                "a reason phrase with escapes",
                                Misbehaviour.says("HTTP/1.1 403 \u001b[2J\u009b\r\nContent-Length: 0\r\n\r\n"),
                                MANIFESTS)
                        .fails(Verdict.DENIED, Step.MANIFEST, "denied"));
    }
}
