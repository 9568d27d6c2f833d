package io.github.mirrorctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.github.mirrorctl.cli.Run.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code check} finds in the processes of a machine and by its commands, which golden cases cannot show. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the commands are scripts for a shell")
class CheckFindingsTest {
    private static final String FILE = "/etc/docker/daemon.json";
    private static final String UNIT = "/lib/systemd/system/docker.service";
    private static final String MIRROR = "https://a.example";

    private final Path top = Jimfs.newFileSystem(Configuration.unix()).getPath("/");

    @TempDir
    private Path programs;

    private void put(String path, String content) throws IOException {
        Path file = top.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    /** A command of the real machine. */
    private Path program(String name, String script) throws IOException {
        Path program = Files.writeString(programs.resolve(name), "#!/bin/sh\n" + script + "\n");
        return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** A client which says that the mirror runs. */
    private Path docker() throws IOException {
        return program(
                "client",
                "echo '{\"ServerVersion\":\"28.5.2\",\"Driver\":\"overlay2\",\"RegistryConfig\":{\"Mirrors\":[\""
                        + MIRROR + "/\"]}}'");
    }

    private JsonNode check(int exit) throws IOException {
        put("/run/systemd/system/.keep", "");
        return Machine.at(top)
                .run("check", "--docker=" + docker(), "-o", "json")
                .exits(exit)
                .json();
    }

    private static List<String> codes(JsonNode document) {
        return document.findValuesAsText("code");
    }

    private void running(String cgroup, String... words) throws IOException {
        put("/proc/77/cmdline", String.join("\0", words) + "\0");
        put("/proc/77/cgroup", "0::" + cgroup + "\n");
    }

    @ParameterizedTest
    @CsvSource({
        "/system.slice/docker.service, mirror-flag-until-restart, warning, 0",
        "/user.slice/shell, mirror-flag-running, error, 3"
    })
    void names_flags_that_the_process_alone_has(String cgroup, String code, String severity, int exit)
            throws IOException {
        put(FILE, "{\"registry-mirrors\": [\"" + MIRROR + "\"]}");
        put(UNIT, "[Service]\nExecStart=/usr/bin/dockerd -H fd://\n");
        running(cgroup, "/usr/bin/dockerd", "--registry-mirror=" + MIRROR);

        JsonNode document = check(exit);

        assertThat(codes(document)).containsExactly(code);
        assertThat(document.at("/findings/0/severity").asText()).isEqualTo(severity);
    }

    @Test
    void tells_that_the_process_has_read_another_file_than_the_service_would() throws IOException {
        put(FILE, "{\"registry-mirrors\": [\"" + MIRROR + "\"]}");
        put(UNIT, "[Service]\nExecStart=/usr/bin/dockerd\n");
        running("/system.slice/docker.service", "/usr/bin/dockerd", "--config-file=/srv/docker.json");

        assertThat(codes(check(0))).containsExactly("config-file-differs");
    }

    @Test
    void believes_the_process_where_nothing_tells_how_it_is_started() throws IOException {
        put("/srv/docker.json", "{\"registry-mirrors\": [\"" + MIRROR + "\"]}");
        running("/", "/usr/bin/dockerd", "--config-file", "/srv/docker.json");

        JsonNode document = check(0);

        assertThat(document.path("file").asText()).isEqualTo("/srv/docker.json");
        assertThat(codes(document)).containsExactly("config-file-running");
    }

    /** What Docker Desktop or a rootless engine left in a home says nothing of the engine that answers. */
    @ParameterizedTest
    @ValueSource(strings = {"/home/ann/.docker/desktop/.keep", "/home/ann/.config/systemd/user/docker.service"})
    void looks_at_the_file_of_the_engine_that_answers(String leftBehind) throws IOException {
        put(leftBehind, "");
        put(FILE, "{\"registry-mirrors\": [\"" + MIRROR + "\"]}");

        JsonNode document = checkAnswering("\"SecurityOptions\":[],\"DockerRootDir\":\"/var/lib/docker\"", 0);

        assertThat(document.path("verdict").asText()).isEqualTo("active");
        assertThat(document.path("file").asText()).isEqualTo(FILE);
        assertThat(codes(document)).isEmpty();
    }

    @Test
    void names_the_file_that_was_edited_in_vain() throws IOException {
        put("/home/ann/.docker/desktop/.keep", "");
        put("/home/ann/.docker/daemon.json", "{\"registry-mirrors\": [\"https://b.example\"]}");

        JsonNode document = checkAnswering("\"SecurityOptions\":[],\"DockerRootDir\":\"/var/lib/docker\"", 3);

        assertThat(document.path("file").asText()).isEqualTo("/home/ann/.docker/daemon.json");
        assertThat(codes(document)).containsExactly("wrong-file");
        assertThat(document.at("/findings/0/remedy").asText()).isEqualTo("sudo mirrorctl apply --platform systemd");
    }

    @Test
    void asks_for_no_rights_where_the_engine_is_the_users_own() throws IOException {
        put("/home/ann/.config/systemd/user/docker.service", "");
        put("/home/ann/.config/docker/daemon.json", "{\"registry-mirors\": []}");
        Path client = program(
                "client",
                "echo '{\"ServerVersion\":\"28.5.2\",\"SecurityOptions\":[\"name=rootless\"],"
                        + "\"RegistryConfig\":{\"Mirrors\":[]}}'");

        JsonNode document = Machine.at(top)
                .of("ann")
                .run("check", "--docker=" + client, "-o", "json")
                .exits(3)
                .json();

        assertThat(document.findValuesAsText("remedy"))
                .containsExactly("vi /home/ann/.config/docker/daemon.json   # line 1", "mirrorctl apply");
    }

    /** Root may be told to ask a user's engine, whose file root's home does not hold. */
    @Test
    void does_not_compare_a_users_engine_with_roots_own_files() throws IOException {
        put(FILE, "{\"registry-mirrors\": [\"https://b.example\"]}");
        put("/run/systemd/system/.keep", "");
        Path client = program(
                "client",
                "echo '{\"ServerVersion\":\"28.5.2\",\"SecurityOptions\":[\"name=rootless\"],"
                        + "\"DockerRootDir\":\"/home/bea/.local/share/docker\","
                        + "\"RegistryConfig\":{\"Mirrors\":[\"https://a.example/\"]}}'");

        JsonNode document = Machine.at(top)
                .run("check", "--docker=" + client, "-o", "json")
                .exits(3)
                .json();

        assertThat(codes(document)).containsExactly("wrong-file");
        assertThat(document.findValuesAsText("message").get(0)).contains("/home/bea/.config/docker/daemon.json");
    }

    private JsonNode checkAnswering(String fields, int exit) throws IOException {
        put("/run/systemd/system/.keep", "");
        Path client = program(
                "client",
                "echo '{\"ServerVersion\":\"28.5.2\"," + fields + ",\"RegistryConfig\":{\"Mirrors\":[\"" + MIRROR
                        + "/\"]}}'");
        return Machine.at(top)
                .of("ann")
                .run("check", "--docker=" + client, "-o", "json")
                .exits(exit)
                .json();
    }

    @Test
    void judges_no_machine_by_an_engine_that_has_other_files_before_it() throws IOException {
        put(FILE, "{\"registry-mirrors\": [\"" + MIRROR + "\"]}");
        put(UNIT, "[Service]\nExecStart=/usr/bin/dockerd\n");
        running("/elsewhere", "/usr/bin/dockerd", "--config-file=/srv/docker.json", "--registry-mirror=https://b");
        for (String process : List.of("self", "77")) {
            Path folder = Files.createDirectories(top.resolve("/proc/" + process + "/ns"));
            Files.createSymbolicLink(folder.resolve("mnt"), top.getFileSystem().getPath("mnt:[" + process + "]"));
        }

        assertThat(codes(check(0))).isEmpty();
    }

    /** The engine's program can only be run where it really is, so this one is a user's own on the real machine. */
    @Test
    void lets_the_installed_engine_judge_the_file() throws IOException {
        Path dockerd = program("dockerd", """
                if [ "$1" = --version ]; then echo 'Docker version 28.5.2, build x'; exit 0; fi
                grep -q nonsense "$3" || exit 0
                echo "unable to configure the Docker daemon with file $3: bad attribute format: nonsense" >&2
                exit 1""");
        Path unit = Files.createDirectories(programs.resolve("systemd/user")).resolve("docker.service");
        Files.writeString(unit, "[Service]\nExecStart=" + dockerd + "\n");
        Path file = Files.createDirectories(programs.resolve("docker")).resolve("daemon.json");
        Files.writeString(file, "{\"registry-mirrors\": [\"" + MIRROR + "\"], \"labels\": [\"nonsense\"]}");
        Machine machine = Machine.at(Path.of("/")).with("XDG_CONFIG_HOME", programs.toString());

        JsonNode document = machine.run("check", "--platform=rootless", "--docker=" + docker(), "-o", "json")
                .exits(3)
                .json();

        assertThat(document.path("verdict").asText()).isEqualTo("active");
        assertThat(codes(document)).contains("engine-refuses");
        assertThat(document.findValuesAsText("message"))
                .anyMatch(message ->
                        message.contains("bad attribute format: nonsense") && message.contains(file.toString()));
    }
}
