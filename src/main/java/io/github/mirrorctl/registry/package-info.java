/** Speaks the distribution API to a registry and measures it. The only home of sockets. */
@NullMarked
package io.github.mirrorctl.registry;

import org.jspecify.annotations.NullMarked;
