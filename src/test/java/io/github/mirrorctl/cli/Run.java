package io.github.mirrorctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.github.mirrorctl.platform.Host;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One run of the program inside the test, and what came of it. Failures show all of it. */
record Run(List<String> args, int exit, String out, String err) {
    static final Instant NOW = Instant.parse("2026-11-24T03:00:00Z");

    /** A machine and a terminal to run on. */
    record Machine(Path root, Map<String, String> environment, Charset charset, boolean isTerminal, String user) {

        /** Below a folder, where the user's own catalog is looked for too. */
        static Machine at(Path root) {
            return new Machine(
                    root,
                    Map.of("LANG", "en_US.UTF-8", "XDG_CONFIG_HOME", root + "/.config"),
                    StandardCharsets.UTF_8,
                    false,
                    "root");
        }

        /** With somebody else than root at it, whose files lie in the home of that name. */
        Machine of(String name) {
            Map<String, String> changed = new HashMap<>(environment);
            changed.remove("XDG_CONFIG_HOME");
            return new Machine(root, changed, charset, isTerminal, name);
        }

        Machine with(String variable, String value) {
            Map<String, String> changed = new HashMap<>(environment);
            changed.put(variable, value);
            return new Machine(root, changed, charset, isTerminal, user);
        }

        Machine speaking(Charset other) {
            return new Machine(root, environment, other, isTerminal, user);
        }

        /** With both streams ending at a terminal. */
        Machine atTerminal() {
            return new Machine(root, environment, charset, true, user);
        }

        Run run(String... args) {
            return runWith("", args);
        }

        Run runWith(String standardInput, String... args) {
            return runWith(standardInput.getBytes(StandardCharsets.UTF_8), args);
        }

        Run runWith(byte[] standardInput, String... args) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            Console console = new Console(
                    new ByteArrayInputStream(standardInput),
                    new PrintStream(out, true, charset),
                    new PrintStream(err, true, charset),
                    charset,
                    isTerminal,
                    isTerminal);
            String home = user.equals("root") ? "/root" : "/home/" + user;
            Host host = Host.of(root, environment, "Linux", home, user, "amd64");
            int exit = Mirrorctl.run(args, console, host, Clock.fixed(NOW, ZoneOffset.UTC), new PointOfNoReturn());
            return new Run(List.of(args), exit, out.toString(charset), err.toString(charset));
        }
    }

    Run exits(int code) {
        assertThat(exit).as(toString()).isEqualTo(code);
        return this;
    }

    /** The document on standard output, which must be one and keep to its published schema. */
    JsonNode json() {
        JsonNode document;
        try {
            document = JsonMapper.builder().build().readTree(out);
        } catch (JsonProcessingException e) {
            throw new AssertionError(toString(), e);
        }
        String name = document.has("error") ? "error" : document.path("command").asText();
        try (InputStream schema =
                Mirrorctl.class.getResourceAsStream("/io/github/mirrorctl/schema/" + name + ".schema.json")) {
            String text = new String(schema.readAllBytes(), StandardCharsets.UTF_8);
            var errors = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(text, InputFormat.JSON)
                    .validate(out, InputFormat.JSON);
            assertThat(errors).as(toString()).isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return document;
    }

    @Override
    public String toString() {
        return "mirrorctl " + String.join(" ", args) + "\nexit " + exit + "\n--- stdout\n" + out + "--- stderr\n" + err;
    }
}
