package io.github.mirrorctl.task;

import io.github.mirrorctl.mirror.ImageStore;
import java.util.Optional;

/**
 * What has to be known of an engine before mirrors are measured for it.
 *
 * @param route through whom it reaches them
 * @param store how it keeps images; empty where it does not run on this machine, or does not say
 */
public record EngineTraits(ProxyChoice route, Optional<ImageStore> store) {
    /** Of no engine, where nothing is measured. */
    public static final EngineTraits UNUSED = new EngineTraits(ProxyChoice.UNUSED, Optional.empty());
}
