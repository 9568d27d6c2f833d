package io.github.mirrorctl.cli;

import io.github.mirrorctl.mirror.CatalogReader;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.registry.Trust;
import io.github.mirrorctl.render.Messages;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;

/** Writes the manual pages. The build starts it; the program does not hold it. */
public final class ManPages {
    private ManPages() {}

    /**
     * Writes them in both languages.
     *
     * @param args the folder that gets {@code man1}, and {@code zh_CN/man1}
     */
    public static void main(String[] args) throws IOException {
        write(Path.of(args[0], "man1"), in(Locale.ENGLISH));
        write(Path.of(args[0], "zh_CN", "man1"), in(Locale.CHINESE));
    }

    private static void write(Path folder, List<ManPage> pages) throws IOException {
        Files.createDirectories(folder);
        for (ManPage page : pages) {
            Files.writeString(folder.resolve(page.name() + ".1"), page.roff());
        }
    }

    /** A page for the program, and one for each command. */
    static List<ManPage> in(Locale language) {
        Messages messages = Messages.of(language);
        ResourceBundle manual = ResourceBundle.getBundle(
                ManPages.class.getPackageName() + ".manual",
                messages.locale(),
                ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
        List<CommandTree> all = CommandTree.of(Mirrorctl.model(nowhere(messages)));
        String date = CatalogReader.bundled().updated();
        return all.stream()
                .map(command -> new ManPage(command, Version.text(), date, all, manual))
                .toList();
    }

    /** Commands want to know where they would run; these are only looked at. */
    private static Context nowhere(Messages messages) {
        Host host = Host.of(Path.of("/"), Map.of(), "Linux", "/root", "root", "amd64");
        PrintStream nothing = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Console console =
                new Console(InputStream.nullInputStream(), nothing, nothing, StandardCharsets.UTF_8, false, false);
        return new Context(
                new Mirrorctl(),
                console,
                host,
                Clock.systemUTC(),
                messages,
                new Trust(host::certificateAuthorities, host::registryAuthorities),
                Route.later(host),
                new PointOfNoReturn(),
                new String[0]);
    }
}
