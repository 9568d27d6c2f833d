package io.github.mirrorctl.registry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A manifest as a registry serves it: an image with its configuration and layers, or an index of images by platform.
 * Docker's media types and the OCI ones are read alike.
 *
 * @param images the entries of an index; empty for an image
 * @param config the configuration of an image; empty for an index
 * @param layers the layers of an image, lowest first; empty for an index
 */
public record Manifest(List<Image> images, Optional<Descriptor> config, List<Descriptor> layers) {
    private static final JsonFactory JSON = new JsonFactory();

    /**
     * Something in the registry, named by what it contains.
     *
     * @param size in bytes
     */
    public record Descriptor(Digest digest, long size) {}

    /** An entry of an index. The platform's words are those of Go, such as {@code linux} and {@code amd64}. */
    public record Image(Descriptor manifest, String os, String architecture) {}

    public Manifest {
        images = List.copyOf(images);
        layers = List.copyOf(layers);
    }

    public boolean isIndex() {
        return config.isEmpty();
    }

    /** The index entry for an architecture under Linux. */
    public Optional<Image> image(String architecture) {
        return images.stream()
                .filter(image ->
                        image.os().equals("linux") && image.architecture().equals(architecture))
                .findFirst();
    }

    /** Empty for an index, and for an image that is nothing but its configuration. */
    public Optional<Descriptor> largestLayer() {
        return layers.stream().max(Comparator.comparingLong(Descriptor::size));
    }

    public Optional<Descriptor> smallestLayer() {
        return layers.stream().min(Comparator.comparingLong(Descriptor::size));
    }

    /**
     * Reads a manifest or an index; empty where the bytes are neither, or name a configuration or layer in a way that cannot
     * be held to its digest and size. Other members are passed over.
     */
    public static Optional<Manifest> parse(byte[] content) {
        try (JsonParser parser = JSON.createParser(content)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            List<Image> images = List.of();
            List<Descriptor> layers = List.of();
            Optional<Descriptor> config = Optional.empty();
            boolean isIndex = false;
            boolean isImage = false;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals("manifests") && value == JsonToken.START_ARRAY) {
                    isIndex = true;
                    images = images(parser);
                } else if (name.equals("layers") && value == JsonToken.START_ARRAY) {
                    layers = layers(parser);
                } else if (name.equals("config") && value == JsonToken.START_OBJECT) {
                    isImage = true;
                    config = entry(parser).descriptor();
                } else {
                    parser.skipChildren();
                }
            }
            boolean isWhole = parser.hasToken(JsonToken.END_OBJECT) && parser.nextToken() == null;
            // Engines refuse what could be read as both (CVE-2021-41190).
            boolean isOne = isIndex ? !isImage && layers.isEmpty() : config.isPresent();
            return isWhole && isOne ? Optional.of(new Manifest(images, config, layers)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static List<Image> images(JsonParser parser) throws IOException {
        List<Image> images = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            Entry entry = entry(parser);
            entry.descriptor().ifPresent(d -> images.add(new Image(d, entry.os(), entry.architecture())));
        }
        return images;
    }

    private static List<Descriptor> layers(JsonParser parser) throws IOException {
        List<Descriptor> layers = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            layers.add(entry(parser)
                    .descriptor()
                    .orElseThrow(() -> new JsonParseException(parser, "a layer without a digest")));
        }
        return layers;
    }

    private static void require(JsonParser parser, boolean holds, String otherwise) throws IOException {
        if (!holds) {
            throw new JsonParseException(parser, otherwise);
        }
    }

    private record Entry(Optional<Descriptor> descriptor, String os, String architecture) {}

    private static Entry entry(JsonParser parser) throws IOException {
        Optional<Digest> digest = Optional.empty();
        long size = 0;
        String os = "";
        String architecture = "";
        require(parser, parser.hasToken(JsonToken.START_OBJECT), "an object was expected");
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("digest")) {
                require(parser, value == JsonToken.VALUE_STRING, "a digest was expected");
                digest = Digest.parse(parser.getText());
            } else if (name.equals("size")) {
                require(parser, value == JsonToken.VALUE_NUMBER_INT, "a size was expected");
                size = parser.getLongValue();
                require(parser, size >= 0, "a size below zero");
            } else if (name.equals("os") && value == JsonToken.VALUE_STRING) {
                os = parser.getText();
            } else if (name.equals("architecture") && value == JsonToken.VALUE_STRING) {
                architecture = parser.getText();
            } else if (name.equals("platform") && value == JsonToken.START_OBJECT) {
                Entry platform = entry(parser);
                os = platform.os();
                architecture = platform.architecture();
            } else {
                parser.skipChildren();
            }
        }
        long length = size;
        return new Entry(digest.map(d -> new Descriptor(d, length)), os, architecture);
    }
}
