/** One use case each: decides first and touches nothing, then carries out the decision. */
@NullMarked
package io.github.mirrorctl.task;

import org.jspecify.annotations.NullMarked;
