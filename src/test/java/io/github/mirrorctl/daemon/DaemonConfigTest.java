package io.github.mirrorctl.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.fault.Problem;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DaemonConfigTest {
    private static final String FILE = "/etc/docker/daemon.json";

    private static DaemonConfig parse(String text) {
        return DaemonConfig.parse(text.getBytes(UTF_8), FILE);
    }

    private static String edited(String text, String... mirrors) {
        return new String(parse(text).withMirrors(List.of(mirrors)), UTF_8);
    }

    private static Fault refusal(byte[] content) {
        Fault fault = catchThrowableOfType(Fault.class, () -> DaemonConfig.parse(content, FILE));
        assertThat(fault).isNotNull();
        assertThat(fault.code()).isEqualTo(FaultCode.CONFIG_INVALID);
        assertThat(fault.arguments()).containsExactly(FILE);
        return fault;
    }

    private static String refused(String text) {
        return refusal(text.getBytes(UTF_8)).problems().stream()
                .map(DaemonConfigTest::brief)
                .reduce((a, b) -> a + "; " + b)
                .orElseThrow();
    }

    private static String brief(Problem problem) {
        Problem.Place place = problem.place().orElseThrow();
        return place.line() + ":" + place.column() + " " + problem.code() + " " + problem.arguments();
    }

    private static List<String> warnings(String text) {
        return parse(text).problems(Optional.empty()).stream()
                .map(DaemonConfigTest::brief)
                .toList();
    }

    @Test
    void reads_the_mirrors_as_spelled() {
        DaemonConfig config = parse("""
                {
                  "debug": true,
                  "registry-mirrors": [
                    "https:\\/\\/a.example",
                    "https://B.example/",
                    "https://\\u0063.example"
                  ]
                }
                """);

        assertThat(config.hasMirrors()).isTrue();
        assertThat(config.mirrors()).containsExactly("https://a.example", "https://B.example/", "https://c.example");
        Problem.Place place = config.entries().get(1).place();
        assertThat(place.file()).isEqualTo(FILE);
        assertThat(place.line()).isEqualTo(5);
        assertThat(place.column()).isEqualTo(5);
        assertThat(line(place)).isEqualTo("    \"https://B.example/\",");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\n", "\uFEFF", "\uFEFF \r\n"})
    void treats_a_file_with_nothing_in_it_as_an_empty_document(String text) {
        DaemonConfig config = parse(text);

        assertThat(config.isEmpty()).isTrue();
        assertThat(config.hasMirrors()).isFalse();
        assertThat(config.mirrors()).isEmpty();
        assertThat(edited(text, "https://a.example", "https://b.example")).isEqualTo("""
                        {
                          "registry-mirrors": [
                            "https://a.example",
                            "https://b.example"
                          ]
                        }
                        """);
    }

    @Test
    void takes_null_and_an_empty_list_for_no_mirrors() {
        assertThat(parse("{\"registry-mirrors\": null}").mirrors()).isEmpty();
        assertThat(parse("{\"registry-mirrors\": null}").hasMirrors()).isTrue();
        assertThat(parse("{\"registry-mirrors\": [ ]}").mirrors()).isEmpty();
        assertThat(edited("{\"registry-mirrors\": null}", "https://a"))
                .isEqualTo("{\"registry-mirrors\": [\"https://a\"]}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"registry-mirrors\" : [ \"https://a\",\n\n \"https://b\" ] , \"x\":1.10}",
                "{\"registry-mirrors\":null}",
                "{}",
                "  ",
                "\uFEFF{\"registry-mirrors\":[\"https:\\/\\/a\"]}\r\n\r\n"
            })
    void gives_the_same_bytes_for_the_same_list(String text) {
        DaemonConfig config = parse(text);

        assertThat(config.withMirrors(config.mirrors())).isEqualTo(text.getBytes(UTF_8));
    }

    @Test
    void keeps_unknown_keys_and_their_order_and_every_spelling() {
        String text =
                "{\r\n\t\"zzz\" : 12345678901234567890,\r\n\r\n\t\"registry-mirrors\" :\t[\r\n\t\t\"https://a\"\r\n\t] ,\r\n"
                        + "\t\"data-root\": \"\\u0041\\/b\", \"n\":[1.10,1e400 ,-0],\r\n\t\"log-opts\":{ \"max-size\" :\"1m\" }}";

        String edited = edited(text, "https://b", "https://a");

        assertThat(edited)
                .isEqualTo(text.replace(
                        "[\r\n\t\t\"https://a\"\r\n\t]", "[\r\n\t\t\"https://b\",\r\n\t\t\"https://a\"\r\n\t]"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "['https://x'] | ['https://a', 'https://b']",
                "[ 'https://x' ] | [ 'https://a', 'https://b' ]",
                "['https://x','https://y'] | ['https://a','https://b']",
                "['https://x' , 'https://y' , 'https://z'] | ['https://a' , 'https://b']",
                "[%    'https://x'%  ] | [%    'https://a',%    'https://b'%  ]",
                "[%    'https://x'] | [%    'https://a',%    'https://b']",
                "['https://x',% 'https://y'] | ['https://a',% 'https://b']",
                "[] | [%    'https://a',%    'https://b'%  ]",
                "[ % ] | [%    'https://a',%    'https://b'%  ]",
                "null | [%    'https://a',%    'https://b'%  ]",
            })
    void writes_the_list_in_the_style_that_the_file_has(String before, String after) {
        String frame =
                "{%  'a': 1,%  'registry-mirrors': @%}%".replace('\'', '"').replace('%', '\n');
        String beforeText = frame.replace("@", before.replace('\'', '"').replace('%', '\n'));
        String afterText = frame.replace("@", after.replace('\'', '"').replace('%', '\n'));

        assertThat(edited(beforeText, "https://a", "https://b")).isEqualTo(afterText);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'a':1} | {'a':1,'registry-mirrors':['https://a','https://b']}",
                "{'a': 1} | {'a': 1, 'registry-mirrors': ['https://a', 'https://b']}",
                "{ 'a': 1, 'b': 2 } | { 'a': 1, 'b': 2, 'registry-mirrors': ['https://a', 'https://b'] }",
                "{%  'a': 1%} | {%  'a': 1,%  'registry-mirrors': [%    'https://a',%    'https://b'%  ]%}",
                "{%    'a':1%} | {%    'a':1,%    'registry-mirrors':[%        'https://a',%        'https://b'%    ]%}",
                "{%~'a': 1%}% | {%~'a': 1,%~'registry-mirrors': [%~~'https://a',%~~'https://b'%~]%}%",
                "  {%    'a': 1%  } |   {%    'a': 1,%    'registry-mirrors': [%      'https://a',%      'https://b'%    ]%  }",
                "{%'a': 1%} | {%'a': 1,%'registry-mirrors': [%  'https://a',%  'https://b'%]%}",
                "{ 'a': {%  'b': 2%}} | { 'a': {%  'b': 2%}, 'registry-mirrors': ['https://a', 'https://b']}",
                "{% 'a': 1%%% , 'b':% 2%} | {% 'a': 1%%% , 'b':% 2, 'registry-mirrors': ['https://a', 'https://b']%}",
                "{%}% | {%  'registry-mirrors': [%    'https://a',%    'https://b'%  ]%}%",
            })
    void adds_the_member_last_in_the_style_of_its_neighbours(String before, String after) {
        String beforeText = before.replace('\'', '"').replace('%', '\n').replace('~', '\t');
        String afterText = after.replace('\'', '"').replace('%', '\n').replace('~', '\t');

        assertThat(edited(beforeText, "https://a", "https://b")).isEqualTo(afterText);
        assertThat(edited(beforeText.replace("\n", "\r\n"), "https://a", "https://b"))
                .isEqualTo(afterText.replace("\n", "\r\n"));
    }

    @Test
    void writes_an_empty_list_since_a_reload_without_the_key_keeps_the_mirrors() {
        assertThat(edited("{\n  \"registry-mirrors\": [\n    \"https://a\"\n  ]\n}"))
                .isEqualTo("{\n  \"registry-mirrors\": []\n}");
    }

    @Test
    void lays_out_an_object_without_members_as_a_new_file() {
        assertThat(edited("{}\n", "https://a")).isEqualTo("{\n  \"registry-mirrors\": [\n    \"https://a\"\n  ]\n}\n");
    }

    @Test
    void keeps_the_spelling_of_entries_that_stay() {
        assertThat(edited("{\"registry-mirrors\":[\"https:\\/\\/a\",\"https://b\"]}", "https://c", "https://a"))
                .isEqualTo("{\"registry-mirrors\":[\"https://c\",\"https:\\/\\/a\"]}");
    }

    @Test
    void escapes_what_json_cannot_hold() {
        String half = "half \ud800";

        byte[] edited = parse("{}").withMirrors(List.of("a\"\\\n", half));

        assertThat(new String(edited, UTF_8)).contains("\"a\\\"\\\\\\u000a\"", "\"half \\ud800\"");
        assertThat(DaemonConfig.parse(edited, FILE).mirrors()).containsExactly("a\"\\\n", half);
    }

    @ParameterizedTest
    @CsvSource({"UTF-16LE,FFFE", "UTF-16BE,FEFF", "UTF-8,EFBBBF"})
    void keeps_the_encoding_and_its_mark(String name, String mark) {
        Charset charset = Charset.forName(name);
        byte[] content = "\uFEFF{\r\n  \"注\": \"镜像\"\r\n}".getBytes(charset);

        DaemonConfig config = DaemonConfig.parse(content, FILE);
        byte[] edited = config.withMirrors(List.of("https://a"));

        assertThat(config.hasByteOrderMark()).isTrue();
        assertThat(java.util.HexFormat.of().withUpperCase().formatHex(edited)).startsWith(mark);
        assertThat(new String(edited, charset))
                .isEqualTo("\uFEFF{\r\n  \"注\": \"镜像\",\r\n  \"registry-mirrors\": [\r\n    \"https://a\"\r\n  ]\r\n}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'a': [1, 2,]} | 1:12 trailing-comma []",
                "{%  'a': 1,%} | 2:9 trailing-comma []",
                "{%  'a': 1%  'b': 2%} | 2:9 missing-comma []",
                "{'m': ['x' 'y']} | 1:11 missing-comma []",
                "{'a': [{}{}]} | 1:10 missing-comma []",
                "{%  // mirrors%  'a': 1} | 2:3 comment []",
                "{ 'a': 1 # one%} | 1:10 comment []",
                "/* a */ {} | 1:1 comment []",
                "{} // end | 1:4 comment []",
                "{“a”: 1} | 1:2 curly-quote [“]",
                "{'a': ['https://x”,%'y']} | 1:18 curly-quote [”]",
                "{'a'： 1} | 1:5 full-width-punctuation [：]",
                "{'镜像': 1，'b': 2} | 1:9 full-width-punctuation [，]",
                "｛'a': 1｝ | 1:1 full-width-punctuation [｛]",
                "{'a': `x`} | 1:7 single-quote [`]",
                "{'a': 1 | 1:1 unclosed [{]",
                "{'a': {%'b': [1, | 2:6 unclosed [[]",
                "{'a': [1, 2} | 1:7 unclosed [[]",
                "{'a': 'x | 1:7 unclosed-text []",
                "{'a': 'x,%'b': 1} | 1:7 unclosed-text []",
                "{}%EOF | 2:1 text-after-end []",
                "{'a':1}} | 1:8 text-after-end []",
                "{'a':1}, | 1:8 text-after-end []",
                "{}%{} | 2:1 two-documents []",
                "sudo mkdir -p /etc/docker%sudo tee /etc/docker/daemon.json <<-'EOF'%{}%EOF | 2:1 here-document []",
                "cat > daemon.json << EOF%{}%EOF | 1:1 here-document []",
                "[] | 1:1 not-an-object []",
                "'x' | 1:1 not-an-object []",
                "null | 1:1 not-an-object []",
                "{'a' 1} | 1:5 missing-colon []",
                "{'a'%  [1]} | 1:5 missing-colon []",
                "{'a' = 1} | 1:6 equals-sign []",
                "{'a' ＝ 1} | 1:6 full-width-punctuation [＝]",
                "{'a': True} | 1:7 json-syntax [T]",
                "{'a': nul} | 1:7 json-syntax [n]",
                "{debug: true} | 1:2 unquoted-key [debug]",
                "{'a': 1, log-driver = 'x'} | 1:10 unquoted-key [log-driver]",
                "{'a': ['x', debug: true]} | 1:13 unquoted-key [debug]",
                "{'a': [https://x/y, 'z']} | 1:8 unquoted-address [https://x/y]",
                "{'a': json-file} | 1:7 json-syntax [j]",
                "'a': 1} | 1:1 missing-opening-brace []",
                "%debug: true%} | 2:1 missing-opening-brace []",
                "'a' : {'b': 1} | 1:1 missing-opening-brace []",
                "root@host:~# cat daemon.json%{} | 1:1 text-before-start []",
                "```json%{}%``` | 1:1 text-before-start []",
                ">{%>} | 1:1 text-before-start []",
                "{'a': ['x', 'y',%'b': 1} | 1:7 unclosed [[]",
                "{'a': ['x”, 'y']} | 1:10 curly-quote [”]",
                "{'a”: 'y'} | 1:4 curly-quote [”]",
                "{'a': '“x”, “y”' 'b': 1} | 1:17 missing-comma []",
                "{'a': 1%``` | 2:1 single-quote [`]",
                "{,'a': 1} | 1:2 doubled-comma []",
                "{'a': 1,,'b': 2} | 1:9 doubled-comma []",
                "{'a': [,1]} | 1:8 doubled-comma []",
                "{'a': ,'b': 2} | 1:7 json-syntax [,]",
                "{'a': 01} | 1:8 json-syntax [1]",
                "{'a': 1.} | 1:8 json-syntax [.]",
                "{'a': .5} | 1:7 json-syntax [.]",
                "{'a': +5} | 1:7 json-syntax [+]",
                "{'a': [1,,2]} | 1:10 doubled-comma []",
                "{'a': '\\x'} | 1:8 json-syntax [\\]",
                "{'a': '\\u12g4'} | 1:8 json-syntax [\\u]",
                "/etc/default/docker | 1:1 json-syntax [/]",
                "{'a': '~'} | 1:8 json-syntax [U+0009]",
                "{'a':\u00a01} | 1:6 invisible-character [U+00A0]",
                "{'a': 1,%\u3000'b': 2} | 2:1 invisible-character [U+3000]",
                "{'😀': 1,} | 1:8 trailing-comma []",
            })
    void names_the_place_and_the_cause_of_the_first_accident(String text, String expected) {
        String content = text.replace('\'', '"').replace('%', '\n').replace('~', '\t');

        String found = refused(content);

        assertThat(found).isEqualTo(expected);
    }

    @Test
    void tells_single_quotes() {
        assertThat(refused("{'a': 1}")).isEqualTo("1:2 single-quote [']");
    }

    @Test
    void shows_the_line_without_its_end() {
        Fault fault = refusal("{\r\n  \"a\": 1,\r\n}\r\n".getBytes(UTF_8));

        Problem.Place place = fault.problems().get(0).place().orElseThrow();
        assertThat(place.line()).isEqualTo(2);
        assertThat(place.column()).isEqualTo(9);
        assertThat(line(place)).isEqualTo("  \"a\": 1,");
    }

    private static String line(Problem.Place place) {
        return place.spot()
                .text()
                .substring(place.spot().lineStart(), place.spot().lineEnd());
    }

    @Test
    @Timeout(60)
    void takes_time_and_memory_in_proportion_to_a_line() {
        int many = 100_000;
        String entries = IntStream.range(0, many)
                .mapToObj(i -> "\"https://m" + i + ".example😀\"")
                .collect(Collectors.joining(","));
        String keys =
                IntStream.range(0, many).mapToObj(i -> ",\"k" + i + "\":1").collect(Collectors.joining());
        String text = "{\n\"registry-mirrors\":[" + entries + "]" + keys + "}";

        DaemonConfig config = parse(text);
        List<Problem> problems = config.problems(Optional.empty());

        Problem.Place lastEntry = config.entries().get(many - 1).place();
        Problem.Place lastKey = problems.get(many - 1).place().orElseThrow();
        assertThat(problems).hasSize(many);
        assertThat(lastEntry.line()).isEqualTo(2);
        assertThat(lastEntry.column())
                .isEqualTo(1
                        + text.substring(2, text.indexOf("\"https://m99999."))
                                .codePoints()
                                .count());
        assertThat(lastKey.column())
                .isEqualTo(1
                        + text.substring(2, text.indexOf("\"k99999\""))
                                .codePoints()
                                .count());
    }

    @Test
    @Timeout(60)
    void refuses_a_key_that_is_there_any_number_of_times() {
        String text = "{" + "\"registry-mirrors\":[],".repeat(100_000) + "\"debug\":true}";

        assertThat(refusal(text.getBytes(UTF_8)).problems()).hasSize(99_999);
    }

    @Test
    void names_bytes_that_are_not_utf8() {
        byte[] gbk = "{\n  \"a\": \"镜像\"\n}".getBytes(Charset.forName("GBK"));
        byte[] unmarked = "{\"a\": 1}".getBytes(StandardCharsets.UTF_16LE);

        assertThat(brief(refusal(gbk).problems().get(0))).isEqualTo("2:9 not-utf8 []");
        assertThat(brief(refusal(unmarked).problems().get(0))).isEqualTo("1:2 nul-byte []");
        assertThat(brief(refusal(new byte[] {(byte) 0xff, (byte) 0xfe, '{'})
                        .problems()
                        .get(0)))
                .isEqualTo("1:1 not-utf8 []");
    }

    @Test
    void refuses_a_document_nested_deeper_than_anyone_means() {
        assertThat(refused("[".repeat(100_000))).isEqualTo("1:1001 nested-too-deep [1000]");
        assertThat(parse("{\"a\":" + "[".repeat(999) + "]".repeat(999) + "}").isEmpty())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'https://a' | 2:21 mirrors-not-a-list []",
                "{'docker.io': []} | 2:21 mirrors-not-a-list []",
                "1 | 2:21 mirrors-not-a-list []",
                "[''] | 2:22 mirrors-empty-entry []",
                "['a', ' '] | 2:27 mirrors-empty-entry []",
                "['https://a”, “https://b'] | 2:32 curly-quote [”]",
                "['a', 1, null, ['b']] | 2:27 mirrors-not-strings [1]; 2:30 mirrors-not-strings [null]; 2:36 mirrors-not-strings [[\"b\"]]",
                "[],%'registry-mirrors': [] | 3:1 duplicate-key [registry-mirrors, 2]",
                "[],%'registry\\u002dmirrors': [] | 3:1 duplicate-key [registry-mirrors, 2]",
            })
    void refuses_mirrors_that_are_not_a_list_of_texts(String value, String expected) {
        String text = "{%'registry-mirrors': ".replace('\'', '"') + value + "}";

        assertThat(refused(text.replace('\'', '"').replace('%', '\n'))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'registry-mirror': ['https://a']} | 1:2 singular-key [registry-mirror, registry-mirrors]",
                "{'insecure-registry': []} | 1:2 singular-key [insecure-registry, insecure-registries]",
                "{'Registry-Mirrors': []} | 1:2 key-case [Registry-Mirrors, registry-mirrors]",
                "{'registry_mirrors': []} | 1:2 key-case [registry_mirrors, registry-mirrors]",
                "{'mirrors': []} | 1:2 unknown-key [mirrors]",
                "{'proxies': {'registry-mirrors': []}} | 1:14 key-too-deep [registry-mirrors]",
                "{'builder': {'x': [{'registry-mirrors': []}]}} | 1:21 key-too-deep [registry-mirrors]",
                "{'debug': true,%'debug': false} | 2:1 duplicate-key [debug, 1]",
                "{'proxies': {'http-proxi': 'x'}} | 1:14 unknown-key [http-proxi]",
            })
    void warns_of_keys_that_do_not_do_what_they_seem_to(String text, String expected) {
        assertThat(warnings(text.replace('\'', '"').replace('%', '\n'))).containsExactly(expected);
    }

    @Test
    void has_nothing_to_say_of_a_usual_file() {
        assertThat(warnings("""
                                {"data-root": "/d", "log-opts": {"max-size": "1m"}, "runtimes": {"x": {"path": "y"}},
                                 "proxies": {"http-proxy": "p"}, "features": {"buildkit": true}, "builder": {"gc": {}},
                                 "default-address-pools": [{"base": "10.0.0.0/8", "size": 24}], "hosts": []}
                                """)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "{\"dns\": \"8.8.8.8\"} | true",
                "{\"Registry-Mirrors\": []} | true",
                "{\"proxies\": {\"http-proxy\": \"http://p:1\"}, \"api-cors-header\": \"*\"} | false",
                "{\"log-format\": \"json\", \"api-cors-header\": \"*\"} | false",
                "{\"firewall-backend\": \"nftables\", \"graph\": \"/x\"} | true",
                "{\"no-such-key\": 1} | false",
                "{} | false"
            })
    void is_refused_by_all_where_no_version_takes_it(String text, boolean expected) {
        assertThat(DaemonConfig.parse(text.getBytes(UTF_8), "f").isRefusedByAll())
                .isEqualTo(expected);
    }
}
