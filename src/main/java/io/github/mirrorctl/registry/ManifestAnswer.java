package io.github.mirrorctl.registry;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Judges successful answers to requests for manifests as the two image stores take them. */
final class ManifestAnswer {
    private static final List<String> TYPES = List.of(
            "application/vnd.docker.distribution.manifest.list.v2+json",
            "application/vnd.oci.image.index.v1+json",
            "application/vnd.docker.distribution.manifest.v2+json",
            "application/vnd.oci.image.manifest.v1+json");

    /** What a request for a manifest says that it takes. */
    static final Map<String, String> ACCEPTED = Map.of("Accept", String.join(", ", TYPES));

    private ManifestAnswer() {}

    /**
     * The manifest of an answer.
     *
     * @throws WalkException where no engine would take it for one
     */
    static Manifest read(Response response) throws WalkException {
        if (response.tooLong()) {
            throw corrupt(Reason.of("manifest-too-long", String.valueOf(response.body().length)), response);
        }
        if (response.cutShort()) {
            throw corrupt(Reason.of("manifest-cut-short"), response);
        }
        if (response.isHtml()) {
            throw new WalkException(Step.MANIFEST, Verdict.NOT_A_REGISTRY, Refusals.page(response), response.status());
        }
        requireDeclared(response);
        // Engines read a manifest by its declared type alone: the classic store takes the next mirror, containerd's
        // aborts.
        if (!TYPES.contains(response.mediaType())) {
            throw corrupt(Reason.of("not-a-manifest"), response);
        }
        return Manifest.parse(response.body()).orElseThrow(() -> corrupt(Reason.of("not-a-manifest"), response));
    }

    /** The digest in the header is what the containerd store holds the body to; it aborts on one that is none. */
    private static void requireDeclared(Response response) throws WalkException {
        String declared = response.header("docker-content-digest").orElse("");
        if (!declared.isEmpty() && !isDigestOf(declared, response.body())) {
            throw mismatch(declared, Digest.of(response.body()), response);
        }
    }

    private static boolean isDigestOf(String declared, byte[] content) {
        return Digest.parse(declared)
                .filter(digest -> digest.likewise(content).equals(digest))
                .isPresent();
    }

    /**
     * The digest of an answer.
     *
     * @param wanted by which it was asked for; empty where that was a tag
     * @throws WalkException where it is another one
     */
    static Digest digest(Optional<Digest> wanted, Response response) throws WalkException {
        Digest computed =
                wanted.map(named -> named.likewise(response.body())).orElseGet(() -> Digest.of(response.body()));
        if (wanted.isPresent() && !wanted.get().equals(computed)) {
            throw mismatch(wanted.get().toString(), computed, response);
        }
        return computed;
    }

    /**
     * Containerd's store believes HEAD, where it gives a digest and a length, and asks for no more than that: its pull ends
     * where what comes then is something else ({@code Resolve} in containerd's {@code core/remotes/docker/resolver.go}).
     */
    static void requireAgreement(Response head, Response get, Digest computed) throws WalkException {
        String length = head.header("content-length").orElse("");
        String declared = head.header("docker-content-digest").orElse("");
        if (!head.isSuccess() || length.isEmpty() || declared.isEmpty()) {
            return;
        }
        if (!isDigestOf(declared, get.body())) {
            throw differs(declared, computed.toString(), get);
        }
        if (!length.equals(String.valueOf(get.body().length))) {
            throw differs(length, String.valueOf(get.body().length), get);
        }
        if (!head.mediaType().equals(get.mediaType())) {
            throw differs(head.mediaType(), get.mediaType(), get);
        }
    }

    private static WalkException differs(String head, String get, Response response) {
        return corrupt(Reason.of("head-differs", head, get), response);
    }

    private static WalkException mismatch(String wanted, Digest computed, Response response) {
        return corrupt(Reason.of("digest-mismatch", wanted, computed.toString()), response);
    }

    private static WalkException corrupt(Reason reason, Response response) {
        return new WalkException(Step.MANIFEST, Verdict.CORRUPT, reason, response.status());
    }
}
