package io.github.mirrorctl.daemon;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/**
 * What the docker client keeps in the user's {@code .docker/config.json} and counts here (docker/cli's
 * {@code cli/config/configfile/file.go}). It is the client's file, so one that cannot be read says nothing.
 *
 * @param currentContext as {@code docker context use} left it
 * @param hasHubLogin whether a login to Docker Hub is stored there, or in a helper that the file names for it
 */
public record ClientConfig(Optional<String> currentContext, boolean hasHubLogin) {
    /** The name of the context that stands for no context (docker/cli's {@code cli/command/defaultcontextstore.go}). */
    public static final String DEFAULT_CONTEXT = "default";

    /** Docker Hub's own key first; the others are how it was spelled once, or is by hand. */
    private static final Set<String> HUB = Set.of(
            "https://index.docker.io/v1/",
            "https://index.docker.io/v1",
            "https://index.docker.io/v2/",
            "index.docker.io",
            "docker.io",
            "https://docker.io",
            "registry-1.docker.io",
            "https://registry-1.docker.io");

    public static ClientConfig parse(byte[] content) {
        JsonTree root = tree(content);
        return new ClientConfig(
                text(root.get("currentContext")).filter(name -> !name.equals(DEFAULT_CONTEXT)),
                HUB.stream()
                        .anyMatch(key -> root.get("auths").has(key)
                                || root.get("credHelpers").has(key)));
    }

    /**
     * Where a context's file lies, below {@code .docker}: the client names the folder by the digest of the context's name
     * (docker/cli's {@code cli/context/store/metadatastore.go}).
     */
    public static String contextFile(String name) {
        return "contexts/meta/" + contextId(name) + "/meta.json";
    }

    /** The folder of the keys for a context's engine, which is only there where it has some ({@code tlsstore.go}). */
    public static String contextKeys(String name) {
        return "contexts/tls/" + contextId(name) + "/docker";
    }

    private static String contextId(String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** The engine's address in a context's file, such as {@code ssh://build@host}. */
    public static Optional<String> contextHost(byte[] content) {
        return text(tree(content).get("Endpoints").get("docker").get("Host"));
    }

    /** The driver in a builder's file (docker/buildx's {@code store/nodegroup.go}), such as {@code docker-container}. */
    public static Optional<String> builderDriver(byte[] content) {
        return text(tree(content).get("Driver"));
    }

    private static JsonTree tree(byte[] content) {
        return JsonTree.first(new String(content, StandardCharsets.UTF_8)).orElse(JsonTree.MISSING);
    }

    private static Optional<String> text(JsonTree node) {
        return Optional.of(PlainText.of(node.text())).filter(value -> !value.isEmpty());
    }
}
