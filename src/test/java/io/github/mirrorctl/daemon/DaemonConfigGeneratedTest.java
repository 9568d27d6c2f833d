package io.github.mirrorctl.daemon;

import static io.github.mirrorctl.daemon.Generation.DOCUMENTS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.platform.ConfigStore;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.platform.Written;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Documents that nobody would write by hand, measured against Jackson's strict reader. */
class DaemonConfigGeneratedTest {
    private static final List<String> URLS = List.of("https://a", "https://b/", "http://c:5000", "https://d.example/p");
    private static final JsonMapper JACKSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final Random random = Generation.random();
    private final GeneratedJson json = new GeneratedJson(random);

    @Test
    void changes_nothing_but_the_mirrors() throws IOException {
        for (int i = 0; i < DOCUMENTS; i++) {
            List<String> old = urls();
            List<String> wanted = urls();
            String value = array(old);
            List<String> members = others();
            int place = random.nextInt(members.size() + 1);
            String head = json.blank() + "{" + json.blank() + joined(members.subList(0, place)) + "\"registry-mirrors\""
                    + json.blank() + ":" + json.blank();
            String tail = json.blank()
                    + members.subList(place, members.size()).stream()
                            .map(member -> "," + member)
                            .reduce("", String::concat)
                    + "}" + json.blank();

            TextEncoding encoding = json.pick(List.of(TextEncoding.values()));
            byte[] original = encoding.encode(head + value + tail);

            DaemonConfig config = DaemonConfig.parse(original, "f");
            byte[] edited = config.withMirrors(wanted);

            assertThat(config.mirrors()).isEqualTo(old);
            byte[] start = encoding.encode(head);
            assertThat(Arrays.copyOf(edited, start.length)).isEqualTo(start);
            byte[] end = Arrays.copyOfRange(original, encoding.encode(head + value).length, original.length);
            assertThat(Arrays.copyOfRange(edited, edited.length - end.length, edited.length))
                    .isEqualTo(end);
            assertThat(edited.length).isGreaterThanOrEqualTo(start.length + end.length + 2);
            assertSameButMirrors(head + value + tail, DaemonConfig.text(edited), wanted);
            assertThat(DaemonConfig.parse(edited, "f").withMirrors(wanted)).isEqualTo(edited);
        }
        Generation.report(DOCUMENTS, "documents with mirrors, edited");
    }

    @Test
    void adds_the_mirrors_in_one_place() throws IOException {
        for (int i = 0; i < DOCUMENTS; i++) {
            List<String> wanted = List.of("https://new", "https://b");
            String text = json.blank() + "{" + json.blank() + String.join(",", others()) + "}" + json.blank();

            String edited =
                    new String(DaemonConfig.parse(text.getBytes(UTF_8), "f").withMirrors(wanted), UTF_8);

            int same = 0;
            while (text.charAt(same) == edited.charAt(same)) {
                same++;
            }
            if (!text.replaceAll("\\s", "").equals("{}")) {
                int inserted = edited.length() - text.length();
                assertThat(edited.substring(same + inserted)).isEqualTo(text.substring(same));
            }
            assertSameButMirrors(text, edited, wanted);
        }
        Generation.report(DOCUMENTS, "documents without mirrors, added to");
    }

    /** By a backup, since the list that was there may have been spelled as we would not spell it. */
    @Test
    void is_undone_by_a_restore() throws Exception {
        Path top = Jimfs.newFileSystem(Configuration.unix().toBuilder()
                        .setAttributeViews("basic", "owner", "posix", "unix")
                        .build())
                .getPath("/");
        ConfigStore store = new ConfigStore(Host.of(top, Map.of(), "Linux", "/root", "root", "amd64"));
        Path file = Files.createDirectories(top.resolve("etc/docker")).resolve("daemon.json");
        for (int i = 0; i < DOCUMENTS; i++) {
            byte[] original = json.pick(List.of(TextEncoding.values())).encode(json.document());
            Files.write(file, original);
            byte[] edited = DaemonConfig.parse(original, "f").withMirrors(List.of("https://" + i));

            Written written = store.replace(store.read(file), edited, Instant.EPOCH);
            byte[] found = Files.readAllBytes(file);
            Written back =
                    store.restore(file, written.backup(), false, Instant.EPOCH).orElseThrow();

            assertThat(found).isEqualTo(edited);
            assertThat(file).hasBinaryContent(original);
            Files.delete(written.backup().file());
            Files.delete(back.backup().file());
        }
        Generation.report(DOCUMENTS, "documents written, and brought back by restore");
    }

