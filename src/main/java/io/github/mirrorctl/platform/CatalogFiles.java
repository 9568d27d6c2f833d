package io.github.mirrorctl.platform;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where the user's own catalog lies, and beside it the last one that was fetched.
 *
 * @param own the user's entries
 * @param fetched what {@code catalog update} brought
 */
public record CatalogFiles(Path own, Path fetched) {
    private static final String NAME = "mirrors.json";

    /**
     * Where a program keeps its files on this system. Under {@code sudo} it is the caller's folder, as long as root has
     * no catalog: what {@code catalog add} wrote has to be there for {@code sudo mirrorctl apply} too.
     */
    public static CatalogFiles of(Host host) {
        Path folder = host.path(folder(host));
        if (host.isRoot() && !host.exists(folder.resolve(NAME))) {
            return callersFolder(host)
                    .filter(theirs -> host.exists(theirs + "/" + NAME))
                    .map(theirs -> in(host.path(theirs)))
                    .orElseGet(() -> in(folder));
        }
        return in(folder);
    }

    private static CatalogFiles in(Path folder) {
        return new CatalogFiles(folder.resolve(NAME), folder.resolve("fetched.json"));
    }

    private static String folder(Host host) {
        return switch (host.os()) {
            case WINDOWS ->
                host.environment("APPDATA").orElse(host.homeFolder() + "\\AppData\\Roaming") + "\\mirrorctl";
            case MACOS -> host.homeFolder() + "/Library/Application Support/mirrorctl";
            default -> host.xdgFolder("XDG_CONFIG_HOME", host.homeFolder() + "/.config") + "/mirrorctl";
        };
    }

    /** Of whoever ran {@code sudo}, whose variables it drops. */
    private static Optional<String> callersFolder(Host host) {
        Optional<String> caller = host.environment("SUDO_USER").filter(user -> !user.equals("root"));
        if (caller.isEmpty() || host.os() != OperatingSystem.LINUX) {
            return Optional.empty();
        }
        List<String> users = host.lines("/etc/passwd");
        return users.stream()
                .filter(line -> line.startsWith(caller.get() + ":"))
                .map(line -> line.split(":", -1))
                .filter(fields -> fields.length > 5 && fields[5].startsWith("/"))
                .map(fields -> fields[5] + "/.config/mirrorctl")
                .findFirst();
    }
}
