/** From arguments to a request, from a failure to an exit code. The only home of picocli. */
@NullMarked
package io.github.mirrorctl.cli;

import org.jspecify.annotations.NullMarked;
