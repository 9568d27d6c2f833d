package io.github.mirrorctl.cli;

import io.github.mirrorctl.mirror.Catalog;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Completion scripts: a template for each shell, which knows how that shell completes, filled with what there is to
 * complete. picocli makes one for bash only, and none that knows a mirror's id.
 */
final class CompletionScript {
    private final List<CommandTree> commands;
    private final Catalog catalog;
    /** Every option that takes a value, under all its names, and what it takes in most commands. */
    private final Map<String, ArgumentKind> valued = new TreeMap<>();
    /** What it takes in a command where that is something else; the command's path and the name. */
    private final Map<String, ArgumentKind> special = new TreeMap<>();

    /** The shells that there is a script for, as the command line spells them. */
    enum Shell {
        bash,
        zsh,
        fish,
        powershell
    }

    CompletionScript(CommandSpec root, Catalog catalog) {
        this.commands = CommandTree.of(root);
        this.catalog = catalog;
        for (CommandTree command : commands) {
            for (OptionSpec option : command.options()) {
                if (CommandTree.takesValue(option)) {
                    ArgumentKind kind = ArgumentKind.of(option, catalog);
                    List.of(option.names()).forEach(name -> put(command.path(), name, kind));
                }
            }
        }
    }

    private void put(String path, String name, ArgumentKind kind) {
        ArgumentKind usual = valued.putIfAbsent(name, kind);
        if (usual != null && !usual.equals(kind)) {
            special.put(path + " " + name, kind);
        }
    }

    /** The whole script, with line ends of Unix. */
    String of(Shell shell) {
        String template = template(shell);
        return switch (shell) {
            case bash -> bash(template);
            case zsh -> zsh(template);
            case fish -> fish(template);
            case powershell -> powershell(template);
        };
    }

    private static String template(Shell shell) {
        String name = "completion." + shell;
        try (InputStream in = CompletionScript.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(name + " cannot be read from the jar", e);
        }
    }

    // ---- bash and zsh, which have the same case ----

    private String bash(String template) {
        return template.replace("@VALUED@", String.join(" | ", valued.keySet()))
                .replace("@PATHS@", paths())
                .replace("        @VALUES@\n", valueArms())
                .replace("        @COMMANDS@\n", bashArms());
    }

    private String zsh(String template) {
        return template.replace("@VALUED@", String.join(" | ", valued.keySet()))
                .replace("@PATHS@", paths())
                .replace("        @VALUES@\n", valueArms())
                .replace("        @COMMANDS@\n", zshArms());
    }

    private String paths() {
        return commands.stream()
                .map(CommandTree::path)
                .filter(path -> !path.isEmpty())
                .map(path -> "'" + path + "'")
                .collect(Collectors.joining(" | "));
    }

    private String valueArms() {
        StringBuilder arms = new StringBuilder();
        special.forEach((pathAndName, kind) -> valueArm(arms, single(pathAndName), kind));
        valued.forEach((name, kind) -> valueArm(arms, "*' " + name + "'", kind));
        return arms.toString();
    }

    private static void valueArm(StringBuilder arms, String pattern, ArgumentKind kind) {
        arms.append("        ").append(pattern).append(") ").append(kind(kind)).append(" ;;\n");
    }

    private static String kind(ArgumentKind kind) {
        return kind.source() == ArgumentKind.Source.WORDS
                ? "candidates=" + single(String.join(" ", kind.words()))
                : "source=" + kind.source().key();
    }

    private String bashArms() {
        StringBuilder arms = new StringBuilder();
        for (CommandTree command : commands) {
            String options = command.options().stream()
                    .flatMap(option -> Stream.of(option.names()))
                    .collect(Collectors.joining(" "));
            arms.append("        ").append(single(command.path())).append(")\n");
            arms.append("            options=").append(single(options)).append('\n');
            arms.append("            ").append(argument(command)).append("\n            ;;\n");
        }
        return arms.toString();
    }

    private String zshArms() {
        StringBuilder arms = new StringBuilder();
        for (CommandTree command : commands) {
            arms.append("        ").append(single(command.path())).append(")\n");
            arms.append("            options=(\n");
            for (OptionSpec option : command.options()) {
                for (String name : option.names()) {
                    arms.append("                ")
                            .append(described(name, CommandTree.brief(option)))
                            .append('\n');
                }
            }
            arms.append("            )\n");
            if (!command.children().isEmpty()) {
                arms.append("            commands=(\n");
                for (CommandTree child : command.children()) {
                    arms.append("                ")
                            .append(described(child.name(), child.summary()))
                            .append('\n');
                }
                arms.append("            )\n");
            }
            arms.append("            ").append(argument(command)).append("\n            ;;\n");
        }
        return arms.toString();
    }

