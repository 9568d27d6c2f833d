package io.github.mirrorctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the packaged launcher as its users do: a process with an environment, a folder and arguments of its own. */
class LauncherIT {

    private static final boolean WINDOWS = File.separatorChar == '\\';
    private static final Path HOME = Path.of(System.getProperty("mirrorctl.home"));
    private static final String THIS_JAVA = System.getProperty("java.home");
    private static final String SYSTEM_PATH = WINDOWS ? System.getenv("PATH") : "/usr/bin:/bin";
    private static final String AWKWARD = WINDOWS ? "my tools 镜像" : "my 'own' \"tools\" 镜像 #1 %20 $HOME * ?";

    /** Prints how it was called, one argument a line, in place of a Java. */
    private static final String ECHOING_JAVA = "#!/bin/sh\nprintf '<%s>\\n' \"$@\"\nexit 42\n";

    private final Map<String, String> environment = new TreeMap<>();

    @TempDir
    private Path scratch;

    @BeforeEach
    void start_from_an_environment_without_java() throws IOException {
        environment.put("PATH", SYSTEM_PATH);
        environment.put("MIRRORCTL_CACHE", "");
        scratch = scratch.toRealPath();
    }

    @Test
    void prints_its_version_and_succeeds() throws Exception {
        environment.put("JAVA_HOME", THIS_JAVA);

        Outcome outcome = run(launcher(HOME), "--version");

        assertThat(outcome.stdout()).startsWith("mirrorctl ").hasLineCount(1);
        assertThat(outcome.exitCode()).isZero();
    }

