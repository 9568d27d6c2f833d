package io.github.mirrorctl.cli;

/** How results are written; spelled as on the command line. */
enum OutputFormat {
    table,
    wide,
    plain,
    json
}
