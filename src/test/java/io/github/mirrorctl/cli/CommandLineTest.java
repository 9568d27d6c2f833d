package io.github.mirrorctl.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.sun.net.httpserver.HttpServer;
import io.github.mirrorctl.cli.Run.Machine;
import io.github.mirrorctl.daemon.ClientConfig;
import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.registry.TestMirror;
import io.github.mirrorctl.registry.Trust;
import io.github.mirrorctl.render.Messages;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line as its users see it: streams, documents and exit codes. */
final class CommandLineTest {
    private static final String HEX = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private static final String DIGEST = "sha256:" + HEX;
    private static final String OTHER_DIGEST =
            "sha256:f123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    @TempDir
    private Path root;

    private Machine machine = Machine.at(Path.of("/"));

    @BeforeEach
    void useTheFolderAsTheMachine() {
        machine = Machine.at(root);
    }

    private Path file() {
        return root.resolve("etc/docker/daemon.json");
    }

    private void write(String content) throws IOException {
        Files.createDirectories(file().getParent());
        Files.writeString(file(), content);
    }

    private String root() {
        return "--root=" + root;
    }

    private Path catalog(TestMirror... mirrors) throws IOException {
        List<String> entries = new ArrayList<>();
        for (int i = 0; i < mirrors.length; i++) {
            entries.add("{\"id\":\"m%d\",\"url\":\"%s\"}".formatted(i + 1, mirrors[i].url()));
        }
        Path catalog = root.resolve("catalog.json");
        return Files.writeString(
                catalog,
                "{\"schemaVersion\":1,\"updated\":\"2026-11-24\",\"mirrors\":[" + String.join(",", entries) + "]}");
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(node -> texts.add(node.asText()));
        return texts;
    }

    @Test
    @Timeout(120)
    void checks_a_list_of_any_length_in_proportion_to_it() throws IOException {
        String mirrors = IntStream.range(0, 30_000)
                .mapToObj(i -> "\"http://m" + i + ".example\"")
                .collect(Collectors.joining(","));
        write("{\"registry-mirrors\":[" + mirrors + "]}");

        Run run = machine.run("check", root(), "-o", "json");

        assertThat(run.json().path("findings").size()).isGreaterThan(30_000);
    }

    // ---- whom apply would choose ----

    @Test
    void probe_names_those_that_apply_would_choose() throws IOException {
        try (TestMirror good = TestMirror.working();
                TestMirror bad = TestMirror.answering(403)) {
            Run run = machine.run("probe", "--catalog", catalog(bad, good).toString(), "-o", "json")
                    .exits(0);

            assertThat(texts(run.json().path("chosen"))).containsExactly(good.url());
        }
    }

    @Test
    void a_digest_that_nobody_has_is_said_alike_by_probe_and_apply() throws IOException {
        try (TestMirror one = TestMirror.working()) {
            Run probe = machine.run("probe", one.url(), "--digest", DIGEST).exits(3);
            Run document = machine.run("probe", one.url(), "--digest", DIGEST, "-o", "json")
                    .exits(3);
            Run apply =
                    machine.run("apply", root(), one.url(), "--digest", DIGEST).exits(3);
            Run applied = machine.run("apply", root(), one.url(), "--digest", DIGEST, "-o", "json")
                    .exits(3);
            Run chinese = machine.run("apply", root(), one.url(), "--digest", DIGEST, "--lang", "zh")
                    .exits(3);

            assertThat(probe.out()).contains("--digest says " + DIGEST);
            assertThat(probe.err()).contains("error: ", DIGEST).doesNotContain("mirrorctl apply");
            assertThat(texts(document.json().path("chosen"))).isEmpty();
            assertThat(apply.err()).contains("error: ", "its tag means sha256:", "--digest says " + DIGEST);
            assertThat(applied.json().at("/problems/0/code").asText()).isEqualTo("digest-unmet");
            assertThat(chinese.err()).contains("而 --digest 要求 " + DIGEST, "没有镜像加速器符合 --digest");
        }
    }

    // ---- what nobody foresaw ----

    @ParameterizedTest
    @ValueSource(strings = {"list", "list --region all"})
    void answers_an_error_of_the_machine_like_any_bug(String arguments) {
        Run run = runShortOfMemory(arguments.split(" "));

        assertThat(run.exit()).as(run.toString()).isEqualTo(1);
        assertThat(run.err()).contains("OutOfMemoryError").contains("-v").doesNotContain("\tat ");
    }

    @Test
    void shows_where_an_error_of_the_machine_came_from_if_asked_to() {
        assertThat(runShortOfMemory("list", "-v").err()).contains("\tat ");
    }

    @Test
    void prints_a_document_for_an_error_of_the_machine_too() {
        Run run = runShortOfMemory("list", "-o", "json").exits(1);

        assertThat(run.json().at("/error/code").asText()).isEqualTo("bug");
        assertThat(run.json().at("/command").asText()).isEqualTo("list");
    }

