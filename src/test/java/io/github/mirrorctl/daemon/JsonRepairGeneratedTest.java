package io.github.mirrorctl.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.mirrorctl.fault.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Broken documents whose right form is known, and documents broken at random. A failure names the seed of its own. */
class JsonRepairGeneratedTest {
    private static final int DOCUMENTS = Generation.DOCUMENTS;
    private static final Pattern TOKEN =
            Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"|[{}\\[\\]:,]|[^\\s{}\\[\\]:,\"]+|\\s+");
    private static final Pattern PLAIN = Pattern.compile("\"[^'’‘“”\"\\\\]*\"");
    private static final Pattern KEY = Pattern.compile("\"[A-Za-z_][A-Za-z0-9_-]*\"");
    private static final JsonMapper JACKSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final JsonMapper LENIENT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .enable(JsonReadFeature.ALLOW_YAML_COMMENTS)
            .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
            .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .build();

    private Random random = Generation.random();
    private GeneratedJson json = new GeneratedJson(random);

    private void seed(long seed) {
        random = Generation.random(seed);
        json = new GeneratedJson(random);
    }

    @Test
    void a_mended_document_says_what_the_right_one_said() throws IOException {
        int mended = 0;
        for (long seed = 0; seed < DOCUMENTS; seed++) {
            seed(seed);
            String right = document();
            String broken = damaged(right);

            Optional<String> repaired = repaired(broken);

            if (repaired.isPresent()) {
                assertThat(JACKSON.readTree(repaired.get()))
                        .as("seed " + seed + "\n" + ascii(broken + "\n->\n" + repaired.get()))
                        .isEqualTo(JACKSON.readTree(right));
                mended++;
            }
        }
        assertThat(mended).isGreaterThan(DOCUMENTS / 10 * 9);
        Generation.report(DOCUMENTS, "documents with accidents, " + mended + " of them mended");
    }

    @Test
    void random_damage_is_mended_to_what_a_lenient_reader_sees_or_refused() throws IOException {
        int mended = 0;
        for (long seed = 0; seed < 5L * DOCUMENTS; seed++) {
            seed(seed);
            String broken = encodable(json.broken(random.nextBoolean() ? document() : damaged(document())));

            Optional<String> repaired = repaired(broken);

            if (repaired.isPresent()) {
                String what = "seed " + seed + "\n" + ascii(broken + "\n->\n" + repaired.get());
                Optional<JsonNode> lenient = lenient(broken);
                if (lenient.isPresent()) {
                    assertThat(withoutMirrors(JACKSON.readTree(repaired.get())))
                            .as(what)
                            .isEqualTo(withoutMirrors(lenient.get()));
                }
                DaemonConfig.Repaired again = DaemonConfig.repair(repaired.get().getBytes(UTF_8), "f");
                assertThat(again.mends()).as(what).isEmpty();
                assertThat(again.config().content())
                        .as(what)
                        .isEqualTo(repaired.get().getBytes(UTF_8));
                mended++;
            }
        }
        assertThat(mended).isBetween(DOCUMENTS, 5 * DOCUMENTS - DOCUMENTS);
        Generation.report(5 * DOCUMENTS, "documents with random damage, " + mended + " of them mended");
    }

    /** Half a surrogate pair has no bytes. */
    private static String encodable(String text) {
        return new String(text.getBytes(UTF_8), UTF_8);
    }

    /** Test reports lose what their encoding does not have. */
    private static String ascii(String text) {
        StringBuilder ascii = new StringBuilder();
        text.chars().forEach(c -> ascii.append(c < 128 ? String.valueOf((char) c) : String.format("\\u%04x", c)));
        return ascii.toString();
    }

    private static Optional<String> repaired(String text) {
        byte[] content = text.getBytes(UTF_8);
        try {
            DaemonConfig repaired = DaemonConfig.repair(content, "f").config();
            String mended = new String(repaired.content(), UTF_8);
            DaemonConfig.parse(repaired.content(), "f");
            return mended.isBlank() ? Optional.empty() : Optional.of(mended);
        } catch (Fault fault) {
            assertThat(fault.problems()).as(text).hasSizeGreaterThan(1);
            return Optional.empty();
        }
    }

    /** Jackson takes an invisible character for a part of a name. */
    private static Optional<JsonNode> lenient(String text) {
        try {
            return Optional.of(LENIENT.readTree(text.replace("\u200b", "")));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static JsonNode withoutMirrors(JsonNode document) {
        ((ObjectNode) document).remove("registry-mirrors");
        return document;
    }

    private String document() {
        StringBuilder text = new StringBuilder(json.blank()).append('{').append(json.blank());
        int size = random.nextInt(4);
        for (int i = 0; i < size; i++) {
            text.append(json.member("key" + i, json.value(3))).append(',').append(json.blank());
        }
        String mirrors = json.pick(List.of("[\"https://a\", \"https://b/\"]", "[\n  \"http://c:5000\"\n]", "[]"));
        return text.append(json.member("registry-mirrors", mirrors))
                .append('}')
                .append(json.blank())
                .toString();
    }

    /** The same document with accidents of which each alone leaves no doubt what was meant. */
    private String damaged(String right) {
        List<String> tokens = new ArrayList<>();
        Matcher token = TOKEN.matcher(right);
        while (token.find()) {
            tokens.add(token.group());
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < tokens.size(); i++) {
            String spelled = tokens.get(i);
            text.append(random.nextInt(8) == 0 ? accident(spelled, tokens, i) : spelled);
        }
        return switch (random.nextInt(12)) {
            case 0 -> "sudo tee /etc/docker/daemon.json <<'EOF'\n" + text + "\nEOF\nsudo systemctl reload docker\n";
            case 1 -> text + "\nEOF\n";
            case 2 -> text + "}";
            case 3 -> text.substring(0, text.lastIndexOf("}"));
            default -> text.toString();
        };
    }

    private String accident(String token, List<String> tokens, int i) {
        boolean isText = token.startsWith("\"");
        if (isText && PLAIN.matcher(token).matches()) {
            String inside = token.substring(1, token.length() - 1);
            boolean isName = tokens.subList(i + 1, tokens.size()).stream()
                    .filter(next -> !next.isBlank())
                    .findFirst()
                    .filter(":"::equals)
                    .isPresent();
            return isName && KEY.matcher(token).matches()
                    ? inside
                    : json.pick(List.of("'%'", "“%”", "”%”", "‘%’", "\"%”", "“%\"", "＂%＂"))
                            .replace("%", inside);
        }
        if (isText || !token.matches("[{}\\[\\]:,]|\\s+")) {
            return token + json.pick(List.of(" // x, \"y\": [\n", " # '}\n", "/* { */"));
        }
        return switch (token) {
            case "{" -> json.pick(List.of("｛", "{ # {\n", "{\u00a0"));
            case "[" -> json.pick(List.of("［", "[ // [\n", "【"));
            case "}", "]" -> (hasEntry(tokens, i) ? json.pick(List.of(",", "， ", ",,\n")) : "\u3000") + token;
            case ":" -> json.pick(List.of("：", "=", " = "));
            case "," -> opens(tokens, i) ? json.pick(List.of("\n", "，", ",,")) : json.pick(List.of("，", ", ,"));
            default -> token + json.pick(List.of("\u00a0", "// x\n", "/* \" */", "\u200b"));
        };
    }

    private static boolean hasEntry(List<String> tokens, int closer) {
        String before = tokens.subList(0, closer).stream()
                .filter(token -> !token.isBlank())
                .reduce((a, b) -> b)
                .orElseThrow();
        return !before.equals("{") && !before.equals("[");
    }

    private static boolean opens(List<String> tokens, int comma) {
        String next = tokens.subList(comma + 1, tokens.size()).stream()
                .filter(token -> !token.isBlank())
                .findFirst()
                .orElseThrow();
        return next.startsWith("\"") || next.equals("{") || next.equals("[");
    }
}
