/**
 * The program as a part of the runtime that a bundle brings. Exported so that a JVM starts with it although no module is
 * named on its command line, which would cost it the modules that are laid out in the archive of classes.
 */
module io.github.mirrorctl {
    requires com.fasterxml.jackson.core;
    requires info.picocli;

    exports io.github.mirrorctl;
}
