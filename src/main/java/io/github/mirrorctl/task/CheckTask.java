package io.github.mirrorctl.task;

import io.github.mirrorctl.daemon.Argument;
import io.github.mirrorctl.daemon.DaemonConfig;
import io.github.mirrorctl.daemon.DockerInfo;
import io.github.mirrorctl.daemon.EngineVersion;
import io.github.mirrorctl.daemon.MirrorCheck;
import io.github.mirrorctl.daemon.MirrorEntry;
import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.fault.Problem.Severity;
import io.github.mirrorctl.mirror.Catalog;
import io.github.mirrorctl.platform.CommandRunner;
import io.github.mirrorctl.platform.ConfigStore;
import io.github.mirrorctl.platform.ConfigTarget;
import io.github.mirrorctl.platform.Endpoint;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.platform.Platform;
import io.github.mirrorctl.platform.Snapshot;
import io.github.mirrorctl.registry.Depth;
import io.github.mirrorctl.registry.ImageReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Compares what the files say with what the daemon has, and says why where they differ. */
public final class CheckTask {
    private static final String USUAL_IMAGE = "node:20-alpine";
    private static final int PARALLEL = 128;

    private final Host host;
    private final Catalog catalog;
    private final CommandRunner commands;
    private final ProbeTask prober;

    public CheckTask(Host host, Catalog catalog, CommandRunner commands, ProbeTask prober) {
        this.host = host;
        this.catalog = catalog;
        this.commands = commands;
        this.prober = prober;
    }

    /** Whether the mirrors that are configured are those that run. */
    public enum Verdict {
        ACTIVE,
        /** The daemon runs without mirrors. */
        INACTIVE,
        /** The daemon's mirrors are not those of the file. */
        DRIFT,
        /** The daemon did not tell, or is another machine's. */
        UNKNOWN;

        private final String key = name().toLowerCase(Locale.ROOT);

        /** As JSON spells it. */
        public String key() {
            return key;
        }
    }

    /**
     * What to compare.
     *
     * @param dockerInfo the output of {@code docker info} in any Unicode encoding, where the user gives it
     * @param docker the command to ask otherwise; empty where the engine itself is to be asked before
     *     {@code docker}
     * @param judgesFile whether the file counts, which it does not where only an output is given
     * @param image the one that is meant, of any registry
     * @param walk how long the probe of each mirror that runs may take; empty where none is to be probed
     */
    public record Request(
            Installation.Hints hints,
            Optional<byte[]> dockerInfo,
            Optional<List<String>> docker,
            boolean judgesFile,
            Optional<String> image,
            Optional<Duration> walk) {}

    /**
     * What was found.
     *
     * @param installation empty where the file was not looked at
     * @param configured as the file spells them
     * @param running as the daemon spells them
     * @param pull what a pull will do; empty where that was not asked, or no mirrors run
     * @param pasting what the remedies need in order to mean this engine
     */
    public record Report(
            Verdict verdict,
            Optional<Installation> installation,
            List<String> configured,
            List<String> running,
            DockerInfo info,
            Optional<PullProof> pull,
            List<Problem> findings,
            Pasting pasting) {

        public Report {
            configured = List.copyOf(configured);
            running = List.copyOf(running);
            findings = List.copyOf(findings);
        }

        public boolean hasErrors() {
            return findings.stream().anyMatch(finding -> finding.severity() == Severity.ERROR);
        }
    }

