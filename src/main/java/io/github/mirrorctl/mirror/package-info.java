/** The vocabulary of mirrors and the bundled catalog of them. */
@NullMarked
package io.github.mirrorctl.mirror;

import org.jspecify.annotations.NullMarked;
