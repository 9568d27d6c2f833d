/** The documents of the Docker daemon, from text to value to text. No input or output. */
@NullMarked
package io.github.mirrorctl.daemon;

import org.jspecify.annotations.NullMarked;
