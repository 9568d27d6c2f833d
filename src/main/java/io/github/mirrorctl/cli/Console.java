package io.github.mirrorctl.cli;

import io.github.mirrorctl.platform.Host;
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

    /** Whether Chinese comes out as Chinese, and not as question marks. */
    boolean canShowChinese() {
        return canShow("镜像");
    }

    /** Whether ticks, crosses and block elements come out as such. */
    boolean hasSymbols() {
        return canShow("✓✗█▌");
    }

    /**
     * Whether this is Linux's own console, which has no more than 512 glyphs: Chinese comes out as boxes there, and so do
     * ticks. Programs that draw Chinese on it name another terminal.
     */
    boolean isBare(Host host) {
        return isTerminal() && host.environment("TERM").map("linux"::equals).orElse(false);
    }

    /** Whether the locale says that the terminal shows ASCII alone, which the launcher does not leave to Java. */
    boolean isInCLocale(Host host) {
        return isTerminal() && host.environment("MIRRORCTL_C_LOCALE").isPresent();
    }

    private boolean isTerminal() {
        return outIsTerminal || errIsTerminal;
    }

    private boolean canShow(String text) {
        return charset.canEncode() && charset.newEncoder().canEncode(text);
    }
}
