package io.github.mirrorctl.registry;

import io.github.mirrorctl.mirror.ImageStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;

/**
 * One walk down a mirror's pull path, in the order in which an engine walks it: {@code /v2/}, the anonymous token, the
 * tag by HEAD and by GET, the platform's manifest. Every answer is judged as the two image stores would take it. At
 * the depth of the blobs it looks at the beginning of the largest layer too, which tells who may be a {@link Finalist}.
 *
 * <p>{@link #run} belongs to one thread; {@link #endAtDeadline} may be called from another at any time.
 */
final class Walk {
    /** An error's words, or enough of a page to know it for one. */
    private static final int LONGEST_PAGE = 16 * 1024;
    /** Real ones have a twentieth of it. Many walks hold one at a time, in a small heap. */
    private static final int LONGEST_MANIFEST = 1024 * 1024;

    private static final int WARM_REPEATS = 3;
    /** Tokens and redirects included. */
    private static final int MOST_REQUESTS = 12;
    /** The tag by HEAD and GET, the platform's manifest, a token, and as many redirects. */
    private static final int REQUESTS_FOR_FURTHER_IMAGE = 8;
    /** What a mirror that is no finalist sends at most: heads, pages, manifests and the beginning of a layer. */
    private static final long MOST_BYTES = 150_000;

    private static final long BYTES_FOR_FURTHER_IMAGE = 50_000;
    private static final int GLIMPSE_BYTES = 96 * 1024;
    /** Less than that tells nothing of a line. */
    private static final int SHORTEST_GLIMPSE_BYTES = 16 * 1024;
    /** For the heads around a glimpse. */
    private static final int HEAD_BYTES = 4 * 1024;
    /** The glimpse, and where it is redirected to. */
    private static final int REQUESTS_FOR_GLIMPSE = 2;
    /** What a further look at a mirror that was walked already may take. */
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(1);

    /**
     * An image that is not Docker's own, to find out who serves official images alone, or those on a list. A list that
     * lacks this one is short: it is among the most pulled. It has stood at this name, with this tag and open to
     * anybody, for ten years, and belongs to a foundation (CNCF), not to a company that may put it behind a login.
     * Where it is gone all the same, the answer is 404, which nobody is held to.
     */
    private static final ImageReference NOT_OFFICIAL = ImageReference.parse("prom/prometheus:latest");

    private static final List<String> MANIFEST_TYPES = List.of(
            "application/vnd.docker.distribution.manifest.list.v2+json",
            "application/vnd.oci.image.index.v1+json",
            "application/vnd.docker.distribution.manifest.v2+json",
            "application/vnd.oci.image.manifest.v1+json");
    private static final Map<String, String> ACCEPTED = Map.of("Accept", String.join(", ", MANIFEST_TYPES));

    private final Candidate candidate;
    private final Prober.Plan plan;
    private final Session session;
    private final Calm calm;
    private final Origin origin;
    private final TokenService tokens;
    private final Map<String, String> tokenByRepository = new HashMap<>();

    private volatile Set<ImageStore> stores = Set.of(ImageStore.values());
    private volatile Optional<Depth> reached = Optional.empty();
    private volatile OptionalInt lastStatus = OptionalInt.empty();
    private volatile Optional<Digest> digest = Optional.empty();
    private volatile Optional<Reason> remark = Optional.empty();
    private volatile Optional<Sample> sample = Optional.empty();
    private volatile boolean isWalked;
    /** When the first look at a blob began, and how much had come until then; empty before. */
    private volatile Optional<Glimpse> glimpse = Optional.empty();

    private final CompletableFuture<ProbeResult> outcome = new CompletableFuture<>();
    private volatile boolean hasAllowlist;
    private boolean pingIsARegistry;
    private Optional<Challenge> pingChallenge = Optional.empty();
    /** Why the token that {@code /v2/} asked for could not be had; the manifest may not ask for one. */
    private Optional<WalkException> tokenRefusal = Optional.empty();

    private final Map<ImageReference, Manifest> manifests = new LinkedHashMap<>();
    private Duration tokenTime = Duration.ZERO;
    private Duration manifestTime = Duration.ZERO;
    /** What the beginning of the largest layer promises; empty where it was not seen. */
    private Optional<Duration> outlook = Optional.empty();

