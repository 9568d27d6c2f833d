/** Turns results into tables and JSON documents, in the reader's language. */
@NullMarked
package io.github.mirrorctl.render;

import org.jspecify.annotations.NullMarked;
