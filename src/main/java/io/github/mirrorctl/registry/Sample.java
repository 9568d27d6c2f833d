package io.github.mirrorctl.registry;

import java.time.Duration;
import java.util.OptionalDouble;

/**
 * What the blobs of a finalist showed.
 *
 * @param bytesPerSecond at the end of the download; empty where the image is too small to tell
 * @param basis what the estimate rests on
 * @param pull the estimated time of a whole {@code docker pull} of the image
 */
public record Sample(OptionalDouble bytesPerSecond, PullEstimate basis, Duration pull) {}