    Walk(Candidate candidate, Prober.Plan plan, Session session, Calm calm) {
        this.candidate = candidate;
        this.plan = plan;
        this.session = session;
        this.calm = calm;
        this.origin = Origin.of(candidate.url());
        this.tokens = new TokenService(session, origin);
    }

    /** A session for the walk of one mirror, with the bounds of what it may cost. */
    static Session session(
            Candidate candidate,
            Prober.Plan plan,
            Deadline deadline,
            Supplier<SSLSocketFactory> tls,
            Proxies proxies,
            Predicate<InetAddress> isInside) {
        int further = plan.images().size() - 1;
        return new Session(
                Origin.of(candidate.url()),
                deadline,
                MOST_REQUESTS + REQUESTS_FOR_FURTHER_IMAGE * further,
                MOST_BYTES + BYTES_FOR_FURTHER_IMAGE * further,
                tls,
                proxies,
                new Journal(plan.explained().equals(Optional.of(candidate.url()))),
                isInside);
    }

    Session session() {
        return session;
    }

    Candidate candidate() {
        return candidate;
    }

    /** The manifests of the platform by image, in the order in which the images were given. */
    Map<ImageReference, Manifest> manifests() {
        return manifests;
    }

    /** Walks to the depth asked, or as far as it goes. Does not throw: whatever happens is a result. */
    ProbeResult run() {
        return settled(walked());
    }

    /** Of the walk's end and the deadline, what came first counts, for both callers. */
    private ProbeResult settled(ProbeResult result) {
        outcome.complete(result);
        return outcome.join();
    }

    private ProbeResult walked() {
        try {
            walkPath();
            isWalked = true;
            measureWarm();
            if (plan.depth() == Depth.BLOB) {
                glimpse();
            }
            if (plan.depth() != Depth.PING) {
                lookBeyondOfficial();
            }
            return ready();
        } catch (WalkException e) {
            return failed(e);
        } catch (IOException e) {
            return failed(e);
        } finally {
            leave();
        }
    }

    private void walkPath() throws IOException {
        try {
            ping();
            if (plan.depth() != Depth.PING) {
                session.enter(Step.MANIFEST);
                for (ImageReference image : plan.images()) {
                    walkManifests(image);
                }
                reached = Optional.of(Depth.MANIFEST);
            }
        } finally {
            calm.arrive();
        }
    }

    /** A finalist's connections are opened anew, since that may be long after. */
    private void leave() {
        if (plan.depth() == Depth.BLOB) {
            session.park();
        } else {
            session.close();
        }
    }

    /** The result of a walk that is still under way when its time is up. */
    ProbeResult endAtDeadline() {
        // Settled first: the walk's own thread takes the closed socket for the mirror's doing.
        ProbeResult result = settled(timedOut());
        session.close();
        return result;
    }

    private ProbeResult timedOut() {
        if (isWalked) {
            return glimpse.filter(this::isInVain).isPresent() ? failed(Finalist.late()) : ready();
        }
        Step step = session.step();
        Verdict verdict =
                switch (step) {
                    case DNS -> Verdict.UNKNOWN_HOST;
                    case CONNECT -> Verdict.UNREACHABLE;
                    case TLS -> Verdict.TLS_FAILED;
                    case PING, TOKEN, MANIFEST, BLOB -> Verdict.STALLED;
                };
        String code =
                switch (step) {
                    case DNS -> "dns-timeout";
                    case CONNECT -> "connect-timeout";
                    case TLS -> "tls-timeout";
                    case PING -> "ping-timeout";
                    case TOKEN -> "realm-timeout";
                    case MANIFEST -> "manifest-timeout";
                    case BLOB -> "blob-timeout";
                };
        Reason reason = session.awaited()
                .orElseGet(() -> step == Step.TOKEN ? Reason.of(code, tokens.realm()) : Reason.of(code));
        return failed(new WalkException(step, verdict, reason, 0));
    }

    ProbeResult ready() {
        return result(Verdict.READY, Optional.empty(), lastStatus, remark);
    }

