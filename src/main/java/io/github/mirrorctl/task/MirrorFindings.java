package io.github.mirrorctl.task;

import io.github.mirrorctl.daemon.DockerInfo;
import io.github.mirrorctl.daemon.EngineVersion;
import io.github.mirrorctl.daemon.MirrorEntry;
import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.fault.Problem.Severity;
import io.github.mirrorctl.mirror.Catalog;
import io.github.mirrorctl.mirror.ImageStore;
import io.github.mirrorctl.mirror.Mirror;
import io.github.mirrorctl.mirror.MirrorUrl;
import io.github.mirrorctl.registry.Candidate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the mirrors of a list give cause for: who they are, and what the daemon does with them.
 *
 * @param mirrors those that run, or where that is unknown those of the file
 * @param waiting those of the file that do not run yet
 * @param entries the file's, which have places
 * @param places the first of each of them, as an engine compares them
 */
record MirrorFindings(
        Catalog catalog,
        DockerInfo info,
        List<String> mirrors,
        List<String> waiting,
        List<MirrorEntry> entries,
        Map<String, Problem.Place> places) {
    /** Each one that dies costs every pull 15 s on the classic store, and 30 s a request on containerd's. */
    private static final int ENOUGH = 4;

    private static final List<String> PRIVATE_NAMES =
            List.of(".local", ".lan", ".internal", ".intranet", ".localdomain", ".home.arpa", ".localhost");

    MirrorFindings {
        mirrors = List.copyOf(mirrors);
        waiting = List.copyOf(waiting);
        entries = List.copyOf(entries);
        places = Map.copyOf(places);
    }

    MirrorFindings(
            Catalog catalog, DockerInfo info, List<String> mirrors, List<String> waiting, List<MirrorEntry> entries) {
        this(catalog, info, mirrors, waiting, entries, places(entries));
    }

    private static Map<String, Problem.Place> places(List<MirrorEntry> entries) {
        Map<String, Problem.Place> places = new HashMap<>();
        entries.forEach(entry -> places.putIfAbsent(MirrorLists.withSlash(entry.url()), entry.place()));
        return places;
    }

    List<Problem> all() {
        List<Problem> findings = new ArrayList<>();
        List<MirrorUrl> understood = new ArrayList<>();
        for (String spelled : Stream.concat(mirrors.stream(), waiting.stream()).toList()) {
            try {
                MirrorUrl url = MirrorUrl.parse(spelled);
                understood.add(url);
                judge(spelled, url, findings);
            } catch (Fault refused) {
                String[] arguments = refused.arguments().toArray(String[]::new);
                findings.add(found(refused.code().key(), Severity.WARNING, spelled, arguments));
            }
        }
        addDuplicates(findings);
        addRepeated(findings);
        if (mirrors.size() > ENOUGH) {
            findings.add(Problem.of("many-mirrors", Severity.INFO, Integer.toString(mirrors.size())));
        }
        understood.stream()
                .filter(this::switchesChecksOff)
                .findFirst()
                .ifPresent(url -> findings.add(
                        found("unchecked-certificates", Severity.WARNING, url.toString(), url.toString())));
        return findings;
    }

    private void judge(String spelled, MirrorUrl url, List<Problem> findings) {
        catalog.byUrl(url).flatMap(mirror -> ended(spelled, mirror)).ifPresent(findings::add);
        catalog.otherRegistryAt(url)
                .ifPresent(registry ->
                        findings.add(found("other-registry", Severity.WARNING, spelled, spelled, registry)));
        catalog.registryItselfAt(url)
                .ifPresent(registry ->
                        findings.add(found("registry-as-mirror", Severity.WARNING, spelled, spelled, registry)));
        if (!url.path().isEmpty() && takesPaths()) {
            findings.add(found("path-mirror", Severity.WARNING, spelled, spelled, withoutPath(url)));
        }
        if (!url.isHttps() && !isOfThisNetwork(url)) {
            findings.add(found("plain-http", Severity.WARNING, spelled, spelled, url.host()));
        }
    }

    /** By its address, or by a name that no public resolver knows (RFC 6761, RFC 6762, RFC 8375 and usage). */
    private static boolean isOfThisNetwork(MirrorUrl url) {
        String host = url.host();
        boolean isBare = host.indexOf('.') < 0 && host.indexOf(':') < 0;
        return isBare
                || PRIVATE_NAMES.stream().anyMatch(host::endsWith)
                || new Candidate(url, Optional.empty()).isInside();
    }

    private Optional<Problem> ended(String spelled, Mirror mirror) {
        String date = mirror.statusAsOf().orElseGet(catalog::updated);
        String source = mirror.evidence().isEmpty()
                ? date
                : date + ", " + mirror.evidence().get(0);
        return switch (mirror.status()) {
            case RETIRED -> Optional.of(found("retired-mirror", Severity.WARNING, spelled, spelled, source));
            case DEGRADED -> Optional.of(found("degraded-mirror", Severity.INFO, spelled, spelled, source));
            case ACTIVE, UNKNOWN -> Optional.empty();
        };
    }

    /** An engine that takes none is said of the file already, with its line. */
    private boolean takesPaths() {
        return info.engineVersion().map(EngineVersion::takesMirrorPaths).orElse(true);
    }

    private static String withoutPath(MirrorUrl url) {
        return new MirrorUrl(url.scheme(), url.host(), url.port(), "").toString();
    }

    /** The daemon drops what differs in a slash at most, so that only other spellings are asked twice. */
    private void addDuplicates(List<Problem> findings) {
        Map<String, String> seen = new HashMap<>();
        for (String spelled : mirrors) {
            String earlier = seen.putIfAbsent(meaning(spelled), spelled);
            if (earlier != null && !MirrorLists.isSame(earlier, spelled)) {
                findings.add(found("duplicate-mirror", Severity.WARNING, spelled, spelled, earlier));
            }
        }
    }

    /** What differs in a slash at most, of which the daemon keeps the first. */
    private void addRepeated(List<Problem> findings) {
        Set<String> seen = new HashSet<>();
        for (MirrorEntry entry : entries) {
            if (!seen.add(MirrorLists.withSlash(entry.url()))) {
                findings.add(new Problem(
                        "repeated-mirror", Severity.INFO, List.of(entry.url()), Optional.of(entry.place())));
            }
        }
    }

    private static String meaning(String spelled) {
        try {
            return MirrorUrl.parse(spelled).toString();
        } catch (Fault noMirror) {
            return spelled;
        }
    }

    /** A finding on a mirror, with the place where the file has it. */
    private Problem found(String code, Severity severity, String spelled, String... arguments) {
        return new Problem(
                code,
                severity,
                Arrays.asList(arguments),
                Optional.ofNullable(places.get(MirrorLists.withSlash(spelled))));
    }

    /**
     * On the containerd store all endpoints of Docker Hub share one client, so that a mirror among the insecure ones
     * switches the checks off for every other and for Docker Hub itself (moby's {@code daemon/hosts.go}).
     */
    private boolean switchesChecksOff(MirrorUrl url) {
        if (info.imageStore().filter(ImageStore.CONTAINERD::equals).isEmpty()) {
            return false;
        }
        return info.isInInsecureNetwork(url.host())
                || info.insecure().contains(url.host())
                || info.insecure().contains(url.host() + ":" + url.port());
    }
}