    /** What stands behind a command that is no option. */
    private String argument(CommandTree command) {
        return kind(argumentKind(command));
    }

    private ArgumentKind argumentKind(CommandTree command) {
        if (!command.children().isEmpty()) {
            return new ArgumentKind(
                    ArgumentKind.Source.WORDS,
                    command.children().stream().map(CommandTree::name).toList());
        }
        return command.arguments().stream()
                .findFirst()
                .map(argument -> ArgumentKind.of(argument, catalog))
                .orElse(new ArgumentKind(ArgumentKind.Source.NONE, List.of()));
    }

    /** As zsh's {@code _describe} takes it. */
    private static String described(String name, String description) {
        return single(name.replace(":", "\\:") + ":" + description);
    }

    private static String single(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    // ---- fish ----

    private String fish(String template) {
        StringBuilder lines = new StringBuilder();
        for (CommandTree command : commands) {
            String at = "complete -c mirrorctl -n " + fishQuoted("__mirrorctl_at " + fishQuoted(command.path()));
            for (CommandTree child : command.children()) {
                lines.append(at).append(" -a ").append(child.name());
                lines.append(" -d ").append(fishQuoted(child.summary())).append('\n');
            }
            if (command.children().isEmpty()) {
                String candidates = fishCandidates(argumentKind(command));
                if (!candidates.isEmpty()) {
                    lines.append(at).append(candidates.replace(" -x", "")).append('\n');
                }
            }
            for (OptionSpec option : command.options()) {
                lines.append(at);
                for (String name : option.names()) {
                    lines.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
                }
                if (CommandTree.takesValue(option)) {
                    String candidates = fishCandidates(ArgumentKind.of(option, catalog));
                    lines.append(candidates.isEmpty() ? " -x" : candidates);
                }
                lines.append(" -d ")
                        .append(fishQuoted(CommandTree.brief(option)))
                        .append('\n');
            }
        }
        return template.replace("@VALUED@", String.join(" ", valued.keySet()))
                .replace("@PATHS@", paths().replace(" | ", " "))
                .replace("@LINES@\n", lines);
    }

    private static String fishCandidates(ArgumentKind kind) {
        return switch (kind.source()) {
            case WORDS -> " -x -a " + fishQuoted(String.join(" ", kind.words()));
            case FILE -> " -r -F";
            case FOLDER -> " -x -a '(__fish_complete_directories)'";
            case MIRROR -> " -x -a '(__mirrorctl_mirrors)'";
            case ENTRY -> " -x -a '(__mirrorctl_entries)'";
            case BACKUP -> " -x -a '(__mirrorctl_backups)'";
            case NONE -> "";
        };
    }

    private static String fishQuoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    // ---- PowerShell ----

    private String powershell(String template) {
        StringBuilder values = new StringBuilder();
        for (Map<String, ArgumentKind> kinds : List.of(special, valued)) {
            kinds.forEach((name, kind) -> values.append("        ")
                    .append(doubled(name))
                    .append(" = ")
                    .append(hash(kind))
                    .append('\n'));
        }
        StringBuilder table = new StringBuilder();
        for (CommandTree command : commands) {
            table.append("        ").append(doubled(command.path())).append(" = @{\n");
            table.append("            Options = [ordered]@{\n");
            for (OptionSpec option : command.options()) {
                for (String name : option.names()) {
                    table.append("                ").append(doubled(name)).append(" = ");
                    table.append(doubled(CommandTree.brief(option))).append('\n');
                }
            }
            table.append("            }\n            Argument = ").append(hash(argumentKind(command)));
            table.append("\n        }\n");
        }
        return template.replace("        @VALUES@\n", values).replace("        @COMMANDS@\n", table);
    }

    private static String hash(ArgumentKind kind) {
        String words = kind.words().stream().map(CompletionScript::doubled).collect(Collectors.joining(", "));
        return "@{ Source = " + doubled(kind.source().key()) + "; Words = @(" + words + ") }";
    }

    /** A quote inside PowerShell's single quotes is written twice; typographic ones count as quotes too. */
    private static String doubled(String text) {
        StringBuilder quoted = new StringBuilder("'");
        text.chars().forEach(c -> {
            boolean isQuote = c == '\'' || (c >= 0x2018 && c <= 0x201b);
            quoted.append((char) c).append(isQuote ? String.valueOf((char) c) : "");
        });
        return quoted.append('\'').toString();
    }
}
