package io.github.mirrorctl.mirror;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The mirrors that are known, in the order of the catalog's file.
 *
 * @param updated the day of the last change, as {@code 2026-11-24}
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
