package io.github.mirrorctl.task;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * A dockerd that does what a script says. Whatever else it does, it keeps its arguments, the candidate that they name, and
 * who may enter the folder of it.
 */
final class FakeDockerd {
    private final Path program;
    private final Path log;

    /**
     * Puts it in place.
     *
     * @param validate what a shell does when it is asked to validate; {@code $file} is the candidate
     * @param version what it says of its version
     */
    FakeDockerd(Path folder, String version, String validate) throws IOException {
        program = folder.resolve("dockerd");
        log = folder.resolve("dockerd.calls");
        String script = String.join(
                "\n",
                "#!/bin/sh",
                "if [ \"$1\" = --version ]; then cat <<'VERSION'; exit 0; fi",
                version,
                "VERSION",
                "file=$3",
                "echo \"$*\" >>'" + log + "'",
                "cp \"$file\" '" + log + ".candidate'",
                "ls -ld \"${file%/*}\" \"$file\" | cut -c 1-10 >'" + log + ".modes'",
                validate,
                "");
        Files.writeString(program, script);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    Path program() {
        return program;
    }

    /** The arguments of each call but those for its version. */
    List<String> calls() throws IOException {
        return Files.exists(log) ? Files.readAllLines(log) : List.of();
    }

    /** What the last candidate held. */
    byte[] candidate() throws IOException {
        return Files.readAllBytes(Path.of(log + ".candidate"));
    }

    /** As {@code ls} spells them: the candidate's folder, then the candidate. */
    List<String> modes() throws IOException {
        return Files.readAllLines(Path.of(log + ".modes"));
    }
}