    /** It fails where the answer is first written. */
    private Run runShortOfMemory(String... args) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        ByteArrayOutputStream out = new ByteArrayOutputStream() {
            private boolean hasFailed;

            @Override
            public synchronized void write(byte[] bytes, int offset, int length) {
                if (!hasFailed) {
                    hasFailed = true;
                    throw new OutOfMemoryError("Java heap space");
                }
                super.write(bytes, offset, length);
            }
        };
        Console console = new Console(
                InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                StandardCharsets.UTF_8,
                false,
                false);
        Host host = Host.of(root, Map.of("LANG", "en_US.UTF-8"), "Linux", "/root", "root", "amd64");
        int exit = Mirrorctl.run(args, console, host, Clock.fixed(Run.NOW, ZoneOffset.UTC), new PointOfNoReturn());
        return new Run(List.of(args), exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    // ---- arguments ----

    @ParameterizedTest
    @ValueSource(
            strings = {
                "apply --max 0",
                "apply --none --no-probe",
                "apply --timeout 1ms",
                "probe --parallel 0",
                "probe --digest x",
                "list --tier 9",
                "list --status odd"
            })
    void says_that_arguments_mean_nothing_before_it_reads_a_file(String command) throws IOException {
        Path broken = Files.writeString(root.resolve("broken.json"), "{");
        List<String> args = new ArrayList<>(List.of(command.split(" ")));
        args.addAll(List.of("--catalog", broken.toString()));

        machine.run(args.toArray(String[]::new)).exits(2);
    }

    /** As Java decodes a name in GBK where the locale speaks UTF-8. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "apply --no-probe daocloud --config",
                "apply --no-probe daocloud --root",
                "probe --report",
                "list --catalog",
                "check --docker-info",
                "catalog update"
            })
    void refuses_a_path_that_came_in_another_encoding(String command) throws IOException {
        Path lost = root.resolve("\uFFFD\uFFFD.json");
        Files.writeString(root.resolve("kept"), "");
        List<String> args = new ArrayList<>(List.of(command.split(" ")));
        args.add(lost.toString());

        Run run = machine.run(args.toArray(String[]::new)).exits(5);
        assertThat(run.err()).contains(lost.toString(), "UTF-8", "LC_ALL").doesNotContain("Try:");
        args.addAll(List.of("--lang", "zh"));
        assertThat(machine.run(args.toArray(String[]::new)).exits(5).err()).contains(lost.toString(), "编码");
        args.addAll(List.of("-o", "json"));
        JsonNode document =
                machine.run(args.toArray(String[]::new)).exits(5).json().path("error");
        assertThat(document.path("code").asText()).isEqualTo("unreadable-name");
        assertThat(root).isDirectoryContaining("glob:**kept").isDirectoryNotContaining("glob:**.json*");
    }

    @Test
    void writes_nothing_below_a_variable_that_came_in_another_encoding() {
        String folder = root + "/\uFFFD";

        Run run = machine.with("XDG_CONFIG_HOME", folder)
                .run("catalog", "add", "https://registry.example", "--no-probe")
                .exits(5);

        assertThat(run.err()).contains(folder, "LC_ALL");
        assertThat(root).isEmptyDirectory();
    }

    @Test
    void takes_a_word_for_what_it_is_and_no_file_of_arguments() throws IOException {
        Path file = Files.writeString(root.resolve("arguments"), "--version");

        assertThat(machine.run("@" + file).exits(2).err()).contains("@" + file);
        assertThat(machine.run("list", "@" + file).exits(2).err()).contains("@" + file);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-o json",
                "-ojson",
                "-o=json",
                "-o JSON",
                "-qo json",
                "-vqojson",
                "--output json",
                "--output=JSON"
            })
    void fails_in_json_however_that_was_asked_for(String option) {
        List<String> args = new ArrayList<>(List.of("apply", "--max", "x"));
        args.addAll(List.of(option.split(" ")));

        Run run = machine.run(args.toArray(String[]::new)).exits(2);

        assertThat(run.json().path("error").path("code").asText()).isEqualTo("usage");
    }

    @Test
    void without_a_command_shows_what_there_is() {
        Run run = machine.run().exits(2);

        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("Commands:", "probe", "apply", "130");
    }

    @ParameterizedTest
    @ValueSource(strings = {"list", "probe", "apply", "check", "restore", "completion", "help"})
    void every_command_explains_every_option_in_both_languages(String command) {
        Run english = machine.run(command, "--help").exits(0);
        Run chinese = machine.run("--lang", "zh", command, "--help").exits(0);

        assertThat(english.err()).isEmpty();
        assertThat(english.out()).contains("Usage: mirrorctl " + command, "--lang", "Show this help.");
        assertThat(chinese.out()).contains("用法：mirrorctl " + command, "显示本帮助。");
        assertThat(english.out()).doesNotContain("''").doesNotContain("option.");
    }

    @Test
    void the_version_is_one_line() {
        assertThat(machine.run("--version").exits(0).out()).matches("mirrorctl \\S+\\R");
    }

    @Test
    void the_version_says_more_when_asked_to() {
        String english = machine.run("--version", "-v").exits(0).out();

        assertThat(english.lines()).hasSize(4);
        assertThat(english).contains("mirrorctl ", "catalog of 2026-", "76 mirrors", "Java ", "linux/amd64");
        assertThat(machine.run("-v", "--lang", "zh", "--version").out()).contains("镜像目录日期", "linux/amd64，");
    }

    @ParameterizedTest
    @ValueSource(strings = {"list", "apply", "completion"})
    void help_is_an_option_and_a_command(String command) {
        String asked = machine.run("help", command).exits(0).out();

        assertThat(asked).isEqualTo(machine.run(command, "--help").exits(0).out());
        assertThat(asked).isEqualTo(machine.run(command, "-h").exits(0).out());
        assertThat(machine.run("help").exits(0).out())
                .isEqualTo(machine.run("--help").exits(0).out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh", "fish", "powershell"})
    void completes_every_command_and_option_of_the_help(String shell) {
        Run run = machine.run("completion", shell).exits(0);

        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains("restore", "move-flags", "docker-info", "windows-engine", "retired")
                .doesNotContainPattern("@[A-Z]+@");
        assertThat(machine.run("completion", shell, "--lang", "zh").exits(0).err())
                .isEmpty();
        machine.run("completion").exits(2);
        machine.run("completion", "tcsh").exits(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "frobnicate|Unknown command or argument: frobnicate",
                "chekc|Unknown command or argument: chekc (did you mean check?)",
                "help porbe|Unknown command or argument: porbe (did you mean probe?)",
                "list --frob|Unknown option: --frob",
                "list --stauts=all|Unknown option: --stauts=all (did you mean --status?)",
                "apply --max|A value is missing for --max",
                "apply --max 0|--max",
                "apply --max 1 --max 2|--max is given more than once",
                "apply --dry-run --dry-run|--dry-run is given more than once",
                "apply --dry-run=maybe|--dry-run takes no value: leave out \"maybe\"",
                "apply -v=foo|--verbose takes no value",
                "apply -h=1|--help takes no value",
                "--version=3|--version takes no value",
                "completion bahs|\"bahs\" is not possible here; it has to be bash|zsh|fish|powershell (did you mean bash?)",
                "apply --none --no-probe|do not go together",
                "apply nosuchmirror|neither an id",
                "apply daoclud|Did you mean daocloud",
                "apply aliyun|aliyun=<your id>",
                "apply qiniu|has ended",
                "apply https://user:secret@m.example|user name or password",
                "apply docker.io|Docker Hub itself",
                "apply --platform beos|beos",
                "probe --timeout never|--timeout",
                "probe --region mars|mars",
                "probe --tier 9|--tier",
                "probe --status great|great",
                "probe --image ghcr.io/a/b|ghcr.io",
                "probe --image UPPER|UPPER",
                "probe --digest sha256:1|--digest",
                "probe --image node@" + DIGEST + " --digest " + OTHER_DIGEST + "|do not go together",
                "probe --image node@sha512:" + HEX + HEX + " --digest " + DIGEST + "|do not go together",
                "probe --explain nobody|nobody",
                "probe --explain daoclout|Did you mean daocloud",
                "probe https://mirror.example --explain daocloud|not among the mirrors",
                "probe https://mirror.example --explain https://other.example|not among the mirrors",
                "probe --depth core|--depth",
                "probe --depth blbo|did you mean blob?"
            })
    void what_means_nothing_is_a_usage_error(String arguments, String said) {
        Run run = machine.run((arguments + " " + (arguments.startsWith("apply") ? root() : ""))
                        .strip()
                        .split(" "))
                .exits(2);

        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(said).doesNotContain("secret");
        assertThat(file()).doesNotExist();
    }

    @Test
    void a_failure_in_json_is_one_document_too() {
        Run run = machine.run("apply", "nosuchmirror", root(), "-o", "json").exits(2);

        assertThat(run.json().path("error").path("code").asText()).isEqualTo("unknown-mirror");
        assertThat(machine.run("list", "-o", "json", "--frob")
                        .exits(2)
                        .json()
                        .path("error")
                        .path("code")
                        .asText())
                .isEqualTo("usage");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "apply --bogus",
                "lsit",
                "apply --max x",
                "apply --max",
                "completion",
                "help porbe",
                "apply nosuch"
            })
    void a_failure_in_json_is_english_whoever_reads_it(String command) {
        List<String> args = new ArrayList<>(List.of(command.split(" ")));
        args.addAll(List.of("-o", "json"));

        Run english = machine.run(args.toArray(String[]::new)).exits(2);
        Run chinese = machine.with("MIRRORCTL_LANG", "zh")
                .run(args.toArray(String[]::new))
                .exits(2);

        assertThat(chinese.out()).isEqualTo(english.out());
    }

    /** Of a program that says all to one stream and was started so by this user. */
    private FaultHandler faultHandler(OutputStream said, String user, Locale language, String... args) {
        PrintStream both = new PrintStream(said, true, StandardCharsets.UTF_8);
        Host host = Host.of(root, Map.of(), "Linux", "/home/" + user, user, "amd64");
        return new FaultHandler(new Context(
                new Mirrorctl(),
                new Console(System.in, both, both, StandardCharsets.UTF_8, false, false),
                host,
                Clock.systemUTC(),
                Messages.of(language),
                new Trust(host::certificateAuthorities, host::registryAuthorities),
                Route.later(host),
                new PointOfNoReturn(),
                args));
    }

    @ParameterizedTest
    @CsvSource({"json, This is a mistake in mirrorctl", "table, 这是 mirrorctl 的缺陷"})
    void a_bug_is_english_in_json_and_in_the_readers_language_elsewhere(String format, String said) {
        ByteArrayOutputStream streams = new ByteArrayOutputStream();

        int code = faultHandler(streams, "root", Locale.CHINESE, "list", "-o", format)
                .answer(new IllegalStateException("odd"), "list");

        assertThat(code).isEqualTo(1);
        assertThat(streams.toString(StandardCharsets.UTF_8)).contains(said, "odd");
    }

    @ParameterizedTest
    @ValueSource(strings = {"permission-denied", "owner-cannot-be-kept"})
    void what_only_root_may_do_is_one_line_away(String reason) {
        ByteArrayOutputStream streams = new ByteArrayOutputStream();

        int code = faultHandler(streams, "me", Locale.ENGLISH, "apply", "daocloud")
                .answer(new Fault(FaultCode.CANNOT_WRITE, "/x", reason), "apply");

        assertThat(code).isEqualTo(5);
        assertThat(streams.toString(StandardCharsets.UTF_8)).contains("sudo ", " apply daocloud");
    }

    @Test
    void global_options_work_on_either_side() {
        assertThat(machine.run("--lang", "zh", "list").exits(0).out()).contains("镜像加速器");
        assertThat(machine.run("list", "--lang", "zh").exits(0).out()).contains("镜像加速器");
        assertThat(machine.run("list", "-q").exits(0).err()).isEmpty();
    }

    @Test
    void the_language_comes_from_the_environment_and_needs_a_terminal_that_can_show_it() {
        assertThat(machine.with("LANG", "zh_CN.UTF-8").run("list").out()).contains("等级");
        assertThat(machine.with("LC_ALL", "zh_CN.UTF-8").run("list").out()).contains("等级");
        assertThat(machine.with("LANG", "zh_CN.UTF-8")
                        .with("MIRRORCTL_LANG", "en")
                        .run("list")
                        .out())
                .contains("TIER");
        assertThat(machine.with("LANG", "zh_CN")
                        .speaking(StandardCharsets.US_ASCII)
                        .run("list")
                        .out())
                .contains("TIER");
    }

    @ParameterizedTest
    @CsvSource({"TERM, linux", "MIRRORCTL_C_LOCALE, true"})
    void speaks_chinese_on_a_console_that_may_not_show_it_only_where_it_is_asked_to(String variable, String value) {
        Machine console = machine.with("LANG", "zh_CN.UTF-8").with(variable, value);

        assertThat(console.atTerminal().run("list").out()).contains("TIER");
        assertThat(console.atTerminal().run("list", "--lang=zh").out()).contains("等级");
        assertThat(console.with("MIRRORCTL_LANG", "zh").atTerminal().run("list").out())
                .contains("等级");
        assertThat(console.run("list").out()).contains("等级");
    }

    // ---- tables on a terminal ----

    private Machine terminal(int columns) {
        return machine.with("NO_COLOR", "1")
                .with("COLUMNS", String.valueOf(columns))
                .atTerminal();
    }

    @ParameterizedTest
    @CsvSource({"200, en", "120, zh", "80, en", "80, zh", "48, en"})
    void a_table_is_no_wider_than_the_terminal_and_cuts_no_address(int columns, String language) {
        List<String> urls = new ArrayList<>();
        machine.run("list", "-o", "json")
                .json()
                .path("mirrors")
                .forEach(m -> urls.add(m.path("url").asText()));

        Run list = terminal(columns).run("list", "--lang", language).exits(0);

        assertThat(list.out().lines()).allMatch(line -> line.length() <= columns);
        assertThat(urls).allMatch(url -> list.out().contains(url.replaceFirst("^https://", "")));
    }

    @Test
    void a_pipe_gets_the_whole_table_whatever_the_terminal() {
        assertThat(machine.with("COLUMNS", "40").run("list").out())
                .isEqualTo(machine.run("list").out());
        assertThat(terminal(40).run("list", "-o", "wide").out())
                .isEqualTo(machine.run("list", "-o", "wide").out());
        assertThat(terminal(40).run("list", "-o", "plain").out())
                .isEqualTo(machine.run("list", "-o", "plain").out());
    }

    @Test
    void a_narrow_terminal_reads_the_reasons_below_the_table() throws IOException {
        try (TestMirror good = TestMirror.working();
                TestMirror bad = TestMirror.answering(403)) {
            Run wide = terminal(200).run("probe", good.url(), bad.url()).exits(0);
            Run narrow = terminal(80).run("probe", good.url(), bad.url()).exits(0);

            assertThat(wide.out()).contains("✓ ready", "✗ denied", "████████", "REASON");
            assertThat(narrow.out()).contains("✓ ready", "✗ denied", "\n\ndenied: refuses", "\n  " + bad.url() + "\n");
            assertThat(narrow.out()).doesNotContain("REASON");
        }
    }

    @Test
    void signs_and_bars_are_letters_where_the_terminal_shows_no_others() throws IOException {
        try (TestMirror good = TestMirror.working();
                TestMirror bad = TestMirror.answering(403)) {
            Run bare = terminal(200).with("TERM", "linux").run("probe", good.url(), bad.url());
            Run ascii = terminal(200).speaking(StandardCharsets.US_ASCII).run("probe", good.url(), bad.url());

            assertThat(bare.out()).contains("+ ready", "x denied", "########");
            assertThat(ascii.out()).contains("+ ready", "x denied", "########").doesNotContain("?");
        }
    }

    /** The last one is a terminal's answer, the one before a pipe's; {@code --color} comes before all variables. */
    @ParameterizedTest
    @CsvSource({
        "A=b,                             false, true",
        "NO_COLOR=1,                      false, false",
        "TERM=dumb,                       false, false",
        "CLICOLOR_FORCE=1,                true,  true",
        "CLICOLOR_FORCE=0,                false, true",
        "CLICOLOR_FORCE=1 NO_COLOR=1,     false, false",
        "CLICOLOR_FORCE=1 TERM=dumb,      true,  true"
    })
    void colour_follows_the_conventions(String variables, boolean inPipe, boolean atTerminal) {
        Machine pipe = machine;
        for (String variable : variables.split(" ", -1)) {
            String[] sides = variable.split("=", 2);
            pipe = pipe.with(sides[0], sides[1]);
        }
        Machine terminal = pipe.atTerminal();

        for (String command : List.of("list", "--help")) {
            assertThat(isColoured(pipe.run(command))).isEqualTo(inPipe);
            assertThat(isColoured(terminal.run(command))).isEqualTo(atTerminal);
            assertThat(isColoured(pipe.run(command, "--color", "always"))).isTrue();
            assertThat(isColoured(terminal.run(command, "--color=never"))).isFalse();
        }
    }

    private static boolean isColoured(Run run) {
        return run.exits(0).out().contains("\u001b[1m");
    }

    @Test
    void a_script_that_asks_for_backups_reads_no_sentence_for_one() {
        Run table = machine.run("restore", "--list", root()).exits(0);
        Run plain = machine.run("restore", "--list", root(), "-o", "plain").exits(0);

        assertThat(table.out()).contains("There are no backups of ");
        assertThat(plain.out()).isEmpty();
        assertThat(plain.err()).isEqualTo(table.out());
        assertThat(machine.run("restore", "-q", "--list", root(), "-o", "plain").err())
                .isEmpty();
    }

    // ---- list ----

    @Test
    void lists_the_whole_catalog_by_tier() {
        JsonNode mirrors = machine.run("list", "-o", "json").exits(0).json().path("mirrors");

        assertThat(mirrors.size()).isEqualTo(76);
        assertThat(mirrors.get(0).path("id").asText()).isEqualTo("rainbond");
        int last = 0;
        for (JsonNode mirror : mirrors) {
            int tier = mirror.path("tier").asInt(9);
            assertThat(tier).isGreaterThanOrEqualTo(last);
            last = tier;
        }
    }

    @Test
    void filters_what_it_lists() {
        assertThat(machine.run("list", "-o", "plain", "--tier", "3", "--status", "retired")
                        .exits(0)
                        .out()
                        .lines())
                .allMatch(line -> line.contains("\t3\t"))
                .hasSizeGreaterThan(1);
        assertThat(machine.run("list", "-o", "plain", "--region", "ir")
                        .exits(0)
                        .out()
                        .lines())
                .hasSize(13);
    }

    @Test
    void names_the_line_of_a_broken_catalog() throws IOException {
        Path broken = Files.writeString(root.resolve("c.json"), "{\"schemaVersion\":1,\n\"mirrors\":[{\"id\":7}]}");

        Run run = machine.run("list", "--catalog", broken.toString()).exits(4);

        assertThat(run.err()).contains("c.json", "line 2");
        assertThat(machine.run("list", "--catalog", "/no/such").exits(5).err()).contains("no such file");
    }

    // ---- why ----

    @Test
    void apply_says_why_each_mirror_is_in_the_list_or_not() throws IOException {
        try (TestMirror good = TestMirror.working();
                TestMirror refusing = TestMirror.answering(403);
                TestMirror lacking = TestMirror.answering(404);
                TestMirror broken = TestMirror.answering(404)) {
            String catalog = catalog(refusing, good, lacking, broken).toString();

            Run run = machine.run("apply", root(), "--dry-run", "--catalog", catalog)
                    .exits(0);
            assertThat(run.err())
                    .contains("In the list:", good.url() + ": rank 1 of 1, a pull in about ", "Left out:")
                    .contains(
                            "denied (1): " + refusing.url() + "; refuses: ",
                            "Docker Hub itself: unknown host: its name");
            assertThat(run.err().lines())
                    .filteredOn(line -> line.contains(lacking.url()))
                    .singleElement()
                    .satisfies(line -> assertThat(line).contains("(2)", broken.url()));
            assertThat(machine.run("apply", root(), "--dry-run", "--catalog", catalog, "-q")
                            .err())
                    .isEmpty();

            Run chinese =
                    machine.run("apply", root(), "--dry-run", "--catalog", catalog, "--lang=zh", "--depth=manifest");
            assertThat(chinese.err()).contains("列表中的：", "第 1 名", "没有测速", "没有选用的：", "（2 个）");

            JsonNode choices = machine.run("apply", root(), "--dry-run", "--catalog", catalog, "-o", "json")
                    .json()
                    .path("choices");
            assertThat(choices.findValuesAsText("why")).containsExactly("chosen", "unusable", "unusable", "unusable");
            assertThat(choices.get(0).path("rank").asInt()).isEqualTo(1);
            assertThat(machine.run("apply", root(), "--dry-run", "--catalog", catalog, "--no-probe", "-o", "json")
                            .json()
                            .has("choices"))
                    .isFalse();
        }
    }

    @Test
    void reasons_hang_within_a_narrow_terminal() throws IOException {
        try (TestMirror good = TestMirror.working();
                TestMirror a = TestMirror.answering(500);
                TestMirror b = TestMirror.answering(500)) {
            Run run = terminal(40).run("apply", root(), "--dry-run", good.url(), a.url(), b.url());

            assertThat(run.err().replaceAll("\u001b\\[[?0-9;]*[a-zA-Z]", "").lines())
                    .filteredOn(line -> line.startsWith(" ") && line.contains("://"))
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(40));
        }
    }

