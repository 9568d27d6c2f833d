package io.github.mirrorctl.daemon;

import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.fault.Problem.Severity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Judges the keys of a daemon.json and the kinds of their values as {@code getConflictFreeConfiguration} in moby's
 * {@code daemon/config/config.go} does. What the installed engine would refuse is an error; what it ignores, what only
 * a newer one refuses, and whatever an unknown engine might refuse, is a warning.
 */
final class KeyCheck {
    private final SourceText source;
    private final Optional<EngineVersion> engine;
    private final List<Problem> problems = new ArrayList<>();

    private KeyCheck(SourceText source, Optional<EngineVersion> engine) {
        this.source = source;
        this.engine = engine;
    }

    /** @param engine the installed one's version; empty where it is unknown */
    static List<Problem> of(SourceText source, JsonValue root, Optional<EngineVersion> engine) {
        KeyCheck check = new KeyCheck(source, engine);
        check.addRepeated(root);
        for (JsonValue.Member each : root.members()) {
            check.judge(each);
            check.addTooDeep(each.value());
        }
        return check.problems;
    }

    private void addRepeated(JsonValue object) {
        Map<String, JsonValue.Member> first = new HashMap<>();
        for (JsonValue.Member each : object.members()) {
            JsonValue.Member earlier = first.putIfAbsent(each.name(), each);
            if (earlier != null) {
                String line = Integer.toString(source.placeAt(earlier.start()).line());
                problems.add(source.warning("duplicate-key", each.start(), each.name(), line));
            }
        }
    }

    /** Of most objects dockerd checks the members, not the name ({@code configValuesSet}). */
    private void judge(JsonValue.Member each) {
        Optional<DaemonKey> key = DaemonKeys.known(each.name());
        if (key.isPresent()) {
            judgeKnown(each, key.get());
        }
        if (each.value().kind() != JsonValue.Kind.OBJECT || DaemonKeys.isTakenWhole(each.name())) {
            if (key.isEmpty()) {
                judgeName(each);
            }
            return;
        }
        for (JsonValue.Member inner : each.value().members()) {
            boolean isInPlace = each.name().equals(DaemonKeys.PROXIES) && DaemonKeys.belongsIntoProxies(inner.name());
            if (!isInPlace) {
                judgeInner(inner);
            }
        }
    }

    private void judgeInner(JsonValue.Member inner) {
        if (DaemonKeys.known(inner.name()).isEmpty()) {
            judgeName(inner);
        } else if (!inner.name().equals(DaemonKeys.REGISTRY_MIRRORS)) {
            problems.add(source.warning("key-too-deep", inner.start(), inner.name()));
        }
    }

    private void judgeName(JsonValue.Member each) {
        String name = each.name();
        Optional<String> flag = DaemonKeys.meantByFlag(name);
        Optional<String> spelling = DaemonKeys.meantBySpelling(name);
        if (DaemonKeys.belongsIntoProxies(name)) {
            problems.add(source.warning("proxy-outside", each.start(), name));
        } else if (flag.isPresent() && flag.get().isEmpty()) {
            problems.add(source.warning("flag-only", each.start(), name));
        } else if (flag.isPresent()) {
            problems.add(source.warning("singular-key", each.start(), name, flag.get()));
        } else if (spelling.isPresent()) {
            refuse("key-case", each.start(), name, spelling.get());
        } else {
            problems.add(source.warning("unknown-key", each.start(), name));
        }
    }

    private void judgeKnown(JsonValue.Member each, DaemonKey key) {
        boolean isPassedOver = each.value().kind() == JsonValue.Kind.OBJECT
                && each.value().members().isEmpty()
                && !DaemonKeys.isTakenWhole(key.name());
        if (engine.map(key::isTooNewFor).orElse(false)) {
            if (isPassedOver) {
                return;
            }
            refuse("key-too-new", each.start(), key.name(), shown(key.since()), shown(engine));
            return;
        }
        if (key.end().isPresent()) {
            boolean isGone = engine.map(key::isGoneFrom).orElse(false);
            String code = key.end().get().isRefused() ? "key-gone" : "key-ignored";
            Severity severity = isGone && key.end().get().isRefused() ? Severity.ERROR : Severity.WARNING;
            problems.add(new Problem(
                    code,
                    severity,
                    List.of(key.name(), shown(key.end().map(DaemonKey.End::version))),
                    Optional.of(source.placeAt(each.start()))));
            if (isGone) {
                return;
            }
        }
        key.shape().misfit(each.value(), source).ifPresent(value -> addMisfit(key, value, !value.equals(each.value())));
    }

    private void addMisfit(DaemonKey key, JsonValue value, boolean isInside) {
        String spelled = source.text().substring(value.start(), value.end());
        if (key.shape() == DaemonKey.Shape.WHOLE_NUMBER && value.kind() == JsonValue.Kind.NUMBER) {
            refuse("key-whole-number", value.start(), key.name(), spelled);
        } else if (key.shape() == DaemonKey.Shape.OPTIONS && isInside && isPlain(value)) {
            refuse("option-not-text", value.start(), key.name(), spelled);
        } else {
            refuse("key-type", value.start(), key.name(), key.shape().example());
        }
    }

    private static boolean isPlain(JsonValue value) {
        return value.kind() != JsonValue.Kind.ARRAY && value.kind() != JsonValue.Kind.OBJECT;
    }

    private static String shown(Optional<EngineVersion> version) {
        return version.map(known -> known.major() + "." + known.minor()).orElse("");
    }

    /** Every engine that was measured refuses it; of one that is not known we say no more than we know. */
    private void refuse(String code, int at, String... arguments) {
        problems.add(engine.isPresent() ? source.error(code, at, arguments) : source.warning(code, at, arguments));
    }

    private void addTooDeep(JsonValue value) {
        for (JsonValue.Member inner : value.members()) {
            if (inner.name().equals(DaemonKeys.REGISTRY_MIRRORS)) {
                problems.add(source.warning("key-too-deep", inner.start(), inner.name()));
            }
            addTooDeep(inner.value());
        }
        value.elements().forEach(this::addTooDeep);
    }
}
