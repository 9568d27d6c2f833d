package io.github.mirrorctl.cli;

import io.github.mirrorctl.mirror.Catalog;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.platform.Platform;
import io.github.mirrorctl.render.Messages;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;

/** The program's version, as the build wrote it. */
final class Version {
    private Version() {}

    /** From the jar's manifest, which the JVM has read already, or beside the classes where there is no jar. */
    static String text() {
        String built = Version.class.getPackage().getImplementationVersion();
        return built == null ? text("version.properties") : built;
    }

    private static String text(String file) {
        Properties properties = new Properties();
        try (InputStream in = Version.class.getResourceAsStream(file)) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            throw new IllegalStateException(file + " cannot be read from the jar", e);
        }
        return properties.getProperty("version", "unknown");
    }

    /** What {@code --version} prints. */
    static String line() {
        return "mirrorctl " + text();
    }

    /** The same, and with {@code -v} what a report of a mistake should say of the machine. */
    static String[] lines(Context context) {
        return context.global().isVerbose()
                ? all(context).stream()
                        .flatMap(line -> context.fitted(line).stream())
                        .toArray(String[]::new)
                : new String[] {line()};
    }

    private static List<String> all(Context context) {
        Messages messages = context.messages();
        Host host = context.host();
        Catalog catalog = context.catalog(Optional.empty());
        String os = host.os().name().toLowerCase(Locale.ROOT);
        String platform = Platform.detect(host)
                .map(found -> messages.text("version.platform", os, host.architecture(), found.key()))
                .orElseGet(() -> messages.text("version.platform-alone", os, host.architecture()));
        return List.of(
                line(),
                messages.text(
                        "version.catalog",
                        catalog.updated(),
                        String.valueOf(catalog.mirrors().size())),
                messages.text("version.java", host.javaVersion()),
                platform);
    }
}
