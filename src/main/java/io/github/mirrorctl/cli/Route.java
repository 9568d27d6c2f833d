package io.github.mirrorctl.cli;

import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.task.EngineProxy;
import io.github.mirrorctl.task.EngineTraits;
import io.github.mirrorctl.task.Installation;
import java.util.Optional;
import java.util.Set;

/**
 * Through whom the engine reaches mirrors, and what else it says when it is asked for that. It is looked for while the
 * command line is still being read, since nothing can be connected to before it is known.
 */
final class Route {
    /** What makes the answer another one. */
    private static final Set<String> DECIDING = Set.of("--proxy", "--root", "--platform", "--config");

    private final Host machine;
    private final Optional<Ahead<EngineTraits>> usual;

    private Route(Host machine, Optional<Ahead<EngineTraits>> usual) {
        this.machine = machine;
        this.usual = usual;
    }

    /** Found when it is asked for. */
    static Route later(Host machine) {
        return new Route(machine, Optional.empty());
    }

    /**
     * Looked for from now on, where these arguments do not let it depend on what they mean.
     *
     * @param then what is to begin next, since it is needed later: beside the two of them, reading the command line would
     *     have less of the processors
     */
    static Route ahead(Host machine, String[] args, Runnable then) {
        if (depends(args)) {
            then.run();
            return later(machine);
        }
        Ahead<EngineTraits> usual = Ahead.begin("route", () -> {
            try {
                return EngineProxy.traits(machine, Installation.Hints.NONE);
            } finally {
                then.run();
            }
        });
        return new Route(machine, Optional.of(usual));
    }

    private static boolean depends(String[] args) {
        for (String arg : args) {
            for (String deciding : DECIDING) {
                if (arg.startsWith(deciding)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** To the mirrors of the engine that is meant. */
    EngineTraits of(Host host, Installation.Hints hints) throws InterruptedException {
        boolean isUsual = host.equals(machine) && hints.equals(Installation.Hints.NONE);
        return isUsual && usual.isPresent() ? usual.get().get() : EngineProxy.traits(host, hints);
    }
}