    /**
     * Compares.
     *
     * @param progress told of each mirror as it was probed, where a pull is to be proven
     * @throws Fault {@link FaultCode#CONFIG_INVALID} where the file cannot be understood,
     *     {@link FaultCode#DOCKER_INFO_UNREADABLE} where the output that the user gave is none
     */
    public Report run(Request request, Consumer<ProbeTask.News> progress) throws InterruptedException {
        List<Problem> findings = new ArrayList<>();
        Optional<ImageOrigin> image = request.image().map(ImageOrigin::parse);
        Optional<Installation> found = installation(request);
        Optional<Platform> addressed =
                request.dockerInfo().map(DaemonConfig::text).flatMap(Endpoint::platformIn);
        Platform asked = addressed.or(() -> found.map(Installation::platform)).orElse(Platform.SYSTEMD);
        List<Problem> said = new ArrayList<>();
        DockerInfo info = new EngineQuestion(host, asked, commands).answer(request, said);
        Optional<EngineVersion> version = info.engineVersion();
        Optional<Installation> installation = found.map(i -> meant(i, info, request.hints()))
                .filter(i -> i.target().format().isRead());
        Optional<EngineFile> file = installation.map(CheckTask::file);
        List<String> running = info.mirrors().orElse(List.of());
        List<String> configured = file.map(f -> configured(f, installation.get(), version, findings))
                .orElse(List.of());
        List<MirrorEntry> entries = file.map(EngineFile::entries).orElse(List.of());
        Set<String> refused = judge(entries, running, version, findings);
        if (file.isPresent() && request.dockerInfo().isEmpty()) {
            validate(file.get(), installation.get(), findings);
        }
        findings.addAll(said);
        List<String> mirrors = running.isEmpty()
                ? configured.stream().filter(url -> !refused.contains(url)).toList()
                : running;
        EngineFindings engine = new EngineFindings(host, info, mirrors);
        Pasting pasting = found.isEmpty()
                ? engine.pasting(addressed)
                : installation
                        .or(() -> found)
                        .map(i -> new Pasting(i.platform().needsRoot(), i.options()))
                        .get();
        boolean asksElsewhere = request.dockerInfo().isEmpty() && isElsewhere(request);
        Verdict verdict = asksElsewhere ? Verdict.UNKNOWN : verdict(info, configured, file.isPresent());
        Optional<Problem> wrongFile = installation.flatMap(engine::wrongFile);
        if (verdict == Verdict.INACTIVE && configured.isEmpty()) {
            findings.add(Problem.of("no-mirrors", Severity.WARNING));
        } else if (wrongFile.isEmpty() && file.isPresent() && verdict != Verdict.UNKNOWN && verdict != Verdict.ACTIVE) {
            findings.add(new Drift(installation.get(), file.get(), info, configured, findings).finding());
        }
        Set<String> judged = MirrorLists.compared(mirrors);
        List<String> waiting = configured.stream()
                .filter(url -> !refused.contains(url))
                .filter(url -> !judged.contains(MirrorLists.withSlash(url)))
                .map(url -> url.replaceFirst("/$", ""))
                .distinct()
                .toList();
        findings.addAll(new MirrorFindings(catalog, info, mirrors, waiting, entries).all());
        wrongFile.ifPresent(findings::add);
        installation.ifPresent(i -> findings.addAll(engine.ofMachine(i)));
        Platform platform =
                installation.or(() -> found).map(Installation::platform).orElse(Platform.SYSTEMD);
        image.ifPresent(i -> findings.addAll(i.findings(catalog, info, CertificateFolder.of(host, platform))));
        boolean isOnHub = image.map(i -> i.onHub().isPresent()).orElse(true);
        Optional<PullProof> pull = Optional.empty();
        if (request.walk().isPresent() && isOnHub && !running.isEmpty()) {
            pull = Optional.of(prove(running, info, image, request.walk().get(), progress));
            findings.addAll(pull.get().findings());
        }
        return new Report(verdict, installation, configured, running, info, pull, findings, pasting);
    }

    private PullProof prove(
            List<String> running,
            DockerInfo info,
            Optional<ImageOrigin> image,
            Duration walk,
            Consumer<ProbeTask.News> progress)
            throws InterruptedException {
        ImageReference asked = image.flatMap(ImageOrigin::onHub).orElseGet(() -> ImageReference.parse(USUAL_IMAGE));
        ProbeTask.Options options = new ProbeTask.Options(
                List.of(asked), Depth.BLOB, walk, PARALLEL, host.architecture(), Optional.empty(), info.imageStore());
        return PullProof.of(running, info, prober, options, catalog, progress);
    }

    /** Empty where only an output counts, and where the engine that answers has no file on this machine. */
    private Optional<Installation> installation(Request request) {
        return request.judgesFile() && !isElsewhere(request)
                ? Optional.of(Installation.onThisMachine(host, request.hints()))
                : Optional.empty();
    }

    /**
     * What can be judged of an image's name before anything is read.
     *
     * @throws Fault {@link FaultCode#IMAGE_REFERENCE}
     */
    public static void requireImage(String name) {
        ImageOrigin.parse(name);
    }

    private boolean isElsewhere(Request request) {
        return request.docker().isEmpty()
                && Installation.engineElsewhere(host, request.hints()).isPresent();
    }

