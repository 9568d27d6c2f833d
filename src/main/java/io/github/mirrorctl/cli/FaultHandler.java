package io.github.mirrorctl.cli;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.mirror.Spelling;
import io.github.mirrorctl.platform.OperatingSystem;
import io.github.mirrorctl.platform.ShellWord;
import io.github.mirrorctl.render.Messages;
import io.github.mirrorctl.render.Renderer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The one place where a failure becomes words and an exit code. */
final class FaultHandler implements IExecutionExceptionHandler, IParameterExceptionHandler {
    private static final Set<FaultCode> NEED_RIGHTS = EnumSet.of(
            FaultCode.CANNOT_WRITE, FaultCode.CANNOT_READ, FaultCode.RELOAD_DENIED, FaultCode.ENGINE_UNREACHABLE);

    private static final Set<String> LACKS_RIGHTS = Set.of("permission-denied", "owner-cannot-be-kept");

    private final Context context;

    FaultHandler(Context context) {
        this.context = context;
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine line, ParseResult parsed) {
        return failure instanceof ParameterException usage
                ? handleParseException(usage, context.args())
                : answer(failure, nameOf(line));
    }

    /**
     * What a command that failed is answered with, and its exit code.
     *
     * @param command the name that documents bear
     */
    int answer(Throwable failure, String command) {
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERRUPTED;
        }
        Renderer renderer = context.renderer(OutputOptions.guess(context.args()));
        if (failure instanceof Fault fault) {
            renderer.fault(command, fault);
            hint(fault);
            if (context.global().isVerbose()) {
                failure.printStackTrace(context.console().err());
            }
            return ExitCode.of(fault.code());
        }
        renderer.failure(command, "bug", words -> words.text("bug", String.valueOf(failure)));
        if (context.global().isVerbose()) {
            failure.printStackTrace(context.console().err());
        }
        return ExitCode.BUG;
    }

    @Override
    public int handleParseException(ParameterException failure, String[] args) {
        CommandLine line = failure.getCommandLine();
        if (failure.getCause() instanceof Fault fault) {
            return answer(fault, nameOf(line));
        }
        String path = line.getCommandSpec().qualifiedName();
        boolean isJson = OutputOptions.guess(args) == OutputFormat.json;
        boolean hasSentence = !sentence(failure, context.messages()).isEmpty();
        if (isJson || hasSentence) {
            context.renderer(OutputOptions.guess(args))
                    .failure(nameOf(line), "usage", words -> sentence(failure, words));
        }
        if (!isJson) {
            if (hasSentence) {
                context.console().err().println(context.messages().text("usage.help", path));
            } else {
                line.usage(context.console().err());
            }
        }
        return ExitCode.USAGE;
    }

    /** The name that documents bear: of {@code catalog add}, the first. */
    private static String nameOf(CommandLine line) {
        CommandLine named = line;
        while (named.getParent() != null && named.getParent().getParent() != null) {
            named = named.getParent();
        }
        return named.getCommandName();
    }

    /** In our words, as picocli has only English ones. */
    private static String sentence(ParameterException failure, Messages words) {
        if (failure instanceof UnmatchedArgumentException unmatched) {
            return unknown(
                    unmatched.getUnmatched().get(0), failure.getCommandLine().getCommandSpec(), words);
        }
        if (failure instanceof MissingParameterException missing
                && !missing.getMissing().isEmpty()) {
            String names =
                    missing.getMissing().stream().map(FaultHandler::nameOf).collect(Collectors.joining(", "));
            return words.text("usage.missing-value", names);
        }
        if (failure instanceof OverwrittenOptionException repeated) {
            return words.text("usage.repeated", nameOf(repeated.getOverwritten()));
        }
        if (failure.getArgSpec() != null && failure.getValue() != null) {
            return badValue(failure.getArgSpec(), failure.getValue(), words);
        }
        return failure.getMessage() == null ? "" : failure.getMessage();
    }

    private static String badValue(ArgSpec arg, String value, Messages words) {
        if (arg instanceof OptionSpec flag && !CommandTree.takesValue(flag)) {
            return words.text("usage.no-value", flag.longestName(), value);
        }
        String label = arg.paramLabel();
        String sentence = arg.isOption()
                ? words.text("usage.bad-value", nameOf(arg), value, label)
                : words.text("usage.bad-argument", value, label);
        return withNearest(sentence, value, List.of(label.split("\\|")), words);
    }

    private static String nameOf(ArgSpec arg) {
        return arg instanceof OptionSpec option ? option.longestName() : arg.paramLabel();
    }

    private static String withNearest(String sentence, String written, Collection<String> known, Messages words) {
        return Spelling.nearest(written, known)
                .map(nearest -> words.text("usage.did-you-mean", sentence, nearest))
                .orElse(sentence);
    }

    /** With the nearest option, or the nearest command where one is wanted. */
    private static String unknown(String written, CommandSpec spec, Messages words) {
        boolean isOption = written.startsWith("-");
        int equals = written.indexOf('=');
        String name = isOption && equals > 0 ? written.substring(0, equals) : written;
        Collection<String> commands =
                spec.parent() == null ? Mirrorctl.COMMANDS : spec.subcommands().keySet();
        Collection<String> known = isOption ? spec.optionsMap().keySet() : commands;
        String sentence = words.text(isOption ? "usage.unknown-option" : "usage.unknown-command", written);
        return withNearest(sentence, name, known, words);
    }

    /** What was refused for want of rights is one {@code sudo} away. */
    private void hint(Fault fault) {
        boolean lacksRights = NEED_RIGHTS.contains(fault.code())
                && fault.arguments().stream().anyMatch(LACKS_RIGHTS::contains)
                && context.host().os() != OperatingSystem.WINDOWS
                && !context.host().isRoot();
        if (lacksRights) {
            List<String> command =
                    new ArrayList<>(List.of("sudo", context.host().launcher()));
            command.addAll(List.of(context.args()));
            String line =
                    String.join(" ", command.stream().map(ShellWord::quoted).toList());
            context.console().err().println(context.messages().text("hint.sudo", line));
        }
    }
}
