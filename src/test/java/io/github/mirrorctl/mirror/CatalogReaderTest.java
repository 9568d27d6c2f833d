package io.github.mirrorctl.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.fault.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogReaderTest {

    // ---- the bundled catalog ----

    /** The mirrors that the project began with, in their order. */
    @Test
    void the_bundled_catalog_begins_with_the_seed_list() {
        List<Mirror> mirrors = CatalogReader.bundled().mirrors();

        assertThat(mirrors.stream().limit(16).map(mirror -> tier(mirror) + " " + mirror.url()))
                .containsExactly(
                        "1 https://docker.rainbond.cc",
                        "1 https://reg-mirror.qiniu.com",
                        "1 https://mirror.baidubce.com",
                        "1 https://docker.mirrors.sjtug.sjtu.edu.cn",
                        "1 https://mirror.iscas.ac.cn",
                        "1 https://docker.m.daocloud.io",
                        "1 https://docker.imgdb.de",
                        "1 https://docker-0.unsee.tech",
                        "1 https://docker.nju.edu.cn",
                        "2 https://6kx4zyno.mirror.aliyuncs.com",
                        "2 https://almtd3fa.mirror.aliyuncs.com",
                        "3 https://mirrors.tuna.tsinghua.edu.cn",
                        "3 https://docker.mirrors.ustc.edu.cn",
                        "- https://hub-mirror.c.163.com",
                        "- https://registry.docker-cn.com",
                        "3 https://<ID>.mirror.aliyuncs.com");
    }

    private static String tier(Mirror mirror) {
        return mirror.tier().map(tier -> String.valueOf(tier.number())).orElse("-");
    }

    @Test
    void what_ended_is_retired() {
        Catalog catalog = CatalogReader.bundled();

        assertThat(List.of("netease", "docker-cn"))
                .allMatch(id -> catalog.byId(id).orElseThrow().status() == Status.RETIRED);
    }

    @Test
    void the_users_own_id_fills_the_placeholder() {
        Mirror aliyun = CatalogReader.bundled().byId("aliyun").orElseThrow();

        assertThat(aliyun.placeholder()).isTrue();
        assertThat(aliyun.address()).isEmpty();
        assertThat(aliyun.isChosenUnasked()).isFalse();
        assertThat(aliyun.address("abc123")).hasToString("https://abc123.mirror.aliyuncs.com");
    }

    @Test
    void every_bundled_address_is_one_and_stands_once() {
        List<MirrorUrl> addresses = CatalogReader.bundled().mirrors().stream()
                .flatMap(mirror -> mirror.address().stream())
                .toList();

        assertThat(addresses).doesNotHaveDuplicates().hasSizeGreaterThan(60);
    }

    @Test
    void the_bundled_catalog_keeps_to_its_schema() throws IOException {
        var schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(resource("/io/github/mirrorctl/schema/mirrors.schema.json"));

        assertThat(schema.validate(resource("/io/github/mirrorctl/mirror/mirrors.json"), InputFormat.JSON))
                .isEmpty();
        assertThat(schema.validate("{\"schemaVersion\":2,\"mirrors\":[]}", InputFormat.JSON))
                .isNotEmpty();
    }

    /** Which the schema does not ask of a user's own. */
    @Test
    void the_bundled_catalog_has_every_member() throws IOException {
        JsonMapper json = JsonMapper.builder().build();
        JsonNode schema = json.readTree(resource("/io/github/mirrorctl/schema/mirrors.schema.json"));
        JsonNode catalog = json.readTree(resource("/io/github/mirrorctl/mirror/mirrors.json"));
        Set<String> members = names(schema.at("/$defs/mirror/properties"));

        assertThat(names(catalog)).containsAll(names(schema.path("properties")));
        assertThat(catalog.path("mirrors"))
                .isNotEmpty()
                .allMatch(entry -> names(entry).equals(members));
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'schemaVersion':1,'mirrors':[]}",
                "{'schemaVersion':1,'mirrors':[{'id':'a','url':'x'}]}",
                "{'schemaVersion':1,'updated':'2024-02-29','mirrors':[{'id':'a','url':'https://x'}]}",
                "{'schemaVersion':1,'updated':'','mirrors':[]}",
                "{'schemaVersion':1,'updated':'x','mirrors':[]}",
                "{'schemaVersion':1,'updated':'2026-13-01','mirrors':[]}",
                "{'schemaVersion':1,'updated':'2026-11-00','mirrors':[]}",
                "{'schemaVersion':1,'updated':null,'mirrors':[]}",
                "{'schemaVersion':1,'mirrors':[{'id':'a'}]}",
                "{'schemaVersion':1,'mirrors':[{'url':'https://x'}]}",
                "{'schemaVersion':1}",
            })
    void the_schema_takes_of_ones_own_what_the_reader_takes(String catalog) throws IOException {
        String text = catalog.replace('\'', '"');
        var schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(resource("/io/github/mirrorctl/schema/mirrors.schema.json"));
        Fault refused = catchThrowableOfType(Fault.class, () -> parse(text));

        assertThat(schema.validate(text, InputFormat.JSON).isEmpty()).isEqualTo(refused == null);
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(CatalogReaderTest.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    // ---- a catalog of one's own ----

    private static Catalog parse(String json) {
        return CatalogReader.parse(json.getBytes(StandardCharsets.UTF_8), "my.json");
    }

    @Test
    void an_id_and_a_url_are_enough() {
        Mirror mirror = parse(
                        "{\"schemaVersion\":1,\"mirrors\":[{\"id\":\"our-own\",\"url\":\"https://mirror.example\"}]}")
                .mirrors()
                .get(0);

        assertThat(mirror.status()).isEqualTo(Status.UNKNOWN);
        assertThat(mirror.region()).isEqualTo("global");
        assertThat(mirror.name()).isEqualTo(new Bilingual("our-own", "our-own"));
        assertThat(mirror.isChosenUnasked()).isTrue();
    }

    @Test
    void members_of_a_later_version_are_passed_over() {
        Catalog catalog =
                parse("{\"new\":[{\"a\":[]}],\"mirrors\":[{\"future\":{\"x\":[1]},\"url\":\"https://a.example\","
                        + "\"id\":\"a\"}],\"schemaVersion\":1}");

        assertThat(catalog.byUrl(MirrorUrl.parse("https://A.example:443/"))).isPresent();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "1 | {'schemaVersion':2,'mirrors':[]} | catalog-version 1",
                "1 | {'schemaVersion':'1','mirrors':[]} | catalog-version 1",
                "1 | {'schemaVersion':1} | catalog-missing mirrors",
                "1 | {'mirrors':[]} | catalog-missing schemaVersion",
                "1 | [] | catalog-not-catalog",
                "1 | '' | catalog-not-catalog",
                "1 | ~ | catalog-empty",
                "1 | { | catalog-ends-early",
                "1 | {'schemaVersion':1,'mirrors':{}} | catalog-not-list mirrors",
                "1 | {'schemaVersion':1,'mirrors':[7]} | catalog-not-object mirrors[0]",
                "1 | {'schemaVersion':1,'mirrors':[]} x | catalog-not-json",
                "1 | {'schemaVersion':1,'mirrors':[]}{} | catalog-text-after-end",
                "1 | {'schemaVersion':1,'schemaVersion':1} | catalog-repeated schemaVersion",
                "1 | {'schemaVersion':1,'updated':'x','mirrors':[]} | catalog-day updated x",
                "2 | {'schemaVersion':1,~'updated':'2026-02-30','mirrors':[]} | catalog-day updated 2026-02-30",
                "2 | {'schemaVersion':1,'mirrors':[~{'id':'a'}]} | catalog-missing mirrors[0].url",
                "2 | {'schemaVersion':1,'mirrors':[~{'url':'https://a.example'}]} | catalog-missing mirrors[0].id",
                "2 | {'schemaVersion':1,'mirrors':[~{'id':'A b','url':'https://a'}]} | catalog-id mirrors[0].id A b",
                "2 | {'schemaVersion':1,'mirrors':[~{'id':'','url':'https://a'}]} | catalog-id mirrors[0].id",
                "3 | {'schemaVersion':1,'mirrors':[~{'id':'a',~'url':7}]} | catalog-not-text mirrors[0].url",
                "1 | {'schemaVersion':1,'mirrors':[{'operator':{}}]} | catalog-not-text mirrors[0].operator",
                "1 | {'schemaVersion':1,'mirrors':[{'scope':['x',7]}]} | catalog-not-text mirrors[0].scope[1]",
                "1 | {'schemaVersion':1,'mirrors':[{'name':{'en':'x'}}]} | catalog-missing mirrors[0].name.zh",
                "1 | {'schemaVersion':1,'mirrors':[{'placeholder':1}]} | catalog-not-flag mirrors[0].placeholder",
                "2 | {'schemaVersion':1,'mirrors':[~{'id':'a','url':'ftp://x'}]} | url-scheme ftp://x",
                "2 | {'schemaVersion':1,'mirrors':[~{'id':'a','url':'https://u:pw@x'}]} | url-user-info https://…@x",
                "2 | {'schemaVersion':1,'mirrors':[~{'tier':4}]} | catalog-tier mirrors[0].tier",
                "2 | {'schemaVersion':1,'mirrors':[~{'tier':99999999999}]} | catalog-tier mirrors[0].tier",
                "2 | {'schemaVersion':1,'mirrors':[~{'id':'a','url':'https://a','status':'up'}]} |"
                        + " catalog-value mirrors[0].status active, unknown, degraded, retired up",
                "2 | {'schemaVersion':1,'mirrors':[~{'id':'a','url':'https://a','placeholder':true}]} |"
                        + " catalog-placeholder mirrors[0].placeholder <ID>",
                "3 | {'schemaVersion':1,'mirrors':[{'id':'a','url':'https://a'},~~{'id':'a','url':'https://b'}]} |"
                        + " catalog-id-taken a",
                "2 | {'schemaVersion':1,'mirrors':[~{'id':'a','scope':['x' | catalog-ends-early",
            })
    void what_is_wrong_is_named_with_its_line_and_member(String line, String json, String expected) {
        String text = json.replace('~', '\n').replace('\'', '"');

        Fault fault = catchThrowableOfType(Fault.class, () -> parse(text));

        assertThat(fault.code()).isEqualTo(FaultCode.CATALOG_INVALID);
        assertThat(fault.arguments()).containsExactly("my.json", line);
        assertThat(fault.problems()).hasSize(1);
        Problem problem = fault.problems().get(0);
        assertThat((problem.code() + " " + String.join(" ", problem.arguments())).strip())
                .isEqualTo(expected);
        assertThat(problem.place().orElseThrow().line()).hasToString(line);
    }

    @Test
    void what_is_no_utf8_is_said_to_be_none() {
        byte[] gbk =
                "{\"schemaVersion\":1,\"mirrors\":[{\"id\":\"a\",\"name\":\"镜像\"}]}".getBytes(Charset.forName("GBK"));

        Fault fault = catchThrowableOfType(Fault.class, () -> CatalogReader.parse(gbk, "my.json"));

        assertThat(fault.problems().get(0).code()).isEqualTo("catalog-not-utf8");
    }

    @Test
    void a_filter_takes_what_agrees_in_all_three() {
        Catalog catalog = CatalogReader.bundled();
        Catalog.Filter filter = new Catalog.Filter(Set.of("cn"), Set.of(1), Set.of(Status.ACTIVE));

        assertThat(catalog.filtered(filter))
                .isNotEmpty()
                .allMatch(m -> m.region().equals("cn") && tier(m).equals("1") && m.status() == Status.ACTIVE);
        assertThat(filter.otherRegions(catalog).orElseThrow().regions())
                .contains("global", "ir")
                .doesNotContain("cn");
        assertThat(new Catalog.Filter(Set.of(), Set.of(), Set.of()).otherRegions(catalog))
                .isEmpty();
    }
}