    @Test
    void damaged_bytes_are_read_or_refused_and_nothing_else() {
        int refused = 0;
        for (int i = 0; i < DOCUMENTS; i++) {
            byte[] damaged =
                    json.damaged(json.pick(List.of(TextEncoding.values())).encode(json.document()));
            try {
                DaemonConfig config = DaemonConfig.parse(damaged, "f");
                byte[] edited = config.withMirrors(List.of("https://new"));

                assertThat(config.problems(Optional.empty())).doesNotContainNull();
                assertThat(DaemonConfig.parse(edited, "f").mirrors()).containsExactly("https://new");
            } catch (Fault fault) {
                assertThat(fault.code()).isEqualTo(FaultCode.CONFIG_INVALID);
                assertThat(fault.problems())
                        .isNotEmpty()
                        .allMatch(problem -> problem.place().orElseThrow().line() >= 1);
                refused++;
            }
        }
        assertThat(refused).isBetween(DOCUMENTS / 10, DOCUMENTS - DOCUMENTS / 10);
        Generation.report(DOCUMENTS, "documents with damaged bytes, " + refused + " of them refused");
    }

    @Test
    void accepts_and_refuses_what_a_strict_reader_does() throws IOException {
        int refused = 0;
        for (int i = 0; i < 5 * DOCUMENTS; i++) {
            String text = "{" + json.blank() + String.join(",", others()) + "}";
            for (int damage = random.nextInt(3); damage > 0; damage--) {
                text = json.broken(text);
            }

            if (text.isBlank()) {
                continue;
            }
            boolean jackson = isReadable(text);
            boolean ours = isOurs(text);

            assertThat(ours).as(text).isEqualTo(jackson);
            refused += ours ? 0 : 1;
        }
        assertThat(refused).isBetween(DOCUMENTS / 2, 5 * DOCUMENTS - DOCUMENTS / 2);
        Generation.report(5 * DOCUMENTS, "documents with mistakes, " + refused + " of them refused");
    }

    private static boolean isReadable(String text) {
        try (JsonParser parser = JACKSON.getFactory().createParser(text)) {
            parser.nextToken();
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isOurs(String text) {
        try {
            JsonReader.read(new SourceText("f", text));
            return true;
        } catch (Fault e) {
            return false;
        }
    }

    private static void assertSameButMirrors(String before, String after, List<String> mirrors) throws IOException {
        ObjectNode expected = (ObjectNode) JACKSON.readTree(before);
        expected.remove("registry-mirrors");
        JsonNode found = JACKSON.readTree(after);

        assertThat(IntStream.range(0, found.get("registry-mirrors").size())
                        .mapToObj(i -> found.get("registry-mirrors").get(i).textValue()))
                .isEqualTo(mirrors);
        ((ObjectNode) found).remove("registry-mirrors");
        assertThat(found).isEqualTo(expected);
    }

    private List<String> urls() {
        return URLS.stream().filter(url -> random.nextBoolean()).toList();
    }

    private String array(List<String> urls) {
        List<String> entries = new ArrayList<>();
        for (String url : urls) {
            String spelled = random.nextBoolean() ? url : url.replace("/", "\\/");
            entries.add(json.blank() + '"' + spelled + '"' + json.blank());
        }
        return "[" + json.blank() + String.join(",", entries) + "]";
    }

    private List<String> others() {
        List<String> members = new ArrayList<>();
        int size = random.nextInt(4);
        for (int i = 0; i < size; i++) {
            members.add(json.blank() + json.member("key" + i, json.value(3)));
        }
        return members;
    }

    private static String joined(List<String> members) {
        return members.stream().map(member -> member + ",").reduce("", String::concat);
    }
}
