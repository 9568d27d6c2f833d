package io.github.mirrorctl.daemon;

import io.github.mirrorctl.fault.Problem;

/**
 * A mirror in one of the daemon's files.
 *
 * @param url as the daemon receives it
 * @param place where it stands
 */
public record MirrorEntry(String url, Problem.Place place) {}
