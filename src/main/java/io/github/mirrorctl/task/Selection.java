package io.github.mirrorctl.task;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.mirror.Catalog;
import io.github.mirrorctl.mirror.Mirror;
import io.github.mirrorctl.mirror.MirrorUrl;
import io.github.mirrorctl.mirror.Spelling;
import io.github.mirrorctl.mirror.Status;
import io.github.mirrorctl.registry.Candidate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which mirrors are candidates: those named, else the catalog's through the filter, and beside them what the cloud that
 * the machine is rented from has for its own machines.
 *
 * @param named catalog ids, {@code id=value} for entries that need the user's own id, or addresses
 * @param filter never applied to named ones, nor to those of the cloud
 * @param namedOperatorsOnly whether those run by private persons are left out
 * @param cloud as the catalog names who runs a mirror; empty where the machine is not rented from any that has one
 */
public record Selection(List<String> named, Catalog.Filter filter, boolean namedOperatorsOnly, Optional<String> cloud) {

    public Selection {
        named = List.copyOf(named);
    }

    /** Of a machine that is no cloud's. */
    public Selection(List<String> named, Catalog.Filter filter, boolean namedOperatorsOnly) {
        this(named, filter, namedOperatorsOnly, Optional.empty());
    }

    /** The candidates and what should be said of them. */
    public record Resolved(List<Candidate> candidates, List<Problem> warnings) {

        public Resolved {
            candidates = List.copyOf(candidates);
            warnings = List.copyOf(warnings);
        }

        /** Those that the user named; none where the catalog gave them. */
        Set<MirrorUrl> named(Selection by) {
            return by.isNamed() ? candidates.stream().map(Candidate::url).collect(Collectors.toSet()) : Set.of();
        }

        /**
         * The one of the candidates that is meant by an id or an address.
         *
         * @throws Fault where none of them is
         */
        MirrorUrl named(String name, Catalog catalog) {
            MirrorUrl url =
                    Selection.named(name.strip(), catalog, new ArrayList<>()).url();
            if (candidates.stream().noneMatch(candidate -> candidate.url().equals(url))) {
                throw new Fault(FaultCode.NOT_A_CANDIDATE, name);
            }
            return url;
        }
    }

    public boolean isNamed() {
        return !named.isEmpty();
    }

    /**
     * Finds the candidates; equal addresses are one.
     *
     * @throws Fault where a name means nothing, means a mirror that ended, or lacks the user's own id
     */
    public Resolved resolve(Catalog catalog) {
        Map<MirrorUrl, Candidate> candidates = new LinkedHashMap<>();
        List<Problem> warnings = new ArrayList<>();
        if (isNamed()) {
            for (String name : named) {
                Candidate candidate = named(name.strip(), catalog, warnings);
                candidates.putIfAbsent(candidate.url(), candidate);
            }
        } else {
            catalog.filtered(filter).stream()
                    .filter(mirror -> !namedOperatorsOnly || mirror.kind().isNamed())
                    .forEach(mirror -> addUnasked(mirror, candidates));
            cloud.ifPresent(vendor -> addCloudsOwn(vendor, catalog, candidates, warnings));
        }
        return new Resolved(List.copyOf(candidates.values()), warnings);
    }

    private static void addUnasked(Mirror mirror, Map<MirrorUrl, Candidate> candidates) {
        if (mirror.isMeasuredUnasked()) {
            mirror.address()
                    .map(url -> new Candidate(url, Optional.of(mirror)))
                    .filter(candidate -> candidate.url().path().isEmpty())
                    .ifPresent(candidate -> candidates.putIfAbsent(candidate.url(), candidate));
        }
    }

    /** One that every user has an address of their own of can only be pointed out. */
    private static void addCloudsOwn(
            String vendor, Catalog catalog, Map<MirrorUrl, Candidate> candidates, List<Problem> warnings) {
        for (Mirror mirror : catalog.mirrors()) {
            if (mirror.isForMachinesOf(vendor)) {
                addUnasked(mirror, candidates);
                warnings.add(
                        mirror.placeholder()
                                ? Problem.of(
                                        "cloud-mirror-of-your-own",
                                        Problem.Severity.INFO,
                                        vendor,
                                        mirror.id(),
                                        mirror.homepage().orElse(mirror.url()))
                                : Problem.of("cloud-mirror", Problem.Severity.INFO, vendor, mirror.url()));
            }
        }
    }

    private static Candidate named(String name, Catalog catalog, List<Problem> warnings) {
        int equals = name.indexOf('=');
        String id = equals < 0 ? name : name.substring(0, equals);
        Optional<Mirror> entry = catalog.byId(id);
        if (entry.isPresent()) {
            return new Candidate(address(entry.get(), equals < 0 ? "" : name.substring(equals + 1), catalog), entry);
        }
        if (!looksLikeAddress(name)) {
            List<String> ids = catalog.mirrors().stream().map(Mirror::id).toList();
            throw Spelling.nearest(id, ids)
                    .map(nearest -> new Fault(FaultCode.MISSPELT_MIRROR, name, nearest))
                    .orElseGet(() -> new Fault(FaultCode.UNKNOWN_MIRROR, name));
        }
        MirrorUrl url = MirrorUrl.parse(name);
        if (!name.contains("://")) {
            warnings.add(Problem.of("assumed-https", Problem.Severity.INFO, name, url.toString()));
        }
        Optional<Mirror> known = catalog.byUrl(url);
        known.filter(mirror -> mirror.status() == Status.RETIRED)
                .ifPresent(mirror -> warnings.add(Problem.of(
                        "named-retired",
                        Problem.Severity.WARNING,
                        url.toString(),
                        mirror.statusAsOf().orElseGet(catalog::updated))));
        return new Candidate(url, known);
    }

    private static MirrorUrl address(Mirror mirror, String value, Catalog catalog) {
        if (mirror.status() == Status.RETIRED) {
            throw new Fault(
                    FaultCode.RETIRED_MIRROR, mirror.id(), mirror.statusAsOf().orElse(catalog.updated()), mirror.url());
        }
        if (!mirror.placeholder()) {
            if (!value.isEmpty()) {
                throw new Fault(FaultCode.PLACEHOLDER_VALUE, mirror.id(), value);
            }
            return MirrorUrl.parse(mirror.url());
        }
        if (value.isEmpty()) {
            throw new Fault(
                    FaultCode.PLACEHOLDER_MIRROR, mirror.id(), mirror.homepage().orElse(mirror.url()));
        }
        if (!value.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '-')) {
            throw new Fault(FaultCode.PLACEHOLDER_VALUE, mirror.id(), value);
        }
        return mirror.address(value);
    }

    private static boolean looksLikeAddress(String name) {
        return name.indexOf('.') >= 0 || name.indexOf(':') >= 0 || name.indexOf('/') >= 0 || name.equals("localhost");
    }
}
