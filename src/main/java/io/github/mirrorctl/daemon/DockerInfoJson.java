package io.github.mirrorctl.daemon;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.mirrorctl.daemon.DockerInfo.Trouble;
import io.github.mirrorctl.mirror.ImageStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Reads {@code docker info} as JSON; the shape is {@code system.Info} in moby's {@code api/types/system/info.go}. */
final class DockerInfoJson {
    private static final int MAX_MIRRORS = 1000;
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private DockerInfoJson() {}

    /** What the JSON says; empty where the text is no JSON. The client's warnings may stand around it. */
    static Optional<DockerInfo> parse(String text) {
        String json = text.lines()
                .filter(line -> !line.startsWith("WARNING:"))
                .collect(Collectors.joining("\n"))
                .replace("\uFEFF", "")
                .strip();
        boolean possible = json.startsWith("{") || json.startsWith("[") || json.equals("null");
        if (!possible) {
            return Optional.empty();
        }
        try {
            return Optional.of(read(MAPPER.readTree(json)));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static DockerInfo read(JsonNode root) {
        if (!root.isObject()) {
            return listed(root).map(DockerInfo::ofMirrors).orElseGet(() -> nothing(root));
        }
        boolean registryConfig = root.has("IndexConfigs") || root.has("InsecureRegistryCIDRs");
        if (registryConfig) {
            return mirrorsOf(root).map(DockerInfo::ofMirrors).orElseGet(() -> nothing(root));
        }
        boolean podman = root.path("host").isObject() && root.has("store");
        if (podman) {
            return DockerInfo.unreadable(Trouble.PODMAN);
        }
        // A client without a daemon prints every field with its zero value, so that only the version tells.
        boolean answered = root.path("RegistryConfig").isObject()
                && !root.path("ServerVersion").asText("?").isEmpty();
        return answered ? info(root) : nothing(root);
    }

    private static DockerInfo nothing(JsonNode root) {
        StringBuilder messages = new StringBuilder(root.path("message").asText("")).append('\n');
        root.path("ServerErrors")
                .forEach(error -> messages.append(error.asText("")).append('\n'));
        Trouble fallback = root.has("ServerErrors") || root.has("message")
                ? Trouble.SERVER_ERROR
                : root.has("ClientInfo") ? Trouble.SERVER_MISSING : Trouble.NOT_DOCKER_INFO;
        return DockerInfo.unreadable(DockerInfoTrouble.in(messages.toString()).orElse(fallback));
    }

    private static DockerInfo info(JsonNode root) {
        Optional<List<String>> mirrors = mirrorsOf(root.path("RegistryConfig"));
        Optional<Boolean> rootless = root.path("SecurityOptions").isArray()
                ? Optional.of(strings(root.path("SecurityOptions")).stream()
                        .anyMatch(option -> option.equals("rootless") || option.startsWith("name=rootless")))
                : Optional.empty();
        Optional<ImageStore> imageStore = root.path("Driver").isTextual()
                ? Optional.of(
                        root.path("DriverStatus").toString().contains(DockerInfo.CONTAINERD_DRIVER)
                                ? ImageStore.CONTAINERD
                                : ImageStore.GRAPHDRIVER)
                : Optional.empty();
        return new DockerInfo(
                mirrors,
                text(root, "ServerVersion"),
                text(root, "OperatingSystem"),
                rootless,
                imageStore,
                text(root, "DockerRootDir"),
                new ProxySettings(text(root, "HttpProxy"), text(root, "HttpsProxy"), text(root, "NoProxy")),
                insecure(root.path("RegistryConfig")),
                mirrors.isPresent() ? Trouble.NONE : Trouble.NOT_DOCKER_INFO);
    }

    /** The networks, and the registries by name (moby's {@code api/types/registry/registry.go}). */
    private static List<String> insecure(JsonNode registryConfig) {
        List<String> found = strings(registryConfig.path("InsecureRegistryCIDRs"));
        registryConfig.path("IndexConfigs").properties().stream()
                .filter(index -> !index.getValue().path("Secure").asBoolean(true))
                .forEach(index -> found.add(PlainText.of(index.getKey())));
        return found;
    }

    private static Optional<List<String>> mirrorsOf(JsonNode registryConfig) {
        JsonNode mirrors = registryConfig.has("Mirrors")
                ? registryConfig.path("Mirrors")
                : registryConfig.path("IndexConfigs").path("docker.io").path("Mirrors");
        return listed(mirrors);
    }

    /** A list of mirrors; {@code null} is how Go writes an empty one. */
    private static Optional<List<String>> listed(JsonNode node) {
        if (node.isNull()) {
            return Optional.of(List.of());
        }
        boolean list = node.isArray()
                && StreamSupport.stream(node.spliterator(), false).allMatch(JsonNode::isTextual);
        return list ? Optional.of(strings(node)) : Optional.empty();
    }

    private static List<String> strings(JsonNode array) {
        List<String> strings = new ArrayList<>();
        array.forEach(element -> strings.add(PlainText.of(element.asText(""))));
        return new ArrayList<>(strings.subList(0, Math.min(strings.size(), MAX_MIRRORS)));
    }

    private static Optional<String> text(JsonNode root, String field) {
        return Optional.of(PlainText.of(root.path(field).asText(""))).filter(value -> !value.isEmpty());
    }
}
