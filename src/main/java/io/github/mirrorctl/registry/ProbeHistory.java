package io.github.mirrorctl.registry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What earlier probes of this machine found, as it is kept between runs: a line of JSON for each run, oldest first. Text
 * to value to text, no I/O.
 *
 * @param runs oldest first
 */
public record ProbeHistory(List<Run> runs) {
    /** Two a day for half a year; some 2 MB with a hundred mirrors each. */
    public static final int MOST_RUNS = 400;

    private static final JsonFactory JSON = new JsonFactory();

    public ProbeHistory {
        runs = List.copyOf(runs);
    }

    /**
     * One probe.
     *
     * @param image what was asked for, as {@code docker.io/library/node:20-alpine}
     */
    public record Run(Instant time, String image, Depth depth, List<Entry> mirrors) {
        public Run {
            mirrors = List.copyOf(mirrors);
        }

        /** What the run found of a mirror; empty where it did not look at it. */
        public Optional<Entry> of(String url) {
            return mirrors.stream().filter(entry -> entry.url().equals(url)).findFirst();
        }
    }

    /**
     * What a run found of a mirror.
     *
     * @param rank counted from 1; empty where it had none
     * @param roundTrip what {@link Latency#roundTrip} says
     * @param pull the estimated time of a whole pull
     */
    public record Entry(
            String url,
            Verdict verdict,
            OptionalInt rank,
            Optional<Duration> roundTrip,
            OptionalDouble bytesPerSecond,
            Optional<Duration> pull) {

        /**
         * What is kept of a result.
         *
         * @param rank counted from 1; 0 where it has none
         */
        public static Entry of(ProbeResult result, int rank) {
            return new Entry(
                    result.candidate().url().toString(),
                    result.verdict(),
                    rank > 0 ? OptionalInt.of(rank) : OptionalInt.empty(),
                    result.latency().roundTrip(),
                    result.sample().map(Sample::bytesPerSecond).orElse(OptionalDouble.empty()),
                    result.sample().map(Sample::pull));
        }
    }

    /** A run as the line that is kept, without its end. */
    public static String line(Run run) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("time", run.time().toString());
            json.writeStringField("image", run.image());
            json.writeStringField("depth", run.depth().key());
            json.writeArrayFieldStart("mirrors");
            for (Entry entry : run.mirrors()) {
                write(json, entry);
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, Entry entry) throws IOException {
        json.writeStartObject();
        json.writeStringField("url", entry.url());
        json.writeStringField("verdict", entry.verdict().key());
        if (entry.rank().isPresent()) {
            json.writeNumberField("rank", entry.rank().getAsInt());
        }
        if (entry.roundTrip().isPresent()) {
            json.writeNumberField("roundTripMicros", entry.roundTrip().get().toNanos() / 1000);
        }
        if (entry.bytesPerSecond().isPresent()) {
            json.writeNumberField(
                    "bytesPerSecond", Math.round(entry.bytesPerSecond().getAsDouble()));
        }
        if (entry.pull().isPresent()) {
            json.writeNumberField("pullMillis", entry.pull().get().toMillis());
        }
        json.writeEndObject();
    }

    /** Reads what was kept. A line that is damaged, or that a newer version wrote in its own way, is left out. */
    public static ProbeHistory parse(List<String> lines) {
        List<Run> runs = new ArrayList<>();
        for (String line : lines) {
            parseRun(line).ifPresent(runs::add);
        }
        return new ProbeHistory(runs);
    }

    private static Optional<Run> parseRun(String line) {
        try (JsonParser json = JSON.createParser(line)) {
            Map<String, String> members = new HashMap<>();
            List<Entry> mirrors = new ArrayList<>();
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if (name.equals("mirrors") && value == JsonToken.START_ARRAY) {
                    while (json.nextToken() == JsonToken.START_OBJECT) {
                        entry(scalars(json)).ifPresent(mirrors::add);
                    }
                } else if (value.isScalarValue()) {
                    members.put(name, json.getText());
                } else {
                    json.skipChildren();
                }
            }
            Optional<Depth> depth = Depth.named(members.getOrDefault("depth", ""));
            return depth.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Run(
                            Instant.parse(members.getOrDefault("time", "")),
                            members.getOrDefault("image", ""),
                            depth.get(),
                            mirrors));
        } catch (IOException | DateTimeException | NumberFormatException damaged) {
            return Optional.empty();
        }
    }

    /** The members of the object that has begun, up to its end. */
    private static Map<String, String> scalars(JsonParser json) throws IOException {
        Map<String, String> members = new HashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            if (json.nextToken().isScalarValue()) {
                members.put(name, json.getText());
            } else {
                json.skipChildren();
            }
        }
        return members;
    }

    private static Optional<Entry> entry(Map<String, String> members) {
        Optional<String> url = Optional.ofNullable(members.get("url"));
        Optional<Verdict> verdict = Verdict.named(members.getOrDefault("verdict", ""));
        return url.isEmpty() || verdict.isEmpty()
                ? Optional.empty()
                : Optional.of(new Entry(
                        url.get(),
                        verdict.get(),
                        number(members, "rank")
                                .map(n -> OptionalInt.of(n.intValue()))
                                .orElse(OptionalInt.empty()),
                        number(members, "roundTripMicros").map(n -> Duration.ofNanos(n * 1000)),
                        number(members, "bytesPerSecond")
                                .map(OptionalDouble::of)
                                .orElse(OptionalDouble.empty()),
                        number(members, "pullMillis").map(Duration::ofMillis)));
    }

    private static Optional<Long> number(Map<String, String> members, String name) {
        return Optional.ofNullable(members.get(name)).map(Long::valueOf);
    }
}
