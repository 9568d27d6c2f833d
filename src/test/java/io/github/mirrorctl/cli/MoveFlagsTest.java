package io.github.mirrorctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mirrors that are given to dockerd as flags, in every place where a machine can hold them. */
class MoveFlagsTest {
    private static final String OWN = "https://own.example";
    private static final String FLAG = "--registry-mirror=" + OWN;
    private static final String FILE = "/etc/docker/daemon.json";
    private static final String OPTIONS = "/etc/default/docker";
    private static final String DROP_IN = "/etc/systemd/system/docker.service.d/10-mirrors.conf";
    /** The lines that matter of the unit in Debian's docker.io 20.10.24. */
    private static final String DEBIAN = "[Service]\nEnvironmentFile=-/etc/default/docker\n"
            + "ExecStart=/usr/sbin/dockerd -H fd:// $DOCKER_OPTS\nExecReload=/bin/kill -s HUP $MAINPID\n";

    private static final String UNIT = "/lib/systemd/system/docker.service";

    private final Path top = Jimfs.newFileSystem(Configuration.unix()).getPath("/");
    private final Run.Machine machine = Run.Machine.at(top).with("XDG_CONFIG_HOME", "");

    private void put(String path, String content) throws IOException {
        Path file = top.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private String text(String path) throws IOException {
        return Files.readString(top.resolve(path));
    }

    private Run apply(String... more) {
        List<String> args = new ArrayList<>(List.of("apply", "--no-probe", "daocloud"));
        args.addAll(List.of(more));
        return machine.run(args.toArray(String[]::new));
    }

    private Run move(String... more) {
        return apply(Stream.concat(Stream.of("--move-flags"), Stream.of(more)).toArray(String[]::new));
    }

    private void running(int id, String cgroup, String... words) throws IOException {
        put("/proc/" + id + "/cmdline", String.join("\0", words) + "\0");
        put("/proc/" + id + "/cgroup", "0::" + cgroup + "\n");
    }

    private List<String> tree() throws IOException {
        try (Stream<Path> all = Files.walk(top)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> file + " " + read(file))
                    .sorted()
                    .toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Nested
    class Found {
        /** The place, the unit, the content of the place, and the line that must be named. */
        @ParameterizedTest(name = "{0}")
        @CsvSource({
            "/lib/systemd/system/docker.service, '', '[Service]%ExecStart=/usr/bin/dockerd \\%  FLAG', 3",
            "/usr/lib/systemd/system/docker.service, '', '[Service]%ExecStart=/usr/bin/dockerd FLAG', 2",
            "/usr/local/lib/systemd/system/docker.service, DEBIAN, '[Service]%ExecStart=/usr/bin/dockerd FLAG', 2",
            "/etc/systemd/system/docker.service, DEBIAN, '[Service]%ExecStart=/usr/bin/dockerd FLAG', 2",
            "/etc/systemd/system.control/docker.service.d/x.conf, DEBIAN, '[Service]%Environment=\"DOCKER_OPTS=-D FLAG\"', 2",
            "/run/systemd/system/docker.service.d/x.conf, DEBIAN, '[Service]%ExecStart=%ExecStart=dockerd FLAG', 3",
            "/usr/lib/systemd/system/docker.service.d/x.conf, DEBIAN, '[Service]%ExecStart=%ExecStart=dockerd FLAG', 3",
            "/etc/systemd/system/service.d/x.conf, DEBIAN, '[Service]%Environment=DOCKER_OPTS=FLAG', 2",
            "/etc/default/docker, DEBIAN, '# ours%%DOCKER_OPTS=\"-D FLAG\"', 3",
            "/etc/default/docker, DEBIAN, 'DOCKER_OPTS=\"--registry-mirror https://own.example\"', 1",
        })
        void under_systemd(String place, String unit, String content, int line) throws IOException {
            put("/run/systemd/system/.keep", "");
            if (unit.equals("DEBIAN")) {
                put(UNIT, DEBIAN);
            }
            put(place, content.replace('%', '\n').replace("FLAG", FLAG) + "\n");
            List<String> before = tree();

            Run run = apply().exits(4);

            assertThat(run.err()).contains(place + ":" + line + ")", OWN, "--move-flags", "keep the flags");
            assertThat(tree()).isEqualTo(before);
            apply("--dry-run").exits(4);
        }

        @ParameterizedTest(name = "{0}")
        @CsvSource({
            "/etc/default/docker, /etc/init.d/docker, 'DOCKER_OPTS=\"FLAG\"'",
            "/etc/sysconfig/docker, /etc/init.d/docker, 'other_args=\"FLAG\"'",
            "/etc/conf.d/docker, /etc/init.d/docker /sbin/openrc-run, 'DOCKER_OPTS=\"FLAG\"'",
            "/etc/default/docker, /etc/init/docker.conf /sbin/initctl, 'DOCKER_OPTS=\"FLAG\"'",
            "/etc/init.d/docker, /etc/init.d/docker, 'exec dockerd FLAG'",
        })
        void where_an_init_script_starts_it(String place, String traces, String content) throws IOException {
            for (String trace : traces.split(" ", -1)) {
                put(trace, "");
            }
            put(FILE, "{\"registry-mirrors\": []}");
            put(place, "\n" + content.replace("FLAG", FLAG) + "\n");

            assertThat(apply().exits(4).err()).contains(place + ":2)", OWN);
        }

        @Test
        void in_the_user_s_service_of_a_rootless_engine() throws IOException {
            put("/root/.config/systemd/user/docker.service", "[Service]\nExecStart=/usr/bin/dockerd-rootless.sh\n");
            put("/etc/systemd/user/docker.service.d/m.conf", "[Service]\nEnvironmentFile=%h/docker.env\n");
            put(
                    "/usr/share/systemd/user/docker.service.d/z.conf",
                    "[Service]\nExecStart=\nExecStart=/usr/bin/dockerd-rootless.sh $OPTS\n");
            put("/root/docker.env", "OPTS=" + FLAG + "\n");

            assertThat(apply("--platform", "rootless").exits(4).err()).contains("/root/docker.env:1)", OWN);
        }

        @Test
        void in_the_last_of_the_files_that_a_pattern_names() throws IOException {
            put(UNIT, "[Service]\nEnvironmentFile=-/etc/docker.d/[0-9]*.env\nExecStart=/usr/bin/dockerd $OPTS\n");
            put("/etc/docker.d/10-a.env", "OPTS=--registry-mirror=https://outranked.example\n");
            put("/etc/docker.d/20-b.env", "# ours\nOPTS=\"-D " + FLAG + "\"\n");
            put("/etc/docker.d/x.env", "OPTS=-D\n");

            Run run = apply().exits(4);

            assertThat(run.err()).contains("/etc/docker.d/20-b.env:2)", OWN).doesNotContain("outranked");
            move().exits(0);
            assertThat(text("/etc/docker.d/20-b.env")).isEqualTo("# ours\nOPTS=\"-D\"\n");
            assertThat(text(FILE)).contains(OWN);
        }

        @Test
        void in_a_running_process_that_no_file_explains() throws IOException {
            running(4711, "/user.slice", "/usr/bin/dockerd", "--registry-mirror", OWN);

            Run run = apply("--platform", "systemd").exits(4);

            assertThat(run.err()).contains("process 4711", OWN);
            assertThat(top.resolve(FILE)).doesNotExist();
            move("--platform", "systemd").exits(4);
        }

        @Test
        void in_the_service_that_was_not_restarted_and_then_only_says_so() throws IOException {
            put(UNIT, DEBIAN);
            running(4711, "/system.slice/docker.service", "/usr/sbin/dockerd", FLAG);

            Run run = apply().exits(0);

            assertThat(run.err()).contains("process 4711", "until it is restarted");
            assertThat(run.out()).contains("systemctl restart docker").doesNotContain("reload docker\n");
        }

        @Test
        void not_in_a_process_inside_a_container() throws IOException {
            running(4711, "/", "/usr/bin/dockerd", FLAG);
            put("/proc/4711/status", "Name:\tdockerd\nNSpid:\t4711\t1\n");

            apply("--platform", "systemd").exits(0);
        }
    }

    @Nested
    class NotInEffect {
        @ParameterizedTest(name = "{0}")
        @CsvSource({
            "a commented-out line, /etc/default/docker, '#DOCKER_OPTS=\"FLAG\"'",
            "a name that systemd does not take, /etc/default/docker, 'export DOCKER_OPTS=\"FLAG\"'",
            "a later assignment, /etc/default/docker, 'DOCKER_OPTS=FLAG%DOCKER_OPTS=-D'",
            "a reset of ExecStart, /etc/systemd/system/docker.service.d/a.conf, "
                    + "'[Service]%ExecStart=%ExecStart=dockerd FLAG%ExecStart=%ExecStart=dockerd'",
            "a file outranks the unit, /etc/systemd/system/docker.service.d/a.conf, "
                    + "'[Service]%Environment=DOCKER_OPTS=FLAG%EnvironmentFile=/etc/b'",
            "an unset variable, /etc/systemd/system/docker.service.d/a.conf, "
                    + "'[Service]%Environment=DOCKER_OPTS=FLAG%UnsetEnvironment=DOCKER_OPTS'",
            "not a drop-in, /etc/systemd/system/docker.service.d/a.conf.bak, '[Service]%ExecStart=dockerd FLAG'",
            "a later folder's of the same name, /usr/lib/systemd/system/docker.service.d/same.conf, "
                    + "'[Service]%Environment=DOCKER_OPTS=FLAG'",
            "masked, /usr/lib/systemd/system/docker.service.d/masked.conf, '[Service]%Environment=DOCKER_OPTS=FLAG'",
            "another variable, /etc/default/docker, 'OPTIONS=\"FLAG\"'",
            "not read by any unit, /etc/sysconfig/docker, 'DOCKER_OPTS=\"FLAG\"'",
        })
        void so_nothing_is_in_the_way(String why, String place, String content) throws IOException {
            put(UNIT, DEBIAN);
            put("/etc/b", "DOCKER_OPTS=-D\n");
            put("/etc/systemd/system/docker.service.d/same.conf", "[Service]\n");
            Files.createSymbolicLink(
                    top.resolve("/etc/systemd/system/docker.service.d/masked.conf"), top.resolve("/dev/null"));
            put(place, content.replace('%', '\n').replace("FLAG", FLAG) + "\n");

            apply().exits(0);
            assertThat(text(FILE)).contains("registry-mirrors");
        }

        @Test
        void in_a_masked_unit() throws IOException {
            put("/lib/systemd/system/docker.service", "[Service]\nExecStart=dockerd " + FLAG + "\n");
            Files.createDirectories(top.resolve("/etc/systemd/system"));
            Files.createSymbolicLink(top.resolve("/etc/systemd/system/docker.service"), top.resolve("/dev/null"));

            apply("--platform", "systemd").exits(0);
        }
    }

    @Nested
    class Moved {
        @Test
        void out_of_docker_opts_and_back_with_one_id() throws IOException {
            put(UNIT, DEBIAN);
            String options = "# ours\nDOCKER_OPTS=\"--debug " + FLAG + " --label 'a=b'\"   \nexport X=1";
            put(OPTIONS, options);
            put(FILE, "{\n\t\"icc\" : false }\n");

            JsonNode applied = move("-o", "json").exits(0).json();

            assertThat(text(OPTIONS)).isEqualTo(options.replace(FLAG + " ", ""));
            assertThat(text(FILE)).contains("\"icc\" : false", OWN, "https://docker.m.daocloud.io");
            assertThat(applied.at("/flagFiles/0/file").asText()).isEqualTo(OPTIONS);
            assertThat(applied.at("/commands").toString()).isEqualTo("[\"sudo systemctl restart docker\"]");
            assertThat(applied.at("/fallbackCommands")).isEmpty();
            assertThat(applied.at("/diff").asText()).contains("--- " + OPTIONS, "--- " + FILE);
            List<String> once = tree();
            assertThat(move("-o", "json").exits(0).json().at("/changed").asBoolean())
                    .isFalse();
            assertThat(tree()).isEqualTo(once);

            String id = machine.run("restore", "--list", "-o", "json")
                    .json()
                    .at("/backups/0/id")
                    .asText();
            JsonNode restored =
                    machine.run("restore", id, "-o", "json").exits(0).json();

            assertThat(text(OPTIONS)).isEqualTo(options);
            assertThat(text(FILE)).isEqualTo("{\n\t\"icc\" : false }\n");
            assertThat(restored.at("/flagFiles/0/file").asText()).isEqualTo(OPTIONS);
            assertThat(restored.at("/commands").toString()).isEqualTo("[\"sudo systemctl restart docker\"]");
            machine.run("restore").exits(0);
            assertThat(text(OPTIONS)).isEqualTo(options.replace(FLAG + " ", ""));
        }

        @Test
        void out_of_a_drop_in_that_then_has_to_be_read_again() throws IOException {
            put(UNIT, DEBIAN);
            String dropIn =
                    "[Service]\nExecStart=\n# keep\nExecStart=/usr/sbin/dockerd -H fd:// \\\n  --registry-mirror " + OWN
                            + " \\\n# why\n  --debug $DOCKER_OPTS\n";
            put(DROP_IN, dropIn);

            Run run = move().exits(0);

            assertThat(text(DROP_IN)).isEqualTo(dropIn.replace(" \\\n  --registry-mirror " + OWN, ""));
            assertThat(run.out())
                    .contains("systemctl daemon-reload\n  sudo systemctl restart docker", "a reload is not enough");
        }

        @Test
        void out_of_a_package_s_unit_by_a_drop_in() throws IOException {
            String unit = "[Service]\nEnvironment=\"A=" + FLAG + " -D\"\n" + "ExecStart=/usr/bin/dockerd -H fd:// "
                    + FLAG + " $A ${B}x\n";
            put(UNIT, unit);
            put("/etc/systemd/system/docker.service.d/override.conf", "[Service]\nEnvironment=B=1\n");

            JsonNode applied = move("-o", "json").exits(0).json();

            String dropIn = applied.at("/flagFiles/0/file").asText();
            assertThat(text(UNIT)).isEqualTo(unit);
            assertThat(dropIn).isEqualTo("/etc/systemd/system/docker.service.d/override.mirrorctl.conf");
            assertThat(text(dropIn))
                    .endsWith("[Service]\nEnvironment=\"A= -D\"\nExecStart=\n"
                            + "ExecStart=/usr/bin/dockerd -H fd:// $A ${B}x\n");
            assertThat(applied.at("/commands/0").asText()).isEqualTo("sudo systemctl daemon-reload");

            machine.run("restore").exits(0);
            assertThat(top.resolve(dropIn)).doesNotExist();
            assertThat(apply().exits(4).err()).contains(UNIT + ":3)");
        }

        @Test
        void out_of_the_shell_file_of_a_sysv_script() throws IOException {
            put("/etc/init.d/docker", "#!/bin/sh\n. /etc/default/docker\n");
            put(OPTIONS, "DOCKER_OPTS='" + FLAG + " -D' # \u955c\u50cf\n");

            JsonNode applied = move("-o", "json").exits(0).json();

            assertThat(text(OPTIONS)).isEqualTo("DOCKER_OPTS='-D' # \u955c\u50cf\n");
            assertThat(text(FILE)).contains(OWN);
            assertThat(applied.at("/commands").toString()).isEqualTo("[\"sudo service docker restart\"]");
        }

        @Test
        void where_flag_and_file_are_equal_already() throws IOException {
            put(UNIT, DEBIAN);
            put(OPTIONS, "DOCKER_OPTS=" + FLAG + "\n");
            String file = "{\"registry-mirrors\": [\"" + OWN + "\", \"https://docker.m.daocloud.io\"]}";
            put(FILE, file);

            move().exits(0);

            assertThat(text(OPTIONS)).isEqualTo("DOCKER_OPTS=\"\"\n");
            assertThat(text(FILE)).isEqualTo(file);
            machine.run("restore").exits(0);
            assertThat(text(OPTIONS)).isEqualTo("DOCKER_OPTS=" + FLAG + "\n");
        }

        @Test
        void with_all_mirrors_dropped() throws IOException {
            put(UNIT, DEBIAN);
            put(OPTIONS, "DOCKER_OPTS=" + FLAG + "\n");

            machine.run("apply", "--none", "--move-flags").exits(0);

            assertThat(text(OPTIONS)).isEqualTo("DOCKER_OPTS=\"\"\n");
            assertThat(text(FILE)).contains("\"registry-mirrors\": []");
        }

        @Test
        void not_under_a_dry_run() throws IOException {
            put(UNIT, DEBIAN);
            put(OPTIONS, "DOCKER_OPTS=" + FLAG + "\n");
            List<String> before = tree();

            Run run = move("--dry-run").exits(0);

            assertThat(run.out()).contains("-DOCKER_OPTS=" + FLAG, "+DOCKER_OPTS=", "--- /dev/null");
            assertThat(tree()).isEqualTo(before);
        }

        @Test
        void not_out_of_a_script_that_only_a_person_can_change() throws IOException {
            put("/etc/init.d/docker", "#!/bin/sh\nexec dockerd " + FLAG + " $DOCKER_OPTS\n");
            List<String> before = tree();

            assertThat(move().exits(4).err()).contains("/etc/init.d/docker:2)", "by hand");
            assertThat(tree()).isEqualTo(before);
        }

        @Test
        void or_neither_file_changes() throws IOException {
            put(UNIT, DEBIAN);
            put(OPTIONS, "DOCKER_OPTS=" + FLAG + "\n");
            put(FILE + "/in-the-way", "");

            move().exits(5);

            assertThat(text(OPTIONS)).isEqualTo("DOCKER_OPTS=" + FLAG + "\n");
        }

        @Test
        void and_undone_where_the_run_was_killed_between_the_two_writes() throws IOException {
            put(UNIT, DEBIAN);
            put(OPTIONS, "DOCKER_OPTS=" + FLAG + "\n");
            put(FILE, "{\"debug\": true}\n");
            move().exits(0);
            // All backups are made and the flags are gone before the file is written.
            put(FILE, "{\"debug\": true}\n");

            Run check = machine.run("check", "--docker", "/no/docker", "-o", "json");
            Run apply = apply("--dry-run").exits(0);
            machine.run("restore").exits(0);

            assertThat(check.out()).contains("\"move-interrupted\"", "cut off", OPTIONS, "mirrorctl restore 2");
            assertThat(apply.err()).contains("cut off", "mirrorctl restore 2");
            assertThat(text(OPTIONS)).isEqualTo("DOCKER_OPTS=" + FLAG + "\n");
            assertThat(text(FILE)).isEqualTo("{\"debug\": true}\n");
        }

        @Test
        void and_not_restored_over_what_somebody_changed_since() throws IOException {
            put(UNIT, DEBIAN);
            put(OPTIONS, "DOCKER_OPTS=" + FLAG + "\n");
            move().exits(0);
            put(OPTIONS, "DOCKER_OPTS=--debug\n");
            String file = text(FILE);

            assertThat(machine.run("restore").exits(4).err()).contains(OPTIONS);

            assertThat(text(FILE)).isEqualTo(file);
            machine.run("restore", "--force").exits(0);
            assertThat(text(OPTIONS)).isEqualTo("DOCKER_OPTS=" + FLAG + "\n");
            assertThat(top.resolve(FILE)).doesNotExist();
        }
    }

    @Nested
    class ConfigFile {
        @Test
        void elsewhere_is_the_one_that_is_edited() throws IOException {
            put(UNIT, DEBIAN);
            put(OPTIONS, "DOCKER_OPTS=\"--config-file /etc/other.conf\"\n");

            Run run = apply("-o", "json").exits(0);

            assertThat(run.json().at("/file").asText()).isEqualTo("/etc/other.conf");
            assertThat(run.json().at("/problems").toString())
                    .contains("config-file-elsewhere", "\"file\":\"" + OPTIONS + "\",\"line\":1");
            assertThat(top.resolve(FILE)).doesNotExist();
            assertThat(text("/etc/other.conf")).contains("registry-mirrors");
        }

        @Test
        void named_by_hand_is_told_apart_from_the_one_that_is_read(@TempDir Path folder) throws IOException {
            put(UNIT, "[Service]\nExecStart=/usr/bin/dockerd --config-file=/etc/other.json " + FLAG + "\n");
            Path named = folder.resolve("daemon.json");

            assertThat(apply("--config", named.toString()).exits(0).err())
                    .contains("dockerd reads /etc/other.json", UNIT + ":2)");
            assertThat(named).exists();
            assertThat(apply().exits(4).err()).contains("so /etc/other.json was left alone");
        }

        @Test
        void of_the_running_engine_that_differs_from_the_service_s_is_a_warning() throws IOException {
            put(UNIT, DEBIAN);
            running(99, "/user.slice", "dockerd", "--config-file", "/opt/daemon.json", FLAG);

            Run run = apply().exits(0);

            assertThat(run.err()).contains("process 99", "/opt/daemon.json", FILE);
            assertThat(text(FILE)).contains("registry-mirrors");
        }

        @Test
        void of_the_running_engine_counts_where_no_file_tells() throws IOException {
            running(99, "/", "dockerd", "--config-file=/opt/daemon.json");

            assertThat(apply("--platform", "systemd", "-o", "json")
                            .exits(0)
                            .json()
                            .at("/file")
                            .asText())
                    .isEqualTo("/opt/daemon.json");
        }
    }

    @Test
    void check_counts_flags_alone_as_configured(@TempDir Path root) throws IOException {
        Path unit = Files.createDirectories(root.resolve("lib/systemd/system")).resolve("docker.service");
        Files.writeString(unit, "[Service]\nExecStart=/usr/bin/dockerd " + FLAG + "\n");
        String info = "Server Version: 20.10.24\nRegistry Mirrors:\n " + OWN + "/\nLive Restore Enabled: false\n";
        String[] args = {"check", "--docker-info", "-", "--root", root.toString(), "-o", "json"};

        JsonNode flagsAlone = machine.runWith(info, args).exits(0).json();
        Path file = Files.createDirectories(root.resolve("etc/docker")).resolve("daemon.json");
        Files.writeString(file, "{\"registry-mirrors\": []}");
        JsonNode both = machine.runWith(info, args).exits(3).json();

        assertThat(flagsAlone.at("/verdict").asText()).isEqualTo("active");
        assertThat(flagsAlone.at("/findings/0/code").asText()).isEqualTo("mirror-flag");
        assertThat(flagsAlone.at("/findings/0/severity").asText()).isEqualTo("info");
        assertThat(both.at("/findings/0/code").asText()).isEqualTo("mirror-flag");
        assertThat(both.at("/findings/0/severity").asText()).isEqualTo("error");
    }
}
