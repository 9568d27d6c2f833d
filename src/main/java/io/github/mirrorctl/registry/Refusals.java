package io.github.mirrorctl.registry;

/** What answers that are neither success nor redirect mean. Belongs to the walk's thread. */
final class Refusals {
    private final Session session;
    private boolean isKnownRegistry;

    Refusals(Session session) {
        this.session = session;
    }

    /** From now on a 404 is believed to be a registry's. */
    void knowRegistry() {
        isKnownRegistry = true;
    }

    /** @param image which was asked for; empty where none was */
    WalkException of(Step step, Response response, String image) {
        int status = response.status();
        String words = words(response);
        if (status == 401) {
            return new WalkException(step, Verdict.LOGIN_REQUIRED, Reason.of("login-required"), status);
        }
        if (status == 403 || status == 451) {
            return new WalkException(step, Verdict.DENIED, Reason.of("denied", words), status);
        }
        if (status == 429) {
            return new WalkException(step, Verdict.RATE_LIMITED, Reason.of("rate-limited"), status);
        }
        if (status == 404) {
            return answersLikeARegistry(response)
                    ? new WalkException(step, Verdict.MISSING_IMAGE, Reason.of("missing-image", image), status)
                    : new WalkException(step, Verdict.NOT_A_REGISTRY, page(response), status);
        }
        if (status >= 500) {
            return new WalkException(
                    step, Verdict.SERVER_ERROR, Reason.of("server-error", String.valueOf(status), words), status);
        }
        return new WalkException(
                step, Verdict.NOT_A_REGISTRY, Reason.of("odd-status", String.valueOf(status), words), status);
    }

    WalkException ofBlob(Response response, ImageReference image) {
        return response.status() == 404
                ? new WalkException(Step.BLOB, Verdict.MISSING_IMAGE, Reason.of("missing-blob"), 404)
                : of(Step.BLOB, response, image.toString());
    }

    /** That a web page came where a registry would have answered. */
    static Reason page(Response response) {
        return Reason.of("answers-a-page", String.valueOf(response.status()));
    }

    /** A proxy that forwards may have spoken where no registry has. */
    private String words(Response response) {
        boolean isRegistrys = ErrorEnvelope.parse(response.body()).isPresent();
        return session.connections()
                .forwarder()
                .filter(proxy -> !isRegistrys)
                .map(proxy -> proxy.authority() + ": " + ErrorEnvelope.words(response))
                .orElseGet(() -> ErrorEnvelope.words(response));
    }

    private boolean answersLikeARegistry(Response response) {
        return isKnownRegistry
                || ErrorEnvelope.parse(response.body()).isPresent()
                || response.header("docker-distribution-api-version").isPresent();
    }
}
