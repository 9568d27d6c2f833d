package io.github.mirrorctl.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.Problem;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** In the tables {@code '} stands for a straight quote, {@code %} for a line break and {@code ~} for a tab. */
class JsonRepairTest {
    private static final String FILE = "/etc/docker/daemon.json";

    private static String spelled(String text) {
        return text.replace('\'', '"').replace('%', '\n').replace('~', '\t');
    }

    private static DaemonConfig.Repaired repair(String text) {
        return DaemonConfig.repair(text.getBytes(UTF_8), FILE);
    }

    private static String text(DaemonConfig.Repaired repaired) {
        return new String(repaired.config().content(), UTF_8);
    }

    private static List<String> brief(List<Problem> problems) {
        return problems.stream()
                .map(problem -> problem.place()
                                .map(place -> place.line() + ":" + place.column() + " ")
                                .orElse("")
                        + problem.code())
                .toList();
    }

    private static Fault refusal(String text) {
        Fault fault = catchThrowableOfType(Fault.class, () -> repair(text));
        assertThat(fault).as(text).isNotNull();
        return fault;
    }

    private static Fault strict(String text) {
        Fault fault = catchThrowableOfType(Fault.class, () -> DaemonConfig.parse(text.getBytes(UTF_8), FILE));
        assertThat(fault).as(text).isNotNull();
        return fault;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                // commas
                "{'a': [1, 2,]} | {'a': [1, 2]}",
                "{%  'a': 1,%  'b': [ 'x', % ],%}% | {%  'a': 1,%  'b': [ 'x' % ]%}%",
                "{'a': [1,,2,,,],, 'b': 1} | {'a': [1,2], 'b': 1}",
                "{,'a': [,1]} | {'a': [1]}",
                "{%  'a': 1%  'b': 2%} | {%  'a': 1,%  'b': 2%}",
                "{'m': ['x' 'y'%'z']} | {'m': ['x', 'y',%'z']}",
                "{'a': {} 'b': [{} {}]} | {'a': {}, 'b': [{}, {}]}",
                // colons
                "{'a' = 1, 'b' [2], 'c' {}} | {'a' : 1, 'b': [2], 'c': {}}",
                "{debug: true, log-driver = 'x'} | {'debug': true, 'log-driver' : 'x'}",
                // comments
                "{%  // mirrors%  'a': 1, # one%  /* two%     lines */%  'b': /* x */2% // end%} | {%  'a': 1,%  'b': 2%}",
                "# head%{}%# tail | {}%",
                "%# {%#   'a': 1%# }% | %",
                "{%  debug%  : true,%  'a' # x%  = 1%} | {%  'debug'%  : true,%  'a'%  : 1%}",
                "{}\u3000%\u00a0] | {}",
                "{'a': 'http://x // y'} // z | {'a': 'http://x // y'}",
                // quotes
                "{“a”: “b”, ‘c’： [“https://x”，“https://y“]} | {'a': 'b', 'c': ['https://x','https://y']}",
                "{'a': ['x”, 'y'], 'b”: 'c'} | {'a': ['x', 'y'], 'b': 'c'}",
                "{'a': ['https://x”,%“https://y']} | {'a': ['https://x',%'https://y']}",
                "{`a`: ＂b＂, «c»: 1} | {'a': 'b', 'c': 1}",
                "{'a': “it‘s”} | {'a': 'it‘s'}",
                "{'a': 'say “x”', “b”: '，：'} | {'a': 'say “x”', 'b': '，：'}",
                "{'m': [https://x/, http://10.0.0.1:5000]} | {'m': ['https://x/', 'http://10.0.0.1:5000']}",
                // full-width
                "｛'a'：［1，2］，'b'＝【'x'、'y'】｝ | {'a':[1,2],'b':['x','y']}",
                "{'a':\u00a01,%\u3000'b':\u200b 2} | {'a': 1,% 'b': 2}",
                // brackets
                "{'a': 1 | {'a': 1}",
                "{%  'a': [%    'x'%  ]% | {%  'a': [%    'x'%  ]%}%",
                "{%  'm': [%    'x',%    'y'%  ,%  'b': 'c'%} | {%  'm': [%    'x',%    'y'%  ]%  ,%  'b': 'c'%}",
                "{'m': ['x', 'y', 'b': 1} | {'m': ['x', 'y'], 'b': 1}",
                "{'m': ['x'} | {'m': ['x']}",
                "{'a': {'b': 1}, 'm': ['x', | {'a': {'b': 1}, 'm': ['x']}",
                "{'a': {'b': 1 | {'a': {'b': 1}}",
                "'m': ['x']} | {'m': ['x']}",
                "%  'm': ['x'],%  debug: true% | %  {%'m': ['x'],%  'debug': true%  }%",
                "{'a':1}} | {'a':1}",
                "{'a':1}%]};% | {'a':1}%",
                // copied along
                "{%  'a': 1%}%EOF% | {%  'a': 1%}%",
                "sudo mkdir -p /etc/docker%sudo tee /etc/docker/daemon.json <<-'EOF'%{%  'a': '$x',%}%EOF%sudo systemctl restart docker% | {%  'a': '$x'%}%",
                "cat > /etc/docker/daemon.json <<EOF%{}%EOF | {}%",
                "cat <<-END >x%~{}%~END% | ~{}%",
                // mirrors
                "{'registry-mirrors': 'https://a'} | {'registry-mirrors': ['https://a']}",
                "{'registry-mirrors': ''} | {'registry-mirrors': []}",
                "{'registry-mirrors': ['']} | {'registry-mirrors': []}",
                "{'registry-mirrors': [%  '',%  'https:\\/\\/a', null,%  ' '%]} | {'registry-mirrors': [%  'https:\\/\\/a'%]}",
                "{'registry-mirrors': ['a'],%'b': 1,%'registry-mirrors': ['c']} | {'b': 1,%'registry-mirrors': ['c']}",
            })
    void mends_what_can_mean_only_one_thing(String before, String after) {
        DaemonConfig.Repaired repaired = repair(spelled(before));

        assertThat(text(repaired)).isEqualTo(spelled(after));
        assertThat(repaired.mends()).isNotEmpty();
        assertThat(strict(spelled(before)).isMendable()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{'a': 1 2} | 1:8 missing-comma",
                "{'a': ['x''y']} | 1:11 missing-comma",
                "{'a' 'b'} | 1:5 missing-colon",
                "{'a' 1} | 1:5 missing-colon",
                "{'a' => 1} | 1:6 equals-sign",
                "{'a': /* x | 1:7 comment",
                "{'a': 「x」} | 1:7 curly-quote",
                "{'a': “x\\y”} | 1:7 curly-quote",
                "{'a': “x | 1:7 curly-quote",
                "{'a': `it` s`} | 1:11 missing-comma",
                "{'a': 1。'b': 2} | 1:8 full-width-punctuation",
                "{'a': “x”y”} | 1:10 json-syntax",
                "{'a': 'x,%'b': 1} | 1:7 unclosed-text",
                "{'log': {'a': 1, 'b': 2} | 1:1 unclosed",
                "{'log': {'a': 1, 'b': 2 | 1:9 unclosed",
                "{'x': {'a': 1, 'b': {'c': 2}} | 1:1 unclosed",
                "{'m': [[1], [2, 3 | 1:13 unclosed",
                "{'a': 1}, 'b': 2} | 1:9 text-after-end",
                "{'a': 1}%EOF%systemctl restart docker | 2:1 text-after-end",
                "{'a': 1}%{'b': 2} | 2:1 two-documents",
                "{'a': 1},%{'b': 2} | 1:9 text-after-end",
                "cat <<EOF%{'a': '$HOME'}%EOF | 1:1 here-document",
                "$ cat daemon.json%{'a': 1} | 1:1 text-before-start",
                "{'a': json-file} | 1:7 json-syntax",
                "{'a': True} | 1:7 json-syntax",
                "{'a': 01} | 1:8 json-syntax",
                "{'a':, 'b': 1} | 1:6 json-syntax",
                "['https://a'] | 1:1 not-an-object",
                "{'registry-mirrors': {}} | 1:22 mirrors-not-a-list",
                "{'registry-mirrors': ['https://a”, “https://b'],} | 1:33 curly-quote",
                "{'registry-mirrors': 5} | 1:22 mirrors-not-a-list",
                "{'registry-mirrors': ['', 5]} | 1:23 mirrors-empty-entry; 1:27 mirrors-not-strings",
            })
    void refuses_where_it_would_have_to_guess(String text, String expected) {
        List<String> problems = brief(refusal(spelled(text)).problems());

        assertThat(String.join("; ", problems.subList(0, problems.size() - 1))).isEqualTo(expected);
        assertThat(problems).endsWith("not-mendable");
        assertThat(strict(spelled(text)).isMendable()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " \n",
                "{}",
                "{\"registry-mirrors\":null}\r\n",
                "{\"registry-mirrors\" : [ \"https://a\",\n\n \"https://b\" ] , \"x\":1.10}",
            })
    void changes_nothing_in_a_file_that_is_right(String text) {
        DaemonConfig.Repaired repaired = repair(text);

        assertThat(text(repaired)).isEqualTo(text);
        assertThat(repaired.mends()).isEmpty();
    }

    @Test
    void names_each_change_with_its_place_in_the_file_as_it_is() {
        DaemonConfig.Repaired repaired = repair(
                "// head\n\n{\n  \"a\"： 1, // one\n  // two\n  “registry-mirrors”: \"https://x\",\n  \"zzz\": 1,\n}");

        assertThat(brief(repaired.mends()))
                .containsExactly(
                        "1:1 mended-comment",
                        "4:6 mended-full-width-punctuation",
                        "4:11 mended-comment",
                        "5:3 mended-comment",
                        "6:3 mended-curly-quote",
                        "7:11 mended-trailing-comma",
                        "6:23 mended-mirrors-not-a-list");
        assertThat(repaired.mends()).allMatch(mend -> mend.severity() == Problem.Severity.INFO);
        assertThat(repaired.config().entries().get(0).place().line()).isEqualTo(6);
        assertThat(brief(repaired.config().problems(Optional.empty())))
                .containsExactly("4:3 unknown-key", "7:3 unknown-key");
    }

    @Test
    void keeps_line_ends_and_the_encoding() {
        byte[] content = "\uFEFF{\r\n  \"注\": \"镜像\"，\r\n  \"a\": [\r\n    1\r\n".getBytes(StandardCharsets.UTF_16LE);

        byte[] mended = DaemonConfig.repair(content, FILE).config().content();

        assertThat(new String(mended, StandardCharsets.UTF_16LE))
                .isEqualTo("\uFEFF{\r\n  \"注\": \"镜像\",\r\n  \"a\": [\r\n    1\r\n  ]\r\n}\r\n");
    }

    @Test
    void refuses_bytes_whose_encoding_only_their_author_knows() {
        byte[] gbk = "{\"a\": \"镜像\",}".getBytes(Charset.forName("GBK"));

        Fault fault = catchThrowableOfType(Fault.class, () -> DaemonConfig.repair(gbk, FILE));

        assertThat(brief(fault.problems())).containsExactly("1:8 not-utf8", "not-mendable");
    }

    @Test
    void gives_up_on_what_is_another_kind_of_file() {
        assertThat(brief(refusal("{\"a\": [1" + ",".repeat(1000) + "2]}").problems()))
                .containsExactly("1:510 doubled-comma", "not-mendable");
    }
}
