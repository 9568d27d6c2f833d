package io.github.mirrorctl.cli;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.mirror.Catalog;
import io.github.mirrorctl.mirror.Status;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Which catalog, and which of its entries. */
final class CatalogOptions {
    private static final String ALL = "all";

    final Argument<Path> catalog;
    private final Argument<List<String>> regions;
    private final Argument<List<Integer>> tiers;
    private final Argument<List<String>> statuses;

    CatalogOptions(Arguments arguments) {
        catalog = arguments.option(Path.class, "FILE", "option.catalog", "--catalog");
        regions = arguments
                .options(String.class, "REGION", "option.region", "--region")
                .splitAtCommas();
        tiers = arguments
                .options(Integer.class, "TIER", "option.tier", "--tier")
                .splitAtCommas();
        statuses = arguments
                .options(String.class, "STATUS", "option.status", "--status")
                .splitAtCommas();
    }

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
        List<String> wanted = regions.value();
        if (wanted.isEmpty()) {
            return otherwise;
        }
        Set<String> there =
                known.mirrors().stream().map(mirror -> mirror.region()).collect(Collectors.toSet());
        for (String region : wanted) {
            if (!region.equals(ALL) && !there.contains(region)) {
                throw usage(
                        "--region",
                        region,
                        String.join(", ", there.stream().sorted().toList()) + ", " + ALL);
            }
        }
        return wanted.contains(ALL) ? Set.of() : Set.copyOf(wanted);
    }

    private Set<Integer> tiers() {
        for (int tier : tiers.value()) {
            if (tier < 1 || tier > 3) {
                throw usage("--tier", String.valueOf(tier), "1, 2, 3");
            }
        }
        return Set.copyOf(tiers.value());
    }

    private Set<Status> statuses(Set<Status> otherwise) {
        if (statuses.value().isEmpty()) {
            return otherwise;
        }
        Set<Status> wanted = new HashSet<>();
        for (String text : statuses.value()) {
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
