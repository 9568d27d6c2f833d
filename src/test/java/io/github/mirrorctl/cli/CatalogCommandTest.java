package io.github.mirrorctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.mirrorctl.cli.Run.Machine;
import io.github.mirrorctl.registry.TestMirror;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The user's own catalog: how it joins the bundled one, and what the commands below {@code catalog} do to it. */
final class CatalogCommandTest {
    private static final String HEAD = "{\"schemaVersion\": 1, \"updated\": \"2026-11-24\", \"mirrors\": [";

    @TempDir
    private Path folder;

    private Machine machine = Machine.at(Path.of("/"));

    @BeforeEach
    void giveTheUserAFolder() {
        machine = Machine.at(folder).with("XDG_CONFIG_HOME", folder.toString());
    }

    private Path own() {
        return folder.resolve("mirrorctl/mirrors.json");
    }

    private Path write(Path file, String content) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    private static List<String> ids(Run run) {
        return StreamSupport.stream(run.json().path("mirrors").spliterator(), false)
                .map(mirror -> mirror.path("id").asText())
                .toList();
    }

    // ---- how it is used ----

    @Test
    void own_entries_join_and_override_the_bundled_ones() throws IOException {
        write(
                own(),
                HEAD + "{\"id\":\"office\",\"url\":\"https://m.corp.example\"},"
                        + "{\"id\":\"daocloud\",\"url\":\"https://dao.corp.example\"}]}");

        Run run = machine.run("list", "-o", "json").exits(0);

        assertThat(ids(run)).hasSize(77).contains("office").containsOnlyOnce("daocloud");
        assertThat(run.out())
                .contains("https://dao.corp.example")
                .doesNotContain("\"https://docker.m.daocloud.io\",\n      \"name\"");
        assertThat(run.err()).isEmpty();
        assertThat(machine.run("apply", "--root=" + folder, "--no-probe", "office")
                        .exits(0)
                        .out())
                .contains("https://m.corp.example");
    }

    @Test
    void a_named_catalog_replaces_all_of_it() throws IOException {
        write(own(), "broken");
        Path named = write(folder.resolve("c.json"), HEAD + "{\"id\":\"a\",\"url\":\"https://a.example\"}]}");

        assertThat(ids(machine.run("list", "-o", "json", "--catalog", named.toString())
                        .exits(0)))
                .containsExactly("a");
        assertThat(machine.run("list").exits(4).err()).contains("mirrors.json, line 1");
    }

    @Test
    void says_which_entry_counts_where_two_have_one_address() throws IOException {
        write(own(), HEAD + "{\"id\":\"mine\",\"url\":\"https://Docker.M.DaoCloud.io/\"}]}");

        assertThat(machine.run("list").exits(0).err()).contains("mine and daocloud are the same address");
        assertThat(machine.run("list", "-q").exits(0).err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"2026-08-26, false", "2026-08-25, true", "2025-12-31, true"})
    void mentions_once_that_a_catalog_is_older_than_ninety_days(String date, boolean isOld) throws IOException {
        Path named = write(
                folder.resolve("c.json"),
                "{\"schemaVersion\":1,\"updated\":\"" + date
                        + "\",\"mirrors\":[{\"id\":\"a\",\"url\":\"https://a.example\"}]}");

        Run run = machine.run("list", "--catalog", named.toString()).exits(0);

        assertThat(run.err().lines().filter(line -> line.startsWith("note: The catalog is of " + date)))
                .hasSize(isOld ? 1 : 0);
        assertThat(machine.run("list", "-q", "--catalog", named.toString()).err())
                .isEmpty();
    }

    @Test
    void goes_on_without_a_catalog_that_is_not_a_file() throws IOException {
        Files.createDirectories(own());

        assertThat(machine.run("list").exits(0).err()).contains("cannot be read by this user");
    }

    // ---- path, validate ----

