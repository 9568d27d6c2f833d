package io.github.mirrorctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The archive of classes that the launcher makes: it is used where it fits, and where it does not, nothing can be seen of
 * it but the time that a start takes.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the launcher there makes none")
final class ArchiveIT {
    private static final Path PACKAGED = Path.of(System.getProperty("mirrorctl.home"));
    private static final String THIS_JAVA = System.getProperty("java.home");
    /** Of the JDK that stands beside this one where the project is developed. */
    private static final Path OTHER_JAVA = Path.of("/usr/lib/jvm/temurin-25-jdk-amd64");

    private static final long LONGEST_MAKING_MILLIS = 120_000;

    @TempDir
    private static Path shared;

    private static Path home;
    private static Path made;
    private static String answer = "";

    @TempDir
    private Path scratch;

    private Path cache;

    private record Outcome(int exitCode, String stdout, String stderr) {}

    @BeforeAll
    static void make_an_archive() throws Exception {
        home = copy(PACKAGED, shared.resolve("home"));
        made = shared.resolve("cache");
        answer = run(home, Map.of("MIRRORCTL_CACHE", ""), shared, "list").stdout();

        Outcome first = run(home, Map.of("MIRRORCTL_CACHE", made.toString()), shared, "list");

        assertThat(first.stdout()).isEqualTo(answer).contains("https://");
        awaitNote(made);
    }

    @BeforeEach
    void start_with_that_archive() throws IOException {
        cache = copy(made, scratch.resolve("cache"));
    }

    /** What makes an archive at this moment cannot add to what is about to be deleted. */
    @AfterEach
    void put_it_out_of_reach() throws IOException {
        if (cache.startsWith(scratch) && Files.isDirectory(cache)) {
            Files.move(cache, scratch.resolve("out of reach"));
        }
    }

    @Test
    void is_made_once_the_first_command_has_ended_and_nothing_else_is_left() throws Exception {
        assertThat(names(made)).hasSize(2).allMatch(name -> name.matches("light-\\d+(\\.\\d+\\.jsa)?"));
        assertThat(usesArchive(home, THIS_JAVA, "list")).isTrue();
        assertThat(usesArchive(home, THIS_JAVA, "--help")).isTrue();
        assertThat(names(cache)).isEqualTo(names(made));
    }

    /** A shell's {@code $(...)} reads to the end of the stream, which must not come with the end of the archive's making. */
    @Test
    void whoever_reads_the_answer_to_its_end_does_not_wait_for_the_archive() throws Exception {
        cache = scratch.resolve("new");
        // The seventh stands for a lock that the caller holds.
        Process process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "exec env -i PATH=/usr/bin:/bin LC_ALL=C.UTF-8 JAVA_HOME=\"$1\" MIRRORCTL_CACHE=\"$2\" \"$0\" list 7>&1",
                        home.resolve("bin/mirrorctl").toString(),
                        THIS_JAVA,
                        cache.toString())
                .redirectErrorStream(true)
                .start();

