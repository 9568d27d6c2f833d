package io.github.mirrorctl.daemon;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.Problem;
import java.util.ArrayList;
import java.util.List;

/** Works out which assignments of a file count for one variable, and refuses what only a running shell could tell. */
final class EffectiveValueReader {
    /** Longer than any command line; assignments that double themselves get there soon. */
    private static final int MAX_LENGTH = 200_000;

    private final SourceText source;
    private final String variable;
    private final String flag;

    /** @param flag the flag whose places must be certain */
    EffectiveValueReader(SourceText source, String variable, String flag) {
        this.source = source;
        this.variable = variable;
        this.flag = flag;
    }

    /**
     * The value after a shell has sourced the file.
     *
     * @throws Fault with the place where only the shell could tell
     */
    EffectiveValue afterShell() {
        ShellScript script = ShellScript.read(source);
        script.steps().stream()
                .filter(EffectiveValueReader::spoilsAll)
                .findFirst()
                .ifPresent(step -> {
                    throw source.refuse("shell-needed", step.start());
                });
        List<ShellScript.Step> steps = script.steps().stream()
                .filter(step -> step.effect() == ShellScript.Effect.OPAQUE
                        || step.assignment().name().equals(variable))
                .toList();
        int base = 0;
        for (int i = 0; i < steps.size(); i++) {
            base = startsAnew(steps.get(i)) ? i : base;
        }
        List<ShellScript.Step> effective = steps.subList(base, steps.size());
        effective.forEach(this::requireCertain);
        List<Assignment> chain =
                effective.stream().map(ShellScript.Step::assignment).toList();
        chain.forEach(assignment -> requireKnown(assignment, script));

        List<Problem> problems = new ArrayList<>();
        steps.subList(0, base).forEach(step -> addOverridden(step.assignment(), problems));
        chain.forEach(assignment -> addShellProblems(assignment, problems));
        return new EffectiveValue(chain, piecesOf(chain), script.comments(), problems);
    }

    /** The value as systemd reads it from an environment file: the last assignment alone, and nothing expanded. */
    EffectiveValue inEnvironmentFile() {
        EnvironmentFileReader.Content content = new EnvironmentFileReader(source).read();
        List<Problem> problems = new ArrayList<>();
        List<Assignment> found = new ArrayList<>();
        for (Assignment assignment : content.assignments()) {
            String name = assignment.name();
            if (name.equals(variable)) {
                found.add(assignment);
            } else if (name.equals("export " + variable) || name.equals(variable + "+")) {
                problems.add(source.warning("line-ignored", assignment.start(), name));
            }
        }
        int last = Math.max(0, found.size() - 1);
        found.subList(0, last).forEach(assignment -> addOverridden(assignment, problems));
        List<Assignment> chain = found.subList(last, found.size());
        return new EffectiveValue(chain, piecesOf(chain), content.comments(), problems);
    }

    /** Nothing behind the end of the script happens, and with other separators every value has other words. */
    private static boolean spoilsAll(ShellScript.Step step) {
        boolean changesSeparators =
                step.assignment().name().equals("IFS") && step.effect() != ShellScript.Effect.PASSES_TO_COMMAND;
        return changesSeparators || step.effect() == ShellScript.Effect.ENDS;
    }

    private boolean startsAnew(ShellScript.Step step) {
        return step.effect() == ShellScript.Effect.ASSIGNS
                && !step.assignment().appends()
                && step.assignment().pieces().stream().noneMatch(this::isReference);
    }

    private boolean isReference(Piece piece) {
        String spelled = spelled(piece);
        return piece.isExpansion() && (spelled.equals("$" + variable) || spelled.equals("${" + variable + "}"));
    }

    private String spelled(Piece piece) {
        return source.text().substring(piece.start(), piece.end());
    }

    private boolean holdsFlag(Assignment assignment) {
        return source.text()
                .substring(assignment.valueStart(), assignment.valueEnd())
                .contains(flag);
    }

    private void requireCertain(ShellScript.Step step) {
        switch (step.effect()) {
            case ASSIGNS -> {}
            case MAY_ASSIGN, OPAQUE, ENDS -> throw source.refuse("shell-needed", step.start());
            case PASSES_TO_COMMAND -> throw source.refuse("unquoted-value", step.start(), variable);
        }
    }

    /** Refuses a value with a part that a shell would have to compute, or that brings mirrors from another variable. */
    private void requireKnown(Assignment assignment, ShellScript script) {
        for (Piece piece : assignment.pieces()) {
            if (!piece.isExpansion() || isReference(piece)) {
                continue;
            }
            String name = spelled(piece).replaceAll("^\\$\\{?|}$", "");
            boolean computed = !name.matches("\\w+|[@*#?$!-]");
            boolean bringsMirrors = script.steps().stream()
                    .map(ShellScript.Step::assignment)
                    .anyMatch(other -> other.name().equals(name) && holdsFlag(other));
            if (computed || bringsMirrors) {
                throw source.refuse("shell-needed", piece.start());
            }
        }
    }

    private void addOverridden(Assignment assignment, List<Problem> problems) {
        if (holdsFlag(assignment)) {
            problems.add(source.warning("overridden-assignment", assignment.start(), variable));
        }
    }

    private void addShellProblems(Assignment assignment, List<Problem> problems) {
        if (assignment.appends()) {
            problems.add(source.warning("append-needs-bash", assignment.start(), variable));
        }
        if (source.text().startsWith("\r\n", assignment.valueEnd())) {
            problems.add(source.error("carriage-return", assignment.start(), variable));
        }
    }

    /** The pieces of the whole value, those of earlier assignments put in where later ones refer to them. */
    private List<Piece> piecesOf(List<Assignment> chain) {
        List<Piece> whole = List.of();
        for (Assignment assignment : chain) {
            List<Piece> next = new ArrayList<>(assignment.appends() ? whole : List.of());
            for (Piece piece : assignment.pieces()) {
                if (isReference(piece)) {
                    next.addAll(whole);
                } else {
                    next.add(piece);
                }
                if (next.size() > MAX_LENGTH) {
                    throw source.refuse("shell-needed", assignment.start());
                }
            }
            whole = next;
        }
        return whole;
    }
}
