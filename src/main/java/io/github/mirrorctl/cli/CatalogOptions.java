package io.github.mirrorctl.cli;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.mirror.Catalog;
import io.github.mirrorctl.mirror.Status;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** Which catalog, and which of its entries. */
final class CatalogOptions {
    private static final String ALL = "all";

    @Option(names = "--catalog", paramLabel = "FILE", descriptionKey = "option.catalog")
    Optional<Path> catalog = Optional.empty();

    @Option(names = "--region", paramLabel = "REGION", split = ",", descriptionKey = "option.region")
    List<String> regions = List.of();

    @Option(names = "--tier", paramLabel = "TIER", split = ",", descriptionKey = "option.tier")
    List<Integer> tiers = List.of();

    @Option(names = "--status", paramLabel = "STATUS", split = ",", descriptionKey = "option.status")
    List<String> statuses = List.of();

    /** What can be judged before the catalog is read, since arguments that mean nothing come before a bad file. */
    void requireMeaning() {
        tiers();
        statuses(Set.of());
    }

    /** For showing: everything that is not filtered away. */
    Catalog.Filter filterForShowing(Catalog known) {
        return filter(known, Set.of(), Set.of());
    }

    /** For choosing: China and the whole world, and nothing that ended, unless asked otherwise. */
    Catalog.Filter filterForChoosing(Catalog known) {
        Set<Status> living = Arrays.stream(Status.values())
                .filter(status -> status != Status.RETIRED)
                .collect(Collectors.toSet());
        return filter(known, Set.of("cn", "global"), living);
    }

    private Catalog.Filter filter(Catalog known, Set<String> defaultRegions, Set<Status> defaultStatuses) {
        return new Catalog.Filter(regions(known, defaultRegions), tiers(), statuses(defaultStatuses));
    }

    private Set<String> regions(Catalog known, Set<String> otherwise) {
        if (regions.isEmpty()) {
            return otherwise;
        }
        Set<String> there =
                known.mirrors().stream().map(mirror -> mirror.region()).collect(Collectors.toSet());
        for (String region : regions) {
            if (!region.equals(ALL) && !there.contains(region)) {
                throw usage(
                        "--region",
                        region,
                        String.join(", ", there.stream().sorted().toList()) + ", " + ALL);
            }
        }
        return regions.contains(ALL) ? Set.of() : Set.copyOf(regions);
    }

    private Set<Integer> tiers() {
        for (int tier : tiers) {
            if (tier < 1 || tier > 3) {
                throw usage("--tier", String.valueOf(tier), "1, 2, 3");
            }
        }
        return Set.copyOf(tiers);
    }

    private Set<Status> statuses(Set<Status> otherwise) {
        if (statuses.isEmpty()) {
            return otherwise;
        }
        Set<Status> wanted = new HashSet<>();
        for (String text : statuses) {
            if (text.equals(ALL)) {
                return Set.of();
            }
            wanted.add(Arrays.stream(Status.values())
                    .filter(status -> status.key().equals(text))
                    .findFirst()
                    .orElseThrow(() -> usage(
                            "--status",
                            text,
                            Arrays.stream(Status.values()).map(Status::key).collect(Collectors.joining(", ")) + ", "
                                    + ALL)));
        }
        return wanted;
    }

    private static Fault usage(String option, String value, String allowed) {
        return new Fault(FaultCode.USAGE_VALUE, option, value, allowed);
    }
}