    @Test
    void probe_ends_with_the_line_that_writes_its_result() throws IOException {
        try (TestMirror good = TestMirror.working();
                TestMirror bad = TestMirror.answering(500)) {
            Run run = machine.run("probe", bad.url(), good.url()).exits(0);

            assertThat(run.err()).endsWith("sudo mirrorctl apply --no-probe " + good.url() + System.lineSeparator());
        }
    }

    // ---- probe ----

    @Test
    void ranks_what_works_and_says_why_the_rest_does_not() throws IOException {
        try (TestMirror good = TestMirror.working();
                TestMirror bad = TestMirror.answering(403)) {
            Run run = machine.run("probe", "--catalog", catalog(bad, good).toString(), "-o", "json")
                    .exits(0);

            JsonNode mirrors = run.json().path("mirrors");
            assertThat(mirrors.get(0).path("url").asText()).isEqualTo(good.url());
            assertThat(mirrors.get(0).path("rank").asInt()).isEqualTo(1);
            assertThat(mirrors.get(0).path("depth").asText()).isEqualTo("blob");
            assertThat(mirrors.get(0).path("estimatedPullMillis").asDouble()).isPositive();
            assertThat(mirrors.get(1).path("verdict").asText()).isEqualTo("denied");
            assertThat(mirrors.get(1).path("reason").asText()).contains("words of the registry");
            assertThat(run.json().path("hub").path("verdict").asText()).isEqualTo("unknown-host");
        }
    }

