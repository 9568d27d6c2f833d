/** Failures and problems that a user can act on: codes and arguments, never finished sentences. */
@NullMarked
package io.github.mirrorctl.fault;

import org.jspecify.annotations.NullMarked;
