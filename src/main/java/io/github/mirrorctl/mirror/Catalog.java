package io.github.mirrorctl.mirror;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The mirrors that are known, in the order of the catalog's file.
 *
 * @param updated the day of the last change, as {@code 2026-11-24}; empty where the catalog does not say
 */
public record Catalog(String updated, List<Mirror> mirrors) {
    private static final String DOCKER_HUB = "docker.io";
    private static final String ANY_REGISTRY = "*";

    /**
     * Which entries are wanted.
     *
     * @param regions empty for all
     * @param tiers numbers, empty for all
     * @param statuses empty for all
     */
    public record Filter(Set<String> regions, Set<Integer> tiers, Set<Status> statuses) {

        public Filter {
            regions = Set.copyOf(regions);
            tiers = Set.copyOf(tiers);
            statuses = Set.copyOf(statuses);
        }

        /** The same filter for all other regions; none where all regions were wanted already. */
        public Optional<Filter> otherRegions(Catalog catalog) {
            Set<String> others = new TreeSet<>();
            catalog.mirrors().forEach(mirror -> others.add(mirror.region()));
            others.removeAll(regions);
            return regions.isEmpty() || others.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Filter(others, tiers, statuses));
        }

        boolean takes(Mirror mirror) {
            return (regions.isEmpty() || regions.contains(mirror.region()))
                    && (tiers.isEmpty()
                            || mirror.tier()
                                    .map(tier -> tiers.contains(tier.number()))
                                    .orElse(false))
                    && (statuses.isEmpty() || statuses.contains(mirror.status()));
        }
    }

    public Catalog {
        mirrors = List.copyOf(mirrors);
    }

    /** These mirrors with a user's own: an entry takes the place of one with its id, the others come first. */
    public Catalog with(Catalog own) {
        Map<String, Mirror> byId = new LinkedHashMap<>();
        own.mirrors.forEach(mirror -> byId.put(mirror.id(), mirror));
        List<Mirror> all = new ArrayList<>();
        for (Mirror mirror : mirrors) {
            Mirror replacement = byId.remove(mirror.id());
            all.add(replacement == null ? mirror : replacement);
        }
        all.addAll(0, byId.values());
        return new Catalog(updated, all);
    }

    /** These mirrors with those of a catalog that was fetched: where both have an id, the newer catalog is believed. */
    public Catalog with(Fetched fetched) {
        Catalog other = fetched.catalog();
        boolean isNewer = other.updated.compareTo(updated) >= 0;
        if (isNewer) {
            return new Catalog(other.updated, with(other).mirrors);
        }
        List<Mirror> unknown = other.mirrors.stream()
                .filter(mirror -> byId(mirror.id()).isEmpty())
                .toList();
        return with(new Catalog(updated, unknown));
    }

    /** A catalog that came from elsewhere than the program and the user's own file. */
    public record Fetched(Catalog catalog) {}

    /**
     * How old it is.
     *
     * @param today in days since 1970-01-01
     * @return in days; 0 where it does not say when it was written
     */
    public long age(long today) {
        if (!isDay(updated)) {
            return 0;
        }
        return today - firstOfMonth(updated).toEpochDay() - dayOfMonth(updated) + 1;
    }

    /** Whether a text is a day of the calendar, written as {@code 2026-11-24}. */
    static boolean isDay(String text) {
        boolean hasForm = text.length() == 10;
        for (int i = 0; i < text.length() && hasForm; i++) {
            char c = text.charAt(i);
            hasForm = (i == 4 || i == 7) ? c == '-' : (c >= '0' && c <= '9');
        }
        if (!hasForm) {
            return false;
        }
        int month = month(text);
        int day = dayOfMonth(text);
        return month >= 1
                && month <= 12
                && day >= 1
                && day <= firstOfMonth(text).lengthOfMonth();
    }

    // By hand, since the formatters of java.time cost "list" more than the rest of this.
    private static LocalDate firstOfMonth(String day) {
        return LocalDate.of(Integer.parseInt(day.substring(0, 4)), month(day), 1);
    }

    private static int month(String day) {
        return Integer.parseInt(day.substring(5, 7));
    }

    private static int dayOfMonth(String day) {
        return Integer.parseInt(day.substring(8));
    }

    /** The entry at an address that another entry has too, as the one that comes first; empty where there is none. */
    public Optional<Mirror> sameAddress(Mirror mirror) {
        return mirror.address()
                .flatMap(url -> mirrors.stream()
                        .filter(other -> !other.id().equals(mirror.id()))
                        .filter(other -> other.address().map(url::equals).orElse(false))
                        .findFirst());
    }

    public List<Mirror> filtered(Filter filter) {
        return mirrors.stream().filter(filter::takes).toList();
    }

    public Optional<Mirror> byId(String id) {
        return mirrors.stream().filter(mirror -> mirror.id().equals(id)).findFirst();
    }

    /** The entry at that address, however it was spelled. */
    public Optional<Mirror> byUrl(MirrorUrl url) {
        return mirrors.stream()
                .filter(mirror -> mirror.address().map(url::equals).orElse(false))
                .findFirst();
    }

    /** The registry that stands at an address itself, where it is one that the catalog's mirrors are of. */
    public Optional<String> registryItselfAt(MirrorUrl url) {
        return mirrors.stream()
                .flatMap(mirror -> mirror.upstreams().stream())
                .map(Mirror.Upstream::registry)
                .filter(registry -> registry.equals(url.host()) && !registry.equals(DOCKER_HUB))
                .findFirst();
    }

    /** The registry that an address serves, where it is one of the catalog's and Docker Hub's images are elsewhere. */
    public Optional<String> otherRegistryAt(MirrorUrl url) {
        List<Mirror.Upstream> served = mirrors.stream()
                .flatMap(mirror -> mirror.upstreams().stream())
                .filter(upstream -> upstream.url().equals(url.toString()))
                .toList();
        boolean servesHub = served.stream()
                .anyMatch(upstream -> upstream.registry().equals(DOCKER_HUB)
                        || upstream.registry().equals(ANY_REGISTRY));
        return servesHub
                ? Optional.empty()
                : served.stream().map(Mirror.Upstream::registry).findFirst();
    }
}
