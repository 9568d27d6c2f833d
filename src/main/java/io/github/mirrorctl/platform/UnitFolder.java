package io.github.mirrorctl.platform;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Finds a systemd unit and its drop-ins as systemd does: the unit in the first folder of its search path that has one,
 * the drop-ins of all folders sorted by name, the first folder's where two have one name (systemd.unit(5), "Unit File
 * Load Path" and the description of drop-in files).
 */
public final class UnitFolder {
    private static final List<String> SEARCH_PATH = List.of(
            "/etc/systemd/system",
            "/run/systemd/system",
            "/usr/local/lib/systemd/system",
            "/usr/lib/systemd/system",
            "/lib/systemd/system");

    private final Host host;

    public UnitFolder(Host host) {
        this.host = host;
    }

    /**
     * The unit's file and then its drop-ins, in the order in which they apply: the text by the path on this machine.
     * Empty where there is no such unit; a file that cannot be read is left out.
     */
    public Map<String, String> read(String unit) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (String folder : SEARCH_PATH) {
            Path file = host.path(folder + "/" + unit);
            Optional<byte[]> content = host.read(file);
            if (content.isPresent()) {
                texts.put(file.toString(), text(content.get()));
                break;
            }
        }
        if (!texts.isEmpty()) {
            dropIns(unit)
                    .forEach(file -> host.read(file).ifPresent(content -> texts.put(file.toString(), text(content))));
        }
        return texts;
    }

    private List<Path> dropIns(String unit) {
        Map<String, Path> byName = new TreeMap<>();
        for (String folder : SEARCH_PATH) {
            for (Path file : SmallFiles.in(host.path(folder + "/" + unit + ".d"), "*.conf")) {
                byName.putIfAbsent(String.valueOf(file.getFileName()), file);
            }
        }
        return List.copyOf(byName.values());
    }

    private static String text(byte[] content) {
        return new String(content, StandardCharsets.UTF_8);
    }
}