    @Test
    void passes_the_exit_code_of_a_usage_error_through() throws Exception {
        environment.put("JAVA_HOME", THIS_JAVA);

        Outcome outcome = run(launcher(HOME), "--no-such-option");

        assertThat(outcome.stdout()).isEmpty();
        assertThat(outcome.stderr()).isNotBlank();
        assertThat(outcome.exitCode()).isEqualTo(2);
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "/dev/full is Linux's")
    void tells_a_script_that_its_answer_was_lost() throws Exception {
        environment.put("JAVA_HOME", THIS_JAVA);
        String command = "\"" + launcher(HOME) + "\" list ";

        Outcome full = run(Path.of("/bin/sh"), "-c", command + ">/dev/full");
        assertThat(full.exitCode()).isEqualTo(5);
        assertThat(full.stderr()).contains("could not be written");

        assertThat(run(Path.of("/bin/sh"), "-c", command + ">&-").exitCode()).isEqualTo(5);
        Outcome seenEnough = run(Path.of("/bin/sh"), "-c", "{ " + command + "; echo $? >&2; } | head -n 1");
        assertThat(seenEnough.stderr()).endsWith("0\n").doesNotContain("could not");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void reads_from_a_pipe_that_a_shell_made() throws Exception {
        environment.put("JAVA_HOME", THIS_JAVA);
        String info = "printf 'Server Version: 28\\nRegistry Mirrors:\\n https://a/\\n'";

        Outcome outcome = run(
                Path.of("/bin/sh"), "-c", info + " | cat | \"" + launcher(HOME) + "\" check --docker-info /dev/stdin");

        assertThat(outcome.stdout()).contains("https://a/");
        assertThat(outcome.exitCode()).isZero();
    }

    @Test
    void runs_from_a_folder_whose_name_has_blanks_quotes_and_chinese_characters() throws Exception {
        environment.put("JAVA_HOME", THIS_JAVA);
        Path home = copyOfHome(scratch.resolve(AWKWARD));

        Outcome outcome = run(launcher(home), "--version");

        assertThat(outcome.stdout()).startsWith("mirrorctl ");
        assertThat(outcome.exitCode()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "C", "POSIX", "zh_CN.UTF-8", "xx_XX.utf8@none", "C.UTF-8"})
    @DisabledOnOs(OS.WINDOWS)
    void takes_chinese_paths_in_the_c_locale_and_in_one_that_is_not_there(String locale) throws Exception {
        environment.put("LC_ALL", locale);

        takesChinesePaths();
    }

    /** As a login from elsewhere leaves it: what is set beside the locale's encoding is not there either. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void takes_chinese_paths_where_only_the_language_is_one_that_is_not_there() throws Exception {
        environment.put("LC_ALL", "");
        environment.put("LC_CTYPE", "C.UTF-8");
        environment.put("LANG", "xx_XX.UTF-8");

        takesChinesePaths();
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "the folder is glibc's")
    void takes_chinese_paths_in_a_locale_of_another_encoding_that_is_not_there_and_answers_in_that() throws Exception {
        Path utf8 = Path.of("/usr/lib/locale/C.utf8");
        assumeTrue(Files.isDirectory(utf8), utf8 + " is not here");
        Path locales = Files.createDirectory(scratch.resolve("locales"));
        Files.createSymbolicLink(locales.resolve("C.utf8"), utf8);
        environment.put("LOCPATH", locales.toString());
        environment.put("LC_ALL", "");
        environment.put("LANG", "zh_CN.GBK");

        takesChinesePaths();
        String command = "\"" + launcher(HOME) + "\" list 2>&1 | iconv -f GBK -t UTF-8";
        assertThat(run(Path.of("/bin/sh"), "-c", command).stdout()).contains("等级");
    }

    @ParameterizedTest
    @CsvSource({"LC_ALL, zh_CN.UTF-8", "LC_MESSAGES, zh_CN.UTF-8", "LANG, zh_CN.utf8"})
    @DisabledOnOs(OS.WINDOWS)
    void speaks_the_language_of_a_locale_that_is_not_there(String variable, String locale) throws Exception {
        environment.put("JAVA_HOME", THIS_JAVA);
        environment.put("LC_ALL", "");
        environment.put("LC_CTYPE", "en_US.UTF-8");
        environment.put(variable, locale);

        assertThat(run(launcher(HOME), "list").stdout()).contains("等级");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void refuses_names_in_another_encoding_than_the_locales() throws Exception {
        environment.put("JAVA_HOME", THIS_JAVA);
        environment.put("LC_ALL", "C.UTF-8");
        String start = "cd \"" + scratch + "\"; gbk=$(printf '\\326\\320'); mkdir $gbk; m=\"" + launcher(HOME) + "\"; ";

        Outcome file = run(Path.of("/bin/sh"), "-c", start + "\"$m\" apply --no-probe daocloud --config $gbk.json");
        assertThat(file.stderr()).contains("\uFFFD\uFFFD.json", "LC_ALL").hasLineCount(1);
        assertThat(file.exitCode()).isEqualTo(5);

        Outcome folder = run(
                Path.of("/bin/sh"),
                "-c",
                "cd \"" + scratch + "\"/[!a-z]*; \"" + launcher(HOME) + "\" apply --no-probe daocloud --root .");
        assertThat(folder.stderr()).contains("LC_ALL").hasLineCount(1);
        assertThat(folder.exitCode()).isEqualTo(5);
        assertThat(scratch.resolve("\uFFFD\uFFFD")).doesNotExist();
        assertThat(scratch.resolve("\uFFFD\uFFFD.json")).doesNotExist();
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "macOS names files in UTF-8 in every locale")
    void refuses_chinese_names_in_a_java_that_was_started_without_the_launcher_in_the_c_locale() throws Exception {
        environment.put("LC_ALL", "C");
        environment.put("HOME", "/家");
        List<String> java = List.of(
                THIS_JAVA + "/bin/java",
                "-cp",
                HOME.resolve("lib/mirrorctl.jar").toString(),
                "io.github.mirrorctl.Main");
        Path folder = Files.createDirectory(scratch.resolve("目录"));

        for (String arguments : List.of("list", "check --docker-info /信息", "apply --root . --no-probe daocloud")) {
            List<String> command = new ArrayList<>(java);
            command.addAll(List.of(arguments.split(" ")));
            Outcome outcome = run(folder, command);

            assertThat(outcome.stderr()).as(arguments).startsWith("error: ").contains("LC_ALL");
            assertThat(outcome.exitCode()).as(arguments).isEqualTo(5);
        }
        assertThat(scratch.resolve("??????")).doesNotExist();
    }

    private void takesChinesePaths() throws IOException, InterruptedException {
        environment.put("JAVA_HOME", THIS_JAVA);
        environment.put("HOME", Files.createDirectory(scratch.resolve("家")).toString());
        Path home = copyOfHome(scratch.resolve("镜像"));
        Path root = Files.createDirectories(scratch.resolve("根 目录"));

        Outcome outcome = run(
                root,
                List.of(launcher(home).toString(), "apply", "--root", ".", "--no-probe", "daocloud", "-o", "json"));

        assertThat(outcome.stderr()).isEmpty();
        assertThat(root.resolve("etc/docker/daemon.json")).exists();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void runs_through_a_chain_of_absolute_and_relative_links() throws Exception {
        environment.put("JAVA_HOME", THIS_JAVA);
        Path home = copyOfHome(scratch.resolve("opt").resolve(AWKWARD));
        Path bin = Files.createDirectories(scratch.resolve("-b 链"));
        Files.createSymbolicLink(bin.resolve("absolute"), launcher(home));
        Files.createSymbolicLink(bin.resolve("relative"), Path.of("absolute"));
        Files.createSymbolicLink(scratch.resolve("folder"), bin);
        Path last = Files.createSymbolicLink(scratch.resolve("mirrorctl"), Path.of("folder", "relative"));

        Outcome outcome = run(last, "--version");

        assertThat(outcome.stdout()).startsWith("mirrorctl ");
        assertThat(outcome.exitCode()).isZero();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void runs_through_a_linked_bin_folder() throws Exception {
        environment.put("JAVA_HOME", THIS_JAVA);
        Path bin = Files.createSymbolicLink(
                scratch.resolve("bin"), copyOfHome(scratch.resolve("opt")).resolve("bin"));

        Outcome outcome = run(bin.resolve("mirrorctl"), "--version");

        assertThat(outcome.stdout()).startsWith("mirrorctl ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sh", "dash", "busybox sh", "bash --posix", "bash", "ksh"})
    @DisabledOnOs(OS.WINDOWS)
    void runs_under_every_posix_shell_that_is_here(String shell) throws Exception {
        List<String> command = new ArrayList<>(List.of(shell.split(" ")));
        assumeTrue(Files.isExecutable(Path.of("/bin", command.get(0))), shell + " is not installed");
        environment.put("JAVA_HOME", THIS_JAVA);
        command.add(launcher(HOME).toString());
        command.add("--version");

        Outcome outcome = run(scratch, command);

        assertThat(outcome.stderr()).isEmpty();
        assertThat(outcome.stdout()).startsWith("mirrorctl ");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void takes_java_from_path_when_java_home_is_not_set() throws Exception {
        Path jdk = fakeJdk("17.0.15");
        environment.put("PATH", jdk.resolve("bin") + ":" + SYSTEM_PATH);

        Outcome outcome = run(launcher(HOME), "list");

        assertThat(outcome.stdout()).contains("<list>");
        assertThat(outcome.stderr()).isEmpty();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void prefers_java_home_to_path() throws Exception {
        Path jdk = fakeJdk("25.0.3");
        environment.put("PATH", fakeJdk("17").resolve("bin") + ":" + SYSTEM_PATH);
        environment.put("JAVA_HOME", jdk.toString());
        Files.writeString(jdk.resolve("bin/java"), "#!/bin/sh\necho from JAVA_HOME\n");

        Outcome outcome = run(launcher(HOME), "list");

        assertThat(outcome.stdout()).isEqualTo("from JAVA_HOME\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no such folder", "1.8.0_392", "11.0.2"})
    @DisabledOnOs(OS.WINDOWS)
    void says_in_one_line_that_java_home_is_of_no_use_and_takes_java_from_path(String wrong) throws Exception {
        Path jdk = wrong.startsWith("1") ? fakeJdk(wrong) : scratch.resolve(wrong);
        environment.put("JAVA_HOME", jdk.toString());
        environment.put("PATH", fakeJdk("21").resolve("bin") + ":" + SYSTEM_PATH);

        Outcome outcome = run(launcher(HOME), "list");

        assertThat(outcome.stderr()).hasLineCount(1).contains("JAVA_HOME=" + jdk, "改用");
        assertThat(outcome.stdout()).contains("<list>");
        assertThat(outcome.exitCode()).isEqualTo(42);
    }

    @Test
    void says_in_both_languages_that_there_is_no_java() throws Exception {
        environment.put("PATH", Files.createDirectory(scratch.resolve("empty")).toString());
        if (WINDOWS) {
            environment.merge(
                    "PATH", System.getenv("SystemRoot") + "\\System32", (empty, system) -> empty + ";" + system);
        }

        Outcome outcome = run(launcher(HOME), "--version");

        assertThat(outcome.exitCode()).isEqualTo(5);
        assertThat(outcome.stdout()).isEmpty();
        assertThat(outcome.stderr())
                .contains("Java 17 or newer is needed", "looked in:", "JAVA_HOME", "PATH", "found:", "what to do:")
                .contains("需要 Java 17 或更高版本", "解决办法");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.8.0_392", "9", "11.0.2", "16.0.1", "17-ea", "17", "26-internal"})
    @DisabledOnOs(OS.WINDOWS)
    void reads_the_version_from_the_release_file(String version) throws Exception {
        Path jdk = fakeJdk(version);
        boolean fit = version.startsWith("17") || version.startsWith("26");
        environment.put("PATH", jdk.resolve("bin").toString());

        Outcome outcome = run(launcher(HOME), "list");

        assertThat(outcome.exitCode()).isEqualTo(fit ? 42 : 5);
        if (!fit) {
            assertThat(outcome.stderr()).contains(jdk.resolve("bin/java") + " (Java " + version + ")");
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void passes_over_an_old_java_on_path_for_a_newer_one_behind_it() throws Exception {
        environment.put(
                "PATH", fakeJdk("11").resolve("bin") + ":" + fakeJdk("21").resolve("bin"));

        Outcome outcome = run(launcher(HOME), "list");

        assertThat(outcome.exitCode()).isEqualTo(42);
        assertThat(outcome.stderr()).isEmpty();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void finds_the_release_file_behind_a_link_to_java() throws Exception {
        Path bin = Files.createDirectory(scratch.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("java"), fakeJdk("11.0.2").resolve("bin/java"));
        environment.put("PATH", bin + ":" + onlyReadlink());

        Outcome outcome = run(launcher(HOME), "list");

        assertThat(outcome.stderr()).contains(bin.resolve("java") + " (Java 11.0.2)");
        assertThat(outcome.exitCode()).isEqualTo(5);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void asks_a_java_without_a_release_file_for_its_version() throws Exception {
        Path jdk = fakeJdk("11.0.2");
        Files.delete(jdk.resolve("release"));
        Files.writeString(jdk.resolve("bin/java"), "#!/bin/sh\necho 'java version \"1.8.0_5\"' >&2\n");
        environment.put("PATH", jdk.resolve("bin").toString());

        Outcome outcome = run(launcher(HOME), "list");

        assertThat(outcome.stderr()).contains(jdk.resolve("bin/java") + " (Java 1.8.0_5)");
        assertThat(outcome.exitCode()).isEqualTo(5);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void says_that_a_java_does_not_start() throws Exception {
        Path jdk = fakeJdk("17");
        Files.delete(jdk.resolve("release"));
        Files.writeString(jdk.resolve("bin/java"), "#!/bin/sh\nexit 1\n");
        environment.put("PATH", jdk.resolve("bin").toString());

        Outcome outcome = run(launcher(HOME), "list");

        assertThat(outcome.stderr()).contains(jdk.resolve("bin/java") + " (does not start");
        assertThat(outcome.exitCode()).isEqualTo(5);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void hands_arguments_over_unchanged() throws Exception {
        environment.put("PATH", fakeJdk("17").resolve("bin") + ":" + SYSTEM_PATH);
        List<String> arguments = List.of(
                "a  b", "", "*", "?", "'", "\"", "\\", "$HOME", "`id`", "-", "--", "中文", "tab\there", "two\nlines", "");

        Outcome outcome = run(launcher(HOME), arguments.toArray(String[]::new));

        assertThat(outcome.stdout()).endsWith("Main>\n<" + String.join(">\n<", arguments) + ">\n");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void tells_the_program_the_path_it_was_called_by() throws Exception {
        environment.put("PATH", fakeJdk("17").resolve("bin") + ":" + SYSTEM_PATH);
        Path home = copyOfHome(scratch.resolve(AWKWARD));

        Outcome absolute = run(launcher(home));
        Outcome relative = run(home, List.of("./bin/mirrorctl"));

        assertThat(absolute.stdout()).contains("<-Dmirrorctl.launcher=" + launcher(home) + ">");
        assertThat(relative.stdout()).contains("<-Dmirrorctl.launcher=" + launcher(home) + ">");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void hands_the_users_own_flags_to_the_jvm_after_its_own() throws Exception {
        environment.put("PATH", fakeJdk("17").resolve("bin") + ":" + SYSTEM_PATH);
        environment.put("MIRRORCTL_OPTS", " -Xmx1g   -Dglob=* ");

        Outcome outcome = run(launcher(HOME), "list");

        assertThat(outcome.stdout().lines())
                .containsSubsequence("<-Xmx256m>", "<-Xmx1g>", "<-Dglob=*>", "<io.github.mirrorctl.Main>", "<list>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-XX:+UseParallelGC", "-XX:+UseG1GC", "-XX:+UseSerialGC -Xms300m", "-Xms300m"})
    @DisabledOnOs(OS.WINDOWS)
    void starts_where_a_collector_or_a_heap_is_chosen_for_all_java_programs(String options) throws Exception {
        environment.put("JAVA_HOME", THIS_JAVA);
        environment.put("JAVA_TOOL_OPTIONS", options);

        assertThat(run(launcher(HOME), "list").exitCode()).isZero();
        assertThat(run(launcher(HOME), "apply", "--none", "--dry-run", "--root", scratch.toString())
                        .exitCode())
                .isZero();
        Outcome measured = run(launcher(HOME), "probe", "--depth", "ping", "http://127.0.0.1:9");
        assertThat(measured.stdout()).contains("refused");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void becomes_the_java_so_that_signals_reach_it() throws Exception {
        Path jdk = fakeJdk("17");
        Files.writeString(jdk.resolve("bin/java"), "#!/bin/sh\necho $$\n");
        environment.put("PATH", jdk.resolve("bin") + ":" + SYSTEM_PATH);

        Outcome outcome = run(launcher(HOME), "list");

        assertThat(outcome.stdout()).isEqualTo(outcome.pid() + "\n");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void keeps_what_the_jvm_says_off_stdout() throws Exception {
        environment.put("JAVA_HOME", THIS_JAVA);
        environment.put("MIRRORCTL_OPTS", "-XX:SharedArchiveFile=/no/such/archive -XX:MaxNewSize=1g");

        Outcome outcome = run(launcher(HOME), "--version");

        assertThat(outcome.stdout()).startsWith("mirrorctl ").hasLineCount(1);
    }

    @Test
    void says_which_jar_is_missing() throws Exception {
        environment.put("JAVA_HOME", THIS_JAVA);
        Path home = copyOfHome(scratch.resolve("half"));
        Files.delete(home.resolve("lib/mirrorctl.jar"));

        Outcome outcome = run(launcher(home), "--version");

        assertThat(outcome.stderr()).contains("mirrorctl.jar", "is missing");
        assertThat(outcome.exitCode()).isEqualTo(5);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void says_that_java_cannot_run_from_a_folder_with_a_colon() throws Exception {
        environment.put("JAVA_HOME", THIS_JAVA);
        Path home = copyOfHome(scratch.resolve("a:b"));

        Outcome outcome = run(launcher(home), "--version");

        assertThat(outcome.stderr()).contains("a:b", "another folder", "别的目录");
        assertThat(outcome.exitCode()).isEqualTo(5);
    }

    private static Path launcher(Path home) {
        return home.resolve("bin").resolve(WINDOWS ? "mirrorctl.cmd" : "mirrorctl");
    }

    private static Path copyOfHome(Path target) throws IOException {
        try (Stream<Path> files = Files.walk(HOME)) {
            for (Path file : files.toList()) {
                Path copy = target.resolve(HOME.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        return target;
    }

    /** A folder that looks like a JDK of this version and whose java prints its arguments and exits with 42. */
    private Path fakeJdk(String version) throws IOException {
        Path jdk = scratch.resolve("jdk " + version);
        Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(
                jdk.resolve("release"),
                "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version
                        + "\"\nJAVA_VERSION_DATE=\"2025-04-15\"\nOS_NAME=\"Linux\"\n");
        Path java = Files.writeString(jdk.resolve("bin/java"), ECHOING_JAVA);
        assertThat(java.toFile().setExecutable(true)).isTrue();
        return jdk;
    }

    /** A folder for PATH with this one system tool in it and surely no java. */
    private Path onlyReadlink() throws IOException {
        Path folder = Files.createDirectory(scratch.resolve("tools"));
        Path tool =
                Files.writeString(folder.resolve("readlink"), "#!/bin/sh\nPATH=/usr/bin:/bin\nexec readlink \"$@\"\n");
        assertThat(tool.toFile().setExecutable(true)).isTrue();
        return folder;
    }

    private Outcome run(Path launcher, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        return run(scratch, command);
    }

    private Outcome run(Path folder, List<String> command) throws IOException, InterruptedException {
        Path stdout = Files.createTempFile(scratch, "stdout", null);
        Path stderr = Files.createTempFile(scratch, "stderr", null);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(ProcessBuilder.Redirect.PIPE)
                .redirectOutput(stdout.toFile())
                .redirectError(stderr.toFile());
        builder.environment().keySet().removeIf(LauncherIT::concernsJava);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError("still running after a minute: " + command);
        }
        return new Outcome(process.pid(), process.exitValue(), read(stdout), read(stderr));
    }

    private static boolean concernsJava(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return upper.startsWith("JAVA")
                || upper.startsWith("JDK")
                || upper.startsWith("MIRRORCTL")
                || upper.equals("PATH")
                || upper.equals("_JAVA_OPTIONS");
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }

    private record Outcome(long pid, int exitCode, String stdout, String stderr) {}
}
