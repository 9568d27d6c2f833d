package io.github.mirrorctl.registry;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * An answer, read whole.
 *
 * @param headers names in lower case, values in the order they came
 * @param body at most as long as the request allowed
 * @param cutShort whether the connection ended before the length that the headers promised
 * @param tooLong whether the body was longer than the request allowed, and the rest was left unread
 * @param from who gave it, and to what request
 * @param firstByte from the end of the request to the first byte of the answer
 */
record Response(
        Origin.Target from,
        int status,
        Map<String, List<String>> headers,
        byte[] body,
        boolean cutShort,
        boolean tooLong,
        Duration firstByte) {

    /** The same, where its first byte was seen before it was read. */
    Response firstSeenAfter(Duration sinceRequest) {
        return new Response(from, status, headers, body, cutShort, tooLong, sinceRequest);
    }

    Optional<String> header(String name) {
        return headers(name).stream().findFirst();
    }

    List<String> headers(String name) {
        return headers.getOrDefault(name, List.of());
    }

    /** Whether it leads elsewhere. One with an empty {@code Location} does not: Go's client takes it as it is. */
    boolean isRedirect() {
        return (status == 301 || status == 302 || status == 303 || status == 307 || status == 308)
                && !header("location").orElse("").isBlank();
    }

    /** How a token is to be had for what was asked, where the answer says so. */
    Optional<Challenge> bearer() {
        return challenge("bearer");
    }

    /** Whether the answer takes a user's name and password. */
    boolean offersLogin() {
        return challenge("basic").isPresent();
    }

    private Optional<Challenge> challenge(String scheme) {
        return Challenge.find(Challenge.parse(headers("www-authenticate")), scheme);
    }

    /** When to come back, where the registry has had enough for now; empty where it has not, or does not say. */
    Optional<String> retryAfter() {
        return status == 429 || status == 503
                ? header("retry-after").filter(value -> !value.isEmpty()).map(Response::inWords)
                : Optional.empty();
    }

    /** Seconds, or a date (RFC 9110, section 10.2.3). */
    private static String inWords(String retryAfter) {
        return retryAfter.matches("[0-9]+") ? retryAfter + " s" : retryAfter;
    }

    boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    boolean isHtml() {
        return mediaType().equals("text/html") || looksLikeMarkup();
    }

    /** The {@code Content-Type} without its parameters, in lower case; empty where there is none. */
    String mediaType() {
        String type = header("content-type").orElse("");
        int parameters = type.indexOf(';');
        return (parameters < 0 ? type : type.substring(0, parameters)).strip().toLowerCase(Locale.ROOT);
    }

    private boolean looksLikeMarkup() {
        for (byte b : body) {
            if (b == '<') {
                return true;
            }
            if (b != ' ' && b != '\t' && b != '\r' && b != '\n') {
                return false;
            }
        }
        return false;
    }
}
