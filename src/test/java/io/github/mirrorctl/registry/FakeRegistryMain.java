package io.github.mirrorctl.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.mirrorctl.registry.FakeRegistry.At;
import io.github.mirrorctl.registry.FakeRegistry.Reply;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Runs fake registries as a process of their own, for tests of the launcher and of real engines. It prints a line
 * {@code NAME<TAB>URL<TAB>DIGEST} for each and then {@code ready}, and ends when its standard input does.
 *
 * <p>Its argument is a file (in it, only {@code name} is needed):
 *
 * <pre>{@code
 * {"log": "/tmp/requests.jsonl",
 *  "mirrors": [{"name": "good", "host": "127.0.0.1", "port": 0, "image": "library/node:20-alpine",
 *               "mediaTypes": "docker", "seed": 1, "layerBytes": 256,
 *               "challenge": ["Bearer realm=\"{url}/token\",service=\"x\""], "challengeAt": ["ping", "tag"],
 *               "faults": [{"at": ["manifest"], "do": "status", "status": 403, "body": "…"}]}]}
 * }</pre>
 *
 * or else one argument for each mirror: {@code NAME}, or {@code NAME=PLACE:FAULT[:VALUE],…} such as
 * {@code limited=manifest:status:429}. Places are those of {@link At}, {@code manifest} for all three of them, and
 * {@code any}. The log has a line of JSON for each request.
 */
final class FakeRegistryMain {
    private static final ObjectMapper JSON = new ObjectMapper();

    private FakeRegistryMain() {}

    public static void main(String[] args) throws IOException {
        JsonNode world = args.length == 1 && Files.isRegularFile(Path.of(args[0]))
                ? JSON.readTree(Path.of(args[0]).toFile())
                : fromWords(args);
        Map<String, FakeRegistry> started = new LinkedHashMap<>();
        try (BufferedWriter log = log(world)) {
            for (JsonNode mirror : world.path("mirrors")) {
                String name = mirror.path("name").asText();
                FakeRegistry registry = start(mirror);
                registry.loggingTo(request -> write(log, name, request));
                started.put(name, registry);
                System.out.println(
                        name + "\t" + registry.url() + "\t" + image(mirror).digest());
            }
            System.out.println("ready");
            while (System.in.read() >= 0) {
                // Whoever started us holds the other end.
            }
        }
        started.values().forEach(FakeRegistry::close);
    }

    private static ObjectNode fromWords(String[] words) {
        ObjectNode world = JSON.createObjectNode();
        for (String word : words) {
            ObjectNode mirror = world.withArray("mirrors").addObject();
            String[] nameAndFaults = word.split("=", 2);
            mirror.put("name", nameAndFaults[0]);
            String faults = nameAndFaults.length == 2 ? nameAndFaults[1] : "";
            for (String fault : faults.isEmpty() ? new String[0] : faults.split(",")) {
                String[] parts = fault.split(":", 3);
                ObjectNode node = mirror.withArray("faults").addObject();
                node.putArray("at").add(parts[0]);
                node.put("do", parts[1]);
                if (parts.length == 3) {
                    node.put("value", parts[2]);
                }
            }
        }
        return world;
    }

    private static BufferedWriter log(JsonNode world) throws IOException {
        String file = world.path("log").asText("");
        return file.isEmpty()
                ? new BufferedWriter(java.io.Writer.nullWriter())
                : Files.newBufferedWriter(Path.of(file), StandardCharsets.UTF_8);
    }

