package io.github.mirrorctl.daemon;

import io.github.mirrorctl.fault.Problem;

/**
 * A word of the daemon's command line.
 *
 * @param text as the daemon receives it
 * @param place the line of the file from which it comes
 */
public record Argument(String text, Problem.Place place) {}
