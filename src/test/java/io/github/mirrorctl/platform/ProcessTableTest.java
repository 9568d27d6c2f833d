package io.github.mirrorctl.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProcessTableTest {
    private final Path top = Jimfs.newFileSystem(Configuration.unix()).getPath("/");
    private final ProcessTable table = new ProcessTable(Host.of(top, Map.of(), "Linux", "/root", "root", "amd64"));

    private void process(String id, String commandLine) throws IOException {
        Path folder = Files.createDirectories(top.resolve("proc").resolve(id));
        Files.writeString(folder.resolve("cmdline"), commandLine);
    }

    @Test
    void finds_the_words_of_the_oldest_engine() throws IOException {
        process("1", "/sbin/init\0");
        process("2", "");
        process("1007", "/usr/bin/dockerd\0-H\0fd://\0--registry-mirror=https://late.example\0");
        process("988", "/usr/bin/dockerd\0--registry-mirror\0https://a.example\0--label\0\0");
        process("self", "/usr/bin/dockerd\0");

        assertThat(table.engineOf("root").map(ProcessTable.Engine::words))
                .hasValueSatisfying(words -> assertThat(words)
                        .containsExactly("/usr/bin/dockerd", "--registry-mirror", "https://a.example", "--label", ""));
    }

    @Test
    void knows_the_engine_of_before_1_12_from_its_client() throws IOException {
        process("10", "docker\0pull\0node\0");
        process("20", "/usr/bin/docker\0daemon\0-D\0");

        assertThat(table.engineOf("root").map(ProcessTable.Engine::words))
                .hasValueSatisfying(words -> assertThat(words).containsExactly("/usr/bin/docker", "daemon", "-D"));
    }

    @Test
    void is_empty_without_an_engine_or_without_proc() throws IOException {
        boolean before = table.engineOf("root").map(ProcessTable.Engine::words).isPresent();
        process("10", "containerd\0--config\0dockerd\0");

        assertThat(before).isFalse();
        assertThat(table.engineOf("root").map(ProcessTable.Engine::words)).isEmpty();
    }
}
