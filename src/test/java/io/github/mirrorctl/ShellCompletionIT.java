package io.github.mirrorctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Completes lines in the real shells with the packaged launcher: bash and zsh at a terminal of their own, where the keys
 * are typed as a user would, and fish by its own question for completions.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "script(1) of other systems has other options")
class ShellCompletionIT {
    private static final Path LAUNCHER = Path.of(System.getProperty("mirrorctl.home"), "bin", "mirrorctl");

    /** What is typed, with a tab where completion is asked for, and the arguments that the command gets then. */
    private static final Map<String, String> TYPED = Map.ofEntries(
            Map.entry("mirrorctl li\t--outp\tjs\t", "<list><--output><json>"),
            Map.entry("mirrorctl list --output=pl\t", "<list><--output=plain>"),
            Map.entry("mirrorctl probe daoc\t", "<probe><daocloud>"),
            Map.entry("mirrorctl apply --platform openr\tdaoc\t", "<apply><--platform><openrc><daocloud>"),
            Map.entry("mirrorctl list --catalog my-cata\t", "<list><--catalog><my-catalog.json>"),
            Map.entry(
                    "mirrorctl --lang z\tcheck --docker-info my-cata\t",
                    "<--lang><zh><check><--docker-info><my-catalog.json>"),
            Map.entry("mirrorctl apply --root some-fol\t", "<apply><--root><some-folder>"),
            Map.entry("mirrorctl probe --region i\t--status acti\t", "<probe><--region><ir><--status><active>"),
            Map.entry(
                    "mirrorctl restore --root some-folder 2026\t",
                    "<restore><--root><some-folder><20261124T030000.000Z>"),
            Map.entry("mirrorctl probe --catalog one.json off\t", "<probe><--catalog><one.json><office>"),
            Map.entry("mirrorctl catalog add --region gl\t", "<catalog><add><--region><global>"),
            Map.entry("mirrorctl list --region al\t", "<list><--region><all>"),
            Map.entry("mirrorctl help prob\t", "<help><probe>"),
            Map.entry("mirrorctl completion zs\t", "<completion><zsh>"));

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh"})
    void completes_what_is_typed_at_a_terminal(String shell) throws Exception {
        requireInstalled(shell);
        requireInstalled("script");
        layOutFiles();
        String rc = """
                PS1='> '
                mirrorctl() { printf '<%s>' "$@"; echo; }
                """;
        if (shell.equals("bash")) {
            write(".bashrc", "source <(mirrorctl completion bash)\nbind 'set enable-bracketed-paste off'\n" + rc);
        } else {
            write(".zshrc", "autoload -Uz compinit; compinit -D -u\nsource <(mirrorctl completion zsh)\n" + rc);
        }
        String keys = TYPED.keySet().stream().map(line -> line + "\r").collect(Collectors.joining()) + "exit\r";

        String screen = run(keys, "script", "-qec", shell + " -i", "/dev/null");

        // zsh takes the slash that it put behind a folder away again.
        assertThat(screen.replace("/>", ">")).contains(TYPED.values());
        assertThat(screen).doesNotContain("rror:").doesNotContain("command not found");
    }

