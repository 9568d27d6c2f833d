package io.github.mirrorctl.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProcessTableTest {
    private final Path top = Jimfs.newFileSystem(Configuration.unix()).getPath("/");
    private final ProcessTable table = new ProcessTable(Host.of(top, Map.of(), "Linux", "/root", "root", "amd64"));

    private void process(String id, String commandLine) throws IOException {
        Path folder = Files.createDirectories(top.resolve("proc").resolve(id));
        Files.writeString(folder.resolve("cmdline"), commandLine);
    }

    private Optional<ProcessTable.Engine> rootsEngine() {
        return table.engineOf("root", Optional.of("/var/run/docker.sock"), false);
    }

    @Test
    void finds_the_words_of_the_oldest_engine() throws IOException {
        process("1", "/sbin/init\0");
        process("2", "");
        process("1007", "/usr/bin/dockerd\0-H\0fd://\0--registry-mirror=https://late.example\0");
        process("988", "/usr/bin/dockerd\0--registry-mirror\0https://a.example\0--label\0\0");
        process("self", "/usr/bin/dockerd\0");

        assertThat(rootsEngine().map(ProcessTable.Engine::words))
                .hasValueSatisfying(words -> assertThat(words)
                        .containsExactly("/usr/bin/dockerd", "--registry-mirror", "https://a.example", "--label", ""));
    }

    @Test
    void knows_the_engine_of_before_1_12_from_its_client() throws IOException {
        process("10", "docker\0pull\0node\0");
        process("20", "/usr/bin/docker\0daemon\0-D\0");

        assertThat(rootsEngine().map(ProcessTable.Engine::words))
                .hasValueSatisfying(words -> assertThat(words).containsExactly("/usr/bin/docker", "daemon", "-D"));
    }

    @Test
    void is_empty_without_an_engine_or_without_proc() throws IOException {
        boolean before = rootsEngine().map(ProcessTable.Engine::words).isPresent();
        process("10", "containerd\0--config\0dockerd\0");

        assertThat(before).isFalse();
        assertThat(rootsEngine().map(ProcessTable.Engine::words)).isEmpty();
    }

    private void listens(String id, String path, int inode) throws IOException {
        Path process = top.resolve("proc").resolve(id);
        Files.createDirectories(process.resolve("fd"));
        Files.createDirectories(process.resolve("net"));
        Files.createSymbolicLink(process.resolve("fd/7"), top.getFileSystem().getPath("socket:[" + inode + "]"));
        Files.writeString(
                process.resolve("net/unix"),
                "Num       RefCount Protocol Flags    Type St Inode Path\n"
                        + "0000000000000000: 00000003 00000000 00000000 0001 03 900 /run/docker.sock\n"
                        + "0000000000000000: 00000002 00000000 00010000 0001 01 901\n"
                        + "0000000000000000: 00000002 00000000 00010000 0001 01 " + inode + " " + path + "\n");
    }

    @Test
    void finds_the_engine_that_listens_at_a_socket_by_any_of_its_names() throws IOException {
        Files.createDirectories(top.resolve("run"));
        Files.createDirectories(top.resolve("var"));
        Files.createSymbolicLink(top.resolve("var/run"), top.resolve("/run"));
        process("1", "/sbin/init\0");
        listens("1", "/run/docker.sock", 41);
        process("10", "/usr/bin/dockerd\0");
        listens("10", "/run/other.sock", 42);
        process("20", "/usr/bin/dockerd\0-H\0fd://\0");
        listens("20", "/run/docker.sock", 41);

        assertThat(table.listeningAt("/var/run/docker.sock").map(ProcessTable.Engine::id))
                .hasValue(20L);
        assertThat(table.listeningAt("/run/other.sock").map(ProcessTable.Engine::id))
                .hasValue(10L);
        assertThat(table.listeningAt("/run/docker.soc")).isEmpty();
    }

    @Test
    void takes_no_engine_for_one_that_listens_because_it_is_connected() throws IOException {
        process("10", "/usr/bin/dockerd\0");
        listens("10", "/run/other.sock", 42);
        Files.createSymbolicLink(
                top.resolve("proc/10/fd/8"), top.getFileSystem().getPath("socket:[900]"));

        assertThat(table.listeningAt("/run/docker.sock")).isEmpty();
    }

    private void apart(String id, int namespace) throws IOException {
        Path folder = Files.createDirectories(top.resolve("proc").resolve(id).resolve("ns"));
        Files.createSymbolicLink(folder.resolve("mnt"), top.getFileSystem().getPath("mnt:[" + namespace + "]"));
    }

    @Test
    void prefers_the_engine_that_the_client_talks_to_over_an_older_one() throws IOException {
        process("10", "/usr/bin/dockerd\0");
        listens("10", "/run/other.sock", 42);
        process("20", "/usr/bin/dockerd\0");
        listens("20", "/run/docker.sock", 41);

        assertThat(table.engineOf("root", Optional.of("/run/docker.sock"), false)
                        .map(ProcessTable.Engine::id))
                .hasValue(20L);
        assertThat(table.engineOf("root", Optional.of("/run/none.sock"), false).map(ProcessTable.Engine::id))
                .hasValue(10L);
    }

    @Test
    void passes_over_an_engine_to_which_the_same_paths_name_other_files() throws IOException {
        apart("self", 1);
        process("10", "/usr/bin/dockerd\0--config-file\0/etc/docker/daemon.json\0");
        listens("10", "/run/docker.sock", 41);
        apart("10", 2);
        process("20", "/usr/bin/dockerd\0");
        apart("20", 1);

        assertThat(table.engineOf("root", Optional.of("/run/docker.sock"), false)
                        .map(ProcessTable.Engine::id))
                .hasValue(20L);
        assertThat(table.engineOf("root", Optional.of("/run/docker.sock"), true).map(ProcessTable.Engine::id))
                .hasValue(10L);
        Files.writeString(top.resolve("proc/10/cgroup"), "0::/system.slice/docker.service\n");
        assertThat(rootsEngine().map(ProcessTable.Engine::id)).hasValue(10L);
    }

    @Test
    void tells_when_an_engine_was_started() throws IOException {
        process("10", "/usr/bin/dockerd\0");
        Files.writeString(top.resolve("proc/stat"), "cpu  1 2 3\nbtime 1700000000\n");
        Files.writeString(
                top.resolve("proc/10/stat"),
                "10 (a) b (c) S 1 10 10 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 12 0 12345 999 1\n");

        assertThat(table.started(table.engine().orElseThrow()))
                .hasValue(java.time.Instant.parse("2023-11-14T22:15:23.450Z"));
        Files.writeString(top.resolve("proc/10/stat"), "10 (a\n");
        assertThat(table.started(table.engine().orElseThrow())).isEmpty();
    }

    @Test
    void tells_the_file_that_an_engine_writes_its_log_to() throws IOException {
        process("10", "/usr/bin/dockerd\0");
        Path err = Files.createDirectories(top.resolve("proc/10/fd")).resolve("2");
        Files.createSymbolicLink(err, top.resolve("/var/log/docker.log"));

        assertThat(table.log(table.engine().orElseThrow())).isEmpty();
        Files.createDirectories(top.resolve("var/log"));
        Files.writeString(top.resolve("var/log/docker.log"), "");
        assertThat(table.log(table.engine().orElseThrow())).hasValue(top.resolve("/var/log/docker.log"));
        Files.delete(err);
        Files.createSymbolicLink(err, top.getFileSystem().getPath("pipe:[17]"));
        assertThat(table.log(table.engine().orElseThrow())).isEmpty();
    }
}
