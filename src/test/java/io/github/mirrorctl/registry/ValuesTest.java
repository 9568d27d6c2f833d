package io.github.mirrorctl.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The small values of the package, each parsed once at the edge. */
class ValuesTest {
    private static final String HEX = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    // ---- Digest ----

    @Test
    void reads_and_makes_the_longer_digests_that_engines_take() throws Exception {
        byte[] content = {1, 2, 3};
        String hex = java.util.HexFormat.of()
                .formatHex(java.security.MessageDigest.getInstance("SHA-512").digest(content));

        Digest digest = Digest.parse("sha512:" + hex).orElseThrow();

        assertThat(digest).hasToString("sha512:" + hex);
        assertThat(digest.likewise(content)).isEqualTo(digest);
        assertThat(Digest.parse("sha256:" + hex)).isEmpty();
        assertThat(Digest.parse("sha:" + hex.substring(1))).isEmpty();
    }

    @Test
    void a_digest_is_computed_as_sha256() {
        // The digest of nothing, from FIPS 180-4's test vectors.
        assertThat(Digest.of(new byte[0])).hasToString("sha256:" + HEX);
        assertThat(Digest.parse(" SHA256:" + HEX.toUpperCase(java.util.Locale.ROOT) + " "))
                .contains(new Digest(HEX));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sha256:",
                HEX,
                "sha512:" + HEX,
                "sha256:" + HEX + "0",
                "sha256:g3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                "sha256:３3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            })
    void what_is_no_sha256_is_no_digest(String text) {
        assertThat(Digest.parse(text)).isEmpty();
    }

    // ---- ImageReference ----

    @ParameterizedTest
    @CsvSource({
        "node, docker.io/library/node:latest, latest",
        "node:20-alpine, docker.io/library/node:20-alpine, 20-alpine",
        "docker.io/node, docker.io/library/node:latest, latest",
        "docker.io/library/node, docker.io/library/node:latest, latest",
        "index.docker.io/bitnami/redis:7, docker.io/bitnami/redis:7, 7",
        "a/b/c:x, docker.io/a/b/c:x, x",
        "a__b--c/d.e:X_1.2-3, docker.io/a__b--c/d.e:X_1.2-3, X_1.2-3",
        "node@sha256:" + HEX + ", docker.io/library/node@sha256:" + HEX + ", sha256:" + HEX,
        "node:20@sha256:" + HEX + ", docker.io/library/node@sha256:" + HEX + ", sha256:" + HEX,
    })
    void an_image_is_read_as_docker_pull_reads_it(String text, String whole, String reference) {
        ImageReference image = ImageReference.parse(text);

        assertThat(image).hasToString(whole);
        assertThat(image.reference()).isEqualTo(reference);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ":tag",
                "Node",
                "node:",
                "node:-x",
                "node:a b",
                "node@sha256:12",
                "node@md5:" + HEX,
                "a//b",
                "/a",
                "a/",
                "-a",
                "a..b",
                "node?x=1",
                "node#x",
                "https://docker.io/node",
            })
    void what_is_no_image_is_refused(String text) {
        Fault fault = catchThrowableOfType(Fault.class, () -> ImageReference.parse(text));

        assertThat(fault).as(text).isNotNull();
        assertThat(fault.code()).isEqualTo(FaultCode.IMAGE_REFERENCE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ghcr.io/a/b", "localhost/a", "localhost:5000/a", "registry-1.docker.io/library/node"})
    void an_image_of_another_registry_is_told_apart(String text) {
        Fault fault = catchThrowableOfType(Fault.class, () -> ImageReference.parse(text));

        assertThat(fault.code()).isEqualTo(FaultCode.IMAGE_NOT_ON_DOCKER_HUB);
    }

    @Test
    void a_name_of_great_length_is_refused_at_once() {
        assertThat(catchThrowableOfType(Fault.class, () -> ImageReference.parse("a-".repeat(100_000) + "!")))
                .isNotNull();
    }

    // ---- Manifest ----

    private static Optional<Manifest> manifest(String json) {
        return Manifest.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void an_index_names_its_images_by_platform() {
        Manifest index = Manifest.parse(FakeImage.node().index()).orElseThrow();

        assertThat(index.isIndex()).isTrue();
        assertThat(index.image("amd64").orElseThrow().manifest().digest())
                .isEqualTo(Digest.of(FakeImage.node().manifest("amd64")));
        assertThat(index.image("arm64")).isPresent();
        assertThat(index.image("riscv64")).isEmpty();
    }

    @Test
    void an_image_names_its_configuration_and_layers() {
        FakeImage image = FakeImage.node();

        Manifest manifest = Manifest.parse(image.manifest("amd64")).orElseThrow();

        assertThat(manifest.isIndex()).isFalse();
        assertThat(manifest.layers())
                .hasSize(2)
                .allMatch(layer -> image.blobs().containsKey(layer.digest().toString()))
                .allMatch(layer -> layer.size() > 0);
        assertThat(image.blobs())
                .containsKey(manifest.config().orElseThrow().digest().toString());
    }

    @Test
    void windows_entries_and_attestations_are_no_linux_image() {
        String entry =
                "{\"size\":1,\"digest\":\"sha256:" + HEX + "\",\"platform\":{\"architecture\":\"%s\",\"os\":\"%s\"}}";

        Manifest index = manifest("{\"manifests\":[" + entry.formatted("amd64", "windows") + ","
                        + entry.formatted("unknown", "unknown") + ",{\"size\":1,\"digest\":\"sha256:" + HEX + "\"}]}")
                .orElseThrow();

        assertThat(index.images()).hasSize(3);
        assertThat(index.image("amd64")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "null",
                "<html>",
                "{\"manifests\":7}",
                "{\"manifests\":[7]}",
                "{\"manifests\":[[]]}",
                "{\"manifests\":[]",
                "{\"manifests\":[]}x",
                "{\"manifests\":[]}{}",
                "{\"manifests\":[{\"size\":99999999999999999999999,\"digest\":\"x\"}]}",
                "{\"config\":{}}",
                "{\"config\":{\"digest\":\"sha512:1\"},\"layers\":[]}",
                "{\"config\":{\"digest\":\"sha256:" + HEX + "\"},\"layers\":[{}, 1]}",
                "{\"config\":{\"digest\":\"sha256:" + HEX + "\"},\"layers\":[],\"manifests\":[]}",
                "{\"schemaVersion\":1,\"fsLayers\":[{\"blobSum\":\"sha256:" + HEX + "\"}]}",
            })
    void what_is_no_manifest_is_empty(String json) {
        assertThat(manifest(json)).isEmpty();
    }

    @Test
    void depth_and_length_cannot_break_the_reader() {
        assertThat(manifest("{\"a\":".repeat(200_000))).isEmpty();
        assertThat(manifest("{\"manifests\":[" + "{\"platform\":".repeat(200_000)))
                .isEmpty();
        assertThat(manifest("{\"config\":{\"digest\":\"" + "9".repeat(1_000_000)))
                .isEmpty();
    }

    @Test
    void of_a_member_that_stands_twice_the_last_counts_as_it_does_for_engines() {
        String other = HEX.replace('e', 'f');

        Manifest manifest = manifest("{\"config\":{\"digest\":\"sha256:" + HEX + "\"},\"config\":{\"digest\":\"sha256:"
                        + other + "\"}}")
                .orElseThrow();

        assertThat(manifest.config().orElseThrow().digest()).isEqualTo(new Digest(other));
    }

    // ---- Reach ----

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.9.9.9",
                "10.0.0.1",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "100.127.255.255",
                "0.0.0.0",
                "0.1.2.3",
                "::1",
                "::",
                "fe80::1",
                "fc00::1",
                "fd12:3456::1",
                "::ffff:127.0.0.1",
                "::ffff:10.1.2.3",
                "::127.0.0.1",
                "::10.1.2.3",
                "64:ff9b::7f00:1",
                "64:ff9b::a9fe:a9fe",
                "2002:a01:203::1",
                "fec0::1",
                "64:ff9b:1::a00:1",
                "::ffff:0:10.1.2.3",
                "2001:db8::5efe:10.1.2.3",
                "2001:db8::200:5efe:192.168.1.1",
            })
    void addresses_inside_are_not_reached_from_a_public_mirror(String address) throws IOException {
        assertThat(Reach.isInside(InetAddress.getByName(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8.8.8.8",
                "172.15.0.1",
                "172.32.0.1",
                "100.63.0.1",
                "100.128.0.1",
                "198.18.0.1",
                "198.19.255.255",
                "2001:4860:4860::8888",
                "240e::1",
                "64:ff9b::808:808",
                "64:ff9c::7f00:1",
                "2002:808:808::1",
                "::8.8.8.8",
                "64:ff9b:1::808:808",
                "64:ff9b:2::a00:1",
                "::ffff:0:8.8.8.8",
                "2001:db8::5efe:8.8.8.8",
            })
    void public_addresses_are_reached(String address) throws IOException {
        assertThat(Reach.isInside(InetAddress.getByName(address))).isFalse();
    }

    // ---- Origin.Target ----

    @ParameterizedTest
    @CsvSource({
        "/x?y=z, https://a:8443/x?y=z",
        "https://b/x#part, https://b/x",
        "//b/x, https://b/x",
        "http://b:80/x, http://b/x",
        "other, https://a:8443/v2/other",
        "?n=1, https://a:8443/v2/list?n=1",
        "/x#part, https://a:8443/x",
        "../x/./y/, https://a:8443/x/y/",
        "../../../x, https://a:8443/x",
        "/a/b/../c?d=../e, https://a:8443/a/c?d=../e",
        "., https://a:8443/v2/",
        "/.., https://a:8443/",
        "HTTPS://B:/x, https://b/x",
        "https://my_bucket.b/x, https://my_bucket.b/x",
        "https://b?q={a|b}, https://b/?q={a|b}",
        "https://[::1]:8/x, https://[::1]:8/x",
    })
    void a_location_is_resolved_against_what_was_asked_for(String location, String expected) {
        Origin.Target asked = Origin.Target.parse("https://a:8443/v2/list?q=1").orElseThrow();

        Origin.Target led = asked.resolve(location).orElseThrow();

        assertThat((led.origin().isTls() ? "https://" : "http://")
                        + led.origin().authority()
                        + led.path())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://b/",
                "https://",
                "https://u:p@b/",
                "/a b",
                "/a\rX: y",
                "/ä",
                "javascript://b",
                "javascript:alert(1)",
                "file:/x",
                "mailto:a",
                "https:///x",
                "https://b:65536/",
                "https://b:0/",
                "https://b:99999999999/",
                "https://b c/",
                "https://b/ c",
                "https://b\tc/",
                "https://b\\c/",
                "https://[fe80::1%25lo]/",
                "https://b/\u001b",
                "https://ä/",
                "https://b/ä"
            })
    void a_location_that_cannot_be_asked_for_leads_nowhere(String location) {
        Origin.Target asked = Origin.Target.parse("https://a/v2/").orElseThrow();

        assertThat(asked.resolve(location)).isEmpty();
    }
}
