package io.github.mirrorctl.platform;

/** Words of command lines that people paste into a shell. */
public final class ShellWord {
    private ShellWord() {}

    /** The word as a POSIX shell reads it back, quoted only where it has to be. */
    public static String quoted(String word) {
        boolean isPlain = !word.isEmpty()
                && word.chars().allMatch(c -> Character.isLetterOrDigit(c) || "-_=./:@,+%".indexOf(c) >= 0);
        return isPlain ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
