package io.github.mirrorctl.task;

/**
 * What a command needs in order to mean the engine that was looked at, when somebody pastes it.
 *
 * @param asRoot whether the engine's files are root's
 * @param options for this program, each with a blank before it
 */
public record Pasting(boolean asRoot, String options) {}
