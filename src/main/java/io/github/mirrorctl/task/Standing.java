package io.github.mirrorctl.task;

import io.github.mirrorctl.daemon.EngineVersion;
import io.github.mirrorctl.daemon.MirrorCheck;
import io.github.mirrorctl.daemon.MirrorEntry;
import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.fault.Problem.Severity;
import io.github.mirrorctl.mirror.Catalog;
import io.github.mirrorctl.mirror.MirrorUrl;
import io.github.mirrorctl.platform.CommandRunner;
import io.github.mirrorctl.platform.ConfigStore;
import io.github.mirrorctl.platform.ConfigTarget;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.platform.Snapshot;
import io.github.mirrorctl.registry.Candidate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What stands on the machine before anything is chosen, and may be changed: whatever forbids that is a {@link Fault}.
 *
 * @param snapshot the file as it was read
 * @param file the same in a form that the engine reads
 * @param existing the mirrors that stand in it, or move into it
 * @param check lets the engine judge what would be written
 * @param known what we found in the file ourselves
 * @param problems that, and all else that its owner should know
 */
record Standing(
        ApplyTask.Request request,
        Installation installation,
        Snapshot snapshot,
        EngineFile file,
        FlagConflicts conflicts,
        MovedFlags moved,
        List<MergePolicy.Existing> existing,
        EngineCheck check,
        List<Problem> known,
        List<Problem> problems) {

    Standing {
        existing = List.copyOf(existing);
        known = List.copyOf(known);
        problems = List.copyOf(problems);
    }

    /**
     * Reads it.
     *
     * @throws Fault where a file cannot be understood, or must not be written
     */
    static Standing find(
            ApplyTask.Request request,
            Selection.Resolved resolved,
            Host host,
            Catalog catalog,
            ConfigStore store,
            CommandRunner commands)
            throws InterruptedException {
        Installation found = Installation.find(host, request.hints());
        Installation installation = request.moveFlags() ? found.withDaemonJson() : found;
        InstalledEngine engine = InstalledEngine.find(installation, commands);
        requirePathsTaken(request, resolved, engine);
        Snapshot snapshot = store.read(installation.target().file());
        EngineFile asFound =
                EngineFile.parse(snapshot.content().orElse(new byte[0]), installation, request.mayRepair());
        EngineFile file = snapshot.content().isPresent() ? asFound.readableBy(engine.version()) : asFound;
        FlagConflicts conflicts = FlagConflicts.of(installation);
        MovedFlags moved = MovedFlags.NONE;
        if (request.moveFlags()) {
            moved = MovedFlags.of(installation, conflicts, store);
        } else {
            conflicts.require();
        }
        List<MergePolicy.Existing> existing = existing(request, resolved, catalog, file, moved, engine);
        List<Problem> known = requireKeysTaken(asFound, engine, installation);
        List<Problem> problems = new ArrayList<>(known);
        problems.addAll(ofForm(asFound, file, engine, installation));
        problems.addAll(ofFlags(installation, conflicts, moved, store));
        EngineCheck check = new EngineCheck(installation, engine, commands);
        byte[] staying = file.withMirrors(request.dropsOwn() ? List.of() : MirrorLists.tidied(existing));
        if (request.goesLive() && EngineFile.isBroken(staying, installation)) {
            throw new Fault(
                            FaultCode.CONFIG_BROKEN,
                            installation.target().file().toString())
                    .with(problems);
        }
        check.require(staying, known).ifPresent(problems::add);
        return new Standing(request, installation, snapshot, file, conflicts, moved, existing, check, known, problems);
    }

    /** A path is what was asked for, so it is the asking that is refused. */
    private static void requirePathsTaken(
            ApplyTask.Request request, Selection.Resolved resolved, InstalledEngine engine) {
        boolean takesPaths =
                engine.version().map(EngineVersion::takesMirrorPaths).orElse(true);
        if (takesPaths || !request.selection().isNamed()) {
            return;
        }
        String version = engine.version().orElseThrow().toString();
        resolved.candidates().stream()
                .map(Candidate::url)
                .filter(url -> !url.path().isEmpty())
                .findFirst()
                .ifPresent(url -> {
                    throw new Fault(FaultCode.URL_PATH, url.toString(), version);
                });
    }

    private static List<MergePolicy.Existing> existing(
            ApplyTask.Request request,
            Selection.Resolved resolved,
            Catalog catalog,
            EngineFile file,
            MovedFlags moved,
            InstalledEngine engine) {
        Set<MirrorUrl> named = resolved.named(request.selection());
        List<MergePolicy.Existing> existing = new ArrayList<>();
        List<Problem> refused = new ArrayList<>();
        List<MirrorEntry> mirrors =
                Stream.concat(file.entries().stream(), moved.mirrors().stream()).toList();
        for (MirrorEntry entry : mirrors) {
            Optional<Problem> refusal = MirrorCheck.refusal(entry, engine.version());
            if (refusal.isPresent()) {
                refused.add(refusal.get());
                continue;
            }
            MirrorUrl url = MirrorUrl.parse(entry.url());
            Candidate candidate = new Candidate(url, catalog.byUrl(url));
            existing.add(new MergePolicy.Existing(entry.url(), candidate, named.contains(url)));
        }
        if (!refused.isEmpty() && !request.dropsOwn()) {
            String path = refused.get(0).place().orElseThrow().file();
            if (request.mayRepair()) {
                refused.add(Problem.of("not-mendable", Severity.INFO));
            }
            throw new Fault(FaultCode.CONFIG_INVALID, path).with(refused);
        }
        return existing;
    }

    /** @return what is no reason to refuse the file */
    private static List<Problem> requireKeysTaken(EngineFile file, InstalledEngine engine, Installation installation) {
        List<Problem> problems = new ArrayList<>(file.problems(engine.version()));
        problems.addAll(installation.start().conflicts(file, installation.target()));
        boolean hasRefused = installation.target().format() == ConfigTarget.Format.DAEMON_JSON
                && problems.stream().anyMatch(problem -> problem.severity() == Severity.ERROR);
        if (hasRefused) {
            throw new Fault(
                            FaultCode.CONFIG_REFUSED,
                            installation.target().file().toString(),
                            engine.version().map(EngineVersion::toString).orElse("dockerd"))
                    .with(problems);
        }
        return problems;
    }

    /** What is said of a form that this engine, or an older one, cannot read, and of the one that takes its place. */
    private static List<Problem> ofForm(
            EngineFile asFound, EngineFile file, InstalledEngine engine, Installation installation) {
        List<Problem> said = new ArrayList<>();
        asFound.unreadableBy(engine.version())
                .filter(problem -> problem.code().equals("byte-order-mark"))
                .ifPresent(problem -> {
                    said.add(new Problem(problem.code(), Severity.WARNING, problem.arguments(), problem.place()));
                    if (!Arrays.equals(asFound.content(), file.content())) {
                        String path = installation.target().file().toString();
                        said.add(Problem.of("mark-removed", Severity.WARNING, path));
                    }
                });
        for (MirrorEntry entry : asFound.entries()) {
            MirrorCheck.misspelling(entry, engine.version()).ifPresent(said::add);
        }
        return said;
    }

    /** What should be known of the engine's flags, beside those that move. */
    private static List<Problem> ofFlags(
            Installation installation, FlagConflicts conflicts, MovedFlags moved, ConfigStore store) {
        List<Problem> problems = new ArrayList<>(installation.start().problems(installation.target()));
        MovedFlags.interrupted(installation, store).ifPresent(problems::add);
        if (moved.isEmpty()) {
            problems.addAll(conflicts.problems());
        }
        return problems;
    }

    /** @throws Fault where this user may not write what would be written */
    void requireWritable(ConfigStore store) throws InterruptedException {
        store.requireWritable(installation.target().file());
        for (MovedFlags.FlagFile flagFile : moved.files()) {
            store.requireWritable(flagFile.path());
        }
    }

    /** Whether the engine has flags now that it must lose before it can read the file. */
    boolean flagsLeave() {
        return !moved.isEmpty() || conflicts.needsRestart();
    }

    /** The file's bytes; none where there is no file. */
    byte[] content() {
        return snapshot.content().orElse(new byte[0]);
    }

    /** The user's own mirrors as the file spells them. */
    List<String> own() {
        return existing.stream()
                .filter(MergePolicy.Existing::isOwn)
                .map(MergePolicy.Existing::spelled)
                .toList();
    }
}