        String read = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(names(cache)).noneMatch(name -> name.endsWith(".jsa"));
        assertThat(read).contains("https://docker.m.daocloud.io");
        awaitNote(cache);
    }

    /** As sudo's own terminal is once the command has ended. */
    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "script takes a command in another way elsewhere")
    void is_made_though_the_terminal_is_gone() throws Exception {
        cache = scratch.resolve("new");
        String command = "exec env -i PATH=/usr/bin:/bin LC_ALL=C.UTF-8 JAVA_HOME='" + THIS_JAVA + "' MIRRORCTL_CACHE='"
                + cache + "' '" + home.resolve("bin/mirrorctl") + "' list";

        Process process = new ProcessBuilder("script", "-qec", command, "/dev/null")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();

        assertThat(process.waitFor()).isZero();
        awaitNote(cache);
    }

    @Test
    void what_was_left_by_who_was_ended_goes_with_a_new_one_and_nothing_else_does() throws Exception {
        FileTime longAgo = FileTime.from(Instant.now().minus(Duration.ofHours(2)));
        Path left = cache.resolve("fresh.1.list");
        List<Path> others = List.of(
                cache.resolve("deep-21.1.jsa"),
                cache.resolve("fresh.css"),
                Files.createDirectory(cache.resolve("jdk")).resolve("fresh.1.jsa"));
        for (Path file : others) {
            Files.setLastModifiedTime(Files.createFile(file), longAgo);
        }
        Files.setLastModifiedTime(Files.createFile(left), longAgo);
        Path note = note(cache);
        Files.delete(note);

        run(home, environment(THIS_JAVA), scratch, "list");
        await(() -> !Files.exists(left) && Files.exists(note));

        assertThat(others).allMatch(Files::exists);
    }

    @Test
    void a_jvm_that_makes_none_is_asked_twice() throws Exception {
        Path jdk = scratch.resolve("jdk");
        Files.createDirectories(jdk.resolve("bin"));
        Files.copy(Path.of(THIS_JAVA, "release"), jdk.resolve("release"));
        Path java = Files.writeString(
                jdk.resolve("bin/java"),
                "#!/bin/sh\ncase \" $* \" in *-Xshare:dump*) exit 1 ;; esac\nexec '" + THIS_JAVA
                        + "/bin/java' \"$@\"\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        cache = scratch.resolve("new");

        assertAnswers(home, jdk.toString());
        awaitNoted("failed once");
        assertAnswers(home, jdk.toString());
        awaitNoted("");

        FileTime noted = Files.getLastModifiedTime(note(cache));
        assertAnswers(home, jdk.toString());
        // What makes one begins a second after the command has ended.
        Thread.sleep(2500);
        assertThat(names(cache)).noneMatch(name -> name.matches("fresh.*|.*lock"));
        assertThat(Files.getLastModifiedTime(note(cache))).isEqualTo(noted);
    }

    /** Waits until the note says this in the place of the archive's name. */
    private void awaitNoted(String name) throws Exception {
        await(() -> names(cache).stream().anyMatch(file -> file.matches("light-\\d+"))
                && Files.readString(note(cache)).endsWith("\n" + name + "\n"));
    }

    @Test
    void a_jar_that_was_touched_does_without() throws Exception {
        Path other = copy(home, scratch.resolve("touched"));
        rewriteNote(home.toString(), other.toString());
        Files.setLastModifiedTime(other.resolve("lib/mirrorctl.jar"), FileTime.fromMillis(1_700_000_000_000L));

        assertAnswers(other, THIS_JAVA);
        assertThat(usesArchive(other, THIS_JAVA, "list")).isFalse();
    }

    @Test
    void other_jars_in_the_same_place_do_without() throws Exception {
        rewriteNote(
                Files.readString(home.resolve("lib/build")).strip(),
                Files.readString(home.resolve("lib/build")).strip().replaceAll("[0-9a-f]{8}$", "00000000"));

        assertThat(usesArchive(home, THIS_JAVA, "list")).isFalse();
    }

    @Test
    void a_folder_that_was_moved_does_without() throws Exception {
        Path moved = copy(home, scratch.resolve("moved"));

        assertAnswers(moved, THIS_JAVA);
        assertThat(usesArchive(moved, THIS_JAVA, "list")).isFalse();
        rewriteNote(home.toString(), moved.toString());
        assertAnswers(moved, THIS_JAVA);
    }

    /** The JVM keeps only its own classes for such a folder. */
    @Test
    void a_folder_whose_name_has_blanks_quotes_and_chinese_characters_does_no_harm() throws Exception {
        Path odd = copy(home, scratch.resolve("my 'own' 镜像"));
        cache = scratch.resolve("my 'own' 缓存");

        assertAnswers(odd, THIS_JAVA);
        awaitNote(cache);

        assertAnswers(odd, THIS_JAVA);
    }

    @Test
    void another_jvm_makes_its_own() throws Exception {
        assumeTrue(Files.isDirectory(OTHER_JAVA) && !THIS_JAVA.equals(OTHER_JAVA.toString()), "there is one JDK here");
        Path note = note(cache);

        assertAnswers(home, OTHER_JAVA.toString());
        Path other = cache.resolve("light-25");
        await(() -> Files.exists(other));

        assertThat(usesArchive(home, OTHER_JAVA.toString(), "list")).isTrue();
        assertThat(usesArchive(home, THIS_JAVA, "list")).isTrue();
        // What is not this JVM's, although the note says so.
        Files.writeString(
                note,
                Files.readAllLines(note).get(0) + "\n"
                        + Files.readAllLines(other).get(1) + "\n");
        assertAnswers(home, THIS_JAVA);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1000, 500_000, 9_000_000})
    void half_an_archive_does_no_harm(int length) throws Exception {
        byte[] whole = Files.readAllBytes(archive(cache));
        Files.delete(archive(cache));
        String name = Files.readAllLines(note(cache)).get(1);
        Files.write(cache.resolve(name), java.util.Arrays.copyOf(whole, length));

        assertAnswers(home, THIS_JAVA);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "x", "x\ny\nz\n", "\0\0\0\0"})
    void a_spoilt_note_does_no_harm(String content) throws Exception {
        Files.writeString(note(cache), content);

        assertAnswers(home, THIS_JAVA);
    }

    @Test
    void what_another_could_have_written_is_never_loaded() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can give files away");
        var nobody = cache.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
        var root = Files.getOwner(cache);
        for (Path theirs : List.of(archive(cache), note(cache), cache)) {
            Files.setOwner(theirs, nobody);

            assertThat(usesArchive(home, THIS_JAVA, "list"))
                    .as(theirs.toString())
                    .isFalse();
            assertAnswers(home, THIS_JAVA);

            Files.setOwner(theirs, root);
        }
        assertThat(usesArchive(home, THIS_JAVA, "list")).isTrue();
    }

    @Test
    void what_is_reached_through_a_link_is_never_loaded() throws Exception {
        Path link = Files.createSymbolicLink(scratch.resolve("link"), cache);
        cache = link;

        assertThat(usesArchive(home, THIS_JAVA, "list")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/proc/mirrorctl", "/dev/null", "/dev/null/mirrorctl", "relative", "/a:b", ""})
    void a_folder_that_cannot_be_written_does_no_harm(String folder) throws Exception {
        cache = Path.of(folder);

        assertAnswers(home, THIS_JAVA);
    }

    @Test
    void without_a_home_there_is_none() throws Exception {
        assumeTrue(!System.getProperty("user.name").equals("root"), "root has a folder of its own");

        Outcome outcome = run(home, Map.of("JAVA_HOME", THIS_JAVA), scratch, "list");

        assertThat(outcome).isEqualTo(new Outcome(0, answer, outcome.stderr()));
    }

    @Test
    void first_runs_at_once_make_one() throws Exception {
        cache = scratch.resolve("new");
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            processes.add(start(home, environment(THIS_JAVA), scratch, scratch.resolve("out" + i), "list"));
        }

        for (int i = 0; i < 4; i++) {
            assertThat(processes.get(i).waitFor()).isZero();
            assertThat(scratch.resolve("out" + i)).hasContent(answer);
        }
        awaitNote(cache);
        assertThat(names(cache).stream().filter(name -> name.endsWith(".jsa"))).hasSize(1);
        assertThat(usesArchive(home, THIS_JAVA, "list")).isTrue();
    }

    // --- what is run ---

    private Map<String, String> environment(String java) {
        return Map.of("MIRRORCTL_CACHE", cache.toString(), "JAVA_HOME", java);
    }

    private void assertAnswers(Path where, String java) throws Exception {
        Outcome outcome = run(where, environment(java), scratch, "list");

        assertThat(outcome.stdout()).isEqualTo(answer);
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.stderr()).doesNotContain("warning", "fatal");
    }

    private boolean usesArchive(Path where, String java, String... arguments) throws Exception {
        Path log = scratch.resolve("classes.log");
        Map<String, String> environment = new TreeMap<>(environment(java));
        environment.put("MIRRORCTL_OPTS", "-Xlog:class+load:file=" + log);
        Outcome outcome = run(where, environment, scratch, arguments);
        assertThat(outcome.exitCode()).isZero();
        return Files.readString(log).contains("io.github.mirrorctl.Main source: shared objects file");
    }

    private static Outcome run(Path where, Map<String, String> environment, Path scratch, String... arguments)
            throws Exception {
        Path stdout = Files.createTempFile(scratch, "stdout", null);
        Process process = start(where, environment, scratch, stdout, arguments);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return new Outcome(process.exitValue(), Files.readString(stdout), Files.readString(Path.of(stdout + ".err")));
    }

    private static Process start(
            Path where, Map<String, String> environment, Path scratch, Path stdout, String... arguments)
            throws IOException {
        List<String> command =
                new ArrayList<>(List.of(where.resolve("bin/mirrorctl").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(scratch.toFile())
                .redirectOutput(stdout.toFile())
                .redirectError(Path.of(stdout + ".err").toFile());
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", "/usr/bin:/bin", "JAVA_HOME", THIS_JAVA, "LC_ALL", "C.UTF-8"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    // --- what lies in a cache ---

    private static void awaitNote(Path cache) throws Exception {
        await(() -> names(cache).stream().noneMatch(name -> name.matches(".*lock|fresh.*"))
                && names(cache).stream().anyMatch(name -> name.endsWith(".jsa")));
    }

    private static void await(Callable<Boolean> isThere) throws Exception {
        long end = System.currentTimeMillis() + LONGEST_MAKING_MILLIS;
        while (!isThere.call()) {
            assertThat(System.currentTimeMillis())
                    .as("when the archive is there")
                    .isLessThan(end);
            Thread.sleep(200);
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static Path note(Path cache) throws IOException {
        return cache.resolve(names(cache).stream()
                .filter(name -> name.matches("light-\\d+"))
                .findFirst()
                .orElseThrow());
    }

    private static Path archive(Path cache) throws IOException {
        return cache.resolve(Files.readAllLines(note(cache)).get(1));
    }

    /** So that the JVM has to find out what the note would have told. */
    private void rewriteNote(String from, String to) throws IOException {
        String before = Files.readString(note(cache));
        assertThat(before).contains(from);
        Files.writeString(note(cache), before.replace(from, to));
    }

    private static Path copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        return to;
    }
}
