package io.github.mirrorctl.registry;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Asks a mirror for an image that is not Docker's own, to find out who serves official images alone, or those on a list,
 * before the user meets it. Whatever comes of it but a refusal is nothing that is known of the mirror.
 */
final class Allowlist {
    /**
     * A list that lacks this one is short: it is among the most pulled. It has stood at this name, with this tag and open
     * to anybody, for ten years, and belongs to a foundation (CNCF), not to a company that may put it behind a login.
     * Where it is gone all the same, the answer is 404, which nobody is held to.
     */
    static final ImageReference NOT_OFFICIAL = ImageReference.parse("prom/prometheus:latest");

    /** What a further look at a mirror that was walked already may take. */
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(1);

    private final Session session;
    private final RepositoryRequests requests;
    private final Optional<Challenge> challenge;

    /** @param challenge of {@code /v2/}, which holds for every repository */
    Allowlist(Session session, RepositoryRequests requests, Optional<Challenge> challenge) {
        this.session = session;
        this.requests = requests;
        this.challenge = challenge;
    }

    /** How many requests the look takes. */
    int requestsNeeded() {
        return challenge.isPresent() ? 2 : 1;
    }

    /** Whether the mirror refuses that image, as far as it can be asked. */
    boolean refuses() {
        if (session.allowance().requestsLeft() < requestsNeeded()) {
            return false;
        }
        session.enter(Step.MANIFEST);
        session.allowance().hurry(LONGEST_LOOK);
        try {
            if (challenge.isPresent()) {
                requests.fetchToken(challenge.get(), NOT_OFFICIAL);
            }
            return isRefused(ask());
        } catch (WalkException e) {
            return e.step() == Step.TOKEN && (e.httpStatus() == 401 || e.httpStatus() == 403);
        } catch (IOException e) {
            session.journal().concludes(Reason.of("saw-nothing-else"));
            return false;
        }
    }

    private Response ask() throws IOException {
        String path = "/v2/" + NOT_OFFICIAL.repository() + "/manifests/" + NOT_OFFICIAL.reference() + "?ns=docker.io";
        return requests.send("HEAD", NOT_OFFICIAL, path, ManifestAnswer.ACCEPTED, Optional.empty());
    }

    private boolean isRefused(Response first) throws IOException {
        Response response = first;
        boolean mayFetch =
                !requests.hasToken(NOT_OFFICIAL) && session.allowance().requestsLeft() >= 2;
        if (response.status() == 401 && mayFetch && response.bearer().isPresent()) {
            requests.fetchToken(response.bearer().get(), NOT_OFFICIAL);
            response = ask();
        }
        boolean isForbidden = response.status() == 403 || response.status() == 451;
        if (isForbidden || (response.status() == 401 && requests.hasToken(NOT_OFFICIAL))) {
            return true;
        }
        session.journal().concludes(Reason.of(response.isSuccess() ? "saw-other-image" : "saw-nothing-else"));
        return false;
    }
}
