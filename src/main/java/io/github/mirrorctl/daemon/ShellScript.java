package io.github.mirrorctl.daemon;

import io.github.mirrorctl.fault.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a shell file does to variables, as far as it can be told without running it.
 *
 * @param steps in their order
 * @param comments where comments begin that stand outside every block
 */
record ShellScript(List<Step> steps, List<Integer> comments) {
    private static final Pattern ASSIGNMENT = Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)(\\+?)=");
    /** An expansion that sets the variable where it has no value: {@code ${NAME:=value}}. */
    private static final Pattern ASSIGNING_EXPANSION =
            Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*):?=.*", Pattern.DOTALL);

    private static final Set<String> OPENING = Set.of("if", "while", "until", "for", "case", "{", "function");
    private static final Set<String> CLOSING = Set.of("fi", "done", "esac", "}");
    private static final Set<String> INSIDE = Set.of("then", "else", "elif", "do", "!");
    private static final Set<String> DECLARING = Set.of("export", "readonly", "declare", "typeset");
    private static final Set<String> SETTING = Set.of(".", "source", "eval", "unset", "read");
    private static final Set<String> ENDING = Set.of("exit", "return", "exec");

    /** What a command stands in front of that the shell runs in a process of its own. */
    private static final Set<String> IN_A_PROCESS = Set.of("|", "&");

    /** How sure the effect of a step is. */
    enum Effect {
        ASSIGNS,
        /** An assignment in a block, behind {@code &&}, in a sub-shell or in an expansion: it may or may not happen. */
        MAY_ASSIGN,
        /** An assignment in front of a command: it holds for this command alone. */
        PASSES_TO_COMMAND,
        /** A command that may set any variable. */
        OPAQUE,
        /** A command that ends the script, so that nothing behind it happens. */
        ENDS
    }

    /** A step; an opaque one and one that ends the script assign a variable without a name. */
    record Step(Effect effect, Assignment assignment) {
        int start() {
            return assignment.start();
        }
    }

    ShellScript {
        steps = List.copyOf(steps);
        comments = List.copyOf(comments);
    }

    /**
     * Reads a file.
     *
     * @throws Fault where a quote is not closed, and at a here-document
     */
    static ShellScript read(SourceText source) {
        List<Step> steps = new ArrayList<>();
        List<Integer> comments = new ArrayList<>();
        List<ShellLexer.Token> command = new ArrayList<>();
        int blocks = 0;
        int parentheses = 0;
        boolean conditional = false;
        boolean redirected = false;
        for (ShellLexer.Token token : new ShellLexer(source).tokens()) {
            String spelled = source.text().substring(token.start(), token.end());
            switch (token.kind()) {
                case WORD -> {
                    if (!redirected) {
                        blocks += command.isEmpty() ? blockChange(spelled) : 0;
                        addWord(command, token, spelled);
                    }
                    redirected = false;
                }
                case COMMENT -> {
                    if (blocks == 0 && parentheses == 0) {
                        comments.add(token.start());
                    }
                }
                case LINE_BREAK, OPERATOR -> {
                    redirected = spelled.startsWith("<") || spelled.startsWith(">");
                    if (spelled.equals("<<")) {
                        throw source.refuse("shell-needed", token.start());
                    }
                    boolean goesOn = command.isEmpty() && token.kind() == ShellLexer.TokenKind.LINE_BREAK;
                    if (redirected || goesOn) {
                        continue;
                    }
                    boolean certain =
                            blocks == 0 && parentheses == 0 && !conditional && !IN_A_PROCESS.contains(spelled);
                    addSteps(source, command, certain, steps);
                    command.clear();
                    conditional = spelled.equals("&&") || spelled.equals("||") || spelled.equals("|");
                    parentheses += spelled.equals("(") ? 1 : spelled.equals(")") && parentheses > 0 ? -1 : 0;
                }
            }
        }
        addSteps(source, command, blocks == 0 && parentheses == 0 && !conditional, steps);
        return new ShellScript(steps, comments);
    }

    private static int blockChange(String word) {
        if (OPENING.contains(word)) {
            return 1;
        }
        return CLOSING.contains(word) ? -1 : 0;
    }

    /** Collects a command's words; the words that open, part and close blocks are not among them. */
    private static void addWord(List<ShellLexer.Token> command, ShellLexer.Token token, String spelled) {
        boolean reserved = command.isEmpty()
                && (INSIDE.contains(spelled) || OPENING.contains(spelled) || CLOSING.contains(spelled));
        if (!reserved) {
            command.add(token);
        }
    }

    private static void addSteps(SourceText source, List<ShellLexer.Token> command, boolean certain, List<Step> steps) {
        List<Assignment> assignments = new ArrayList<>();
        String name = "";
        for (ShellLexer.Token token : command) {
            addExpansions(source, token, steps);
            Matcher assignment = ASSIGNMENT.matcher(source.text()).region(token.start(), token.end());
            if ((name.isEmpty() || DECLARING.contains(name)) && assignment.lookingAt()) {
                assignments.add(assignment(token, assignment));
            } else if (name.isEmpty()) {
                name = source.text().substring(token.start(), token.end());
                if (SETTING.contains(name)) {
                    steps.add(unnamed(Effect.OPAQUE, token));
                } else if (ENDING.contains(name) && certain) {
                    steps.add(unnamed(Effect.ENDS, token));
                }
            }
        }
        boolean passes = !name.isEmpty() && !DECLARING.contains(name);
        Effect effect = passes ? Effect.PASSES_TO_COMMAND : certain ? Effect.ASSIGNS : Effect.MAY_ASSIGN;
        assignments.forEach(assignment -> steps.add(new Step(effect, assignment)));
    }

    private static void addExpansions(SourceText source, ShellLexer.Token token, List<Step> steps) {
        for (Piece piece : token.pieces()) {
            Matcher expansion = ASSIGNING_EXPANSION.matcher(source.text()).region(piece.start(), piece.end());
            if (piece.isExpansion() && expansion.matches()) {
                Assignment possible = new Assignment(
                        expansion.group(1),
                        token.start(),
                        token.end(),
                        token.end(),
                        false,
                        Piece.Quote.NONE,
                        List.of());
                steps.add(new Step(Effect.MAY_ASSIGN, possible));
            }
        }
    }

    private static Step unnamed(Effect effect, ShellLexer.Token token) {
        Assignment unnamed =
                new Assignment("", token.start(), token.end(), token.end(), false, Piece.Quote.NONE, List.of());
        return new Step(effect, unnamed);
    }

    private static Assignment assignment(ShellLexer.Token token, Matcher found) {
        int valueStart = found.end();
        List<Piece> pieces = token.pieces().stream()
                .filter(piece -> piece.start() >= valueStart)
                .toList();
        return new Assignment(
                found.group(1),
                token.start(),
                valueStart,
                token.end(),
                !found.group(2).isEmpty(),
                token.closed(),
                pieces);
    }
}