    @Test
    void explains_one_mirror_in_every_form() throws IOException {
        try (TestMirror good = TestMirror.working();
                TestMirror bad = TestMirror.answering(403)) {
            String[] probe = {"probe", good.url(), bad.url(), "--explain"};

            JsonNode explain = machine.run(with(probe, bad.url(), "-o", "json"))
                    .exits(0)
                    .json()
                    .path("explain");
            assertThat(explain.path("url").asText()).isEqualTo(bad.url());
            assertThat(explain.path("verdict").asText()).isEqualTo("denied");
            assertThat(explain.path("requests").findValuesAsText("method")).containsExactly("GET", "HEAD", "GET");
            assertThat(explain.path("estimate").isNull()).isTrue();

            Run text = machine.run(with(probe, good.url())).exits(0);
            assertThat(text.out())
                    .contains("Requests made for " + good.url(), "/v2/library/node/manifests/20-alpine", "A pull: ");
            assertThat(machine.run(with(probe, good.url(), "--lang", "zh"))
                            .exits(0)
                            .out())
                    .contains("发出的请求", "预计拉取");
            assertThat(machine.run(with(probe, good.url(), "-o", "plain"))
                            .exits(0)
                            .out()
                            .lines())
                    .filteredOn(line -> line.startsWith("explain\t"))
                    .hasSizeGreaterThan(8)
                    .allMatch(line -> line.split("\t").length == 10);
        }
    }

