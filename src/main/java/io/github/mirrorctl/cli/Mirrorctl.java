package io.github.mirrorctl.cli;

import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.platform.FileNames;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.registry.Trust;
import io.github.mirrorctl.render.Messages;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** The command without a subcommand, and the way in. Can be run as often as one likes in a process. */
public final class Mirrorctl implements Callable<Integer> {
    /** In the order in which the help shows them. */
    static final List<String> COMMANDS =
            List.of("list", "probe", "apply", "check", "restore", "catalog", "completion", "help");

    private static final Set<String> ABOUT_ALL = Set.of("completion", "help");
    private static final Set<String> MEASURING = Set.of("probe", "apply");
    /** With these, they ask nobody. */
    private static final Set<String> ASKING_NOBODY = Set.of("--no-probe", "--none", "--help", "-h");

    enum ColorChoice {
        auto,
        always,
        never
    }

    enum LanguageChoice {
        en,
        zh
    }

    private final Arguments arguments = new Arguments();
    private final Argument<ColorChoice> color;
    private final Argument<Boolean> verbose;
    private final Argument<Boolean> quiet;

    Mirrorctl() {
        // Read before parsing, so that errors in the arguments have a language; here for the help and for checking.
        arguments.option(LanguageChoice.class, "en|zh", "option.lang", "--lang").everywhere();
        color = arguments
                .option(ColorChoice.class, "auto|always|never", "option.color", "--color")
                .usually(ColorChoice.auto)
                .everywhere();
        verbose = arguments.flag("option.verbose", "-v", "--verbose").everywhere();
        quiet = arguments.flag("option.quiet", "-q", "--quiet").everywhere();
        arguments.flag("option.help", "-h", "--help").everywhere().asksForHelp();
        arguments.flag("option.version", "--version").asksForVersion();
    }

    ColorChoice color() {
        return color.value();
    }

    boolean isVerbose() {
        return verbose.value();
    }

    boolean isQuiet() {
        return quiet.value();
    }

    private static CommandSpec spec(String name, Context context) {
        if (name.equals("catalog")) {
            return CatalogCommand.spec(context);
        }
        Subcommand command =
                switch (name) {
                    case "list" -> new ListCommand(context);
                    case "probe" -> new ProbeCommand(context);
                    case "apply" -> new ApplyCommand(context);
                    case "check" -> new CheckCommand(context);
                    case "restore" -> new RestoreCommand(context);
                    case "completion" -> new CompletionCommand(context);
                    case "help" -> new HelpCommand(context);
                    default -> throw new IllegalArgumentException(name);
                };
        return command.spec(name);
    }

    /**
     * Runs a command line.
     *
     * @param pointOfNoReturn passed before anything is changed
     * @return the exit code
     */
    public static int run(String[] args, Console console, Host host, Clock clock, PointOfNoReturn pointOfNoReturn) {
        // What is typed most says nothing that has to be parsed, and picocli takes longer than all the rest of it.
        if (args.length == 1 && args[0].equals("--version")) {
            console.out().println(Version.line());
            return console.out().checkError()
                    ? answerLost(console, messages(args, host, console), ExitCode.OK)
                    : ExitCode.OK;
        }
        Optional<String> named = named(args);
        boolean measures = named.isPresent()
                && MEASURING.contains(named.get())
                && Collections.disjoint(List.of(args), ASKING_NOBODY);
        // Before all else: whom TLS believes is what the first connection waits for longest.
        Trust trust = new Trust(host::certificateAuthorities, host::registryAuthorities);
        Route route = measures ? Route.ahead(host, args, trust::prepare) : Route.later(host);
        Messages messages = messages(args, host, console);
        Mirrorctl root = new Mirrorctl();
        Context context = new Context(root, console, host, clock, messages, trust, route, pointOfNoReturn, args);
        int code = answered(named, context);
        return console.out().checkError() ? answerLost(console, messages, code) : code;
    }

