package io.github.mirrorctl.daemon;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.mirror.MirrorUrl;
import java.util.Optional;

/** Judges the mirrors in one of the daemon's files, more strictly than {@code ValidateMirror} of moby's does. */
public final class MirrorCheck {
    private MirrorCheck() {}

    /**
     * What is wrong with an address so that it cannot stay: no engine could use it, or the installed one would not start.
     *
     * @param engine the installed one's version; empty where it is unknown
     */
    public static Optional<Problem> refusal(MirrorEntry entry, Optional<EngineVersion> engine) {
        try {
            MirrorUrl url = MirrorUrl.parseConfigured(entry.url());
            boolean takesPath = engine.map(EngineVersion::takesMirrorPaths).orElse(true);
            return url.path().isEmpty() || takesPath
                    ? Optional.empty()
                    : Optional.of(Problem.error(
                            "mirror-path",
                            entry.place(),
                            entry.url(),
                            engine.orElseThrow().toString()));
        } catch (Fault fault) {
            String[] arguments = fault.arguments().toArray(String[]::new);
            return Optional.of(Problem.error(fault.code().key(), entry.place(), arguments));
        }
    }

    /**
     * The spelling that an engine needs, where the given one does not reach the mirror it means: dockerd puts a second scheme before one in
     * upper case, and asks for {@code //v2/} where two slashes stand at the end.
     */
    public static Optional<Problem> misspelling(MirrorEntry entry, Optional<EngineVersion> engine) {
        if (refusal(entry, engine).isPresent() || MirrorUrl.isSpelledForEngines(entry.url())) {
            return Optional.empty();
        }
        String spelling = MirrorUrl.parse(entry.url()).toString();
        return Optional.of(Problem.warning("mirror-respelled", entry.place(), entry.url(), spelling));
    }
}
