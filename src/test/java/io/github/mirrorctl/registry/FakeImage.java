package io.github.mirrorctl.registry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/**
 * An image for {@link FakeRegistry}: an index of two platforms, their manifests, configurations and layers. It is made
 * from its name and seed alone, so that two of them are equal to the byte, and a real engine can pull and unpack it.
 *
 * @param repository such as {@code library/node}
 * @param index the bytes of the index
 * @param manifests by digest, the index among them
 * @param blobs configurations and layers by digest; the second layer is four times as large as the first
 */
record FakeImage(
        String repository,
        String tag,
        MediaTypes mediaTypes,
        byte[] index,
        Map<String, byte[]> manifests,
        Map<String, byte[]> blobs) {

    private static final List<String> ARCHITECTURES = List.of("amd64", "arm64");

    /** The two families of names for the same four things. */
    enum MediaTypes {
        DOCKER(
                "application/vnd.docker.distribution.manifest.list.v2+json",
                "application/vnd.docker.distribution.manifest.v2+json",
                "application/vnd.docker.container.image.v1+json",
                "application/vnd.docker.image.rootfs.diff.tar.gzip"),
        OCI(
                "application/vnd.oci.image.index.v1+json",
                "application/vnd.oci.image.manifest.v1+json",
                "application/vnd.oci.image.config.v1+json",
                "application/vnd.oci.image.layer.v1.tar+gzip");

        final String index;
        final String manifest;
        final String config;
        final String layer;

        MediaTypes(String index, String manifest, String config, String layer) {
            this.index = index;
            this.manifest = manifest;
            this.config = config;
            this.layer = layer;
        }
    }

    /** {@code library/node:20-alpine} with layers of a few hundred bytes. */
    static FakeImage node() {
        return of("library/node:20-alpine", MediaTypes.DOCKER, 1, 256);
    }

    /** {@code library/node:20-alpine} with other content, so with another digest. */
    static FakeImage olderNode() {
        return of("library/node:20-alpine", MediaTypes.DOCKER, 2, 256);
    }

    static FakeImage of(String name, MediaTypes types, long seed, int layerBytes) {
        String repository = name.substring(0, name.lastIndexOf(':'));
        String tag = name.substring(name.lastIndexOf(':') + 1);
        Map<String, byte[]> manifests = new LinkedHashMap<>();
        Map<String, byte[]> blobs = new LinkedHashMap<>();
        StringBuilder entries = new StringBuilder();
        for (String architecture : ARCHITECTURES) {
            byte[] manifest = manifest(types, architecture, new Random(seed), layerBytes, blobs);
            manifests.put(digest(manifest), manifest);
            entries.append(entries.isEmpty() ? "" : ",")
                    .append(descriptor(types.manifest, manifest).replaceFirst("}$", ""))
                    .append(",\"platform\":{\"architecture\":\"" + architecture + "\",\"os\":\"linux\"}}");
        }
        byte[] index =
                bytes("{\"schemaVersion\":2,\"mediaType\":\"" + types.index + "\",\"manifests\":[" + entries + "]}");
        manifests.put(digest(index), index);
        return new FakeImage(repository, tag, types, index, manifests, blobs);
    }

    private static byte[] manifest(
            MediaTypes types, String architecture, Random random, int layerBytes, Map<String, byte[]> blobs) {
        StringBuilder layers = new StringBuilder();
        StringBuilder diffIds = new StringBuilder();
        for (int i = 0; i < 2; i++) {
            byte[] content = new byte[layerBytes * (1 + 3 * i)];
            random.nextBytes(content);
            byte[] tar = tar(architecture + "-" + i, content);
            byte[] layer = gzip(tar);
            blobs.put(digest(layer), layer);
            diffIds.append(i == 0 ? "" : ",").append('"').append(digest(tar)).append('"');
            layers.append(i == 0 ? "" : ",").append(descriptor(types.layer, layer));
        }
        byte[] config = bytes("{\"architecture\":\"" + architecture + "\",\"os\":\"linux\",\"config\":{},"
                + "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[" + diffIds + "]}}");
        blobs.put(digest(config), config);
        return bytes("{\"schemaVersion\":2,\"mediaType\":\"" + types.manifest + "\",\"config\":"
                + descriptor(types.config, config) + ",\"layers\":[" + layers + "]}");
    }

    private static String descriptor(String mediaType, byte[] content) {
        return "{\"mediaType\":\"" + mediaType + "\",\"size\":" + content.length + ",\"digest\":\"" + digest(content)
                + "\"}";
    }

    /** The digest of the index: what the tag means. */
    Digest digest() {
        return Digest.of(index);
    }

    /** The bytes of one platform's manifest. */
    byte[] manifest(String architecture) {
        Digest digest = Manifest.parse(index)
                .orElseThrow()
                .image(architecture)
                .orElseThrow()
                .manifest()
                .digest();
        byte[] manifest = manifests.get(digest.toString());
        if (manifest == null) {
            throw new IllegalStateException("no manifest " + digest);
        }
        return manifest;
    }

    String mediaTypeOf(byte[] manifest) {
        return manifest == index ? mediaTypes.index : mediaTypes.manifest;
    }

    static String digest(byte[] content) {
        return Digest.of(content).toString();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** One file in the ustar format (POSIX.1-1988). */
    private static byte[] tar(String name, byte[] content) {
        byte[] header = new byte[512];
        put(header, 0, name);
        put(header, 100, "0000644");
        put(header, 108, "0000000");
        put(header, 116, "0000000");
        put(header, 124, octal(content.length));
        put(header, 136, octal(0));
        put(header, 148, "        ");
        put(header, 156, "0");
        put(header, 257, "ustar");
        put(header, 263, "00");
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        put(header, 148, octal(sum).substring(5) + "\0 ");
        byte[] tar = new byte[512 + (content.length + 511) / 512 * 512 + 1024];
        System.arraycopy(header, 0, tar, 0, header.length);
        System.arraycopy(content, 0, tar, 512, content.length);
        return tar;
    }

    private static String octal(int number) {
        String digits = Integer.toOctalString(number);
        return "0".repeat(11 - digits.length()) + digits;
    }

    private static void put(byte[] header, int at, String text) {
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(ascii, 0, header, at, ascii.length);
    }

    static byte[] gzip(byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
