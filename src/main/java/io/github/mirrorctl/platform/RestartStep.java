package io.github.mirrorctl.platform;

import java.util.Arrays;
import java.util.List;

/**
 * One of the commands that make an engine take its file, as it is run.
 *
 * @param printed as a person pastes it
 * @param words the program and its arguments, without {@code sudo}
 * @param needsRoot whether a person needs {@code sudo} for it
 */
public record RestartStep(String printed, List<String> words, boolean needsRoot) {
    private static final String SUDO = "sudo ";

    public RestartStep {
        words = List.copyOf(words);
    }

    /**
     * Reads commands of {@link Platform}, of which none holds quotes. What begins with a verb and a hyphen is PowerShell's
     * own, and no program.
     */
    public static List<RestartStep> of(List<String> commands) {
        return commands.stream().map(RestartStep::of).toList();
    }

    private static RestartStep of(String printed) {
        boolean needsRoot = printed.startsWith(SUDO);
        String command = needsRoot ? printed.substring(SUDO.length()) : printed;
        List<String> words = command.matches("[A-Z][a-z]+-[A-Z].*")
                ? List.of("powershell", "-NoProfile", "-NonInteractive", "-Command", command)
                : Arrays.asList(command.split(" ", -1));
        return new RestartStep(printed, words, needsRoot);
    }

    /**
     * What tells a process to read its file again. It is the shell's own {@code kill}, since not every machine has the
     * program.
     */
    public static RestartStep hangUp(long process) {
        String command = "kill -HUP " + process;
        return new RestartStep(SUDO + command, List.of("sh", "-c", command), false);
    }
}