    private static void write(BufferedWriter log, String mirror, FakeRegistry.Request request) {
        ObjectNode line = JSON.createObjectNode();
        line.put("mirror", mirror).put("method", request.method()).put("path", request.path());
        line.set("headers", JSON.valueToTree(request.headers()));
        synchronized (log) {
            try {
                log.write(line + "\n");
                log.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static FakeImage image(JsonNode mirror) {
        return FakeImage.of(
                mirror.path("image").asText("library/node:20-alpine"),
                FakeImage.MediaTypes.valueOf(
                        mirror.path("mediaTypes").asText("docker").toUpperCase(Locale.ROOT)),
                mirror.path("seed").asLong(1),
                mirror.path("layerBytes").asInt(256));
    }

    private static FakeRegistry start(JsonNode mirror) {
        FakeRegistry registry = FakeRegistry.serving(
                image(mirror),
                new InetSocketAddress(
                        mirror.path("host").asText("127.0.0.1"),
                        mirror.path("port").asInt(0)));
        for (JsonNode fault : mirror.path("faults")) {
            String what = fault.path("do").asText();
            switch (what) {
                case "refuse" -> registry.refusing();
                case "token" -> registry.withToken();
                default -> registry.with(misbehaviour(what, fault), places(fault.path("at")));
            }
        }
        List<String> challenges = new ArrayList<>();
        mirror.path("challenge").forEach(challenge -> challenges.add(challenge.asText()));
        if (mirror.has("challengeAt")) {
            registry.withChallengeAt(
                    java.util.Set.of(places(mirror.path("challengeAt"))), challenges.toArray(new String[0]));
        } else if (mirror.has("challenge")) {
            registry.withChallenge(challenges.toArray(new String[0]));
        }
        return registry;
    }

    /** No place, and {@code any}, mean every answer. */
    private static At[] places(JsonNode names) {
        List<At> places = new ArrayList<>();
        for (JsonNode name : names) {
            switch (name.asText()) {
                case "any" -> {
                    return new At[0];
                }
                case "manifest" -> places.addAll(List.of(At.HEAD, At.TAG, At.PLATFORM));
                default -> places.add(At.valueOf(name.asText().toUpperCase(Locale.ROOT)));
            }
        }
        return places.toArray(new At[0]);
    }

    private static Misbehaviour misbehaviour(String name, JsonNode fault) {
        String value = fault.path("value").asText("");
        return switch (name) {
            case "status" -> status(fault.path("status").asInt(number(value, 500)), fault);
            case "page" -> Misbehaviour.page(number(value, 200));
            case "redirect" -> Misbehaviour.redirect(value);
            case "redirect-loop" -> Misbehaviour.redirectLoop();
            case "header" -> Misbehaviour.header(value.split(":", 2)[0], value.split(":", 2)[1]);
            case "no-header" -> Misbehaviour.withoutHeader(value);
            case "body" -> Misbehaviour.body(FakeImage.bytes(value));
            case "corrupt" -> Misbehaviour.corrupt();
            case "hang" -> Misbehaviour.hang();
            case "stall" -> Misbehaviour.stall();
            case "drip" -> Misbehaviour.drip(number(value, 100));
            case "late" -> Misbehaviour.late(number(value, 300));
            case "truncate" -> Misbehaviour.truncate();
            case "truncate-reset" -> Misbehaviour.truncateByReset();
            case "reset" -> Misbehaviour.reset();
            case "close" -> Misbehaviour.close();
            case "garbage" -> Misbehaviour.garbage(value.isEmpty() ? "SSH-2.0-OpenSSH_9.2\r\n" : value);
            case "chunked" -> Misbehaviour.chunked(number(value, 100));
            case "http10" -> Misbehaviour.http10();
            case "interim" -> Misbehaviour.interim(number(value, 1));
            case "many-headers" -> Misbehaviour.manyHeaders(number(value, 10_000));
            case "long-header" -> Misbehaviour.longHeader(number(value, 10_000_000));
            case "huge" -> Misbehaviour.hugeBody(number(value, 100_000_000));
            case "endless" -> Misbehaviour.endlessBody();
            case "gzip-bomb" -> Misbehaviour.gzipBomb(number(value, 50_000_000));
            default -> throw new IllegalArgumentException("no fault is called " + name);
        };
    }

    private static Misbehaviour status(int status, JsonNode fault) {
        return Misbehaviour.reply(normal -> {
            Reply reply = fault.has("code")
                    ? Reply.error(
                            status,
                            fault.path("code").asText(),
                            fault.path("message").asText())
                    : Reply.of(status, fault.path("body").asText(""));
            String retryAfter = fault.path("retryAfter").asText("");
            return retryAfter.isEmpty() ? reply : reply.and("Retry-After", retryAfter);
        });
    }

    private static int number(String text, int otherwise) {
        return text.isEmpty() ? otherwise : Integer.parseInt(text);
    }
}
