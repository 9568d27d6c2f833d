package io.github.mirrorctl.platform;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WindowsConfigStoreTest {
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00.123Z");

    @Test
    void writes_and_restores_where_files_have_attributes_but_no_modes() throws Exception {
        Configuration windows = Configuration.windows().toBuilder()
                .setAttributeViews("basic", "owner", "dos", "acl")
                .build();
        try (FileSystem files = Jimfs.newFileSystem(windows)) {
            Host host = Host.of(files.getPath("C:\\"), Map.of(), "Windows 11", "C:\\Users\\ann", "ann", "amd64");
            Path file = Platform.DESKTOP_WINDOWS.target(host).file();
            Files.createDirectories(file.getParent());
            Files.writeString(file, "old");
            Files.setAttribute(file, "dos:hidden", true);
            ConfigStore store = new ConfigStore(host);

            Written written = store.replace(store.read(file), "new".getBytes(UTF_8), NOON);
            String content = Files.readString(file);
            boolean hidden = Files.isHidden(file);
            store.restore(file, written.backup(), false, NOON);

            assertThat(content).isEqualTo("new");
            assertThat(hidden).isTrue();
            assertThat(Files.readString(file)).isEqualTo("old");
            assertThat(store.read(file).mode()).isEmpty();
        }
    }
}
