package io.github.mirrorctl.platform;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * File names that reached the program as text. A Unix has bytes for names; where they are no characters in the encoding
 * that the locale gives Java, what is left of them names another file.
 */
public final class FileNames {
    /** What Java decodes to where it cannot. */
    private static final char LOST = '\uFFFD';

    private FileNames() {}

    /**
     * A path as an argument spells it, from the folder in which the program was started.
     *
     * @throws Fault {@link FaultCode#UNREADABLE_NAME} where that is not the path that was meant
     */
    public static Path argument(String spelled) {
        Path path = path(Path.of("").getFileSystem(), spelled);
        boolean isLost = !path.isAbsolute() && isElsewhere(Path.of("").toAbsolutePath());
        if (isLost || spelled.indexOf(LOST) >= 0) {
            throw unreadable(path.toAbsolutePath().normalize().toString());
        }
        return path;
    }

    /**
     * A path of text.
     *
     * @throws Fault {@link FaultCode#UNREADABLE_NAME} where the encoding of the locale has no bytes for it
     */
    static Path path(FileSystem files, String spelled) {
        try {
            return files.getPath(spelled);
        } catch (InvalidPathException invalid) {
            if (canEncode(spelled)) {
                throw invalid;
            }
            throw unreadable(spelled).causedBy(invalid);
        }
    }

    /**
     * Refuses to write a path that was made of text, as of a variable, where that had lost characters. One that was found
     * in a folder or behind a link may look the same, but has kept its bytes.
     *
     * @throws Fault {@link FaultCode#UNREADABLE_NAME}
     */
    static void requireReadable(Path path) {
        String text = path.toString();
        if (text.indexOf(LOST) >= 0 && path(path.getFileSystem(), text).equals(path)) {
            throw unreadable(text);
        }
    }

    static Fault unreadable(String name) {
        return new Fault(FaultCode.UNREADABLE_NAME, name, Host.fileNameEncoding());
    }

    private static boolean canEncode(String name) {
        String encoding = Host.fileNameEncoding();
        return !Charset.isSupported(encoding)
                || Charset.forName(encoding).newEncoder().canEncode(name);
    }

    /** Whether this process was started in another folder than the one Java takes for it, having lost its name. */
    private static boolean isElsewhere(Path folder) {
        Path started = Path.of("/proc/self/cwd");
        try {
            return Files.exists(started) && !Files.isSameFile(started, folder);
        } catch (NoSuchFileException lost) {
            return true;
        } catch (IOException unknown) {
            return false;
        }
    }
}