    /**
     * What a user once had on the machine says little of which engine answers. Where that one reads another file, this is
     * the one to look at, unless the list stands in the file that was found, so that its owner edits the wrong one.
     */
    private Installation meant(Installation found, DockerInfo info, Installation.Hints hints) {
        Optional<Platform> answering = new EngineFindings(host, info, List.of())
                .answeringElsewhere(found)
                .filter(platform -> hints.platform().isEmpty() && hints.config().isEmpty());
        boolean isAnothersHome = host.isRoot() && !host.isRooted() && answering.equals(Optional.of(Platform.ROOTLESS));
        if (answering.isEmpty() || isAnothersHome || !found.target().format().isRead()) {
            return found;
        }
        try {
            Installation other = Installation.onThisMachine(
                    host, new Installation.Hints(Optional.of(answering.get().key()), Optional.empty()));
            boolean isLive = info.mirrors()
                    .filter(running -> !running.isEmpty())
                    .filter(running -> MirrorLists.areSame(running, file(other).mirrors()))
                    .isPresent();
            return isLive || !file(found).hasMirrors() ? other : found;
        } catch (Fault unreadable) {
            return found;
        }
    }

    private static EngineFile file(Installation installation) {
        Snapshot snapshot =
                new ConfigStore(installation.host()).read(installation.target().file());
        return EngineFile.parse(snapshot.content().orElse(new byte[0]), installation, false);
    }

    /** The engine's own word on the file, where ours has found nothing that stops it. */
    private void validate(EngineFile file, Installation installation, List<Problem> findings)
            throws InterruptedException {
        boolean isRefused = findings.stream().anyMatch(finding -> finding.severity() == Severity.ERROR);
        if (isRefused || file.content().length == 0) {
            return;
        }
        InstalledEngine engine = InstalledEngine.find(installation, commands);
        try {
            new EngineCheck(installation, engine, commands)
                    .require(file.content(), List.of())
                    .ifPresent(findings::add);
        } catch (Fault refused) {
            if (refused.code() != FaultCode.ENGINE_REFUSES) {
                throw refused;
            }
            findings.add(new Problem(refused.code().key(), Severity.ERROR, refused.arguments(), Optional.empty()));
        }
    }

    private List<String> configured(
            EngineFile file, Installation installation, Optional<EngineVersion> engine, List<Problem> findings) {
        findings.addAll(file.problems(engine));
        findings.addAll(installation.start().conflicts(file, installation.target()));
        if (installation.host().exists(installation.target().file())) {
            file.unreadableBy(engine).ifPresent(findings::add);
        }
        findings.addAll(installation.start().problems(installation.target()));
        if (installation.target().format() == ConfigTarget.Format.DAEMON_JSON) {
            findings.addAll(installation.start().service().problems());
        }
        MovedFlags.interrupted(installation, new ConfigStore(host)).ifPresent(findings::add);
        FlagConflicts conflicts = FlagConflicts.of(installation);
        if (file.hasMirrors() || conflicts.inFiles().isEmpty()) {
            findings.addAll(conflicts.problems());
            return file.mirrors();
        }
        // Flags alone are as good as a list in the file.
        conflicts
                .inFiles()
                .forEach(flag -> findings.add(
                        new Problem("mirror-flag", Severity.INFO, List.of(flag.text()), Optional.of(flag.place()))));
        return conflicts.inFiles().stream().map(Argument::text).toList();
    }

    /**
     * Says which entries of the file no engine could use, or this one would not start with, and which it does not reach as
     * they are spelled. What the daemon has, it took.
     *
     * @return the addresses that are refused
     */
    private static Set<String> judge(
            List<MirrorEntry> entries, List<String> running, Optional<EngineVersion> engine, List<Problem> findings) {
        Set<String> refused = new HashSet<>();
        Set<String> taken = MirrorLists.compared(running);
        for (MirrorEntry entry : entries) {
            boolean runs = taken.contains(MirrorLists.withSlash(entry.url()));
            Optional<Problem> refusal = runs ? Optional.empty() : MirrorCheck.refusal(entry, engine);
            refusal.ifPresent(problem -> refused.add(entry.url()));
            refusal.or(() -> MirrorCheck.misspelling(entry, engine)).ifPresent(findings::add);
        }
        return refused;
    }

    private static Verdict verdict(DockerInfo info, List<String> configured, boolean judgesFile) {
        if (info.mirrors().isEmpty()) {
            return Verdict.UNKNOWN;
        }
        List<String> running = info.mirrors().get();
        if (running.isEmpty()) {
            return Verdict.INACTIVE;
        }
        return !judgesFile || MirrorLists.areSame(configured, running) ? Verdict.ACTIVE : Verdict.DRIFT;
    }
}
