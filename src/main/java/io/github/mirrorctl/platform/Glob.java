package io.github.mirrorctl.platform;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A pattern for names in one folder, as glob(7) has it: no braces, no double stars, and no leading dot unasked. */
final class Glob {
    private static final String OF_REGEX = "\\[]{}()^$.|?*+&-";

    private final String glob;
    private final Pattern pattern;

    private Glob(String glob) {
        this.glob = glob;
        this.pattern = Pattern.compile(regex(glob), Pattern.DOTALL);
    }

    /** Empty for a name that stands for itself. */
    static Optional<Glob> parse(String name) {
        return name.matches(".*[*?\\[\\\\].*") ? Optional.of(new Glob(name)) : Optional.empty();
    }

    /** What it stands for in a folder, sorted by name; nothing where that is not there or may not be read. */
    List<Path> in(Path folder) {
        return SmallFiles.in(folder, "*").stream()
                .filter(file -> matches(String.valueOf(file.getFileName())))
                .toList();
    }

    boolean matches(String name) {
        boolean isHidden = name.startsWith(".") && !glob.startsWith(".");
        return !isHidden && pattern.matcher(name).matches();
    }

    private static String regex(String glob) {
        StringBuilder regex = new StringBuilder();
        int at = 0;
        while (at < glob.length()) {
            char c = glob.charAt(at);
            int end = c == '[' ? glob.indexOf(']', at + (isNegated(glob, at) ? 3 : 2)) : -1;
            if (end > 0) {
                regex.append(setOf(glob.substring(at + 1, end)));
                at = end;
            } else if (c == '*' || c == '?') {
                regex.append(c == '*' ? ".*" : ".");
            } else {
                at += c == '\\' && at + 1 < glob.length() ? 1 : 0;
                regex.append(literal(glob.charAt(at)));
            }
            at++;
        }
        return regex.toString();
    }

    private static boolean isNegated(String glob, int bracket) {
        return glob.startsWith("!", bracket + 1) || glob.startsWith("^", bracket + 1);
    }

    /** Between its ends a hyphen makes a range in both languages. */
    private static String setOf(String inside) {
        boolean negated = inside.startsWith("!") || inside.startsWith("^");
        String members = negated ? inside.substring(1) : inside;
        StringBuilder set = new StringBuilder(negated ? "[^" : "[");
        for (int i = 0; i < members.length(); i++) {
            char c = members.charAt(i);
            boolean isRange = c == '-' && i > 0 && i + 1 < members.length();
            set.append(isRange ? "-" : literal(c));
        }
        return set.append(']').toString();
    }

    private static String literal(char c) {
        return OF_REGEX.indexOf(c) < 0 ? String.valueOf(c) : "\\" + c;
    }
}
