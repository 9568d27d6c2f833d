package io.github.mirrorctl.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it is for systems with POSIX permissions")
class CandidateFileTest {
    private static final byte[] CONTENT = {'{', (byte) 0xFF, 0, '}'};

    @Test
    void holds_the_very_bytes_where_only_its_owner_can_come() throws IOException {
        try (CandidateFile candidate = CandidateFile.of(CONTENT)) {
            Path file = candidate.path();

            assertThat(file).hasBinaryContent(CONTENT);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void leaves_nothing_when_closed_once_or_twice() {
        CandidateFile candidate = CandidateFile.of(CONTENT);

        candidate.close();
        candidate.close();

        assertThat(candidate.path().getParent()).doesNotExist();
    }

    @Test
    void has_a_place_of_its_own_each_time() {
        try (CandidateFile one = CandidateFile.of(CONTENT);
                CandidateFile other = CandidateFile.of(CONTENT)) {
            assertThat(one.path()).isNotEqualTo(other.path());
        }
    }

    @Test
    void closes_without_complaint_where_something_else_has_been_put_beside_it() throws IOException {
        CandidateFile candidate = CandidateFile.of(CONTENT);
        Path beside = Files.createFile(candidate.path().resolveSibling("beside"));

        candidate.close();

        assertThat(candidate.path()).doesNotExist();
        Files.delete(beside);
        Files.delete(beside.getParent());
    }
}
