package io.github.mirrorctl.registry;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An image on Docker Hub, the only registry that an engine asks its mirrors for.
 *
 * @param repository as the registry knows it, such as {@code library/node}
 * @param tag the tag; where a digest is given too, only the digest counts
 */
public record ImageReference(String repository, String tag, Optional<Digest> digest) {
    // The grammar of distribution/reference, without the host.
    private static final Pattern REPOSITORY =
            Pattern.compile("[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");

    /**
     * Reads an image as {@code docker pull} does: {@code node:20-alpine} is {@code docker.io/library/node:20-alpine},
     * a missing tag is {@code latest}.
     *
     * @throws Fault {@link FaultCode#IMAGE_REFERENCE} where it is none, {@link FaultCode#IMAGE_NOT_ON_DOCKER_HUB}
     *     where it names another registry
     */
    public static ImageReference parse(String text) {
        String rest = text.strip();
        Optional<Digest> digest = Optional.empty();
        int at = rest.indexOf('@');
        if (at >= 0) {
            digest = Digest.parse(rest.substring(at + 1));
            if (digest.isEmpty()) {
                throw new Fault(FaultCode.IMAGE_REFERENCE, text);
            }
            rest = rest.substring(0, at);
        }
        String tag = "latest";
        int colon = rest.lastIndexOf(':');
        if (colon > rest.lastIndexOf('/')) {
            tag = rest.substring(colon + 1);
            rest = rest.substring(0, colon);
        }
        String repository = withoutDockerHub(rest, text);
        if (repository.length() > 255
                || !REPOSITORY.matcher(repository).matches()
                || !TAG.matcher(tag).matches()) {
            throw new Fault(FaultCode.IMAGE_REFERENCE, text);
        }
        return new ImageReference(repository, tag, digest);
    }

    private static String withoutDockerHub(String name, String text) {
        int slash = name.indexOf('/');
        String first = slash < 0 ? "" : name.substring(0, slash);
        boolean isHost = first.indexOf('.') >= 0 || first.indexOf(':') >= 0 || first.equals("localhost");
        boolean isPastedUrl = first.endsWith(":");
        if (isHost && !isPastedUrl) {
            if (!first.equals("docker.io") && !first.equals("index.docker.io")) {
                throw new Fault(FaultCode.IMAGE_NOT_ON_DOCKER_HUB, text, first);
            }
            name = name.substring(slash + 1);
        }
        return name.indexOf('/') < 0 ? "library/" + name : name;
    }

    /** What a manifest is asked for by: the digest where there is one, else the tag. */
    public String reference() {
        return digest.map(Digest::toString).orElse(tag);
    }

    /** Whether it is one of Docker's own images, which have no user's name. */
    public boolean isOfficial() {
        return repository.startsWith("library/");
    }

    /** The whole name, such as {@code docker.io/library/node:20-alpine}. */
    @Override
    public String toString() {
        return "docker.io/" + repository + digest.map(d -> "@" + d).orElse(":" + tag);
    }
}