    private static Messages messages(String[] args, Host host, Console console) {
        return Messages.of(Language.choose(args, host, console));
    }

    private static int answered(Optional<String> named, Context context) {
        String[] args = context.args();
        try {
            return args.length == 1 && args[0].equals("list")
                    ? new ListCommand(context).call()
                    : parsed(named, context);
        } catch (RuntimeException | Error failure) {
            // What came before picocli, and errors, which it does not catch.
            return new FaultHandler(context).answer(failure, named.orElse("mirrorctl"));
        }
    }

    private static int parsed(Optional<String> named, Context context) {
        Console console = context.console();
        CommandLine line = line(named, context);
        line.setOut(writer(console.out(), console));
        line.setErr(writer(console.err(), console));
        // Classes and not lambdas, here and below: picocli's interfaces are so old that the archive of classes leaves
        // their lambdas out, and them too.
        line.getCommandSpec().versionProvider(new CommandLine.IVersionProvider() {
            @Override
            public String[] getVersion() {
                return Version.lines(context);
            }
        });
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExpandAtFiles(false);
        line.registerConverter(Path.class, new CommandLine.ITypeConverter<Path>() {
            @Override
            public Path convert(String spelled) {
                return FileNames.argument(spelled);
            }
        });
        line.registerConverter(Duration.class, new DurationConverter());
        if (context.columns() < NarrowHelp.LEAST_OF_PICOCLI) {
            NarrowHelp.install(line, context.columns());
        } else {
            line.setUsageHelpWidth(context.columns());
            NarrowHelp.installExamples(line, context.columns());
        }
        FaultHandler faults = new FaultHandler(context);
        line.setParameterExceptionHandler(faults);
        line.setExecutionExceptionHandler(faults);
        line.setExecutionStrategy(new CommandLine.IExecutionStrategy() {
            @Override
            public int execute(CommandLine.ParseResult parsed) {
                // Not earlier, since --color has a say.
                parsed.asCommandLineList().forEach(command -> command.setColorScheme(context.helpColours()));
                return new CommandLine.RunLast().execute(parsed);
            }
        });
        return line.execute(context.args());
    }

    private static Optional<String> named(String[] args) {
        for (String arg : args) {
            if (COMMANDS.contains(arg)) {
                return Optional.of(arg);
            }
        }
        return Optional.empty();
    }

    private static CommandLine line(Optional<String> named, Context context) {
        Mirrorctl root = context.global();
        CommandSpec spec = root.arguments.spec("mirrorctl", root);
        spec.usageMessage().synopsisSubcommandLabel("COMMAND");
        CommandLine line = new CommandLine(spec);
        register(line, named, context);
        line.setResourceBundle(context.messages().bundle());
        return line;
    }

    /** All commands and their options in the context's language, for who describes them and runs none. */
    static CommandSpec model(Context context) {
        return line(Optional.empty(), context).getCommandSpec();
    }

    /** The answer could not be written: that is said where it still can be, and a script must not take it for done. */
    private static int answerLost(Console console, Messages messages, int code) {
        console.err().println(messages.prefix(Problem.Severity.ERROR) + messages.text("answer-lost"));
        return code == ExitCode.OK || code == ExitCode.FINDINGS ? ExitCode.ENVIRONMENT : code;
    }

    private static PrintWriter writer(PrintStream stream, Console console) {
        return new PrintWriter(new OutputStreamWriter(stream, console.charset()), true);
    }

    /** Only the subcommand that is named costs its registration, except where it is about all of them. */
    private static void register(CommandLine line, Optional<String> named, Context context) {
        List<String> wanted =
                named.filter(name -> !ABOUT_ALL.contains(name)).map(List::of).orElse(COMMANDS);
        for (String name : wanted) {
            line.addSubcommand(name, spec(name, context));
        }
    }

    /** Without a command: what there is. */
    @Override
    public Integer call() {
        throw new CommandLine.ParameterException(arguments.owner().commandLine(), "");
    }
}
