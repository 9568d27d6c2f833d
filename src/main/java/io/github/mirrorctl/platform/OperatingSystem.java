package io.github.mirrorctl.platform;

import java.util.Locale;

/** The operating systems that the program tells apart. */
public enum OperatingSystem {
    LINUX("Linux"),
    MACOS("macOS"),
    WINDOWS("Windows"),
    OTHER("?");

    private final String title;

    OperatingSystem(String title) {
        this.title = title;
    }

    /** Its name as people write it. */
    public String title() {
        return title;
    }

    /** Reads the JVM's {@code os.name}, such as {@code Mac OS X} or {@code Windows Server 2022}. */
    static OperatingSystem of(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.startsWith("linux")) {
            return LINUX;
        }
        if (lower.startsWith("mac") || lower.startsWith("darwin")) {
            return MACOS;
        }
        return lower.startsWith("windows") ? WINDOWS : OTHER;
    }
}
