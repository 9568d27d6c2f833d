package io.github.mirrorctl.registry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;

/**
 * Fetches an anonymous bearer token from the realm that a registry names (distribution spec, "Token Authentication").
 * Never sends credentials.
 */
final class TokenService {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int LONGEST_TOKEN_ANSWER = 64 * 1024;

    private final Session session;
    private final Origin mirror;
    private volatile String realm = "";

    TokenService(Session session, Origin mirror) {
        this.session = session;
        this.mirror = mirror;
    }

    /**
     * The token for reading a repository.
     *
     * @throws WalkException where the realm cannot be used or gives none
     */
    String fetch(Challenge bearer, String repository) throws IOException {
        Step before = session.step();
        session.enter(Step.TOKEN);
        Origin.Target target = target(bearer, repository);
        realm = target.origin().authority();
        Response response = request(target);
        if (!response.isSuccess()) {
            throw refused(response);
        }
        String token = parse(response.body())
                .orElseThrow(() -> new WalkException(
                        Step.TOKEN, Verdict.LOGIN_REQUIRED, Reason.of("token-missing"), response.status()));
        session.enter(before);
        return token;
    }

    /** The host that was last asked for a token, for whoever ends the walk from outside. */
    String realm() {
        return realm;
    }

    private Origin.Target target(Challenge bearer, String repository) throws WalkException {
        String realm = bearer.parameter("realm").orElse("");
        Origin.Target target =
                Origin.Target.parse(realm).orElseThrow(() -> unusable("realm-unusable", Redaction.of(realm)));
        Set<String> scopes = new LinkedHashSet<>();
        scopes.add("repository:" + repository + ":pull");
        bearer.parameter("scope")
                .ifPresent(given -> scopes.addAll(List.of(given.strip().split(" +"))));
        scopes.remove("");
        StringBuilder path = new StringBuilder(target.path());
        char separator = target.path().indexOf('?') < 0 ? '?' : '&';
        for (String scope : scopes) {
            path.append(separator).append("scope=").append(encode(scope));
            separator = '&';
        }
        bearer.parameter("service")
                .ifPresent(service -> path.append("&service=").append(encode(service)));
        return new Origin.Target(target.origin(), path.toString());
    }

    private Map<String, String> headers(Origin realm) throws WalkException {
        boolean downgrades = mirror.isTls() && !realm.isTls();
        if (downgrades) {
            throw unusable("realm-plain-http", realm.authority());
        }
        return Map.of("Accept", "application/json");
    }

    private Response request(Origin.Target target) throws IOException {
        try {
            Response response = session.send("GET", target, headers(target.origin()), LONGEST_TOKEN_ANSWER);
            return session.follow("GET", target, this::headers, LONGEST_TOKEN_ANSWER, response);
        } catch (WalkException | Allowance.SpentException e) {
            throw e;
        } catch (Connections.InwardException e) {
            throw new WalkException(Step.TOKEN, Verdict.LOGIN_REQUIRED, Reason.of("realm-inward", realm), e);
        } catch (SocketTimeoutException e) {
            throw new WalkException(Step.TOKEN, Verdict.STALLED, Reason.of("realm-timeout", realm), e);
        } catch (SSLException e) {
            throw new WalkException(Step.TOKEN, Verdict.TLS_FAILED, Reason.of("realm-tls", realm), e);
        } catch (IOException e) {
            throw new WalkException(Step.TOKEN, Verdict.LOGIN_REQUIRED, Reason.of("realm-unreachable", realm), e);
        }
    }

    private static WalkException refused(Response response) {
        String status = String.valueOf(response.status());
        Reason reason = Reason.of("token-refused", status, ErrorEnvelope.words(response));
        Verdict verdict = response.status() == 429
                ? Verdict.RATE_LIMITED
                : response.status() >= 500 ? Verdict.SERVER_ERROR : Verdict.LOGIN_REQUIRED;
        return new WalkException(Step.TOKEN, verdict, reason, response.status());
    }

    private static WalkException unusable(String code, String realm) {
        return new WalkException(Step.TOKEN, Verdict.LOGIN_REQUIRED, Reason.of(code, realm), 0);
    }

    /** The member {@code token}, or {@code access_token} as OAuth 2 calls it. */
    private static Optional<String> parse(byte[] body) {
        String token = "";
        try (JsonParser parser = JSON.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                boolean isToken = name.equals("token") || (name.equals("access_token") && token.isEmpty());
                if (isToken && value == JsonToken.VALUE_STRING) {
                    token = parser.getText();
                } else {
                    parser.skipChildren();
                }
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        return token.isEmpty() || !isHeaderSafe(token) ? Optional.empty() : Optional.of(token);
    }

    private static boolean isHeaderSafe(String token) {
        return token.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
