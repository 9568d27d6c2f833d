package io.github.mirrorctl.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorctl.daemon.DockerInfo;
import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.mirror.Status;
import io.github.mirrorctl.platform.Reason;
import io.github.mirrorctl.registry.Verdict;
import io.github.mirrorctl.task.CheckTask;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class MessagesTest {
    private static final Pattern PLACE = Pattern.compile("\\{\\d}");

    private static Map<String, String> bundle(String name) throws Exception {
        Properties properties = new Properties();
        try (var in = MessagesTest.class.getResourceAsStream(name)) {
            properties.load(new java.io.InputStreamReader(in, java.nio.charset.StandardCharsets.UTF_8));
        }
        TreeMap<String, String> sorted = new TreeMap<>();
        properties.stringPropertyNames().forEach(key -> sorted.put(key, properties.getProperty(key)));
        return sorted;
    }

    private static Set<String> places(String sentence) {
        return PLACE.matcher(sentence).results().map(MatchResult::group).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void both_languages_have_the_same_keys_and_places() throws Exception {
        Map<String, String> english = bundle("messages.properties");
        Map<String, String> chinese = bundle("messages_zh.properties");

        assertThat(chinese.keySet()).isEqualTo(english.keySet());
        english.forEach((key, sentence) ->
                assertThat(places(chinese.getOrDefault(key, ""))).as(key).isEqualTo(places(sentence)));
    }

    @Test
    void a_single_apostrophe_never_eats_a_place() throws Exception {
        for (String file : Set.of("messages.properties", "messages_zh.properties")) {
            bundle(file).forEach((key, sentence) -> {
                boolean isForPicocli =
                        key.startsWith("usage.") || key.startsWith("option.") || key.startsWith("mirrorctl.");
                if (!isForPicocli || !places(sentence).isEmpty()) {
                    assertThat(sentence.replace("''", "")).as(key).doesNotContain("'");
                }
            });
        }
    }

    @Test
    void sentences_are_read_as_a_properties_file_is() throws Exception {
        for (String file : Set.of("messages.properties", "messages_zh.properties")) {
            Sentences sentences = Sentences.of(file);
            Map<String, String> expected = bundle(file);

            assertThat(sentences.keySet()).isEqualTo(expected.keySet());
            expected.forEach((key, sentence) ->
                    assertThat(sentences.getString(key)).as(key).isEqualTo(sentence));
        }
    }

    @Test
    void sentences_are_filled_as_a_message_format_fills_them() throws Exception {
        String[] arguments = {"a 'b' {1}", "{}", "5000", "d", "e"};
        for (Locale locale : List.of(Locale.ENGLISH, Locale.CHINESE)) {
            Messages messages = Messages.of(locale);
            bundle(locale.equals(Locale.ENGLISH) ? "messages.properties" : "messages_zh.properties")
                    .forEach((key, sentence) -> {
                        boolean isForPicocli =
                                key.startsWith("usage.") || key.startsWith("option.") || key.startsWith("mirrorctl.");
                        boolean isFilledFirst = sentence.contains("{sudo") || sentence.contains("{options}");
                        if (!isForPicocli && !isFilledFirst) {
                            String expected = new MessageFormat(sentence, locale).format(arguments);
                            assertThat(messages.text(key, arguments)).as(key).isEqualTo(expected.strip());
                        }
                    });
        }
    }

    static Stream<String> keys() {
        return Stream.of(
                        Stream.of(FaultCode.values()).map(code -> "fault." + code.key()),
                        Stream.of(Verdict.values()).map(verdict -> "verdict." + verdict.key()),
                        Stream.of(Status.values()).map(status -> "status." + status.key()),
                        Stream.of(Reason.values()).map(reason -> "reason." + reason.key()),
                        Stream.of(CheckTask.Verdict.values()).map(verdict -> "check." + verdict.key()),
                        Stream.of(DockerInfo.Trouble.values())
                                .filter(trouble -> trouble != DockerInfo.Trouble.NONE)
                                .map(trouble -> "problem." + trouble.key()))
                .flatMap(key -> key);
    }

    @ParameterizedTest
    @MethodSource("keys")
    void everything_that_can_be_said_has_a_sentence(String key) throws Exception {
        assertThat(bundle("messages.properties")).containsKey(key);
    }

    /** The codes stand in the sources as texts, so the sources are what knows them all. */
    @Test
    void every_code_in_the_sources_has_a_sentence() throws Exception {
        Map<String, String> bundle = bundle("messages.properties");
        Pattern code = Pattern.compile("(Problem\\.(?:error|warning|of)|Reason\\.of)\\(\\s*\"([a-z-]+)\"");
        Set<String> found = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                code.matcher(Files.readString(file))
                        .results()
                        .forEach(match -> found.add(
                                (match.group(1).startsWith("Problem") ? "problem." : "reason.") + match.group(2)));
            }
        }

        assertThat(found).hasSizeGreaterThan(50);
        assertThat(bundle.keySet()).containsAll(found);
    }

    @Test
    void an_english_reader_on_a_chinese_machine_gets_english() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.SIMPLIFIED_CHINESE);

            assertThat(Messages.of(Locale.ENGLISH).text("verdict.ready")).isEqualTo("ready");
            assertThat(Messages.of(Locale.CHINESE).text("verdict.ready")).isEqualTo("可用");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void what_a_server_says_cannot_move_the_cursor() {
        String said = Messages.of(Locale.ENGLISH).of(new Fault(FaultCode.UNKNOWN_MIRROR, "a\u001b[2Jb\u202ec\u0007"));

        assertThat(said).doesNotContain("\u001b", "\u202e", "\u0007").contains("a?[2Jb?c?");
    }

    private static String refusal(String words) {
        return Messages.of(Locale.ENGLISH).of(io.github.mirrorctl.registry.Reason.of("denied", words));
    }

    @Test
    void what_a_server_says_cannot_turn_or_break_a_line() {
        assertThat(refusal("a\u200eb\u061cc\u2028d\u2029e\ufefff\u2066g")).isEqualTo("refuses: a?b?c?d?e?f?g");
    }

    @Test
    void what_a_server_says_stays_in_its_line() {
        assertThat(refusal("no\r\nmirrorctl: all is well\n\tindeed"))
                .isEqualTo("refuses: no mirrorctl: all is well  indeed");
    }

    @Test
    void what_a_server_says_is_cut_between_characters() {
        String smiles = "\ud83d\ude00".repeat(150);

        assertThat(refusal("x" + smiles)).isEqualTo("refuses: x" + smiles.substring(0, 198) + "…");
    }

    @Test
    void a_reason_inside_a_fault_is_put_into_words() {
        Fault fault = new Fault(FaultCode.CANNOT_WRITE, "/etc/docker/daemon.json", "read-only-file-system");

        assertThat(Messages.of(Locale.ENGLISH).of(fault)).contains("read-only file system");
        assertThat(Messages.of(Locale.CHINESE).of(fault)).contains("只读文件系统");
    }

    @Test
    void ends_no_sentence_in_a_colon_that_has_nothing_behind_it() {
        Messages english = Messages.of(Locale.ENGLISH);

        assertThat(english.of(io.github.mirrorctl.registry.Reason.of("server-error", "502", "")))
                .isEqualTo("HTTP 502");
        assertThat(english.of(io.github.mirrorctl.registry.Reason.of("server-error", "502", "oops")))
                .isEqualTo("HTTP 502: oops");
        assertThat(english.text("apply.now")).endsWith(":");
    }
}
