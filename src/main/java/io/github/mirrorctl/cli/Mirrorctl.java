package io.github.mirrorctl.cli;

import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.registry.Trust;
import io.github.mirrorctl.render.Messages;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command without a subcommand, and the way in. Can be run as often as one likes in a process. */
@Command(name = "mirrorctl", synopsisSubcommandLabel = "COMMAND", sortOptions = false)
public final class Mirrorctl implements Runnable {
    private static final Map<String, Function<Context, Object>> COMMANDS = commands();
    private static final Set<String> MEASURING = Set.of("probe", "apply");

    enum ColorChoice {
        auto,
        always,
        never
    }

    enum LanguageChoice {
        en,
        zh
    }

    // Read before parsing, so that errors in the arguments have a language; here for the help and for checking.
    @Option(names = "--lang", scope = ScopeType.INHERIT, paramLabel = "en|zh", descriptionKey = "option.lang")
    LanguageChoice lang = LanguageChoice.en;

    @Option(
            names = "--color",
            scope = ScopeType.INHERIT,
            paramLabel = "auto|always|never",
            descriptionKey = "option.color")
    ColorChoice color = ColorChoice.auto;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            descriptionKey = "option.verbose")
    boolean verbose;

    @Option(
            names = {"-q", "--quiet"},
            scope = ScopeType.INHERIT,
            descriptionKey = "option.quiet")
    boolean quiet;

    @Option(
            names = {"-h", "--help"},
            scope = ScopeType.INHERIT,
            usageHelp = true,
            descriptionKey = "option.help")
    boolean help;

    @Option(names = "--version", versionHelp = true, descriptionKey = "option.version")
    boolean version;

    @CommandLine.Spec
    CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    private static Map<String, Function<Context, Object>> commands() {
        Map<String, Function<Context, Object>> commands = new LinkedHashMap<>();
        commands.put("list", ListCommand::new);
        commands.put("probe", ProbeCommand::new);
        commands.put("apply", ApplyCommand::new);
        commands.put("check", CheckCommand::new);
        commands.put("restore", RestoreCommand::new);
        return commands;
    }

    /**
     * Runs a command line.
     *
     * @return the exit code
     */
    public static int run(String[] args, Console console, Host host, Clock clock) {
        Locale locale = Language.choose(args, host, console);
        Mirrorctl root = new Mirrorctl();
        Trust trust = new Trust(host::certificateAuthorities);
        Context context = new Context(root, console, host, clock, Messages.of(locale), trust, args);
        CommandLine line = new CommandLine(root);
        register(line, args, context);
        line.setResourceBundle(context.messages().bundle());
        line.setOut(writer(console.out(), console));
        line.setErr(writer(console.err(), console));
        line.setColorScheme(CommandLine.Help.defaultColorScheme(
                context.isOutColoured() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
        line.getCommandSpec().version("mirrorctl " + Version.text());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpAutoWidth(true);
        FaultHandler faults = new FaultHandler(context);
        line.setParameterExceptionHandler(faults);
        line.setExecutionExceptionHandler(faults);
        int code = line.execute(args);
        return console.out().checkError() ? answerLost(context, code) : code;
    }

    /** The answer could not be written: that is said where it still can be, and a script must not take it for done. */
    private static int answerLost(Context context, int code) {
        Messages messages = context.messages();
        context.console().err().println(messages.text("prefix.error") + " " + messages.text("answer-lost"));
        return code == ExitCode.OK || code == ExitCode.FINDINGS ? ExitCode.ENVIRONMENT : code;
    }

    private static PrintWriter writer(PrintStream stream, Console console) {
        return new PrintWriter(new OutputStreamWriter(stream, console.charset()), true);
    }

    /** Only the subcommand that is named costs its registration. */
    private static void register(CommandLine line, String[] args, Context context) {
        for (String arg : args) {
            Function<Context, Object> command = COMMANDS.get(arg);
            if (command != null) {
                if (MEASURING.contains(arg)) {
                    context.trust().prepare();
                }
                line.addSubcommand(arg, command.apply(context));
                return;
            }
        }
        COMMANDS.forEach((name, command) -> line.addSubcommand(name, command.apply(context)));
    }

    /** Without a command: what there is. */
    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "");
    }
}
