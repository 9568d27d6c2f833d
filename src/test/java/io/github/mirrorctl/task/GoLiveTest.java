package io.github.mirrorctl.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.platform.CommandRunner;
import io.github.mirrorctl.platform.ConfigStore;
import io.github.mirrorctl.platform.EngineApi;
import io.github.mirrorctl.platform.EngineApi.Answer;
import io.github.mirrorctl.platform.EngineApi.Outcome;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.platform.Replacements;
import io.github.mirrorctl.platform.Written;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** An engine, its service manager and the time, all played by the test; nothing of the machine is asked. */
class GoLiveTest {
    private static final String FILE = "/etc/docker/daemon.json";
    private static final String SOCKET = "/run/docker.sock";
    private static final String OLD = "https://old.example";
    private static final String NEW = "https://new.example";
    private static final String RELOAD = "systemctl reload docker";
    private static final String RESTART = "systemctl restart docker";
    private static final String HANG_UP = "sh -c kill -HUP 77";
    private static final CommandRunner.Result GOOD = new CommandRunner.Result(0, "", "", false, false);
    private static final CommandRunner.Result BAD =
            new CommandRunner.Result(1, "", "docker.service is not active,\u001b[2J cannot reload.\n", false, false);

    private final Path top = Jimfs.newFileSystem(Configuration.unix()).getPath("/");
    private Host host = Host.of(top, Map.of(), "Linux", "/root", "root", "amd64");
    private final ConfigStore store = new ConfigStore(host);
    private final List<String> ran = new ArrayList<>();
    private final List<String> steps = new ArrayList<>();
    private long now;

    // What the engine does, which each test changes.
    private Optional<List<String>> shown = Optional.of(List.of(OLD + "/"));
    private String version = "28.5.2";
    private String containers = "[]";
    private CommandRunner.Result result = GOOD;
    private Runnable whenTold = () -> shown = Optional.of(inFile());
    private Outcome trouble = Outcome.NOBODY_THERE;
    private String journal = "";

    @BeforeEach
    void aMachineWithSystemd() throws IOException {
        put("/run/systemd/system/.keep", "");
        put("/lib/systemd/system/docker.service", "[Service]\nExecStart=/usr/bin/dockerd -H fd://\n");
        put(FILE, "{\"registry-mirrors\": [\"" + OLD + "\"]}");
    }