    private static String[] with(String[] arguments, String... more) {
        return Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void without_a_usable_mirror_it_tells_the_network_from_the_mirrors() throws IOException {
        Run offline = machine.run("probe").exits(3);
        assertThat(offline.out()).isEmpty();
        assertThat(offline.err().lines()).hasSize(1);
        assertThat(offline.err()).contains("No network");

        try (TestMirror bad = TestMirror.answering(500)) {
            Run allBad = machine.run("probe", bad.url()).exits(3);
            assertThat(allBad.err()).contains("network itself works");
            assertThat(allBad.out()).contains("server error");
        }
    }

    @Test
    void says_in_json_too_why_nothing_could_be_chosen() throws IOException {
        Run probe = machine.run("probe", "-o", "json").exits(3);
        assertThat(probe.json().path("mirrors")).isNotEmpty();
        assertThat(probe.err()).contains("No network").hasLineCount(1);

        Run apply = machine.run("apply", root(), "-o", "json").exits(3);
        assertThat(apply.json().path("problems").findValuesAsText("code")).contains("offline");
        assertThat(apply.json().path("changed").asBoolean()).isFalse();

        try (TestMirror bad = TestMirror.answering(500)) {
            JsonNode document = machine.run("apply", root(), bad.url(), "-o", "json")
                    .exits(3)
                    .json();
            assertThat(document.path("problems").findValuesAsText("code")).contains("nothing-usable");
        }
    }

    @Test
    void says_that_https_was_assumed() throws IOException {
        Run run = machine.run("apply", root(), "--no-probe", "mirror.example").exits(0);

        assertThat(run.err()).contains("mirror.example was taken for https://mirror.example");
        assertThat(machine.run("apply", root(), "--no-probe", "https://mirror.example")
                        .err())
                .doesNotContain("taken for");
    }

    // ---- apply ----

    @Test
    void writes_the_usable_ones_and_keeps_every_other_byte() throws IOException {
        write("{\n\t\"data-root\": \"/x\",\n\t\"log-opts\": {\"max-size\":\"10m\"}\n}");
        try (TestMirror good = TestMirror.working();
                TestMirror bad = TestMirror.answering(500)) {
            String catalog = catalog(bad, good).toString();

            Run dry = machine.run("apply", root(), "--catalog", catalog, "--dry-run")
                    .exits(0);
            assertThat(dry.out()).contains("+\t\"registry-mirrors\"", good.url());
            assertThat(Files.readString(file())).doesNotContain("registry-mirrors");

            Run run = machine.run("apply", root(), "--catalog", catalog, "-o", "json")
                    .exits(0);
            JsonNode document = run.json();
            assertThat(document.path("changed").asBoolean()).isTrue();
            assertThat(document.path("written").asBoolean()).isTrue();
            assertThat(document.path("platform").asText()).isEqualTo("systemd");
            assertThat(texts(document.path("after"))).containsExactly(good.url());
            assertThat(texts(document.path("commands"))).containsExactly("sudo systemctl reload docker");
            assertThat(texts(document.path("fallbackCommands"))).containsExactly("sudo systemctl restart docker");
            assertThat(Path.of(document.path("backup").asText()))
                    .hasContent("{\n\t\"data-root\": \"/x\",\n\t\"log-opts\": {\"max-size\":\"10m\"}\n}");
            assertThat(Files.readString(file()))
                    .isEqualTo("{\n\t\"data-root\": \"/x\",\n\t\"log-opts\": {\"max-size\":\"10m\"},\n"
                            + "\t\"registry-mirrors\": [\n\t\t\"" + good.url() + "\"\n\t]\n}");

            assertThat(document.path("problems").findValuesAsText("code")).contains("private-operator");

            Run again = machine.run("apply", root(), "--catalog", catalog, "-o", "json")
                    .exits(0);
            assertThat(again.json().path("problems").findValuesAsText("code")).doesNotContain("private-operator");
            assertThat(again.json().path("changed").asBoolean()).isFalse();
            assertThat(again.json().path("backup").isNull()).isTrue();
        }
    }

    @Test
    void keeps_a_companys_own_first_while_it_works_and_last_when_it_fails() throws IOException {
        try (TestMirror known = TestMirror.working();
                TestMirror own = TestMirror.working();
                TestMirror failing = TestMirror.answering(500)) {
            write("{\"registry-mirrors\": [\"" + failing.url() + "\", \"" + own.url() + "/\"]}");

            JsonNode document = machine.run(
                            "apply", root(), "--catalog", catalog(known).toString(), "-o", "json")
                    .exits(0)
                    .json();

            assertThat(texts(document.path("after"))).containsExactly(own.url() + "/", known.url(), failing.url());
            assertThat(texts(document.path("kept"))).containsExactly(own.url() + "/", failing.url());
            assertThat(document.path("problems").findValuesAsText("code")).contains("kept-failing");
        }
    }

    @Test
    void takes_plain_http_unasked_only_inside_this_network() throws IOException {
        try (TestMirror mirror = TestMirror.working()) {
            String inside = mirror.url().replace("127.0.0.1", "mirror.corp.test");
            Path catalog = Files.writeString(
                    root.resolve("inside.json"),
                    "{\"schemaVersion\":1,\"mirrors\":[{\"id\":\"m1\",\"url\":\"%s\"}]}".formatted(inside));
            String option = "--catalog=" + catalog;

            JsonNode measured = machine.run("apply", root(), option, "--dry-run", "-o", "json")
                    .exits(0)
                    .json();
            assertThat(texts(measured.path("after"))).containsExactly(inside);
            machine.run("apply", root(), option, "--no-probe").exits(2);
            machine.run("apply", root(), option, "--no-probe", "m1").exits(0);
        }
    }

    @Test
    void drops_ones_that_the_catalog_calls_retired() throws IOException {
        write("{\"registry-mirrors\": [\"https://reg-mirror.qiniu.com/\"]}");
        try (TestMirror good = TestMirror.working()) {
            JsonNode document = machine.run("apply", root(), good.url(), "-o", "json")
                    .exits(0)
                    .json();

            assertThat(texts(document.path("after"))).containsExactly(good.url());
            assertThat(document.path("removed").get(0).path("url").asText()).isEqualTo("https://reg-mirror.qiniu.com/");
            assertThat(document.path("removed").get(0).path("reason").asText()).contains("has ended");
        }
    }

    /** Writes a catalog in which the last of these has ended. */
    private String withOneThatEnded(TestMirror... mirrors) throws IOException {
        Path catalog = catalog(mirrors);
        String last = "\"url\":\"" + mirrors[mirrors.length - 1].url() + "\"";
        return Files.writeString(catalog, Files.readString(catalog).replace(last, last + ",\"status\":\"retired\""))
                .toString();
    }

    @Test
    void drops_one_that_has_ended_though_it_is_there_still_and_others_are_named() throws IOException {
        try (TestMirror good = TestMirror.working();
                TestMirror ended = TestMirror.working()) {
            String catalog = withOneThatEnded(good, ended);
            write("{\"registry-mirrors\": [\"" + good.url() + "\", \"" + ended.url() + "\"]}");

            JsonNode document = machine.run("apply", root(), "m1", "--catalog", catalog, "-o", "json")
                    .exits(0)
                    .json();

            assertThat(texts(document.path("after"))).containsExactly(good.url());
            assertThat(document.path("removed").get(0).path("reason").asText()).contains("has ended");
        }
    }

    @Test
    void measures_ones_that_have_ended_where_that_is_asked_and_offers_them_to_nobody() throws IOException {
        try (TestMirror good = TestMirror.working();
                TestMirror ended = TestMirror.working()) {
            String catalog = withOneThatEnded(good, ended);

            JsonNode probed = machine.run("probe", "--catalog", catalog, "--status", "retired", "-o", "json")
                    .exits(0)
                    .json();
            Run told = machine.run("probe", "--catalog", catalog, "--status", "all")
                    .exits(0);
            JsonNode applied = machine.run(
                            "apply", root(), "--catalog", catalog, "--status", "all", "--dry-run", "-o", "json")
                    .exits(0)
                    .json();

            assertThat(probed.path("mirrors").findValuesAsText("url")).containsExactly(ended.url());
            assertThat(probed.path("mirrors").get(0).path("verdict").asText()).isEqualTo("ready");
            assertThat(told.out()).contains(ended.url());
            assertThat(told.out() + told.err())
                    .contains("--no-probe " + good.url())
                    .doesNotContain(good.url() + " " + ended.url());
            assertThat(texts(applied.path("after"))).containsExactly(good.url());
        }
    }

    @Test
    void with_named_ones_and_replace_nothing_else_stays() throws IOException {
        try (TestMirror named = TestMirror.working();
                TestMirror known = TestMirror.working();
                TestMirror own = TestMirror.working()) {
            write("{\"registry-mirrors\": [\"" + known.url() + "\", \"" + own.url() + "\"]}");

            JsonNode document = machine.run(
                            "apply",
                            root(),
                            "m1",
                            "--replace",
                            "--catalog",
                            catalog(named, known).toString(),
                            "-o",
                            "json")
                    .exits(0)
                    .json();

            assertThat(texts(document.path("after"))).containsExactly(named.url());
            assertThat(document.path("removed").findValuesAsText("url")).containsExactly(known.url(), own.url());
        }
    }

    @Test
    void keeps_a_companys_own_that_is_named_among_others() throws IOException {
        try (TestMirror known = TestMirror.working();
                TestMirror own = TestMirror.working();
                TestMirror failing = TestMirror.answering(500)) {
            write("{\"registry-mirrors\": [\"" + failing.url() + "\", \"" + own.url() + "\"]}");

            JsonNode document = machine.run(
                            "apply",
                            root(),
                            "m1",
                            failing.url(),
                            own.url(),
                            "--catalog",
                            catalog(known).toString(),
                            "-o",
                            "json")
                    .exits(0)
                    .json();

            assertThat(texts(document.path("after")))
                    .containsExactlyInAnyOrder(known.url(), own.url(), failing.url())
                    .endsWith(failing.url());
            assertThat(texts(document.path("kept"))).containsExactly(own.url(), failing.url());
            assertThat(document.path("removed")).isEmpty();
        }
    }

    @Test
    void shows_a_long_line_of_a_file_whole() throws IOException {
        String end = "\"the-end\":true}";
        write("{\"labels\":[\"" + "x".repeat(5000) + "\"]," + end);

        Run run = machine.run("apply", root(), "--no-probe", "--dry-run", "https://a.example")
                .exits(0);

        assertThat(run.out().lines()).anyMatch(line -> line.startsWith("-") && line.endsWith(end));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "apply --platform bogus --catalog /no/such/file",
                "check --platform bogus --docker-info /no/such/file",
                "check --docker-info /no/such/file --image BAD//IMAGE",
                "probe --timeout 5d",
                "probe --timeout 0x1p3",
                "probe --timeout 5f"
            })
    void what_is_asked_is_judged_before_anything_is_read(String command) {
        machine.run(command.split(" ")).exits(2);
    }

    @Test
    void plain_output_for_scripts_has_the_same_words_in_every_language() throws IOException {
        try (TestMirror good = TestMirror.working();
                TestMirror bad = TestMirror.answering(500)) {
            String catalog = catalog(good, bad).toString();
            String listed = machine.run("list", "-o", "plain", "--catalog", catalog, "--lang", "zh")
                    .exits(0)
                    .out();
            String probed = machine.run("probe", "-o", "plain", "--catalog", catalog, "--lang", "zh", "--depth", "ping")
                    .exits(0)
                    .out();

            assertThat(listed).contains("\tunknown\t");
            assertThat(probed).contains("\tready\t", "\tserver-error\t");
        }
    }

    @Test
    void without_probing_takes_the_catalogs_order_or_the_named_ones_as_given() {
        JsonNode chosen = machine.run("apply", root(), "--no-probe", "--dry-run", "-o", "json")
                .exits(0)
                .json();
        assertThat(texts(chosen.path("after")))
                .startsWith("https://docker.m.daocloud.io")
                .hasSize(3);
        assertThat(chosen.path("written").asBoolean()).isFalse();

        JsonNode named = machine.run(
                        "apply",
                        root(),
                        "--no-probe",
                        "--max=1",
                        "aliyun=abc123",
                        "HTTPS://Mirror.Example:443/",
                        "daocloud",
                        "-o",
                        "json")
                .exits(0)
                .json();
        assertThat(texts(named.path("after")))
                .containsExactly(
                        "https://abc123.mirror.aliyuncs.com", "https://mirror.example", "https://docker.m.daocloud.io");
    }

    @Test
    void removes_every_mirror_by_an_empty_list() throws IOException {
        write("{\"registry-mirrors\": [\"https://own.example\"], \"debug\": true}");

        JsonNode document =
                machine.run("apply", root(), "--none", "-o", "json").exits(0).json();

        assertThat(Files.readString(file())).isEqualTo("{\"registry-mirrors\": [], \"debug\": true}");
        assertThat(texts(document.path("after"))).isEmpty();
        assertThat(document.path("removed").size()).isEqualTo(1);
    }

    @Test
    void leaves_a_broken_file_alone_and_shows_where_it_is_broken() throws IOException {
        write("{\n  \"debug\": true,\n}\n");

        for (String dryRun : List.of("--no-probe", "--dry-run")) {
            Run run = machine.run("apply", root(), dryRun).exits(4);
            assertThat(run.err()).contains("daemon.json:2", "  \"debug\": true,", "^", "comma");
        }
        assertThat(Files.readString(file())).isEqualTo("{\n  \"debug\": true,\n}\n");
        try (var files = Files.list(file().getParent())) {
            assertThat(files).hasSize(1);
        }
        Run json = machine.run("apply", root(), "-o", "json").exits(4);
        assertThat(json.json().path("problems").get(0).path("code").asText()).isEqualTo("trailing-comma");
    }

