package io.github.mirrorctl.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.platform.Replacements.Change;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplacementsTest {
    private static final Instant NOW = Instant.parse("2026-11-24T03:00:00Z");

    @TempDir
    private Path folder;

    private Path one;
    private Path two;
    private ConfigStore store;
    private Replacements replacements;

    @BeforeEach
    void prepare() throws IOException {
        one = Files.createDirectory(folder.resolve("a")).resolve("options");
        two = Files.createDirectory(folder.resolve("b")).resolve("daemon.json");
        Files.writeString(one, "flags");
        store = new ConfigStore(Host.of(folder.getRoot(), Map.of(), "Linux", "/root", "root", "amd64"));
        replacements = new Replacements(store);
    }

    private Change change(Path file, String content) {
        return Change.to(store.read(file), content.getBytes(StandardCharsets.UTF_8));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void writes_all_with_backups_of_one_id() throws Exception {
        Files.writeString(one.resolveSibling("options.mirrorctl-20261124T030000.000Z-000000000000.bak"), "earlier");

        List<Written> written = replacements.carryOut(List.of(change(one, "none"), change(two, "{}")), NOW);

        assertThat(Files.readString(one)).isEqualTo("none");
        assertThat(Files.readString(two)).isEqualTo("{}");
        assertThat(written.stream().map(file -> file.backup().id()))
                .containsExactly("20261124T030000.001Z", "20261124T030000.001Z");
        assertThat(written.get(1).backup().absent()).isTrue();
        assertThat(replacements.companions(
                        written.get(1).backup(), List.of(one.getParent(), two.getParent(), folder.resolve("missing"))))
                .containsOnlyKeys(one);
    }

    @Test
    void takes_the_first_back_where_the_second_cannot_be_replaced() throws IOException {
        List<Change> changes = List.of(change(one, "none"), change(two, "{}"));
        List<String> before = names();
        Replacements blocked = new Replacements(store, file -> {
            if (file.equals(two)) {
                assertThat(one).hasContent("none");
                block(two);
            }
        });

        assertThatThrownBy(() -> blocked.carryOut(changes, NOW))
                .isInstanceOfSatisfying(
                        Fault.class, fault -> assertThat(fault.code()).isEqualTo(FaultCode.CANNOT_WRITE));

        assertThat(one).hasContent("flags");
        Files.delete(two.resolve("in-the-way"));
        assertThat(names()).isEqualTo(before);
    }

    @Test
    void says_so_where_the_first_cannot_be_taken_back() throws IOException {
        Files.writeString(two, "{}");
        List<Change> changes = List.of(change(one, "none"), change(two, "{\"a\": 1}"));
        Replacements blocked = new Replacements(store, file -> {
            if (file.equals(two)) {
                block(one);
                block(two);
            }
        });

        assertThatThrownBy(() -> blocked.carryOut(changes, NOW)).isInstanceOfSatisfying(Fault.class, fault -> {
            assertThat(fault.code()).isEqualTo(FaultCode.NOT_ROLLED_BACK);
            assertThat(fault.arguments()).contains(one.toString(), "20261124T030000.000Z");
        });

        assertThat(store.backups(one)).hasSize(1);
    }

    /** A folder that is not empty stands in the way of a rename. */
    private static void block(Path file) {
        try {
            Files.deleteIfExists(file);
            Files.createDirectory(file);
            Files.writeString(file.resolve("in-the-way"), "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void writes_none_where_one_changed_meanwhile() throws IOException {
        List<Change> changes = List.of(change(one, "none"), change(two, "{}"));
        Files.writeString(two, "somebody else's");
        List<String> before = names();

        assertThatThrownBy(() -> replacements.carryOut(changes, NOW))
                .isInstanceOfSatisfying(
                        Fault.class, fault -> assertThat(fault.code()).isEqualTo(FaultCode.CONFIG_CHANGED));

        assertThat(Files.readString(one)).isEqualTo("flags");
        assertThat(names()).isEqualTo(before);
    }

    @Test
    void leaves_no_new_folder_behind_where_it_fails() {
        Path dropIn = folder.resolve("docker.service.d/mirrorctl.conf");
        List<Change> changes = List.of(change(dropIn, "[Service]"), change(two, "{}"));

        assertThatThrownBy(() -> {
                    Files.writeString(two, "somebody else's");
                    replacements.carryOut(changes, NOW);
                })
                .isInstanceOf(Fault.class);

        assertThat(dropIn.getParent()).doesNotExist();
    }

    @Test
    void takes_writes_back_as_if_they_had_never_been() throws Exception {
        Files.setPosixFilePermissions(one, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r-----"));
        List<String> before = names();
        List<Written> written = replacements.carryOut(List.of(change(one, "none"), change(two, "{}")), NOW);

        replacements.undo(written, NOW);

        assertThat(one).hasContent("flags");
        assertThat(Files.getPosixFilePermissions(one))
                .isEqualTo(java.nio.file.attribute.PosixFilePermissions.fromString("rw-r-----"));
        assertThat(names()).isEqualTo(before);
    }

    @Test
    void takes_nothing_back_over_what_somebody_else_wrote_since() throws Exception {
        List<Written> written = replacements.carryOut(List.of(change(one, "none"), change(two, "{}")), NOW);
        Files.writeString(two, "theirs");
        List<String> before = names();

        assertThatThrownBy(() -> replacements.undo(written, NOW)).isInstanceOfSatisfying(Fault.class, fault -> {
            assertThat(fault.code()).isEqualTo(FaultCode.CONFIG_CHANGED);
            assertThat(fault.arguments()).containsExactly(two.toString());
        });

        assertThat(one).hasContent("none");
        assertThat(two).hasContent("theirs");
        assertThat(names()).isEqualTo(before);
    }
}