    private ProbeResult failed(IOException e) {
        if (e instanceof SocketTimeoutException || session.deadline().isPast()) {
            return timedOut();
        }
        return isWalked ? ready() : failed(explain(e, session.step()));
    }

    ProbeResult failed(WalkException e) {
        session.journal().concludes(e.reason());
        OptionalInt decisive = e.httpStatus() > 0 ? OptionalInt.of(e.httpStatus()) : OptionalInt.empty();
        return result(e.verdict(), Optional.of(e.step()), decisive, Optional.of(e.reason()));
    }

    /** What it means that a connection broke at a step, or could not be made. */
    static WalkException explain(IOException e, Step step) {
        if (e instanceof UnknownHostException) {
            String host = String.valueOf(e.getMessage());
            return new WalkException(step, Verdict.UNREACHABLE, Reason.of("redirects-nowhere", host), e);
        }
        if (e instanceof Session.InwardException) {
            return new WalkException(step, Verdict.NOT_A_REGISTRY, Reason.of("redirect-inward"), e);
        }
        if (e instanceof Session.SpentException spent) {
            return new WalkException(step, Verdict.NOT_A_REGISTRY, spent.reason(), e);
        }
        if (e instanceof Connection.ProtocolException) {
            return new WalkException(step, Verdict.NOT_A_REGISTRY, Reason.of("not-http"), e);
        }
        return new WalkException(step, Verdict.UNREACHABLE, Reason.of("connection-lost"), e);
    }

    private ProbeResult result(
            Verdict verdict, Optional<Step> failedAt, OptionalInt decisive, Optional<Reason> reason) {
        return new ProbeResult(
                candidate,
                verdict,
                reached,
                failedAt,
                decisive,
                reason,
                session.latency(),
                digest,
                sample,
                stores,
                session.isInside(),
                hasAllowlist,
                session.requests(),
                session.bytesReceived(),
                session.journal().exchanges());
    }

    private Origin.Target target(String path) {
        return new Origin.Target(origin, candidate.url().path() + path);
    }

    // ---- /v2/ ----

    private void ping() throws IOException {
        Optional<Challenge> bearer = Optional.empty();
        try {
            Response response = session.send("GET", target("/v2/"), Map.of(), LONGEST_PAGE);
            session.measured(response);
            lastStatus = OptionalInt.of(response.status());
            reached = Optional.of(Depth.PING);
            Response last = session.follow("GET", target("/v2/"), to -> Map.of(), LONGEST_PAGE, response);
            if (plan.depth() == Depth.PING) {
                judgePing(last);
                concludes("saw-registry");
                return;
            }
            notePing(last);
            remark.ifPresent(session.journal()::concludes);
            bearer = last.status() == 401 ? last.bearer() : Optional.empty();
            pingChallenge = bearer;
        } catch (IOException e) {
            // The classic store gives a mirror up here, containerd's never asks: the manifest decides.
            if (plan.depth() == Depth.PING
                    || session.step() != Step.PING
                    || session.deadline().isPast()) {
                throw e;
            }
            only(ImageStore.CONTAINERD, Reason.of("ping-broken"), 0);
        }
        if (bearer.isPresent()) {
            fetchTokens(bearer.get());
        }
    }

    /** Containerd's store does without these tokens where the manifests do. */
    private void fetchTokens(Challenge bearer) throws IOException {
        try {
            for (ImageReference image : plan.images()) {
                token(bearer, image.repository());
            }
        } catch (WalkException e) {
            if (e.verdict() == Verdict.STALLED) {
                throw e;
            }
            tokenRefusal = Optional.of(e);
            only(ImageStore.CONTAINERD, e.reason(), e.httpStatus());
        }
    }

    private void only(ImageStore store, Reason why, int httpStatus) throws WalkException {
        if (!stores.contains(store)) {
            throw new WalkException(session.step(), Verdict.NOT_A_REGISTRY, why, httpStatus);
        }
        stores = Set.of(store);
        remark = Optional.of(why);
        session.journal().concludes(why);
    }

