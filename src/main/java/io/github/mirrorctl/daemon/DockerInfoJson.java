package io.github.mirrorctl.daemon;

import io.github.mirrorctl.daemon.DockerInfo.Trouble;
import io.github.mirrorctl.mirror.ImageStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads {@code docker info} as JSON; the shape is {@code system.Info} in moby's {@code api/types/system/info.go}. */
final class DockerInfoJson {
    private static final int MAX_MIRRORS = 1000;

    private DockerInfoJson() {}

    /** What the JSON says; empty where the text is no JSON. The client's warnings may stand around it. */
    static Optional<DockerInfo> parse(String text) {
        String json = text.lines()
                .filter(line -> !line.startsWith("WARNING:"))
                .collect(Collectors.joining("\n"))
                .replace("\uFEFF", "")
                .strip();
        boolean possible = json.startsWith("{") || json.startsWith("[") || json.equals("null");
        return possible ? JsonTree.whole(json).map(DockerInfoJson::read) : Optional.empty();
    }

    private static DockerInfo read(JsonTree root) {
        if (root.isNull()) {
            return DockerInfo.unreadable(Trouble.SERVER_MISSING);
        }
        if (!root.isObject()) {
            return listed(root).map(DockerInfo::ofMirrors).orElseGet(() -> nothing(root));
        }
        boolean registryConfig = root.has("IndexConfigs") || root.has("InsecureRegistryCIDRs");
        if (registryConfig) {
            return mirrorsOf(root).map(DockerInfo::ofMirrors).orElseGet(() -> nothing(root));
        }
        // Its own document, and what it answers where Docker is expected (podman's pkg/api/handlers/compat/info.go).
        boolean podman = (root.get("host").isObject() && root.has("store")) || root.has("BuildahVersion");
        if (podman) {
            return DockerInfo.unreadable(Trouble.PODMAN);
        }
        // A client without a daemon prints every field with its zero value, so that only the version tells.
        boolean answered = root.get("RegistryConfig").isObject() && !isEmptyText(root.get("ServerVersion"));
        return answered ? info(root) : nothing(root);
    }

    private static boolean isEmptyText(JsonTree value) {
        return value.isText() && value.text().isEmpty();
    }

    private static DockerInfo nothing(JsonTree root) {
        StringBuilder messages = new StringBuilder(root.get("message").text()).append('\n');
        root.get("ServerErrors")
                .elements()
                .forEach(error -> messages.append(error.text()).append('\n'));
        Trouble fallback = root.has("ServerErrors") || root.has("message")
                ? Trouble.SERVER_ERROR
                : root.has("ClientInfo") ? Trouble.SERVER_MISSING : Trouble.NOT_DOCKER_INFO;
        return DockerInfo.unreadable(
                DockerInfoTrouble.in(messages.toString()).orElse(fallback),
                DockerInfoTrouble.words(messages.toString()));
    }

    private static DockerInfo info(JsonTree root) {
        Optional<List<String>> mirrors = mirrorsOf(root.get("RegistryConfig"));
        Optional<Boolean> rootless = root.get("SecurityOptions").isArray()
                ? Optional.of(strings(root.get("SecurityOptions")).stream()
                        .anyMatch(option -> option.equals("rootless") || option.startsWith("name=rootless")))
                : Optional.empty();
        Optional<ImageStore> imageStore = root.get("Driver").isText()
                ? Optional.of(
                        root.get("DriverStatus").mentions(DockerInfo.CONTAINERD_DRIVER)
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
                insecure(root.get("RegistryConfig")),
                mirrors.isPresent() ? Trouble.NONE : Trouble.NOT_DOCKER_INFO,
                "");
    }

    /** The networks, and the registries by name (moby's {@code api/types/registry/registry.go}). */
    private static List<String> insecure(JsonTree registryConfig) {
        List<String> found = strings(registryConfig.get("InsecureRegistryCIDRs"));
        registryConfig.get("IndexConfigs").members().forEach((name, index) -> {
            if (!index.get("Secure").isTrue(true)) {
                found.add(PlainText.of(name));
            }
        });
        return found;
    }

    private static Optional<List<String>> mirrorsOf(JsonTree registryConfig) {
        JsonTree mirrors = registryConfig.has("Mirrors")
                ? registryConfig.get("Mirrors")
                : registryConfig.get("IndexConfigs").get("docker.io").get("Mirrors");
        return listed(mirrors);
    }

    /** A list of mirrors; {@code null} is how Go writes an empty one. */
    private static Optional<List<String>> listed(JsonTree node) {
        if (node.isNull()) {
            return Optional.of(List.of());
        }
        boolean list = node.isArray() && node.elements().stream().allMatch(JsonTree::isText);
        return list ? Optional.of(strings(node)) : Optional.empty();
    }

    private static List<String> strings(JsonTree array) {
        List<String> strings = new ArrayList<>();
        array.elements().forEach(element -> strings.add(PlainText.of(element.text())));
        return new ArrayList<>(strings.subList(0, Math.min(strings.size(), MAX_MIRRORS)));
    }

    private static Optional<String> text(JsonTree root, String field) {
        return Optional.of(PlainText.of(root.get(field).text())).filter(value -> !value.isEmpty());
    }
}
