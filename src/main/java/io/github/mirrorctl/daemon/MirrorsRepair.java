package io.github.mirrorctl.daemon;

import io.github.mirrorctl.fault.Problem;
import java.util.ArrayList;
import java.util.List;

/**
 * Mends a value of {@code registry-mirrors} that dockerd does not start with although it is JSON: an address without its
 * brackets, entries with nothing in them, and earlier values under the same name, which dockerd does not see.
 */
final class MirrorsRepair {
    private final List<Problem> mends;

    private SourceText source;

    private MirrorsRepair(JsonRepair.Mended document) {
        this.source = document.source();
        this.mends = new ArrayList<>(document.mends());
    }

    /** The document, and all that was changed in it. */
    static JsonRepair.Mended mend(JsonRepair.Mended document) {
        return document.source().text().isBlank() ? document : new MirrorsRepair(document).mendAll();
    }

    private JsonRepair.Mended mendAll() {
        JsonValue root = keepLast(JsonReader.read(source));
        List<JsonValue.Member> found = mirrors(root);
        if (!found.isEmpty()) {
            mend(root, found.get(0));
        }
        return new JsonRepair.Mended(source, mends);
    }

    private static List<JsonValue.Member> mirrors(JsonValue root) {
        return root.members().stream()
                .filter(member -> member.name().equals(DaemonKeys.REGISTRY_MIRRORS))
                .toList();
    }

    /** Of several values dockerd takes the last one. */
    private JsonValue keepLast(JsonValue read) {
        JsonValue root = read;
        if (JsonRepair.isTooMuch(source, mends.size() + mirrors(root).size() - 1)) {
            return root;
        }
        while (mirrors(root).size() > 1) {
            JsonValue.Member first = mirrors(root).get(0);
            int next = root.members().get(root.members().indexOf(first) + 1).start();
            mends.add(JsonRepair.mended(source, "duplicate-key", first.start(), List.of(first.name())));
            source = source.edited(first.start(), next, "");
            root = JsonReader.read(source);
        }
        return root;
    }

    private void mend(JsonValue root, JsonValue.Member mirrors) {
        JsonValue value = mirrors.value();
        if (value.kind() == JsonValue.Kind.STRING) {
            String spelled = source.text().substring(value.start(), value.end());
            String list = value.string().isBlank() ? "[]" : "[" + spelled + "]";
            replace("mirrors-not-a-list", value, value.start(), list);
            return;
        }
        List<JsonValue> empty =
                value.elements().stream().filter(MirrorsRepair::isEmpty).toList();
        if (!empty.isEmpty()) {
            List<String> kept = value.elements().stream()
                    .filter(element -> !isEmpty(element))
                    .map(JsonValue::string)
                    .toList();
            boolean onlyTexts = value.elements().stream()
                    .allMatch(element -> isEmpty(element) || element.kind() == JsonValue.Kind.STRING);
            if (onlyTexts) {
                String list = new MirrorsSplice(source, root).listFor(mirrors, kept);
                replace("mirrors-empty-entry", value, empty.get(0).start(), list);
            }
        }
    }

    private static boolean isEmpty(JsonValue element) {
        return element.kind() == JsonValue.Kind.NULL
                || (element.kind() == JsonValue.Kind.STRING && element.string().isBlank());
    }

    private void replace(String code, JsonValue value, int at, String replacement) {
        mends.add(JsonRepair.mended(source, code, at, List.of()));
        source = source.edited(value.start(), value.end(), replacement);
    }
}
