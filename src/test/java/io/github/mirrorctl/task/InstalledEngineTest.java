package io.github.mirrorctl.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.github.mirrorctl.daemon.EngineVersion;
import io.github.mirrorctl.platform.CommandRunner;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.platform.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The engine of a user whose home is a folder of the test, played by a script. */
@DisabledOnOs(
        value = OS.WINDOWS,
        disabledReason = "only a Unix has an engine that a user may run beside the running one")
class InstalledEngineTest {
    @TempDir
    private Path home;

    private final Map<String, String> environment = new LinkedHashMap<>();

    @BeforeEach
    void atItsRealPlace() throws IOException {
        home = home.toRealPath();
    }

    private Host host() {
        return Host.of(Path.of("/"), environment, "Linux", home.toString(), "someone", "amd64");
    }

    private void unit(String command) throws IOException {
        Path unit = home.resolve(".config/systemd/user/docker.service");
        Files.createDirectories(unit.getParent());
        Files.writeString(unit, "[Service]\nExecStart=" + command + "\n");
    }

    private InstalledEngine find(Host host, Installation.Hints hints) throws InterruptedException {
        return InstalledEngine.find(Installation.find(host, hints), new CommandRunner());
    }

    private static Installation.Hints rootless() {
        return new Installation.Hints(Optional.of("rootless"), Optional.empty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Docker version 28.5.2, build ecc6942               | 28.5.2",
                "Docker version 20.10.24+dfsg1, build 297e128       | 20.10.24",
                "Docker version 18.09.1-ce, build 4c52b90           | 18.9.1",
                "Docker version 29.0.0-rc.3, build abc              | 29.0.0",
                "Docker version library-import, build library-import|",
                "Docker version dev, build 1.2.3.4.5                |",
                "''                                                 |",
            })
    void asks_the_program_that_the_unit_starts_for_its_version(String said, String version) throws Exception {
        FakeDockerd dockerd = new FakeDockerd(home, said, "exit 0");
        unit(dockerd.program() + " --debug");

        InstalledEngine engine = find(host(), rootless());

        assertThat(engine.program()).contains(dockerd.program());
        assertThat(engine.version()).isEqualTo(Optional.ofNullable(version).flatMap(EngineVersion::parse));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--debug -H fd://                                    | --debug,-H,fd://",
                "--config-file /etc/other.json --debug               | --debug",
                "--config-file=/etc/other.json --debug               | --debug",
                "--debug --registry-mirror https://a.example         | --debug",
                "--registry-mirror=https://a.example --ip6tables     | --ip6tables",
                "--debug --registry-mirror                           | --debug",
                "--data-root $ELSEWHERE/data --debug                 | --data-root,--debug",
                "--label 'a b'                                       | --label,a b",
            })
    void hands_on_the_flags_of_the_unit_but_for_those_that_are_judged_otherwise(String given, String left)
            throws Exception {
        FakeDockerd dockerd = new FakeDockerd(home, "Docker version 28.5.2", "exit 0");
        unit(dockerd.program() + " " + given);

        assertThat(InstalledEngine.find(
                                new Installation(
                                        host(),
                                        Platform.ROOTLESS,
                                        Platform.ROOTLESS.daemonJson(host()),
                                        EngineStart.of(host(), Platform.ROOTLESS)),
                                new CommandRunner())
                        .flags())
                .containsExactly(left.split(","));
    }

    @Test
    void finds_a_users_own_program_where_the_unit_starts_a_script_around_it() throws Exception {
        Files.createDirectory(home.resolve("bin"));
        FakeDockerd dockerd = new FakeDockerd(home.resolve("bin"), "Docker version 28.5.2", "exit 0");
        unit(home + "/bin/dockerd-rootless.sh --debug");

        InstalledEngine engine = find(host(), rootless());

        assertThat(engine.program()).isPresent();
        assertThat(engine.flags()).containsExactly("--debug");
        assertThat(dockerd.calls()).isEmpty();
    }

    @Test
    void knows_no_version_of_a_program_that_fails_or_cannot_be_run() throws Exception {
        Path broken = Files.writeString(home.resolve("dockerd"), "no program");
        unit(broken.toString());

        InstalledEngine engine = find(host(), rootless());

        assertThat(engine.program()).contains(broken);
        assertThat(engine.version()).isEmpty();
    }

    @Test
    void runs_nothing_below_another_root_or_in_another_file_system() throws Exception {
        FakeDockerd dockerd = new FakeDockerd(home, "Docker version 28.5.2", "exit 0");
        unit(dockerd.program().toString());
        Host elsewhere = Host.of(
                Jimfs.newFileSystem(Configuration.unix()).getPath("/"), Map.of(), "Linux", "/root", "root", "amd64");

        assertThat(find(host().withRoot(home), rootless())).isEqualTo(InstalledEngine.UNKNOWN);
        assertThat(find(elsewhere, rootless())).isEqualTo(InstalledEngine.UNKNOWN);
    }

    @Test
    void runs_nothing_for_a_file_that_is_not_the_engines() throws Exception {
        FakeDockerd dockerd = new FakeDockerd(home, "Docker version 28.5.2", "exit 0");
        unit(dockerd.program().toString());
        Path other = home.resolve("other.json");

        assertThat(find(host(), new Installation.Hints(Optional.of("rootless"), Optional.of(other))))
                .isEqualTo(InstalledEngine.UNKNOWN);
    }

    @Test
    void runs_nothing_where_the_client_talks_to_another_machine() throws Exception {
        FakeDockerd dockerd = new FakeDockerd(home, "Docker version 28.5.2", "exit 0");
        unit(dockerd.program().toString());
        environment.put("DOCKER_HOST", "tcp://10.0.0.1:2375");

        assertThat(find(host(), rootless())).isEqualTo(InstalledEngine.UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({"desktop-mac", "snap", "synology", "windows-engine"})
    void runs_nothing_for_an_engine_that_no_user_may_start(String platform) throws Exception {
        assertThat(find(host(), new Installation.Hints(Optional.of(platform), Optional.empty())))
                .isEqualTo(InstalledEngine.UNKNOWN);
    }
}
