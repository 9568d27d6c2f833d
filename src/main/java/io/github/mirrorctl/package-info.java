/** The process: streams, arguments and exit code. */
@NullMarked
package io.github.mirrorctl;

import org.jspecify.annotations.NullMarked;