    @Test
    void asks_for_no_restart_of_an_engine_that_would_not_start_with_what_was_restored() throws IOException {
        write("{\"debug\": true,}");
        machine.run("apply", root(), "--no-probe", "--repair", "daocloud").exits(0);

        Run run = machine.run("restore", root()).exits(0);

        assertThat(run.out())
                .contains("would not start", "apply --repair --root")
                .doesNotContain("systemctl");
        machine.run("apply", root(), "--no-probe", "--repair", "daocloud").exits(0);
        JsonNode document =
                machine.run("restore", root(), "-o", "json").exits(0).json();
        assertThat(document.path("commands")).isEmpty();
    }

    @Test
    void mends_a_broken_file_on_request_and_keeps_the_original() throws IOException {
        String broken = "{\n  // ours\n  \"debug\": true，\n  “registry-mirrors”: \"https://own.example\",\n}\n";
        write(broken);

        assertThat(machine.run("apply", root(), "--no-probe", "https://new.example")
                        .exits(4)
                        .err())
                .contains("--repair");
        Run preview = machine.run("apply", root(), "--no-probe", "--repair", "--dry-run", "https://new.example")
                .exits(0);
        assertThat(Files.readString(file())).isEqualTo(broken);
        assertThat(preview.out()).contains("-  // ours", "-  \"debug\": true，", "+  \"debug\": true,");
        Run run = machine.run("apply", root(), "--no-probe", "--repair", "https://new.example")
                .exits(0);

        assertThat(Files.readString(file()))
                .isEqualTo("{\n  \"debug\": true,\n  \"registry-mirrors\": "
                        + "[\"https://own.example\", \"https://new.example\"]\n}\n");
        assertThat(run.out()).contains("-  // ours").contains("Wrote");
        assertThat(run.err()).contains("daemon.json:2)", "Repair: a comment is deleted", "becomes a list");
        try (var files = Files.list(file().getParent())) {
            Path backup = files.filter(path -> !path.equals(file())).findFirst().orElseThrow();
            assertThat(Files.readString(backup)).isEqualTo(broken);
        }
        assertThat(machine.run("apply", root(), "--no-probe", "--repair", "https://new.example")
                        .exits(0)
                        .err())
                .doesNotContain("Repair");
        machine.run("restore", root()).exits(0);
        assertThat(Files.readString(file())).isEqualTo(broken);
    }

    @Test
    void writes_a_mended_file_even_where_its_mirrors_are_right() throws IOException {
        write("{\"registry-mirrors\": [\"https://new.example\",]}");

        JsonNode document = machine.run("apply", root(), "--no-probe", "--repair", "https://new.example", "-o", "json")
                .exits(0)
                .json();

        assertThat(Files.readString(file())).isEqualTo("{\"registry-mirrors\": [\"https://new.example\"]}");
        assertThat(document.path("changed").asBoolean()).isTrue();
        assertThat(document.path("before")).isEqualTo(document.path("after"));
        assertThat(document.path("problems").get(0).path("code").asText()).isEqualTo("mended-trailing-comma");
    }

    @Test
    void refuses_to_guess_what_a_broken_file_was_to_say() throws IOException {
        String twice = "{\"debug\": true}\n{\"registry-mirrors\": []}\n";
        write(twice);

        Run run = machine.run("apply", root(), "--no-probe", "--repair").exits(4);

        assertThat(run.err())
                .contains("daemon.json:2", "second document", "guessing")
                .doesNotContain("can be mended");
        assertThat(Files.readString(file())).isEqualTo(twice);
        assertThat(machine.run("apply", root(), "--no-probe").exits(4).err()).doesNotContain("--repair");
    }

    @Test
    void refuses_a_url_in_the_file_that_no_engine_could_use() throws IOException {
        write("{\"registry-mirrors\": [\"https://<id>.mirror.aliyuncs.com\"]}");

        assertThat(machine.run("apply", root(), "--no-probe").exits(4).err()).contains("placeholder");
        machine.run("apply", root(), "--no-probe", "--replace").exits(0);
        assertThat(Files.readString(file())).doesNotContain("<id>");
    }

    @Test
    void finds_flags_that_would_stop_the_daemon() throws IOException {
        Path unit = root.resolve("etc/systemd/system/docker.service");
        Files.createDirectories(unit.getParent());
        Files.writeString(
                unit, "[Service]\nExecStart=/usr/bin/dockerd -H fd:// \\\n  --registry-mirror=https://flag.example\n");

        Run run = machine.run("apply", root(), "--no-probe").exits(4);

        assertThat(run.err()).contains("docker.service:3", "https://flag.example");
        assertThat(file()).doesNotExist();
    }

    @Test
    void edits_docker_opts_where_an_init_script_reads_them() throws IOException {
        Files.createDirectories(root.resolve("etc/init.d"));
        Files.createDirectories(root.resolve("etc/default"));
        Files.writeString(root.resolve("etc/init.d/docker"), "#!/bin/sh\n");
        Path options = Files.writeString(
                root.resolve("etc/default/docker"),
                "# keep me\nDOCKER_OPTS=\"--debug --registry-mirror=https://registry.docker-cn.com\"\n");

        JsonNode document = machine.run("apply", root(), "--no-probe", "daocloud", "-o", "json")
                .exits(0)
                .json();

        assertThat(document.path("platform").asText()).isEqualTo("sysv");
        assertThat(texts(document.path("commands"))).containsExactly("sudo service docker restart");
        assertThat(Files.readString(options))
                .isEqualTo("# keep me\nDOCKER_OPTS=\"--debug --registry-mirror=https://docker.m.daocloud.io\"\n");
    }

    @Test
    void gives_every_byte_of_a_comment_in_another_encoding_back() throws IOException {
        Path options = root.resolve("etc/default/docker");
        Files.createDirectories(options.getParent());
        byte[] comment = "# 镜像\n".getBytes(Charset.forName("GBK"));
        Files.write(options, comment);

        machine.run("apply", root(), "--platform", "sysv", "--no-probe", "daocloud")
                .exits(0);

        assertThat(Files.readAllBytes(options)).startsWith(comment);
        assertThat(Files.readString(options, StandardCharsets.ISO_8859_1)).contains("https://docker.m.daocloud.io");
    }

    @Test
    void shows_the_diff_of_a_file_in_utf_16() throws IOException {
        Files.createDirectories(file().getParent());
        byte[] content = "\ufeff{\"debug\": true}".getBytes(StandardCharsets.UTF_16LE);
        Files.write(file(), content);

        Run run = machine.run("apply", root(), "--no-probe", "daocloud", "--dry-run")
                .exits(0);

        assertThat(run.out()).contains("-{\"debug\": true}");
    }

    @Test
    void nothing_usable_means_nothing_written() throws IOException {
        write("{\"registry-mirrors\": []}");
        try (TestMirror bad = TestMirror.answering(404)) {
            JsonNode document = machine.run("apply", root(), bad.url(), "-o", "json")
                    .exits(3)
                    .json();

            assertThat(document.path("changed").asBoolean()).isFalse();
            assertThat(Files.readString(file())).isEqualTo("{\"registry-mirrors\": []}");
        }
    }

    // ---- restore ----

    @Test
    void restores_byte_for_byte_and_says_what_a_reload_cannot_do() throws IOException {
        machine.run("apply", root(), "--no-probe", "daocloud").exits(0);

        JsonNode list =
                machine.run("restore", root(), "--list", "-o", "json").exits(0).json();
        assertThat(list.path("restored").isNull()).isTrue();
        assertThat(list.path("backups").size()).isEqualTo(1);

        JsonNode restored =
                machine.run("restore", root(), "-o", "json").exits(0).json();
        assertThat(restored.path("restored").asText())
                .isEqualTo(list.path("backups").get(0).path("id").asText());
        assertThat(texts(restored.path("commands"))).containsExactly("sudo systemctl restart docker");
        assertThat(file()).doesNotExist();
    }

    @Test
    void does_not_restore_over_later_changes_unless_forced() throws IOException {
        write("{}");
        machine.run("apply", root(), "--no-probe", "daocloud").exits(0);
        Files.writeString(file(), "{\"debug\": true}");

        machine.run("restore", root()).exits(4);
        assertThat(Files.readString(file())).isEqualTo("{\"debug\": true}");
        machine.run("restore", root(), "--force").exits(0);
        assertThat(Files.readString(file())).isEqualTo("{}");
        machine.run("restore", root(), "20200101T000000.000Z").exits(2);
    }

    @Test
    void restores_over_a_file_that_was_broken_since() throws IOException {
        write("{}");
        machine.run("apply", root(), "--no-probe", "daocloud").exits(0);
        Files.writeString(file(), "{,");

        machine.run("restore", root()).exits(4);
        machine.run("restore", root(), "--force").exits(0);
        assertThat(Files.readString(file())).isEqualTo("{}");
    }

