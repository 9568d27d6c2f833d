package io.github.mirrorctl.cli;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.mirror.Catalog;
import io.github.mirrorctl.mirror.CatalogReader;
import io.github.mirrorctl.platform.CatalogFiles;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.platform.OperatingSystem;
import io.github.mirrorctl.registry.Resolver;
import io.github.mirrorctl.registry.Trust;
import io.github.mirrorctl.render.JsonRenderer;
import io.github.mirrorctl.render.Messages;
import io.github.mirrorctl.render.Palette;
import io.github.mirrorctl.render.Progress;
import io.github.mirrorctl.render.Renderer;
import io.github.mirrorctl.render.Screen;
import io.github.mirrorctl.render.TextRenderer;
import io.github.mirrorctl.render.Wrapping;
import io.github.mirrorctl.task.CatalogTask;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/** What every command needs: the streams, the machine, whom TLS believes, the language and the global options. */
record Context(
        Mirrorctl global,
        Console console,
        Host host,
        Clock clock,
        Messages messages,
        Trust trust,
        Route route,
        PointOfNoReturn pointOfNoReturn,
        String[] args) {
    private static final int USUAL_COLUMNS = 80;
    private static final int NARROWEST = 24;
    private static final long MILLIS_OF_A_DAY = 86_400_000;
    private static final int OLD_DAYS = 90;

    /** The renderer for a format, with the global options applied. */
    Renderer renderer(OutputFormat format) {
        if (format == OutputFormat.json) {
            return new JsonRenderer(console.out(), console.err(), messages, global.isQuiet());
        }
        TextRenderer.Style style =
                switch (format) {
                    case wide -> TextRenderer.Style.WIDE;
                    case plain -> TextRenderer.Style.PLAIN;
                    default -> TextRenderer.Style.TABLE;
                };
        return new TextRenderer(
                console.out(),
                console.err(),
                messages,
                palette(isOutColoured()),
                palette(isColoured(console.errIsTerminal())),
                style,
                global.isQuiet(),
                screen());
    }

    private Screen screen() {
        boolean hasSymbols = console.hasSymbols() && !console.isBare(host);
        return new Screen(columns(), console.outIsTerminal(), console.errIsTerminal(), hasSymbols);
    }

    /** The launcher measures the terminal; without it, the usual width. */
    int columns() {
        String given = host.environment("COLUMNS").orElse("");
        int columns = 0;
        for (int i = 0; i < given.length(); i++) {
            char c = given.charAt(i);
            if (c < '0' || c > '9' || i > 3) {
                return USUAL_COLUMNS;
            }
            columns = columns * 10 + c - '0';
        }
        return columns < 10 ? USUAL_COLUMNS : Math.max(columns, NARROWEST);
    }

    /** A sentence of the answer in lines that fit where it ends at a terminal. */
    List<String> fitted(String sentence) {
        return Wrapping.lines(sentence, screen().outColumns());
    }

    Progress progress() {
        boolean enabled = console.errIsTerminal() && !global.isQuiet() && !isDumb();
        Progress progress = new Progress(console.err(), messages, enabled, columns());
        pointOfNoReturn.onInterrupt(progress::close);
        return progress;
    }

    /** Who finds out where names lead from here, whatever {@code --root} says. */
    Resolver resolver() {
        return host.os() == OperatingSystem.LINUX
                ? new Resolver(host::systemFile, host.environment())
                : Resolver.SYSTEM;
    }

    private boolean isOutColoured() {
        return isColoured(console.outIsTerminal());
    }

    CommandLine.Help.ColorScheme helpColours() {
        return CommandLine.Help.defaultColorScheme(
                isOutColoured() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF);
    }

    /** By https://no-color.org and https://bixense.com/clicolors, where the first has the last word. */
    private boolean isColoured(boolean isTerminal) {
        return switch (global.color()) {
            case always -> true;
            case never -> false;
            case auto ->
                host.environment("NO_COLOR").isEmpty()
                        && (host.environment("CLICOLOR_FORCE")
                                        .filter(value -> !value.equals("0"))
                                        .isPresent()
                                || (isTerminal && !isDumb()));
        };
    }

    private boolean isDumb() {
        return host.environment("TERM").map("dumb"::equals).orElse(false);
    }

    private static Palette palette(boolean coloured) {
        return coloured ? Palette.COLOUR : Palette.PLAIN;
    }

    /** The catalog in the file, else the bundled one with what was fetched and the user's own entries. */
    Catalog catalog(Optional<Path> file) {
        Catalog catalog = file.isPresent()
                ? CatalogReader.parse(read(file.get()), file.get().toString())
                : wholeCatalog();
        long age = catalog.age(clock.millis() / MILLIS_OF_A_DAY);
        if (age > OLD_DAYS) {
            notice(Problem.of("catalog-old", Problem.Severity.INFO, catalog.updated(), String.valueOf(age)));
        }
        return catalog;
    }

    private Catalog wholeCatalog() {
        CatalogFiles files = CatalogFiles.of(host);
        Catalog catalog = CatalogReader.bundled();
        Optional<Catalog> fetched = usersCatalog(files.fetched());
        if (fetched.isPresent()) {
            catalog = catalog.with(new Catalog.Fetched(fetched.get()));
        }
        Optional<Catalog> own = usersCatalog(files.own());
        if (own.isPresent()) {
            catalog = catalog.with(own.get());
            CatalogTask.sameAddresses(own.get(), catalog).forEach(this::notice);
        }
        return catalog;
    }

    /** Nobody named this file, so one in a folder that is closed to this user is no failure. */
    private Optional<Catalog> usersCatalog(Path file) {
        Optional<byte[]> content;
        try {
            content = host.read(file);
        } catch (Fault unreadable) {
            notice(Problem.of("catalog-unreadable", Problem.Severity.WARNING, file.toString()));
            return Optional.empty();
        }
        return content.isEmpty() ? Optional.empty() : Optional.of(CatalogReader.parse(content.get(), file.toString()));
    }

    /** Something that is worth a line of the conversation, whatever form the answer has. */
    private void notice(Problem problem) {
        renderer(OutputFormat.table).notice(problem);
    }

    /** The bytes of a file that the command line names, so that it has to be there. */
    byte[] read(Path file) {
        return host.readInput(file)
                .orElseThrow(() -> new Fault(FaultCode.CANNOT_READ, file.toString(), "no-such-file"));
    }
}
