package io.github.mirrorctl.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;

/**
 * The process's streams and what is at their other ends.
 *
 * @param charset what the terminal speaks
 */
public record Console(
        InputStream in,
        PrintStream out,
        PrintStream err,
        Charset charset,
        boolean outIsTerminal,
        boolean errIsTerminal) {

    /** Whether Chinese would come out as question marks. */
    boolean canShowChinese() {
        return charset.canEncode() && charset.newEncoder().canEncode("镜像");
    }
}