    @Test
    void takes_the_ones_in_the_file_at_their_place_in_the_catalog() throws IOException {
        write("{\"registry-mirrors\": [\"https://docker.1ms.run\"]}");

        JsonNode document = machine.run("apply", root(), "--no-probe", "--region", "ir", "-o", "json")
                .exits(0)
                .json();

        assertThat(texts(document.path("after"))).hasSize(3).startsWith("https://docker.1ms.run");
    }

    @Test
    void named_only_leaves_out_a_private_one_in_the_file_too() throws IOException {
        write("{\"registry-mirrors\": [\"https://dockerproxy.net\", \"https://own.example\"]}");

        JsonNode document = machine.run("apply", root(), "--no-probe", "--named-only", "--max=9", "-o", "json")
                .exits(0)
                .json();

        assertThat(texts(document.path("after")))
                .contains("https://own.example")
                .doesNotContain("https://dockerproxy.net");
        assertThat(document.path("removed").findValuesAsText("url")).containsExactly("https://dockerproxy.net");
    }

    @Test
    void claims_no_restore_where_there_was_nothing_to_do() throws IOException {
        write("{}");
        machine.run("apply", root(), "--no-probe", "daocloud").exits(0);
        String id = machine.run("restore", root(), "-o", "json")
                .exits(0)
                .json()
                .path("restored")
                .asText();

        JsonNode again =
                machine.run("restore", root(), id, "-o", "json").exits(0).json();

        assertThat(again.path("restored").isNull()).isTrue();
    }

    // ---- check ----

    @Test
    void says_once_that_there_is_no_docker_command() {
        Run run = machine.run("check", "--platform=systemd", "--docker=/no/such/docker", "-o", "json")
                .exits(5);

        assertThat(run.json().path("findings").findValuesAsText("code")).containsExactly("no-docker");
    }

    @Test
    void reads_what_powershell_saves() throws IOException {
        Path saved = root.resolve("info.txt");
        String info = "Server:\r\n Server Version: 20.10.24\r\n Registry Mirrors:\r\n  https://a/\r\n";
        Files.write(saved, ("\uFEFF" + info).getBytes(StandardCharsets.UTF_16LE));

        JsonNode document = machine.run("check", "--docker-info=" + saved, "-o", "json")
                .exits(0)
                .json();

        assertThat(texts(document.path("running"))).containsExactly("https://a/");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[\"https://a/\",\"https://b/\"]|active|0",
                "[\"https://b/\",\"https://a/\"]|drift|3",
                "[\"https://c/\"]|drift|3",
                "[]|inactive|3",
                "null|inactive|3"
            })
    void compares_the_file_with_the_daemon(String running, String verdict, int exit) throws IOException {
        write("{\"registry-mirrors\": [\"https://a\", \"https://b\"]}");
        String info = "{\"ServerVersion\":\"28.5.2\",\"RegistryConfig\":{\"Mirrors\":" + running + "}}";

        JsonNode document = machine.runWith(info, "check", root(), "--docker-info", "-", "-o", "json")
                .exits(exit)
                .json();

        assertThat(document.path("verdict").asText()).isEqualTo(verdict);
        assertThat(document.path("engine").path("version").asText()).isEqualTo("28.5.2");
    }

    @Test
    void judges_an_output_alone_where_no_file_is_named() {
        String text =
                "Server:\n Server Version: 20.10.24\n Registry Mirrors:\n  https://a/\n Live Restore Enabled: false\n";

        JsonNode document = machine.runWith(text, "check", "--docker-info", "-", "-o", "json")
                .exits(0)
                .json();

        assertThat(document.path("verdict").asText()).isEqualTo("active");
        assertThat(document.path("file").isNull()).isTrue();
        assertThat(texts(document.path("running"))).containsExactly("https://a/");
    }

    @Test
    void tells_no_answer_from_no_mirrors() {
        String down =
                "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?";

        Run run = machine.runWith(down, "check", "--docker-info", "-", "-o", "json")
                .exits(5);

        assertThat(run.json().path("verdict").asText()).isEqualTo("unknown");
        assertThat(run.json().path("findings").findValuesAsText("code")).contains("daemon-down");
        machine.runWith("nonsense", "check", "--docker-info", "-").exits(4);
    }

    @Test
    void names_a_retired_mirror_with_its_date() throws IOException {
        write("{\"registry-mirrors\": [\"https://reg-mirror.qiniu.com\"]}");
        String info = "{\"ServerVersion\":\"28\",\"RegistryConfig\":{\"Mirrors\":[\"https://reg-mirror.qiniu.com/\"]}}";

        Run run = machine.runWith(info, "check", root(), "--docker-info", "-").exits(0);

        assertThat(run.out()).contains("reg-mirror.qiniu.com", "has ended (2026-08, https://");
    }

    @Test
    void an_entry_that_ended_on_a_day_unknown_is_said_to_have_ended_by_the_catalogs() throws IOException {
        Path catalog = Files.writeString(root.resolve("catalog.json"), """
                {"schemaVersion": 1, "updated": "2026-11-24", "mirrors": [
                  {"id": "gone", "url": "https://gone.example", "status": "retired"},
                  {"id": "here", "url": "https://here.example"}
                ]}
                """);
        write("{\"registry-mirrors\": [\"https://gone.example\"]}");
        String[] given = {root(), "--catalog=" + catalog, "--no-probe"};

        Run byName = machine.run(with(new String[] {"apply", "gone"}, given)).exits(2);
        Run byUrl = machine.run(with(new String[] {"apply", "https://gone.example", "--dry-run"}, given));
        Run inFile = machine.run(with(new String[] {"apply", "here", "--dry-run"}, given))
                .exits(0);

        assertThat(byName.err()).contains("has ended, as of 2026-11-24");
        assertThat(byUrl.err()).contains("as of 2026-11-24");
        assertThat(inFile.err()).contains("https://gone.example", "has ended").doesNotContain("?");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void a_file_system_that_never_has_room_is_not_said_to_be_full() {
        Run run = machine.with("XDG_STATE_HOME", "/proc/x")
                .run("probe", "http://127.0.0.1:9", "--history", "--report=" + root.resolve("page.html"));

        assertThat(run.err()).contains("/proc/x", "is not there").doesNotContain("no space is left");
    }

    @Test
    void chinese_sets_names_and_phases_apart_in_its_own_way() throws IOException {
        machine = machine.with("MIRRORCTL_LANG", "zh");
        try (TestMirror one = TestMirror.answering(403);
                TestMirror other = TestMirror.answering(403)) {
            Run apply = machine.run("apply", root(), "--dry-run", one.url(), other.url())
                    .exits(3);
            Run probe = machine.run("probe", one.url(), "--explain", one.url());

            assertThat(apply.err()).contains("、http://127.0.0.1:").doesNotContain(", ");
            assertThat(probe.out()).contains("、TCP ").doesNotContain(", ");
        }
    }

    // ---- files that are left to their owners ----

    private void put(String path, String content) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    @Test
    void on_openwrt_prints_the_commands_and_leaves_its_file_alone() throws IOException {
        String uci = "config globals 'globals'\n\tlist registry_mirrors 'https://mirror.corp.example'\n";
        put("etc/openwrt_release", "");
        put("etc/init.d/dockerd", "");
        put("etc/config/dockerd", uci);

        JsonNode document = machine.run("apply", root(), "--no-probe", "daocloud", "-o", "json")
                .exits(0)
                .json();
        Run text = machine.run("apply", root(), "--no-probe", "daocloud").exits(0);

        assertThat(document.path("platform").asText()).isEqualTo("openwrt");
        assertThat(document.path("written").asBoolean()).isFalse();
        assertThat(texts(document.path("kept"))).containsExactly("https://mirror.corp.example");
        assertThat(texts(document.path("commands")))
                .containsExactly(
                        "uci -q delete dockerd.globals.registry_mirrors",
                        "uci add_list dockerd.globals.registry_mirrors='https://mirror.corp.example'",
                        "uci add_list dockerd.globals.registry_mirrors='https://docker.m.daocloud.io'",
                        "uci commit dockerd",
                        "/etc/init.d/dockerd restart");
        assertThat(text.out()).contains("uci commit dockerd", "/etc/init.d/dockerd restart", "mirrorctl check");
        assertThat(root.resolve("etc/config/dockerd")).hasContent(uci);
        assertThat(file()).doesNotExist();
    }

    @Test
    void on_openwrt_says_so_where_nothing_need_be_done() throws IOException {
        put("etc/openwrt_release", "");
        put("etc/init.d/dockerd", "");
        put(
                "etc/config/dockerd",
                "config globals 'globals'\n\tlist registry_mirrors 'https://docker.m.daocloud.io/'\n");

        Run run = machine.run("apply", root(), "--no-probe", "daocloud").exits(0);

        assertThat(run.out()).contains("Nothing to change").doesNotContain("uci");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "colima|docker:|  registry-mirrors:|    - https://docker.m.daocloud.io|colima restart",
                "rancher-desktop|provision:|- mode: system|        \"https://docker.m.daocloud.io\"|rdctl start",
                "desktop-wsl|Run mirrorctl on Windows|Settings > Docker Engine|  \"https://docker.m.daocloud.io\"|]",
                "desktop-windows-containers|Windows-container mode|\"registry-mirrors\": [|Apply & restart|]"
            })
    void elsewhere_shows_the_lines_and_the_place_to_put_them(
            String platform, String first, String second, String third, String last) {
        Run dry = machine.run("apply", root(), "--platform", platform, "--no-probe", "daocloud", "--dry-run");
        Run run = machine.run("apply", root(), "--platform", platform, "--no-probe", "daocloud");

        assertThat(run.exits(0).out()).contains(first, second, third, last);
        assertThat(dry.exits(0).out()).isEqualTo(run.out());
        assertThat(root.toFile().list()).isEmpty();
    }

