package io.github.mirrorctl.task;

import io.github.mirrorctl.platform.ConfigTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a person does where the mirrors stand in a file that is not ours to write.
 *
 * @param code of the sentence that says what to do with the lines; its words stand in the message bundles under
 *     {@code by-hand.}
 * @param file what that sentence names
 * @param lines to put there, or to run
 * @param areCommands whether the lines are to be run
 * @param commands what makes the engine take them then; empty where the sentence ends with that
 */
public record Instruction(String code, String file, List<String> lines, boolean areCommands, List<String> commands) {

    public Instruction {
        lines = List.copyOf(lines);
        commands = List.copyOf(commands);
    }

    /** How these mirrors get into the installation's file; empty where this program writes that itself. */
    static Optional<Instruction> of(Installation installation, List<String> mirrors) {
        ConfigTarget target = installation.target();
        List<String> commands = installation.platform().commands();
        String file = target.file().toString();
        return switch (target.format()) {
            case DAEMON_JSON, DOCKER_OPTS -> Optional.empty();
            case UCI -> Optional.of(new Instruction("uci", file, uci(mirrors), true, commands));
            case COLIMA_YAML -> Optional.of(new Instruction("colima-yaml", file, colimaYaml(mirrors), false, commands));
            case LIMA_YAML -> Optional.of(new Instruction("lima-yaml", file, limaYaml(mirrors), false, commands));
            case START_SCRIPT -> Optional.of(new Instruction("start-script", file, script(mirrors), false, commands));
            case DESKTOP_SETTINGS ->
                Optional.of(new Instruction(installation.platform().key(), file, member(mirrors), false, List.of()));
        };
    }

    private static List<String> uci(List<String> mirrors) {
        String list = "dockerd.globals.registry_mirrors";
        List<String> commands = new ArrayList<>();
        commands.add("uci -q delete " + list);
        mirrors.forEach(url -> commands.add("uci add_list " + list + "='" + url.replace("'", "'\\''") + "'"));
        commands.add("uci commit dockerd");
        return commands;
    }

    private static List<String> colimaYaml(List<String> mirrors) {
        if (mirrors.isEmpty()) {
            return List.of("docker:", "  registry-mirrors: []");
        }
        List<String> lines = new ArrayList<>(List.of("docker:", "  registry-mirrors:"));
        mirrors.forEach(url -> lines.add("    - " + url));
        return lines;
    }

    private static List<String> limaYaml(List<String> mirrors) {
        return Stream.concat(
                        Stream.of("provision:", "- mode: system", "  script: |"),
                        script(mirrors).stream().map(line -> "    " + line))
                .toList();
    }

    private static List<String> script(List<String> mirrors) {
        List<String> lines = new ArrayList<>();
        lines.add("#!/bin/sh");
        lines.add("mkdir -p /etc/docker");
        lines.add("cat >/etc/docker/daemon.json <<'EOF'");
        lines.add("{");
        member(mirrors).forEach(line -> lines.add("  " + line));
        lines.add("}");
        lines.add("EOF");
        return lines;
    }

    private static List<String> member(List<String> mirrors) {
        if (mirrors.isEmpty()) {
            return List.of("\"registry-mirrors\": []");
        }
        List<String> lines = new ArrayList<>();
        lines.add("\"registry-mirrors\": [");
        for (int i = 0; i < mirrors.size(); i++) {
            lines.add("  \"" + mirrors.get(i) + (i < mirrors.size() - 1 ? "\"," : "\""));
        }
        lines.add("]");
        return lines;
    }
}
