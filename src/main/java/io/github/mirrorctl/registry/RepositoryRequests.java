package io.github.mirrorctl.registry;

import io.github.mirrorctl.mirror.MirrorUrl;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Requests in the repositories of one mirror, with the token for each where one was fetched. Belongs to the walk's thread,
 * except for {@link #realm}.
 */
final class RepositoryRequests {
    /** Real manifests have a twentieth of it. Many walks hold one at a time, in a small heap. */
    private static final int LONGEST_MANIFEST = 1024 * 1024;

    private final Session session;
    private final Origin origin;
    private final String prefix;
    private final TokenService tokens;
    private final Map<String, String> tokenByRepository = new HashMap<>();

    RepositoryRequests(Session session, MirrorUrl mirror) {
        this.session = session;
        this.origin = Origin.of(mirror);
        this.prefix = mirror.path();
        this.tokens = new TokenService(session, origin);
    }

    /** Where a path of the API is asked for. */
    Origin.Target target(String path) {
        return new Origin.Target(origin, prefix + path);
    }

    boolean hasToken(ImageReference image) {
        return tokenByRepository.containsKey(image.repository());
    }

    /**
     * Fetches the token that the image's repository is asked with from now on.
     *
     * @return how long that took
     * @throws WalkException where there is none to be had
     */
    Duration fetchToken(Challenge bearer, ImageReference image) throws IOException {
        long start = System.nanoTime();
        tokenByRepository.put(image.repository(), tokens.fetch(bearer, image.repository()));
        session.journal().concludes(Reason.of("saw-token"));
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** The host that was last asked for a token, for whoever ends the walk from outside. */
    String realm() {
        return tokens.realm();
    }

    /**
     * Asks and goes where the answer leads.
     *
     * @param sink takes the body of a success, where it is not to be held
     */
    Response send(
            String method,
            ImageReference image,
            String path,
            Map<String, String> headers,
            Optional<? extends Connection.Sink> sink)
            throws IOException {
        Origin.Target target = target(path);
        Response response = session.send(method, target, headers(image, headers, origin), LONGEST_MANIFEST, sink);
        return session.follow(method, target, to -> headers(image, headers, to), LONGEST_MANIFEST, sink, response);
    }

    /** A token is for the mirror itself: a storage that its redirects lead to is sent none. */
    Map<String, String> headers(ImageReference image, Map<String, String> own, Origin to) {
        Map<String, String> headers = new LinkedHashMap<>(own);
        String token = tokenByRepository.get(image.repository());
        if (token != null && to.equals(origin)) {
            headers.put("Authorization", "Bearer " + token);
        }
        return headers;
    }
}