    @Test
    void in_json_lines_and_their_place_are_one_step_in_english() {
        JsonNode document = machine.with("LANG", "zh_CN.UTF-8")
                .run("apply", root(), "--platform", "colima", "--no-probe", "daocloud", "-o", "json")
                .exits(0)
                .json();

        List<String> steps = texts(document.path("commands"));
        assertThat(steps).hasSize(2);
        assertThat(steps.get(0))
                .contains("colima.yaml is Colima's")
                .endsWith("\ndocker:\n  registry-mirrors:\n    - https://docker.m.daocloud.io");
        assertThat(steps.get(1)).isEqualTo("colima restart");
        assertThat(document.path("changed").asBoolean()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "zh"})
    void every_command_that_is_advised_means_the_same_file(String language) throws IOException {
        Path own = root.resolve("my own.json");
        String options = " --root " + root + " --config '" + own + "'";
        machine = machine.with("MIRRORCTL_LANG", language);
        Files.writeString(own, "{\"registry-mirrors\": [],}");
        String[] given = {root(), "--platform=systemd", "--config=" + own};

        Run broken = machine.run(with(new String[] {"apply", "--no-probe", "daocloud"}, given))
                .exits(4);
        Run absent =
                machine.run(with(new String[] {"restore", "nosuch"}, given)).exits(2);
        machine.run(with(new String[] {"apply", "--no-probe", "--repair", "daocloud"}, given))
                .exits(0);
        Files.writeString(own, "{}");
        Run changed = machine.run(with(new String[] {"restore"}, given)).exits(4);
        Run byHand = machine.run("apply", root(), "--platform=colima", "--no-probe", "daocloud")
                .exits(0);

        assertThat(broken.err()).contains("mirrorctl apply --repair" + options);
        assertThat(absent.err()).contains("mirrorctl restore --list" + options);
        assertThat(changed.err()).contains("mirrorctl restore --list" + options);
        assertThat(byHand.out()).contains("mirrorctl check --root " + root + " --platform colima");
    }

    @Test
    void the_list_is_emptied_by_hand_too() {
        Run run = machine.run("apply", root(), "--platform", "colima", "--none").exits(0);

        assertThat(run.out()).contains("registry-mirrors: []");
    }

    // ---- an engine on another machine ----

    /** A machine in memory, for runs without {@code --root}, which would find the real one's files otherwise. */
    private static Machine inMemory(Map<String, String> files) throws IOException {
        Path top = Jimfs.newFileSystem(Configuration.unix()).getPath("/");
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = top.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        return Machine.at(top);
    }

    @Test
    void refuses_where_the_client_talks_to_another_machine_and_says_what_sent_it_there() throws IOException {
        Machine remote = inMemory(Map.of("run/systemd/system/x", "", "etc/docker/daemon.json", "{}"))
                .with("DOCKER_HOST", "ssh://build@farm.example");

        Run apply = remote.run("apply", "--no-probe", "daocloud", "-o", "json").exits(5);
        Run restore = remote.run("restore").exits(5);

        assertThat(apply.json().path("error").path("code").asText()).isEqualTo("engine-elsewhere");
        assertThat(restore.err()).contains("ssh://build@farm.example", "DOCKER_HOST", "--platform");
        assertThat(remote.root().resolve("etc/docker/daemon.json")).hasContent("{}");
    }

    @Test
    void knows_the_context_that_leads_to_another_machine() throws IOException {
        String meta = "{\"Name\":\"build\",\"Endpoints\":{\"docker\":{\"Host\":\"tcp://10.0.0.5:2376\"}}}";
        Machine used = inMemory(Map.of(
                "root/.docker/config.json",
                "{\"currentContext\":\"build\"}",
                "root/.docker/" + ClientConfig.contextFile("build"),
                meta));
        Machine chosen = inMemory(Map.of("cfg/" + ClientConfig.contextFile("build"), meta))
                .with("DOCKER_CONFIG", "/cfg")
                .with("DOCKER_CONTEXT", "build");

        assertThat(used.run("apply", "--no-probe", "daocloud").exits(5).err())
                .contains("tcp://10.0.0.5:2376", "docker context use build");
        assertThat(chosen.run("apply", "--no-probe", "daocloud").exits(5).err())
                .contains("tcp://10.0.0.5:2376", "DOCKER_CONTEXT=build");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--platform=systemd", "--config=FILE.json", "--root=DIR"})
    void what_the_command_line_names_is_meant_wherever_the_client_looks(String option) throws IOException {
        String named = option.replace("FILE", root.resolve("own").toString()).replace("DIR", root.toString());

        Run run = inMemory(Map.of())
                .with("DOCKER_HOST", "tcp://10.0.0.5:2376")
                .run("apply", named, "--no-probe", "daocloud", "--dry-run")
                .exits(0);

        assertThat(run.out()).contains("+", "https://docker.m.daocloud.io");
    }

    @Test
    void follows_the_client_to_a_virtual_machine_of_this_one() throws IOException {
        Machine mac = inMemory(Map.of("run/systemd/system/x", ""))
                .with("DOCKER_HOST", "unix:///root/.orbstack/run/docker.sock");

        JsonNode document = mac.run("apply", "--no-probe", "daocloud", "--dry-run", "-o", "json")
                .exits(0)
                .json();

        assertThat(document.path("platform").asText()).isEqualTo("orbstack");
        assertThat(document.path("file").asText()).isEqualTo("/root/.orbstack/config/docker.json");
    }

    @Test
    void check_judges_no_file_of_this_machine_against_another_machines_engine() throws IOException {
        Machine remote = inMemory(Map.of(
                        "run/systemd/system/x",
                        "",
                        "etc/docker/daemon.json",
                        "{\"registry-mirrors\":[\"https://docker.m.daocloud.io\"]}"))
                .with("DOCKER_HOST", "ssh://build@farm.invalid");

        JsonNode document = remote.run("check", "-o", "json").json();

        assertThat(document.path("file").isNull()).isTrue();
        assertThat(texts(document.path("configured"))).isEmpty();
        assertThat(document.path("findings").findValuesAsText("code")).contains("engine-elsewhere");
    }

    /** One that answers, as this machine's own does at an address that others use. */
    @Test
    void what_another_machines_engine_says_is_no_verdict_on_this_one() throws Exception {
        Optional<InetAddress> outside = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .findFirst();
        assumeTrue(outside.isPresent(), "this machine has no address but loopback");
        HttpServer engine = HttpServer.create(new InetSocketAddress(outside.get(), 0), 0);
        engine.createContext("/", exchange -> {
            byte[] info = "{\"ServerVersion\":\"28.5.2\",\"RegistryConfig\":{\"Mirrors\":[]}}"
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, info.length);
            exchange.getResponseBody().write(info);
            exchange.close();
        });
        engine.start();
        try {
            Machine remote = inMemory(Map.of("run/systemd/system/x", ""))
                    .with(
                            "DOCKER_HOST",
                            "tcp://" + outside.get().getHostAddress() + ":"
                                    + engine.getAddress().getPort());

            Run run = remote.run("check", "-o", "json").exits(5);

            assertThat(run.json().path("verdict").asText()).isEqualTo("unknown");
            assertThat(run.json().path("engine").path("version").asText()).isEqualTo("28.5.2");
            assertThat(run.json().path("findings").findValuesAsText("code"))
                    .contains("engine-elsewhere")
                    .doesNotContain("no-mirrors");
        } finally {
            engine.stop(0);
        }
    }

    @Test
    void probe_measures_nothing_for_a_page_that_has_no_place(@TempDir Path folder) {
        Run probe = Machine.at(folder)
                .run(
                        "probe",
                        "http://127.0.0.1:9",
                        "--report",
                        folder.resolve("no/page.html").toString())
                .exits(5);

        assertThat(probe.err()).contains("the folder in which it should be made is not there");
        assertThat(probe.out()).isEmpty();
    }
}
