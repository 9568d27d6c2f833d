package io.github.mirrorctl.mirror;

import java.util.List;
import java.util.Optional;

/**
 * One entry of the catalog: a mirror, who runs it, and what is known of it.
 *
 * @param url as the catalog writes it, with {@code <ID>} where the user's own id belongs
 * @param operator who runs it; empty where nobody is named
 * @param tier empty for mirrors that ended before tiers were given
 * @param statusAsOf year and month of the newest evidence, as {@code 2026-09}
 * @param scope whom it serves, such as {@code public} or {@code vendor-cloud}
 * @param upstreams the registries it mirrors and the address for each
 * @param evidence links to what the entry rests on
 */
public record Mirror(
        String id,
        String url,
        Bilingual name,
        Optional<String> operator,
        Kind kind,
        Optional<Tier> tier,
        Status status,
        Optional<String> statusAsOf,
        List<String> scope,
        String region,
        List<Upstream> upstreams,
        Usage usage,
        boolean placeholder,
        Optional<String> homepage,
        Bilingual note,
        List<String> evidence) {

    /** The mark in a URL where the user's own id belongs. */
    public static final String PLACEHOLDER = "<ID>";

    /** A registry that a mirror stands in for. */
    public record Upstream(String registry, String url) {}

    /** How an engine can use a mirror. */
    public enum Usage {
        REGISTRY_MIRROR("registry-mirror"),
        /** Only as a prefix of the image's name, so never in {@code registry-mirrors}. */
        PREFIX("prefix");

        private final String key;

        Usage(String key) {
            this.key = key;
        }

        /** As JSON spells it. */
        public String key() {
            return key;
        }
    }

    public Mirror {
        scope = List.copyOf(scope);
        upstreams = List.copyOf(upstreams);
        evidence = List.copyOf(evidence);
    }

    /** The address, where it needs no id of the user's own. */
    public Optional<MirrorUrl> address() {
        return placeholder ? Optional.empty() : Optional.of(MirrorUrl.parse(url));
    }

    /** The address with the user's own id filled in. */
    public MirrorUrl address(String userId) {
        return MirrorUrl.parse(url.replace(PLACEHOLDER, userId));
    }

    /** Whether it is a cloud's own, for the machines that are rented from that cloud. */
    public boolean isForMachinesOf(String cloud) {
        return kind == Kind.CLOUD
                && scope.contains("vendor-cloud")
                && status != Status.RETIRED
                && operator.equals(Optional.of(cloud));
    }

    /** Whether it may be chosen without being named: what can be measured so, and has not ended. */
    public boolean isChosenUnasked() {
        return isMeasuredUnasked() && status != Status.RETIRED;
    }

    /** Whether it may be measured without being named: no id, no login, usable as a registry mirror. */
    public boolean isMeasuredUnasked() {
        return !placeholder && usage == Usage.REGISTRY_MIRROR && !scope.contains("login");
    }
}
