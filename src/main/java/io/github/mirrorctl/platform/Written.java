package io.github.mirrorctl.platform;

import java.nio.file.Path;

/**
 * A write that was done and is on the disk.
 *
 * @param file the file that changed, behind all links
 * @param backup what was there before
 */
public record Written(Path file, Backup backup) {}
