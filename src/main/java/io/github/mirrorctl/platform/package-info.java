/** What differs by operating system and init system; the only home of files and processes. */
@NullMarked
package io.github.mirrorctl.platform;

import org.jspecify.annotations.NullMarked;
