package io.github.mirrorctl.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UnitFolderTest {
    private static final String UNIT = "docker.service";

    private final Path top = Jimfs.newFileSystem(Configuration.unix()).getPath("/");
    private final Host host =
            Host.of(top, Map.of("XDG_RUNTIME_DIR", "/run/user/1000"), "Linux", "/home/ann", "ann", "amd64");

    private void put(String path) throws IOException {
        Files.createDirectories(top.resolve(path).getParent());
        Files.writeString(top.resolve(path), path);
    }

    private static List<String> files(UnitFolder folder) {
        return folder.read(UNIT).parts().stream()
                .map(part -> (part.changeable() ? "" : "fixed ") + part.file())
                .toList();
    }

    @Test
    void sorts_drop_ins_by_name_whatever_their_folder() throws IOException {
        put("/usr/lib/systemd/system/docker.service");
        put("/etc/systemd/system/docker.service.d/20-b.conf");
        put("/run/systemd/generator/docker.service.d/10-a.conf");
        put("/usr/lib/systemd/system/docker.service.d/30-c.conf");
        put("/usr/lib/systemd/system/docker.service.d/20-b.conf");
        put("/etc/systemd/system/service.d/30-c.conf");
        put("/etc/systemd/system/service.d/40-d.conf");
        put("/etc/systemd/system/docker.service.d/.hidden.conf");

        assertThat(files(UnitFolder.ofSystem(host)))
                .containsExactly(
                        "fixed /usr/lib/systemd/system/docker.service",
                        "fixed /run/systemd/generator/docker.service.d/10-a.conf",
                        "/etc/systemd/system/docker.service.d/20-b.conf",
                        "fixed /usr/lib/systemd/system/docker.service.d/30-c.conf",
                        "/etc/systemd/system/service.d/40-d.conf");
    }

    /** As {@code systemd-analyze --user unit-paths} of systemd 252 lists them. */
    @Test
    void knows_the_folders_of_a_user() {
        assertThat(UnitFolder.ofUser(host).folders(UNIT).stream()
                        .map(Path::toString)
                        .filter(folder -> !folder.endsWith(".d")))
                .containsExactly(
                        "/home/ann/.config/systemd/user.control",
                        "/run/user/1000/systemd/user.control",
                        "/run/user/1000/systemd/transient",
                        "/run/user/1000/systemd/generator.early",
                        "/home/ann/.config/systemd/user",
                        "/etc/xdg/systemd/user",
                        "/etc/systemd/user",
                        "/run/user/1000/systemd/user",
                        "/run/systemd/user",
                        "/run/user/1000/systemd/generator",
                        "/home/ann/.local/share/systemd/user",
                        "/usr/local/share/systemd/user",
                        "/usr/share/systemd/user",
                        "/usr/local/lib/systemd/user",
                        "/usr/lib/systemd/user",
                        "/run/user/1000/systemd/generator.late");
    }

    @Test
    void takes_a_link_to_a_package_s_unit_for_the_package_s() throws IOException {
        put("/usr/lib/systemd/system/docker.service");
        Files.createDirectories(top.resolve("/etc/systemd/system"));
        Files.createSymbolicLink(
                top.resolve("/etc/systemd/system/docker.service"),
                top.resolve("/usr/lib/systemd/system/docker.service"));

        assertThat(files(UnitFolder.ofSystem(host))).containsExactly("fixed /etc/systemd/system/docker.service");
    }

    @Test
    void names_a_new_drop_in_behind_all_others() throws IOException {
        put("/usr/lib/systemd/system/docker.service");
        String folder = "/etc/systemd/system/docker.service.d/";
        assertThat(UnitFolder.ofSystem(host).newDropIn(UNIT).toString()).isEqualTo(folder + "mirrorctl.conf");

        put("/usr/lib/systemd/system/docker.service.d/~last.conf");

        Path next = UnitFolder.ofSystem(host).newDropIn(UNIT);
        assertThat(next.toString()).isEqualTo(folder + "~last.mirrorctl.conf");
        put(next.toString());
        assertThat(files(UnitFolder.ofSystem(host))).endsWith(next.toString());
    }
}