    private void put(String path, String content) throws IOException {
        Path file = top.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private void running(String cgroup, String... words) throws IOException {
        put("/proc/77/cmdline", String.join("\0", words) + "\0");
        put("/proc/77/cgroup", "0::" + cgroup + "\n");
        put("/proc/77/net/unix", "Num\n0: 00000002 00000000 00010000 0001 01 5 " + SOCKET + "\n");
        Files.createDirectories(top.resolve("/proc/77/fd"));
        Files.createSymbolicLink(
                top.resolve("/proc/77/fd/3"), top.getFileSystem().getPath("socket:[5]"));
        Files.createDirectories(top.resolve("/var"));
        Files.createSymbolicLink(top.resolve("/var/run"), top.resolve("/run"));
    }

    /** The list in the file, with the slashes that an engine puts behind. */
    private List<String> inFile() {
        try {
            String text = Files.readString(top.resolve(FILE));
            return Stream.of(OLD, NEW)
                    .filter(text::contains)
                    .map(url -> url + "/")
                    .toList();
        } catch (IOException absent) {
            return List.of();
        }
    }

    private CommandRunner.Result run(List<String> command) {
        if (command.get(0).equals("journalctl")) {
            return new CommandRunner.Result(0, journal, "", false, false);
        }
        ran.add(String.join(" ", command));
        if (result.succeeded()) {
            whenTold.run();
        }
        return result;
    }

    private Answer info() {
        return shown.map(list -> new Answer(
                        Outcome.ANSWERED,
                        "{\"ServerVersion\":\"" + version + "\",\"RegistryConfig\":{\"Mirrors\":"
                                + list.stream().map(url -> '"' + url + '"').collect(Collectors.joining(",", "[", "]"))
                                + "}}"))
                .orElseGet(() -> new Answer(trouble, ""));
    }

    private Means means() {
        return new Means(
                (command, deadline) -> run(command),
                (address, deadline) -> info(),
                (address, deadline) -> new Answer(Outcome.ANSWERED, containers),
                () -> now,
                duration -> now += duration.toNanos(),
                Clock.fixed(Instant.parse("2026-11-24T03:00:00Z"), ZoneOffset.UTC));
    }

    private Reload find(Reload.Mode mode, String... platform) throws InterruptedException {
        Installation.Hints hints = new Installation.Hints(Stream.of(platform).findFirst(), Optional.empty());
        return Reload.find(Installation.find(host, hints), mode, MovedFlags.NONE, false, means());
    }

    private List<Written> write(String content) throws InterruptedException {
        return List.of(store.replace(
                store.read(top.resolve(FILE)),
                content.getBytes(StandardCharsets.UTF_8),
                Instant.parse("2026-11-24T03:00:00Z")));
    }

    private Live live(Reload reload, List<Written> written) {
        return new GoLive(reload, new Replacements(store), means(), (step, waited) -> steps.add(step.name()))
                .run(written, List.of(NEW), List.of(OLD));
    }

    private Live applied(Reload.Mode mode, String... platform) throws InterruptedException {
        Reload reload = find(mode, platform);
        return live(reload, write("{\"registry-mirrors\": [\"" + NEW + "\"]}"));
    }

    private static List<String> codes(Live live) {
        return live.problems().stream().map(Problem::code).toList();
    }

    private List<String> tree() throws IOException {
        try (Stream<Path> all = Files.list(top.resolve("/etc/docker"))) {
            return all.map(file -> String.valueOf(file.getFileName())).sorted().toList();
        }
    }

    @Nested
    class Told {
        @Test
        void by_systemd_it_takes_the_list() throws Exception {
            Live live = applied(Reload.Mode.RELOAD);

            assertThat(live).isEqualTo(new Live(Live.State.RELOADED, false, List.of()));
            assertThat(ran).containsExactly(RELOAD);
            assertThat(inFile()).containsExactly(NEW + "/");
        }

        @Test
        void by_openrc() throws Exception {
            assertThat(applied(Reload.Mode.RELOAD, "openrc").state()).isEqualTo(Live.State.RELOADED);
            assertThat(ran).containsExactly("rc-service docker reload");
        }

        @Test
        void by_a_signal_where_systemd_does_not_run_it() throws Exception {
            running("/user.slice", "/usr/bin/dockerd");

            assertThat(applied(Reload.Mode.RELOAD).state()).isEqualTo(Live.State.RELOADED);
            assertThat(ran).containsExactly(HANG_UP);
        }

        @Test
        void by_systemd_where_that_runs_it() throws Exception {
            running("/system.slice/docker.service", "/usr/bin/dockerd");

            assertThat(applied(Reload.Mode.RELOAD).state()).isEqualTo(Live.State.RELOADED);
            assertThat(ran).containsExactly(RELOAD);
        }

        @Test
        void by_a_signal_where_the_init_script_has_no_reload_but_the_file_is_json() throws Exception {
            running("/", "/usr/bin/dockerd");

            assertThat(applied(Reload.Mode.RELOAD, "sysv").state()).isEqualTo(Live.State.RELOADED);
            assertThat(ran).containsExactly(HANG_UP);
        }

        @Test
        void by_a_signal_where_the_service_manager_fails() throws Exception {
            running("/", "/usr/bin/dockerd");
            Reload reload = find(Reload.Mode.RELOAD, "openrc");
            List<Written> written = write("{\"registry-mirrors\": [\"" + NEW + "\"]}");
            result = BAD;

            live(reload, written);

            assertThat(ran).startsWith("rc-service docker reload", HANG_UP);
        }

        @Test
        void late_it_is_waited_for() throws Exception {
            Reload reload = find(Reload.Mode.RELOAD);
            List<Written> written = write("{\"registry-mirrors\": [\"" + NEW + "\"]}");
            int[] asked = {0};
            whenTold = () -> {};
            Means slow = new Means(
                    (command, deadline) -> run(command),
                    (address, deadline) -> {
                        if (++asked[0] > 20) {
                            shown = Optional.of(inFile());
                        }
                        return info();
                    },
                    (address, deadline) -> new Answer(Outcome.ANSWERED, containers),
                    () -> now,
                    duration -> now += duration.toNanos(),
                    Clock.systemUTC());

            Live live = new GoLive(reload, new Replacements(store), slow, (step, waited) -> steps.add(step.name()))
                    .run(written, List.of(NEW), List.of(OLD));

            assertThat(live.state()).isEqualTo(Live.State.RELOADED);
            assertThat(steps).hasSizeGreaterThan(15).containsOnly("RELOAD");
        }

        @Test
        void though_the_file_was_right_already() throws Exception {
            put(FILE, "{\"registry-mirrors\": [\"" + NEW + "\"]}");

            Live live = live(find(Reload.Mode.RELOAD), List.of());

            assertThat(live.state()).isEqualTo(Live.State.RELOADED);
            assertThat(codes(live)).containsExactly("reload-was-missing");
            assertThat(ran).containsExactly(RELOAD);
        }

        @Test
        void nothing_where_it_has_the_list() throws Exception {
            shown = Optional.of(List.of(NEW + "/"));

            assertThat(live(find(Reload.Mode.RELOAD), List.of()).state()).isEqualTo(Live.State.BEFORE);
            assertThat(ran).isEmpty();
        }

        @Test
        void although_it_has_them_in_another_order() throws Exception {
            shown = Optional.of(List.of(NEW, OLD));
            whenTold = () -> shown = Optional.of(List.of(OLD + "/", NEW + "/"));

            Live live = new GoLive(find(Reload.Mode.RELOAD), new Replacements(store), means(), (step, waited) -> {})
                    .run(List.of(), List.of(OLD, NEW), List.of());

            assertThat(live.state()).isEqualTo(Live.State.RELOADED);
        }
    }

    @Nested
    class Refusing {
        @Test
        void it_gets_the_old_file_back_and_is_told_again() throws Exception {
            whenTold = () -> {};
            journal = "time=\"T\" level=error msg=\"Error reloading configuration\" error=\"invalid mirror\"\n";
            List<String> before = tree();

            Live live = applied(Reload.Mode.RELOAD);

            assertThat(live.state()).isEqualTo(Live.State.NOT_TAKEN);
            assertThat(live.isRolledBack()).isTrue();
            assertThat(codes(live)).containsExactly("list-not-taken", "engine-said", "old-list-live");
            assertThat(live.problems().get(0).arguments()).containsExactly("15", OLD + "/");
            assertThat(live.problems().get(1).arguments())
                    .containsExactly("Error reloading configuration: invalid mirror");
            assertThat(ran).containsExactly(RELOAD, RELOAD);
            assertThat(Files.readString(top.resolve(FILE))).isEqualTo("{\"registry-mirrors\": [\"" + OLD + "\"]}");
            assertThat(tree()).isEqualTo(before);
            assertThat(steps).contains("ROLLBACK");
        }

        @Test
        void it_is_not_waited_for_where_the_command_fails() throws Exception {
            Reload reload = find(Reload.Mode.RELOAD);
            List<Written> written = write("{\"registry-mirrors\": [\"" + NEW + "\"]}");
            result = BAD;

            Live live = live(reload, written);

            assertThat(codes(live)).startsWith("reload-failed").contains("old-list-not-live");
            assertThat(live.problems().get(0).arguments().get(1))
                    .isEqualTo("docker.service is not active,[2J cannot reload.");
            assertThat(live.isRolledBack()).isTrue();
            assertThat(now).isZero();
        }

        @Test
        void it_lives_without_answering_and_is_told_again_all_the_same() throws Exception {
            trouble = Outcome.SILENT;
            whenTold = () -> shown = Optional.empty();

            Live live = applied(Reload.Mode.RELOAD);

            assertThat(ran).containsExactly(RELOAD, RELOAD);
            assertThat(live.isRolledBack()).isTrue();
        }

        @Test
        void it_dies_and_that_is_said() throws Exception {
            running("/", "/usr/bin/dockerd");
            whenTold = () -> shown = Optional.empty();

            Live live = applied(Reload.Mode.RELOAD);

            assertThat(codes(live)).containsExactly("engine-gone", "engine-gone", "old-list-not-live");
            assertThat(live.isRolledBack()).isTrue();
        }

        @Test
        void it_dies_and_is_started_with_the_old_file() throws Exception {
            whenTold = () -> shown = ran.contains("systemctl start docker") ? Optional.of(inFile()) : Optional.empty();

            Live live = applied(Reload.Mode.RELOAD);

            assertThat(codes(live)).containsExactly("engine-gone", "old-list-live");
            assertThat(ran)
                    .containsExactly(
                            RELOAD, "systemctl reset-failed docker.service docker.socket", "systemctl start docker");
        }

        @Test
        void it_keeps_the_new_list_where_the_old_file_names_none() throws Exception {
            put(FILE, "{}");
            Reload reload = find(Reload.Mode.RELOAD);
            List<Written> written = write("{\"registry-mirrors\": [\"" + NEW + "\"]}");
            int[] times = {0};
            whenTold = () -> {
                if (++times[0] == 2) {
                    shown = Optional.of(List.of(NEW + "/"));
                }
            };

            Live live = live(reload, written);

            assertThat(codes(live)).endsWith("list-not-taken", "old-list-not-live");
            assertThat(live.problems().get(live.problems().size() - 1).arguments())
                    .containsExactly("sudo systemctl restart docker");
        }

        @Test
        void the_file_stays_where_somebody_else_changed_it_since() throws Exception {
            whenTold = () -> {
                try {
                    put(FILE, "theirs");
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            };

            Live live = applied(Reload.Mode.RELOAD);

            assertThat(live.state()).isEqualTo(Live.State.NOT_TAKEN);
            assertThat(live.isRolledBack()).isFalse();
            assertThat(codes(live)).endsWith("not-put-back");
            assertThat(Files.readString(top.resolve(FILE))).isEqualTo("theirs");
            assertThat(ran).containsExactly(RELOAD);
        }

        @Test
        void nothing_is_put_back_where_nothing_was_written() throws Exception {
            whenTold = () -> {};

            Live live = live(find(Reload.Mode.RELOAD), List.of());

            assertThat(live.state()).isEqualTo(Live.State.NOT_TAKEN);
            assertThat(live.isRolledBack()).isFalse();
            assertThat(ran).containsExactly(RELOAD);
        }
    }

    @Nested
    class Restarted {
        @Test
        void only_where_that_is_allowed_and_with_the_containers_named() throws Exception {
            version = "17.03.2-ce";
            containers = "[{\"Names\":[\"/web\"]}]";

            Reload reload = find(Reload.Mode.RELOAD);

            assertThatThrownBy(() -> reload.requireAllowed(Reload.Mode.RELOAD))
                    .isInstanceOfSatisfying(Fault.class, fault -> {
                        assertThat(fault.code()).isEqualTo(FaultCode.NEEDS_RESTART);
                        assertThat(fault.arguments()).containsExactly("sudo systemctl restart docker");
                        assertThat(fault.problems())
                                .containsExactly(Problem.of("restart-stops", Problem.Severity.WARNING, "web"));
                    });
            reload.requireAllowed(Reload.Mode.RESTART);
        }

        @Test
        void it_takes_the_list() throws Exception {
            version = "17.03.2-ce";

            assertThat(applied(Reload.Mode.RESTART).state()).isEqualTo(Live.State.RESTARTED);
            assertThat(ran).containsExactly(RESTART);
        }

        @Test
        void not_at_all_where_a_reload_is_enough() throws Exception {
            assertThat(applied(Reload.Mode.RESTART).state()).isEqualTo(Live.State.RELOADED);
            assertThat(ran).containsExactly(RELOAD);
        }

        @Test
        void and_started_where_it_did_not_run() throws Exception {
            shown = Optional.empty();

            assertThat(applied(Reload.Mode.RESTART).state()).isEqualTo(Live.State.RESTARTED);
            assertThat(ran).containsExactly(RESTART);
        }

        @Test
        void in_vain_it_is_restarted_with_the_old_file() throws Exception {
            version = "17.03.2-ce";
            whenTold = () -> shown = ran.contains("systemctl start docker") ? Optional.of(inFile()) : Optional.empty();

            Live live = applied(Reload.Mode.RESTART);

            assertThat(ran)
                    .containsExactly(
                            RESTART, "systemctl reset-failed docker.service docker.socket", "systemctl start docker");
            assertThat(codes(live)).containsExactly("engine-gone", "old-list-live");
        }
    }

    @Nested
    class RefusedBefore {
        private void refused(FaultCode code, Reload.Mode mode, String... platform) {
            assertThatThrownBy(() -> find(mode, platform))
                    .isInstanceOfSatisfying(
                            Fault.class, fault -> assertThat(fault.code()).isEqualTo(code));
            assertThat(ran).isEmpty();
        }

        @Test
        void where_no_engine_answers() {
            shown = Optional.empty();
            for (Outcome outcome :
                    List.of(Outcome.NOBODY_THERE, Outcome.SILENT, Outcome.PERMISSION_DENIED, Outcome.NOT_UNDERSTOOD)) {
                trouble = outcome;
                refused(FaultCode.ENGINE_UNREACHABLE, Reload.Mode.RELOAD);
            }
            trouble = Outcome.SILENT;
            refused(FaultCode.ENGINE_UNREACHABLE, Reload.Mode.RESTART);
        }

        @Test
        void where_the_engine_reads_another_file() throws IOException {
            running("/", "/usr/bin/dockerd", "--config-file", "/etc/other.json");

            refused(FaultCode.ENGINE_READS_ANOTHER, Reload.Mode.RELOAD);
        }

        @Test
        void but_not_where_it_reads_it_by_another_name() throws Exception {
            running("/", "/usr/bin/dockerd", "--config-file=/opt/daemon.json");
            Files.createDirectories(top.resolve("/opt"));
            Files.createSymbolicLink(top.resolve("/opt/daemon.json"), top.resolve(FILE));

            assertThat(find(Reload.Mode.RELOAD).way()).isEqualTo(Reload.Way.SIGNAL);
        }

        @Test
        void where_this_user_may_not_tell_it() {
            host = Host.of(top, Map.of(), "Linux", "/home/a", "a", "amd64");

            refused(FaultCode.RELOAD_DENIED, Reload.Mode.RELOAD);
        }

        @Test
        void where_the_file_is_left_to_its_owner() throws IOException {
            put("/etc/openwrt_release", "");
            put("/etc/init.d/dockerd", "");
            put("/etc/config/dockerd", "config globals 'globals'\n");

            refused(FaultCode.RELOAD_BY_HAND, Reload.Mode.RESTART, "openwrt");
        }
    }

    @Test
    void asks_where_the_client_asks_and_a_rootless_engine_in_its_own_folder() throws Exception {
        Host rootless = Host.of(top, Map.of("XDG_RUNTIME_DIR", "/run/user/7"), "Linux", "/home/a", "a", "amd64");
        Host chosen = Host.of(top, Map.of("DOCKER_HOST", "unix:///tmp/a.sock"), "Linux", "/root", "root", "amd64");

        assertThat(find(Reload.Mode.RELOAD).address()).isEqualTo(EngineApi.usualAddress(host));
        host = chosen;
        assertThat(find(Reload.Mode.RELOAD, "systemd").address()).isEqualTo("unix:///tmp/a.sock");
        host = rootless;
        assertThat(find(Reload.Mode.RELOAD, "rootless").address()).isEqualTo("unix:///run/user/7/docker.sock");
        assertThat(find(Reload.Mode.RELOAD, "rootless").steps().get(0).words())
                .containsExactly("systemctl", "--user", "reload", "docker");
    }

    @Test
    void says_what_else_a_reload_applies_and_what_it_does_not_reach() throws Exception {
        version = "20.10.24";
        running("/", "/usr/bin/dockerd");
        put("/proc/stat", "btime 1700000000\n");
        put("/proc/77/stat", "77 (dockerd) S 1 10 10 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 12 0 12345 999 1\n");

        List<String> changedSince =
                find(Reload.Mode.RELOAD).notes().stream().map(Problem::code).toList();
        write("{}");
        List<String> asWeLeftIt =
                find(Reload.Mode.RELOAD).notes().stream().map(Problem::code).toList();

        assertThat(changedSince).containsExactly("reload-applies-all", "builds-after-restart");
        assertThat(asWeLeftIt).containsExactly("builds-after-restart");
    }

    @Test
    void leaves_what_was_written_where_it_is_interrupted() throws Exception {
        Reload reload = find(Reload.Mode.RELOAD);
        List<Written> written = write("{\"registry-mirrors\": [\"" + NEW + "\"]}");
        whenTold = () -> {};
        Means interrupted = new Means(
                (command, deadline) -> run(command),
                (address, deadline) -> info(),
                (address, deadline) -> new Answer(Outcome.ANSWERED, containers),
                () -> now,
                duration -> {
                    throw new InterruptedException();
                },
                Clock.systemUTC());

        Live live = new GoLive(reload, new Replacements(store), interrupted, (step, waited) -> {})
                .run(written, List.of(NEW), List.of(OLD));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(live.state()).isEqualTo(Live.State.INTERRUPTED);
        assertThat(live.isRolledBack()).isFalse();
        assertThat(inFile()).containsExactly(NEW + "/");
    }
}
