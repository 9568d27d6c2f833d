package io.github.mirrorctl.cli;

import io.github.mirrorctl.mirror.Catalog;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.platform.Platform;
import io.github.mirrorctl.render.Messages;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;

/** The program's version, as the build wrote it. */
final class Version {
    private Version() {}

    static String text() {
        Properties properties = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            throw new IllegalStateException("version.properties cannot be read from the jar", e);
        }
        return properties.getProperty("version", "unknown");
    }

    /** What {@code --version} prints, and with {@code -v} what a report of a mistake should say of the machine. */
    static String[] lines(Context context) {
        String version = "mirrorctl " + text();
        if (!context.global().verbose) {
            return new String[] {version};
        }
        Messages messages = context.messages();
        Host host = context.host();
        Catalog catalog = context.catalog(Optional.empty());
        String os = host.os().name().toLowerCase(Locale.ROOT);
        String platform = Platform.detect(host)
                .map(found -> messages.text("version.platform", os, host.architecture(), found.key()))
                .orElseGet(() -> messages.text("version.platform-alone", os, host.architecture()));
        return new String[] {
            version,
            messages.text(
                    "version.catalog",
                    catalog.updated(),
                    String.valueOf(catalog.mirrors().size())),
            messages.text("version.java", host.javaVersion()),
            platform
        };
    }
}