    @Test
    void says_where_the_catalog_is() throws IOException {
        Run absent = machine.run("catalog", "path").exits(0);
        assertThat(absent.out()).isEqualTo(own() + System.lineSeparator());
        assertThat(absent.err()).contains("does not exist yet");

        write(own(), HEAD + "]}");
        assertThat(machine.run("catalog", "path", "-o", "json")
                        .exits(0)
                        .json()
                        .path("exists")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void checks_a_catalog_and_names_the_line() throws IOException {
        write(
                own(),
                HEAD + "\n{\"id\":\"a\",\"url\":\"https://a.example\",\"opertor\":\"x\"},"
                        + "\n{\"id\":\"b\",\"url\":\"https://A.example/\"}]}");

        Run odd = machine.run("catalog", "validate").exits(0);
        assertThat(odd.out()).contains("Entries: 2.");
        assertThat(odd.err()).contains("\"opertor\"", "mirrors.json:2", "a and b are the same address");

        Path broken = write(folder.resolve("x.json"), HEAD + "\n{\"id\":\"a\"}]}");
        Run run = machine.run("catalog", "validate", broken.toString(), "-o", "json")
                .exits(4);
        assertThat(run.json().path("command").asText()).isEqualTo("catalog");
        assertThat(run.json().path("error").path("message").asText()).contains("x.json, line 2");
        machine.run("catalog", "validate", "/no/such/file").exits(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "\u0000",
                "{\"schemaVersion\":1,\"updated\":\"x\",\"mirrors\":[]}",
                "{\"schemaVersion\":1,\"mirrors\":[{\"id\":\"a\",\"url\":\"ftp://x\"}]}",
                "{\"schemaVersion\":1,\"mirrors\":[{\"id\":\"a\",\"url\":\"x\",\"operator\":{}}]}"
            })
    void says_in_the_readers_language_what_is_wrong_with_a_catalog(String content) throws IOException {
        Path broken = write(folder.resolve("x.json"), content);

        String chinese = machine.run("list", "--catalog", broken.toString(), "--lang", "zh")
                .exits(4)
                .err();
        Run document = machine.run("list", "--catalog", broken.toString(), "-o", "json")
                .exits(4);

        assertThat(chinese)
                .contains("x.json 第 1 行：无法理解这个镜像目录", "catalog validate", "(" + broken + ":1)")
                .doesNotContain("expected", "Source", "REDACTED");
        assertThat(document.json().at("/error/code").asText()).isEqualTo("catalog-invalid");
        assertThat(document.json().at("/problems/0/line").asInt()).isEqualTo(1);
    }

    @Test
    void takes_an_own_catalog_without_a_date_and_counts_its_one_entry() throws IOException {
        Path own = write(folder.resolve("x.json"), "{\"schemaVersion\":1,\"mirrors\":[{\"id\":\"a\",\"url\":\"x\"}]}");

        assertThat(machine.run("catalog", "validate", own.toString()).exits(0).out())
                .contains("Entries: 1.")
                .doesNotContain("1 entries");
        assertThat(machine.run("list", "--catalog", own.toString()).exits(0).out())
                .contains("a");
        assertThat(machine.run("catalog", "update", own.toString()).exits(4).err())
                .contains("\"updated\" is missing");
    }

    // ---- add, remove ----

    @Test
    void adds_what_works_with_the_month_in_which_it_did() throws IOException {
        try (TestMirror mirror = TestMirror.working()) {
            Run run = machine.run("catalog", "add", mirror.url(), "--id", "office", "-o", "json")
                    .exits(0);

            assertThat(run.json().path("verdict").asText()).isEqualTo("ready");
            assertThat(Files.readString(own())).isEqualTo("""
                            {
                              "schemaVersion": 1,
                              "updated": "2026-11-24",
                              "mirrors": [
                                {"id": "office", "url": "%s", "status": "active", "statusAsOf": "2026-11"}
                              ]
                            }
                            """.formatted(mirror.url()));
        }
    }

    @Test
    void adds_what_fails_only_by_force() throws IOException {
        try (TestMirror mirror = TestMirror.answering(500)) {
            Run refused = machine.run("catalog", "add", mirror.url()).exits(3);
            assertThat(refused.err()).contains("was not added", "server error", "--force");
            assertThat(own()).doesNotExist();
            JsonNode document = machine.run("catalog", "add", mirror.url(), "-o", "json")
                    .exits(3)
                    .json();
            assertThat(document.path("changed").asBoolean()).isFalse();

            machine.run("catalog", "add", mirror.url(), "--force", "--id", "a").exits(0);
            assertThat(Files.readString(own())).contains("\"id\": \"a\"").doesNotContain("active");
        }
    }

    @Test
    void an_entry_has_the_tier_and_the_region_that_it_is_given() throws IOException {
        machine.run("catalog", "add", "https://a.example", "--no-probe", "--tier=2", "--region=cn", "--kind=personal")
                .exits(0);
        machine.run("catalog", "add", "https://b.example", "--no-probe").exits(0);

        assertThat(Files.readString(own())).contains("\"kind\": \"personal\", \"tier\": 2, \"region\": \"cn\"}");
        assertThat(machine.run("list", "-o", "plain", "--tier", "2", "--region", "cn")
                        .exits(0)
                        .out())
                .contains("a-example\t");
        assertThat(machine.run("list", "-o", "plain", "--region", "global").out())
                .contains("b-example\t")
                .doesNotContain("a-example\t");
        machine.run("catalog", "validate").exits(0);
    }

    @Test
    void says_only_once_what_verdict_and_reason_have_in_common() {
        Run chinese = machine.run("catalog", "add", "https://nowhere.invalid", "--lang=zh")
                .exits(3);
        assertThat(chinese.err()).containsOnlyOnce("域名无法解析");

        Run english = machine.run("catalog", "add", "https://nowhere.invalid").exits(3);
        assertThat(english.err()).contains("unknown host: its name does not resolve. Add it");
    }

    @Test
    void leaves_every_other_byte_of_the_catalog_alone() throws IOException {
        String before = "\ufeff{ \"mirrors\" : [\r\n\t{\"url\":\"https://a.example\" , \"id\":\"甲\"},".replace("甲", "a")
                + "\r\n\t{\"id\":\"b\",\"url\":\"https://b.example\",\"x\":[1.10]}\r\n],"
                + "\"updated\":\"2020-01-01\",  \"schemaVersion\":1}";
        write(own(), before);

        machine.run("catalog", "add", "c.example", "--no-probe", "--name", "测试 \"c\"")
                .exits(0);

        String dated = before.replace("2020-01-01", "2026-11-24");
        assertThat(Files.readString(own()))
                .isEqualTo(dated.replace(
                        "\r\n],",
                        ",\r\n\t{\"id\": \"c-example\", \"url\": \"https://c.example\", "
                                + "\"name\": {\"en\": \"测试 \\\"c\\\"\", \"zh\": \"测试 \\\"c\\\"\"}}\r\n],"));
        machine.run("catalog", "remove", "c-example").exits(0);
        assertThat(Files.readString(own())).isEqualTo(dated);
        machine.run("catalog", "remove", "a").exits(0);
        machine.run("catalog", "remove", "b").exits(0);
        assertThat(Files.readString(own()))
                .isEqualTo("\ufeff{ \"mirrors\" : [],\"updated\":\"2026-11-24\",  \"schemaVersion\":1}");
        try (var files = Files.list(own().getParent())) {
            assertThat(files).containsExactly(own());
        }
    }

    @Test
    void refuses_what_is_there_already_and_misses_what_is_not() throws IOException {
        machine.run("catalog", "add", "https://a.example", "--id", "a", "--no-probe")
                .exits(0);

        assertThat(machine.run("catalog", "add", "https://A.example/", "--no-probe")
                        .exits(2)
                        .err())
                .contains("already, as a");
        machine.run("catalog", "add", "https://b.example", "--id", "a", "--no-probe")
                .exits(2);
        assertThat(machine.run("catalog", "remove", "b").exits(2).err()).contains("It has: a");
        assertThat(machine.run("catalog", "add", "https://d.example", "--id", "daocloud", "--no-probe")
                        .exits(0)
                        .err())
                .contains("in place of the bundled daocloud");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "catalog",
                "catalog add",
                "catalog add docker.io",
                "catalog add https://a.example --id Upper --no-probe",
                "catalog add https://a.example --kind shop --no-probe",
                "catalog add https://a.example --tier 4 --no-probe",
                "catalog add https://a.example --region all --no-probe",
                "catalog update http://8.8.8.8/c.json",
                "catalog update ftp://a.example/c.json",
                "catalog update c.json --sha256 12",
                "catalog valdate"
            })
    void what_means_nothing_is_a_usage_error(String arguments) {
        machine.run(arguments.split(" ", -1)).exits(2);

        assertThat(own()).doesNotExist();
    }

    // ---- update ----

    @Test
    void keeps_a_fetched_catalog_beside_the_own_one() throws IOException {
        Path newer = write(
                folder.resolve("newer.json"),
                HEAD.replace("2026-11-24", "2026-12-01")
                        + "{\"id\":\"office\",\"url\":\"https://m.corp.example\"},"
                        + "{\"id\":\"daocloud\",\"url\":\"https://dao.corp.example\"}]}");

        assertThat(machine.run("catalog", "update", newer.toString()).exits(0).out())
                .contains("2026-12-01");
        assertThat(machine.run("catalog", "update", newer.toString()).exits(0).out())
                .contains("Nothing to do");

        assertThat(machine.run("list", "-o", "plain").out()).contains("office\t", "https://dao.corp.example");
        assertThat(own()).doesNotExist();
    }

    @Test
    void an_older_fetched_catalog_adds_but_does_not_override() throws IOException {
        write(
                folder.resolve("mirrorctl/fetched.json"),
                HEAD.replace("2026-11-24", "2026-01-01")
                        + "{\"id\":\"office\",\"url\":\"https://m.corp.example\"},"
                        + "{\"id\":\"daocloud\",\"url\":\"https://dao.corp.example\"}]}");

        assertThat(machine.run("list", "-o", "plain").out())
                .contains("office\t", "https://docker.m.daocloud.io")
                .doesNotContain("https://dao.corp.example");
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"schemaVersion\":1,\"updated\":\"2026-11-23\",\"mirrors\":[]}', older",
        "'{\"schemaVersion\":1,\"mirrors\":[]}',                           '\"updated\" is missing'",
        "'{\"schemaVersion\":2,\"updated\":\"2026-12-01\",\"mirrors\":[]}', schemaVersion",
        "'<html>',                                                        line 1"
    })
    void keeps_the_old_catalog_where_the_new_one_is_wrong(String content, String said) throws IOException {
        Path fetched = write(folder.resolve("mirrorctl/fetched.json"), HEAD + "]}");
        Path next = write(folder.resolve("next.json"), content);

        Run run = machine.run("catalog", "update", next.toString()).exits(4);

        assertThat(run.err()).contains(said.equals("older") ? "was not kept: it is of 2026-11-23" : said);
        assertThat(Files.readString(fetched)).isEqualTo(HEAD + "]}");
    }

    @Test
    void keeps_only_what_has_the_digest_that_was_named() throws Exception {
        byte[] content = (HEAD + "]}").getBytes(StandardCharsets.UTF_8);
        Path next = Files.write(folder.resolve("next.json"), content);
        String sha256 = java.util.HexFormat.of()
                .formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(content));

        machine.run("catalog", "update", next.toString(), "--sha256", "0".repeat(64))
                .exits(4);
        assertThat(folder.resolve("mirrorctl/fetched.json")).doesNotExist();
        machine.run("catalog", "update", next.toString(), "--sha256", sha256).exits(0);
        assertThat(folder.resolve("mirrorctl/fetched.json")).hasBinaryContent(content);
    }
}
