package io.github.mirrorctl.registry;

import io.github.mirrorctl.mirror.ImageStore;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLException;

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

    private static final int WARM_REPEATS = 3;
    /** Tokens and redirects included. */
    private static final int MOST_REQUESTS = 12;
    /** The tag by HEAD and GET, the platform's manifest, a token, and as many redirects. */
    private static final int REQUESTS_FOR_FURTHER_IMAGE = 8;
    /** What a mirror that is no finalist sends at most: heads, pages, manifests and the beginning of a layer. */
    private static final long MOST_BYTES = 150_000;

    private static final long BYTES_FOR_FURTHER_IMAGE = 50_000;
    /** Three of TCP's first windows. */
    private static final int GLIMPSE_BYTES = 44_000;

    private static final Map<String, String> BLOB_HEADERS = Map.of("Accept", "*/*");
    /** So near that even lines which one connection's first bytes do not tell apart are about as fast as can be measured. */
    private static final Duration NEAR = Duration.ofMillis(5);
    /** Less than that tells nothing of a line. */
    private static final int SHORTEST_GLIMPSE_BYTES = 16 * 1024;
    /** For the heads around a glimpse. */
    private static final int HEAD_BYTES = 4 * 1024;
    /** The glimpse, where it is redirected to, and what is looked at beside. */
    private static final int REQUESTS_FOR_GLIMPSE = 2 + SecondLook.REQUESTS;

    private final Candidate candidate;
    private final Prober.Plan plan;
    private final Session session;
    private final Calm calm;
    private final RepositoryRequests repositories;
    private final Refusals refusals;

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
    private Optional<Challenge> pingChallenge = Optional.empty();
    /** Why the token that {@code /v2/} asked for could not be had; the manifest may not ask for one. */
    private Optional<WalkException> tokenRefusal = Optional.empty();

    private final Map<ImageReference, Manifest> manifests = new LinkedHashMap<>();
    private Duration tokenTime = Duration.ZERO;
    private Duration manifestTime = Duration.ZERO;
    /** What the beginning of the largest layer promises; empty where it was not seen. */
    private Optional<Outlook> outlook = Optional.empty();

    Walk(Candidate candidate, Prober.Plan plan, Session session, Calm calm) {
        this.candidate = candidate;
        this.plan = plan;
        this.session = session;
        this.calm = calm;
        this.repositories = new RepositoryRequests(session, candidate.url());
        this.refusals = new Refusals(session);
    }

    /** A session for the walk of one mirror, with the bounds of what it may cost. */
    static Session session(Candidate candidate, Prober.Plan plan, Deadline deadline, Transport transport) {
        int further = plan.images().size() - 1;
        return new Session(
                Origin.of(candidate.url()),
                new Allowance(
                        deadline,
                        plan.timeout(),
                        MOST_REQUESTS + REQUESTS_FOR_FURTHER_IMAGE * further,
                        MOST_BYTES + BYTES_FOR_FURTHER_IMAGE * further),
                new Journal(plan.explained().equals(Optional.of(candidate.url()))),
                transport);
    }

    Session session() {
        return session;
    }

    Candidate candidate() {
        return candidate;
    }

    boolean isOfHub() {
        return candidate.equals(Candidate.DOCKER_HUB);
    }

    /** Whether it has given its manifests, and what is looked at beyond them may still come. */
    boolean isLooking() {
        return isWalked && glimpse.filter(this::isInVain).isEmpty();
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
            lookBeyondOfficial();
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
            heedCertificates();
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

    private void heedCertificates() throws WalkException {
        if (session.connections().needClassicStore() && stores.contains(ImageStore.CONTAINERD)) {
            if (!stores.contains(ImageStore.GRAPHDRIVER)) {
                throw new WalkException(session.step(), Verdict.TLS_FAILED, Reason.of("certificate-untrusted"), 0);
            }
            only(ImageStore.GRAPHDRIVER, Reason.of("registry-authority"), 0);
        }
    }

    /** A finalist's connections are opened anew, since that may be long after. */
    private void leave() {
        if (plan.depth() == Depth.BLOB) {
            session.connections().park();
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
            return glimpse.filter(this::isInVain).isPresent() ? failed(Finalist.late(session)) : ready();
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
        Reason reason = session.connections()
                .awaited()
                .orElseGet(() -> step == Step.TOKEN ? Reason.of(code, repositories.realm()) : Reason.of(code));
        return failed(new WalkException(step, verdict, reason, 0));
    }

    ProbeResult ready() {
        return result(Verdict.READY, Optional.empty(), lastStatus, remark);
    }

    private ProbeResult failed(IOException e) {
        if (e instanceof SocketTimeoutException
                || session.allowance().deadline().isPast()) {
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
        if (e instanceof Connections.InwardException) {
            return new WalkException(step, Verdict.NOT_A_REGISTRY, Reason.of("redirect-inward"), e);
        }
        if (e instanceof SSLException) {
            return new WalkException(step, Verdict.TLS_FAILED, TlsFailure.later(e), e);
        }
        if (e instanceof Allowance.SpentException spent) {
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
                session.connections().isInside(),
                hasAllowlist,
                session.allowance().requests(),
                session.allowance().bytesReceived(),
                session.journal().exchanges());
    }

    // ---- /v2/ ----

    private void ping() throws IOException {
        Optional<Challenge> bearer = Optional.empty();
        try {
            Response response = session.send("GET", repositories.target("/v2/"), Map.of(), LONGEST_PAGE);
            lastStatus = OptionalInt.of(response.status());
            reached = Optional.of(Depth.PING);
            Response last = session.follow("GET", repositories.target("/v2/"), to -> Map.of(), LONGEST_PAGE, response);
            if (plan.depth() == Depth.PING) {
                judgePing(last);
                concludes("saw-registry");
                return;
            }
            notePing(last);
            remark.ifPresent(session.journal()::concludes);
            // The classic store asks for the scope that it needs, whatever it is told. Where a login is offered
            // too, it gives up without one.
            bearer = last.status() == 401 ? last.bearer().map(one -> one.without("scope")) : Optional.empty();
            pingChallenge = bearer;
            if (last.status() == 401 && last.offersLogin()) {
                only(ImageStore.CONTAINERD, Reason.of("login-offered"), 401);
            }
        } catch (IOException e) {
            // The classic store gives a mirror up here, containerd's never asks: the manifest decides.
            if (plan.depth() == Depth.PING
                    || session.step() != Step.PING
                    || session.allowance().deadline().isPast()) {
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
                token(bearer, image);
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
            refusals.knowRegistry();
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
            throw new WalkException(Step.PING, Verdict.NOT_A_REGISTRY, Refusals.page(response), status);
        } else if (!response.isSuccess()) {
            throw refusals.of(Step.PING, response, "");
        }
    }

    /**
     * A second connection, and further requests for the same little thing on the warm one: the least times are the
     * mirror's own.
     */
    private void measureWarm() throws IOException {
        if (plan.depth() == Depth.BLOB) {
            repeat();
            return;
        }
        awaitCalm();
        try {
            session.connections().connectAgain().ifPresent(took -> concludes("saw-connect", millis(took)));
            repeat();
        } finally {
            calm.leave();
        }
    }

    private void repeat() throws IOException {
        int spared = (plan.depth() == Depth.BLOB ? REQUESTS_FOR_GLIMPSE : 0) + requestsForAllowlist();
        long sparedBytes = plan.depth() == Depth.BLOB ? GLIMPSE_BYTES + SecondLook.BYTES + HEAD_BYTES : HEAD_BYTES;
        for (int i = 0; i < WARM_REPEATS && session.allowance().requestsLeft() > spared; i++) {
            if (session.allowance().bytesLeft() < sparedBytes + LONGEST_PAGE) {
                return;
            }
            try {
                Response response = session.send("GET", repositories.target("/v2/"), Map.of(), LONGEST_PAGE);
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

    private void token(Challenge bearer, ImageReference image) throws IOException {
        if (!repositories.hasToken(image)) {
            tokenTime = tokenTime.plus(repositories.fetchToken(bearer, image));
        }
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
        Digest computed = ManifestAnswer.digest(image.digest(), response);
        if (digest.isEmpty()) {
            digest = Optional.of(computed);
        }
        concludesManifest(top, computed);
        manifests.put(image, top.isIndex() ? walkPlatform(image, path, top) : top);
        ManifestAnswer.requireAgreement(head, response, computed);
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
        ManifestAnswer.digest(Optional.of(wanted), response);
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

    private Manifest manifest(ImageReference image, Response response) throws WalkException {
        if (!response.isSuccess()) {
            throw refusals.of(Step.MANIFEST, response, image.toString());
        }
        return ManifestAnswer.read(response);
    }

    private Response ask(String method, ImageReference image, String path) throws IOException {
        long start = System.nanoTime();
        Duration tokensBefore = tokenTime;
        Response response = ask(method, image, path, ManifestAnswer.ACCEPTED, Optional.empty());
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
        Response response = repositories.send(method, image, path, headers, sink);
        heedCertificates();
        Optional<Challenge> bearer = response.status() == 401 ? response.bearer() : Optional.empty();
        if (bearer.isEmpty() || repositories.hasToken(image)) {
            return response;
        }
        if (tokenRefusal.isPresent()) {
            throw tokenRefusal.get();
        }
        // The classic store asks for a token only where /v2/ did.
        only(ImageStore.CONTAINERD, Reason.of("token-after-ping"), response.status());
        token(bearer.get(), image);
        heedCertificates();
        return repositories.send(method, image, path, headers, sink);
    }

    // ---- blobs ----

    /**
     * Asks for a blob.
     *
     * @param headers beside those that every request for a blob has
     */
    Response askBlob(ImageReference image, Download download, Map<String, String> headers) throws IOException {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.putAll(BLOB_HEADERS);
        String path = "/v2/" + image.repository() + "/blobs/" + download.blob().digest();
        return ask("GET", image, path, all, Optional.of(download));
    }

    WalkException refusedBlob(ImageReference image, Response response) {
        return refusals.ofBlob(response, image);
    }

    /** Looks at the beginning of the largest layer, which tells a slow line from a fast one. A refusal is a verdict. */
    private void glimpse() throws IOException {
        ImageReference image = plan.images().get(0);
        Manifest manifest = manifests.get(image);
        long most = Math.min(GLIMPSE_BYTES, session.allowance().bytesLeft() - HEAD_BYTES);
        if (manifest == null
                || manifest.largestLayer().isEmpty()
                || session.allowance().requestsLeft() <= 0
                || most < SHORTEST_GLIMPSE_BYTES) {
            return;
        }
        session.enter(Step.BLOB);
        RateMeter meter = new RateMeter(roundTrip());
        Download download = Download.undigested(manifest.largestLayer().get(), meter, () -> meter.total() >= most);
        long asked = System.nanoTime();
        glimpse = Optional.of(new Glimpse(asked, session.allowance().bytesReceived()));
        Optional<Origin.Target> answeredBy = Optional.empty();
        try {
            Response response = askBlob(image, download, Map.of("Range", "bytes=0-" + (most - 1)));
            boolean isRefused = !response.isSuccess() && response.status() != 416;
            if (isRefused) {
                throw refusedBlob(image, response);
            }
            answeredBy = Optional.of(response.from());
        } catch (Allowance.SpentException e) {
            // Without a first look it may still be a finalist, after the others.
        } catch (SocketTimeoutException e) {
            if (hadTime(asked)) {
                Finalist.requireFlow(session, download, e);
            }
        }
        if (meter.total() > 0) {
            Duration firstByte = download.firstByteSince(asked);
            LineRate rate = meter.lineRate(roundTrip());
            promise(manifest, firstByte, rate, meter.total());
            if (!rate.isKnown() && meter.total() == most && answeredBy.isPresent()) {
                lookAgain(image, manifest, firstByte, answeredBy.get());
            }
        }
    }

    private void promise(Manifest manifest, Duration firstByte, LineRate rate, long bytes) {
        Duration slowest = estimate(firstByte, rate.least()).of(manifest);
        Duration fastest = estimate(firstByte, rate.most()).of(manifest);
        Outlook seen = new Outlook(rate, slowest, fastest);
        outlook = Optional.of(seen);
        concludes("saw-glimpse", String.valueOf(bytes), millis(seen.likely()));
    }

    /** Tells lines apart that one connection's first bytes do not, where that would make a difference. */
    private void lookAgain(ImageReference image, Manifest manifest, Duration firstByte, Origin.Target answeredBy) {
        Manifest.Descriptor layer = manifest.largestLayer().orElseThrow();
        boolean isLarge = layer.size() >= GLIMPSE_BYTES + SecondLook.BYTES;
        boolean hasRequests = session.allowance().requestsLeft() >= SecondLook.REQUESTS + requestsForAllowlist();
        boolean mayTell = isLarge && roundTrip().compareTo(NEAR) > 0;
        if (mayTell && hasRequests && SecondLook.isAffordable(session.allowance(), roundTrip())) {
            Map<String, String> headers = repositories.headers(image, BLOB_HEADERS, answeredBy.origin());
            SecondLook look = new SecondLook(session, layer, answeredBy, headers, roundTrip());
            Optional<LineRate> rate = look.rate(GLIMPSE_BYTES);
            rate.ifPresent(seen -> promise(manifest, firstByte, seen, GLIMPSE_BYTES + look.bytes()));
        }
    }

    private record Glimpse(long nanoTime, long received) {}

    private boolean isInVain(Glimpse begun) {
        return hadTime(begun.nanoTime()) && session.allowance().bytesReceived() == begun.received();
    }

    private boolean hadTime(long asked) {
        return System.nanoTime() - asked > plan.timeout().toNanos() / 2;
    }

    private static String millis(Duration duration) {
        return String.valueOf((duration.toNanos() + 500_000) / 1_000_000);
    }

    // ---- other images ----

    /** Where one of the images asked for is not official, an allowlist shows by itself. */
    private boolean looksBeyondOfficial() {
        return plan.depth() != Depth.PING && plan.images().stream().allMatch(ImageReference::isOfficial);
    }

    private int requestsForAllowlist() {
        return looksBeyondOfficial() ? allowlist().requestsNeeded() : 0;
    }

    private Allowlist allowlist() {
        return new Allowlist(session, repositories, pingChallenge);
    }

    private void lookBeyondOfficial() {
        if (looksBeyondOfficial() && allowlist().refuses()) {
            Reason reason = Reason.of("allowlist", Allowlist.NOT_OFFICIAL.repository());
            session.journal().concludes(reason);
            hasAllowlist = true;
            remark = Optional.of(remark.map(other -> other.and(reason)).orElse(reason));
        }
    }

    Duration roundTrip() {
        return session.connections().roundTrip().orElse(Duration.ZERO);
    }

    PullEstimate estimate(Duration firstByte, double bytesPerSecond) {
        return new PullEstimate(
                session.connections().setUp().orElse(Duration.ZERO),
                tokenTime,
                manifestTime,
                firstByte,
                roundTrip(),
                bytesPerSecond);
    }

    /** How long a pull might take, as far as the walk could see; empty where it saw nothing of a layer. */
    Optional<Outlook> outlook() {
        return outlook;
    }

    /** Keeps what the finalist's download showed. */
    void reachedBlob(Sample found) {
        sample = Optional.of(found);
        reached = Optional.of(Depth.BLOB);
    }
}