    @Test
    void completes_in_fish() throws Exception {
        requireInstalled("fish");
        layOutFiles();
        write("ask.fish", """
                mirrorctl completion fish | source
                for line in $argv
                    echo "? $line"
                    complete -C $line
                end
                """);
        List<String> lines = List.of(
                "mirrorctl che",
                "mirrorctl list --outp",
                "mirrorctl list --output=pl",
                "mirrorctl list -o js",
                "mirrorctl probe daoc",
                "mirrorctl --lang en apply --platform openr",
                "mirrorctl list --catalog my-cata",
                "mirrorctl apply --root some-fol",
                "mirrorctl restore --root some-folder 2026",
                "mirrorctl probe --catalog one.json off",
                "mirrorctl probe --catalog=one.json off",
                "mirrorctl catalog add --region all",
                "mirrorctl list --region a",
                "mirrorctl help prob",
                "mirrorctl check nothing-is-known-her");
        List<String> command = new ArrayList<>(List.of("fish", "ask.fish"));
        command.addAll(lines);

        String answer = run("", command.toArray(String[]::new));

        assertThat(answer.lines().map(line -> line.replaceFirst("\t.*", "")))
                .containsExactly(
                        "? mirrorctl che",
                        "check",
                        "? mirrorctl list --outp",
                        "--output",
                        "? mirrorctl list --output=pl",
                        "--output=plain",
                        "? mirrorctl list -o js",
                        "json",
                        "? mirrorctl probe daoc",
                        "daocloud",
                        "? mirrorctl --lang en apply --platform openr",
                        "openrc",
                        "? mirrorctl list --catalog my-cata",
                        "my-catalog.json",
                        "? mirrorctl apply --root some-fol",
                        "some-folder/",
                        "? mirrorctl restore --root some-folder 2026",
                        "20261124T030000.000Z",
                        "? mirrorctl probe --catalog one.json off",
                        "office",
                        "? mirrorctl probe --catalog=one.json off",
                        "office",
                        "? mirrorctl catalog add --region all",
                        "? mirrorctl list --region a",
                        "all",
                        "? mirrorctl help prob",
                        "probe",
                        "? mirrorctl check nothing-is-known-her");
    }

    /** Where none is installed, the script is at least read and used by whoever has one. */
    @Test
    void completes_in_powershell() throws Exception {
        requireInstalled("pwsh");
        layOutFiles();
        write("ask.ps1", """
                mirrorctl completion powershell | Out-String | Invoke-Expression
                foreach ($line in $args) {
                    (TabExpansion2 $line $line.Length).CompletionMatches | ForEach-Object { $_.CompletionText }
                }
                """);

        String answer = run(
                "",
                "pwsh",
                "-NoProfile",
                "ask.ps1",
                "mirrorctl che",
                "mirrorctl list --outp",
                "mirrorctl list --output=pl",
                "mirrorctl probe daoc",
                "mirrorctl probe --catalog one.json off",
                "mirrorctl probe --catalog='one.json' off",
                "mirrorctl restore --root some-folder 2026",
                "mirrorctl catalog add --region gl");

        assertThat(answer.lines())
                .containsExactly(
                        "check",
                        "--output",
                        "--output=plain",
                        "daocloud",
                        "office",
                        "office",
                        "20261124T030000.000Z",
                        "global");
    }

    private static void requireInstalled(String program) {
        boolean isThere =
                Files.isExecutable(Path.of("/usr/bin", program)) || Files.isExecutable(Path.of("/bin", program));
        assumeTrue(isThere, program + " is not installed");
    }

    private void layOutFiles() throws IOException {
        write("my-catalog.json", "");
        write(
                "one.json",
                "{\"schemaVersion\": 1, \"mirrors\": [{\"id\": \"office\", \"url\": \"https://mirror.example\"}]}");
        Path etc = Files.createDirectories(folder.resolve("some-folder/etc/docker"));
        Files.writeString(etc.resolve("daemon.json"), "{}");
        Files.writeString(etc.resolve("daemon.json.mirrorctl-20261124T030000.000Z-0123456789ab.absent"), "");
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
    }

    /** What the command prints, both streams together. */
    private String run(String typed, String... command) throws IOException, InterruptedException {
        Path keys = Files.writeString(folder.resolve(".keys"), typed);
        Path screen = folder.resolve(".screen");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(keys.toFile())
                .redirectErrorStream(true)
                .redirectOutput(screen.toFile());
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.putAll(Map.of(
                "PATH",
                LAUNCHER.getParent() + ":/usr/bin:/bin",
                "JAVA_HOME",
                System.getProperty("java.home"),
                "HOME",
                folder.toString(),
                "MIRRORCTL_CACHE",
                "",
                "LC_ALL",
                "C.UTF-8",
                "TERM",
                "xterm"));
        Process process = builder.start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        return Files.readString(screen, StandardCharsets.UTF_8);
    }
}