    private void notePing(Response response) {
        if (response.isHtml()) {
            remark = Optional.of(Reason.of("ping-page", String.valueOf(response.status())));
        } else if (response.status() == 200 || response.status() == 401) {
            pingIsARegistry = true;
            concludes(response.status() == 200 ? "saw-registry" : "saw-challenge");
        } else {
            remark = Optional.of(Reason.of("ping-status", String.valueOf(response.status())));
        }
    }

    private void judgePing(Response response) throws WalkException {
        int status = response.status();
        if (status == 401) {
            if (response.bearer().isEmpty()) {
                throw new WalkException(Step.PING, Verdict.LOGIN_REQUIRED, Reason.of("login-required"), status);
            }
        } else if ((status == 200 && response.isHtml()) || status == 404) {
            throw new WalkException(Step.PING, Verdict.NOT_A_REGISTRY, page(response), status);
        } else if (!response.isSuccess()) {
            throw refusal(Step.PING, response, "");
        }
    }

    /** Further requests for the same little thing on the warm connection, whose least time is the mirror's own. */
    private void measureWarm() throws IOException {
        int spared = (plan.depth() == Depth.BLOB ? REQUESTS_FOR_GLIMPSE : 0) + requestsBeyondOfficial();
        long sparedBytes = plan.depth() == Depth.BLOB ? GLIMPSE_BYTES / 2 + HEAD_BYTES : HEAD_BYTES;
        if (plan.depth() != Depth.BLOB) {
            awaitCalm();
        }
        for (int i = 0; i < WARM_REPEATS && session.requestsLeft() > spared; i++) {
            if (session.bytesLeft() < sparedBytes + LONGEST_PAGE) {
                return;
            }
            try {
                Response response = session.send("GET", target("/v2/"), Map.of(), LONGEST_PAGE);
                session.measured(response);
                concludes("saw-repeat", millis(response.firstByte()));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void awaitCalm() {
        try {
            calm.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- tokens ----

    private void token(Challenge bearer, String repository) throws IOException {
        if (!tokenByRepository.containsKey(repository)) {
            long start = System.nanoTime();
            tokenByRepository.put(repository, tokens.fetch(bearer, repository));
            concludes("saw-token");
            tokenTime = tokenTime.plusNanos(System.nanoTime() - start);
        }
    }

    /** A token is for the mirror itself: a storage that its redirects lead to is sent none. */
    private Map<String, String> headers(ImageReference image, Map<String, String> own, Origin to) {
        Map<String, String> headers = new LinkedHashMap<>(own);
        String token = tokenByRepository.get(image.repository());
        if (token != null && to.equals(origin)) {
            headers.put("Authorization", "Bearer " + token);
        }
        return headers;
    }

    // ---- manifests ----

    private void walkManifests(ImageReference image) throws IOException {
        String path = "/v2/" + image.repository() + "/manifests/";
        // As containerd's store asks; an allowlist or a rate limit shows here without costing a pull.
        Response head = ask("HEAD", image, path + image.reference() + "?ns=docker.io");
        boolean headWorks = head.isSuccess() || head.status() == 405;
        concludes(head.isSuccess() ? "saw-tag" : "saw-no-head", String.valueOf(head.status()));
        Response response = ask("GET", image, path + image.reference());
        Manifest top = manifest(image, response);
        if (!headWorks) {
            only(ImageStore.GRAPHDRIVER, Reason.of("head-refused", String.valueOf(head.status())), head.status());
        }
        Digest computed = image.digest()
                .map(named -> named.likewise(response.body()))
                .orElseGet(() -> Digest.of(response.body()));
        requireDigest(image.digest(), computed, response.status());
        if (digest.isEmpty()) {
            digest = Optional.of(computed);
        }
        concludesManifest(top, computed);
        manifests.put(image, top.isIndex() ? walkPlatform(image, path, top) : top);
        requireAgreement(head, response, computed);
        lastStatus = OptionalInt.of(response.status());
    }

    private Manifest walkPlatform(ImageReference image, String path, Manifest index) throws IOException {
        Manifest.Image entry = index.image(plan.architecture())
                .orElseThrow(() -> new WalkException(
                        Step.MANIFEST,
                        Verdict.MISSING_IMAGE,
                        Reason.of("no-such-platform", "linux/" + plan.architecture()),
                        200));
        Digest wanted = entry.manifest().digest();
        Response response = ask("GET", image, path + wanted);
        Manifest platform = manifest(image, response);
        requireDigest(Optional.of(wanted), wanted.likewise(response.body()), response.status());
        if (platform.isIndex()) {
            throw new WalkException(Step.MANIFEST, Verdict.CORRUPT, Reason.of("index-in-index"), response.status());
        }
        concludesManifest(platform, wanted);
        return platform;
    }

    private void concludes(String code, String... arguments) {
        session.journal().concludes(Reason.of(code, arguments));
    }

    private void concludesManifest(Manifest manifest, Digest computed) {
        if (manifest.isIndex()) {
            concludes("saw-index", computed.toString());
        } else {
            long bytes = manifest.layers().stream()
                    .mapToLong(Manifest.Descriptor::size)
                    .sum();
            concludes(
                    "saw-manifest",
                    computed.toString(),
                    String.valueOf(manifest.layers().size()),
                    String.valueOf(bytes));
        }
    }

    /** The digest in the header is what the containerd store holds the body to; it aborts on one that is none. */
    private static void requireDeclared(Response response) throws WalkException {
        String declared = response.header("docker-content-digest").orElse("");
        if (!declared.isEmpty() && !isDigestOf(declared, response.body())) {
            throw mismatch(declared, Digest.of(response.body()), response.status());
        }
    }

    private static boolean isDigestOf(String declared, byte[] content) {
        return Digest.parse(declared)
                .filter(digest -> digest.likewise(content).equals(digest))
                .isPresent();
    }

    /**
     * Containerd's store believes HEAD, where it gives a digest and a length, and asks for no more than that: its pull ends
     * where what comes then is something else ({@code Resolve} in containerd's {@code core/remotes/docker/resolver.go}).
     */
    private static void requireAgreement(Response head, Response get, Digest computed) throws WalkException {
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
        return new WalkException(
                Step.MANIFEST, Verdict.CORRUPT, Reason.of("head-differs", head, get), response.status());
    }

    private static WalkException mismatch(String wanted, Digest computed, int status) {
        return new WalkException(
                Step.MANIFEST, Verdict.CORRUPT, Reason.of("digest-mismatch", wanted, computed.toString()), status);
    }

    private static void requireDigest(Optional<Digest> wanted, Digest computed, int status) throws WalkException {
        if (wanted.isPresent() && !wanted.get().equals(computed)) {
            throw mismatch(wanted.get().toString(), computed, status);
        }
    }

    private Response ask(String method, ImageReference image, String path) throws IOException {
        long start = System.nanoTime();
        Duration tokensBefore = tokenTime;
        Response response = ask(method, image, path, ACCEPTED, Optional.empty());
        manifestTime = manifestTime
                .plusNanos(System.nanoTime() - start)
                .minus(tokenTime)
                .plus(tokensBefore);
        return response;
    }

    /** Asks for something in a repository, with a token if the answer wants one. */
    private Response ask(
            String method,
            ImageReference image,
            String path,
            Map<String, String> headers,
            Optional<? extends Connection.Sink> sink)
            throws IOException {
        Response response = askOnce(method, image, path, headers, sink);
        Optional<Challenge> bearer = response.status() == 401 ? response.bearer() : Optional.empty();
        if (bearer.isEmpty() || tokenByRepository.containsKey(image.repository())) {
            return response;
        }
        if (tokenRefusal.isPresent()) {
            throw tokenRefusal.get();
        }
        // The classic store asks for a token only where /v2/ did.
        only(ImageStore.CONTAINERD, Reason.of("token-after-ping"), response.status());
        token(bearer.get(), image.repository());
        return askOnce(method, image, path, headers, sink);
    }

    private Response askOnce(
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

    // ---- blobs ----

    /**
     * Asks for a blob.
     *
     * @param headers beside those that every request for a blob has
     */
    Response askBlob(ImageReference image, Download download, Map<String, String> headers) throws IOException {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("Accept", "*/*");
        String path = "/v2/" + image.repository() + "/blobs/" + download.blob().digest();
        return ask("GET", image, path, all, Optional.of(download));
    }

    WalkException refusedBlob(ImageReference image, Response response) {
        return response.status() == 404
                ? new WalkException(Step.BLOB, Verdict.MISSING_IMAGE, Reason.of("missing-blob"), 404)
                : refusal(Step.BLOB, response, image.toString());
    }

    /** Looks at the beginning of the largest layer, which tells a slow line from a fast one. A refusal is a verdict. */
    private void glimpse() throws IOException {
        ImageReference image = plan.images().get(0);
        Manifest manifest = manifests.get(image);
        long most = Math.min(GLIMPSE_BYTES, session.bytesLeft() - HEAD_BYTES);
        if (manifest == null
                || manifest.largestLayer().isEmpty()
                || session.requestsLeft() <= 0
                || most < SHORTEST_GLIMPSE_BYTES) {
            return;
        }
        session.enter(Step.BLOB);
        RateMeter meter = new RateMeter(roundTrip());
        Download download = Download.undigested(manifest.largestLayer().get(), meter, () -> meter.total() >= most);
        long asked = System.nanoTime();
        glimpse = Optional.of(new Glimpse(asked, session.bytesReceived()));
        try {
            Response response = askBlob(image, download, Map.of("Range", "bytes=0-" + (most - 1)));
            boolean isRefused = !response.isSuccess() && response.status() != 416;
            if (isRefused) {
                throw refusedBlob(image, response);
            }
        } catch (Session.SpentException e) {
            // Without a first look it may still be a finalist, after the others.
        } catch (SocketTimeoutException e) {
            if (hadTime(asked)) {
                Finalist.requireFlow(download, e);
            }
        }
        if (meter.total() > 0) {
            Duration firstByte = download.firstByteSince(asked);
            Duration promise = estimate(firstByte, meter.lineRate(roundTrip())).of(manifest);
            outlook = Optional.of(promise);
            concludes("saw-glimpse", String.valueOf(meter.total()), millis(promise));
        }
    }

    private record Glimpse(long nanoTime, long received) {}

    private boolean isInVain(Glimpse begun) {
        return hadTime(begun.nanoTime()) && session.bytesReceived() == begun.received();
    }

    private boolean hadTime(long asked) {
        return System.nanoTime() - asked > plan.timeout().toNanos() / 2;
    }

    private static String millis(Duration duration) {
        return String.valueOf((duration.toNanos() + 500_000) / 1_000_000);
    }

    // ---- other images ----

    /** Where one of the images asked for is not official, it shows by itself. */
    private int requestsBeyondOfficial() {
        boolean isOfficial = plan.images().stream().allMatch(ImageReference::isOfficial);
        return !isOfficial || plan.depth() == Depth.PING ? 0 : pingChallenge.isPresent() ? 2 : 1;
    }

    /**
     * Asks for an image that is not official, so that an allowlist shows before the user meets it. Whatever comes of it
     * but a refusal is nothing that is known of the mirror.
     */
    private void lookBeyondOfficial() {
        int needed = requestsBeyondOfficial();
        if (needed == 0 || session.requestsLeft() < needed) {
            return;
        }
        session.enter(Step.MANIFEST);
        session.hurry(LONGEST_LOOK);
        try {
            if (pingChallenge.isPresent()) {
                fetchOtherToken(pingChallenge.get());
            }
            noteAllowlist(askOther());
        } catch (WalkException e) {
            boolean tokenRefused = e.step() == Step.TOKEN && (e.httpStatus() == 401 || e.httpStatus() == 403);
            if (tokenRefused) {
                hasAllowlist();
            }
        } catch (IOException e) {
            concludes("saw-nothing-else");
        }
    }

    private void fetchOtherToken(Challenge bearer) throws IOException {
        String repository = NOT_OFFICIAL.repository();
        tokenByRepository.put(repository, tokens.fetch(bearer, repository));
        concludes("saw-token");
    }

    private Response askOther() throws IOException {
        String path = "/v2/" + NOT_OFFICIAL.repository() + "/manifests/" + NOT_OFFICIAL.reference() + "?ns=docker.io";
        return askOnce("HEAD", NOT_OFFICIAL, path, ACCEPTED, Optional.empty());
    }

    private void noteAllowlist(Response first) throws IOException {
        Response response = first;
        boolean hasToken = tokenByRepository.containsKey(NOT_OFFICIAL.repository());
        if (response.status() == 401 && !hasToken && response.bearer().isPresent() && session.requestsLeft() >= 2) {
            fetchOtherToken(response.bearer().get());
            hasToken = true;
            response = askOther();
        }
        boolean isRefused = response.status() == 403 || response.status() == 451;
        if (isRefused || (response.status() == 401 && hasToken)) {
            hasAllowlist();
        } else {
            concludes(response.isSuccess() ? "saw-other-image" : "saw-nothing-else");
        }
    }

    private void hasAllowlist() {
        Reason reason = Reason.of("allowlist", NOT_OFFICIAL.repository());
        session.journal().concludes(reason);
        hasAllowlist = true;
        remark = Optional.of(remark.map(other -> other.and(reason)).orElse(reason));
    }

    Duration roundTrip() {
        return session.roundTrip().orElse(Duration.ZERO);
    }

    /** @param rate empty where the line was faster than could be told */
    PullEstimate estimate(Duration firstByte, OptionalDouble rate) {
        return new PullEstimate(
                session.setUp().orElse(Duration.ZERO),
                tokenTime,
                manifestTime,
                firstByte,
                roundTrip(),
                rate.orElse(PullEstimate.FASTEST_BYTES_PER_SECOND));
    }

    /** How long a pull might take, as far as the walk could see; empty where it saw nothing of a layer. */
    Optional<Duration> outlook() {
        return outlook;
    }

    /** Keeps what the finalist's download showed. */
    void reachedBlob(Sample found) {
        sample = Optional.of(found);
        reached = Optional.of(Depth.BLOB);
    }

    /** The manifest of an answer, or the verdict that the answer is. */
    private Manifest manifest(ImageReference image, Response response) throws WalkException {
        if (!response.isSuccess()) {
            throw refusal(Step.MANIFEST, response, image.toString());
        }
        if (response.tooLong()) {
            throw new WalkException(
                    Step.MANIFEST,
                    Verdict.CORRUPT,
                    Reason.of("manifest-too-long", String.valueOf(response.body().length)),
                    response.status());
        }
        if (response.cutShort()) {
            throw new WalkException(Step.MANIFEST, Verdict.CORRUPT, Reason.of("manifest-cut-short"), response.status());
        }
        if (response.isHtml()) {
            throw new WalkException(Step.MANIFEST, Verdict.NOT_A_REGISTRY, page(response), response.status());
        }
        requireDeclared(response);
        // Engines read a manifest by its declared type alone: the classic store takes the next mirror, containerd's
        // aborts.
        if (!MANIFEST_TYPES.contains(response.mediaType())) {
            throw new WalkException(Step.MANIFEST, Verdict.CORRUPT, Reason.of("not-a-manifest"), response.status());
        }
        return Manifest.parse(response.body())
                .orElseThrow(() -> new WalkException(
                        Step.MANIFEST, Verdict.CORRUPT, Reason.of("not-a-manifest"), response.status()));
    }

    private static Reason page(Response response) {
        return Reason.of("answers-a-page", String.valueOf(response.status()));
    }

    /** What an answer that is neither success nor redirect means. */
    private WalkException refusal(Step step, Response response, String image) {
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

    /** A proxy that forwards may have spoken where no registry has. */
    private String words(Response response) {
        boolean isRegistrys = ErrorEnvelope.parse(response.body()).isPresent();
        return session.forwarder()
                .filter(proxy -> !isRegistrys)
                .map(proxy -> proxy.authority() + ": " + ErrorEnvelope.words(response))
                .orElseGet(() -> ErrorEnvelope.words(response));
    }

    private boolean answersLikeARegistry(Response response) {
        return pingIsARegistry
                || ErrorEnvelope.parse(response.body()).isPresent()
                || response.header("docker-distribution-api-version").isPresent();
    }
}
