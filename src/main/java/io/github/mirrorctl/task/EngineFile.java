package io.github.mirrorctl.task;

import io.github.mirrorctl.daemon.DaemonCommand;
import io.github.mirrorctl.daemon.DaemonConfig;
import io.github.mirrorctl.daemon.DockerOpts;
import io.github.mirrorctl.daemon.EngineVersion;
import io.github.mirrorctl.daemon.MirrorEntry;
import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.fault.Problem.Severity;
import io.github.mirrorctl.platform.ConfigTarget;
import io.github.mirrorctl.platform.UciFile;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The file in which an engine's mirrors stand, whichever form it has. Immutable. */
sealed interface EngineFile {

    /** The mirrors as the file spells them, in its order. */
    List<String> mirrors();

    /** The mirrors with their places. */
    List<MirrorEntry> entries();

    /** Whether the file speaks of mirrors at all, if only by an empty list. */
    boolean hasMirrors();

    /** The same file with other mirrors, as far as it is ours to change. */
    byte[] withMirrors(List<String> mirrors);

    /** The same file without mirrors, in the form that makes an engine forget those that it uses. */
    byte[] withoutMirrors();

    /**
     * What its owner should know of it.
     *
     * @param engine the installed one's version; empty where it is unknown
     */
    List<Problem> problems(Optional<EngineVersion> engine);

    /**
     * What it sets although the engine's command line does, with which the engine does not start.
     *
     * @param start what the engine is started with
     */
    default List<Problem> conflicts(DaemonCommand start) {
        return List.of();
    }

    /** Whether an engine would not start with it, whichever version it has. */
    boolean isBroken();

    /** The same of what would be written in this one's place. */
    static boolean isBroken(byte[] content, Installation installation) {
        return parse(content, installation, false).isBroken();
    }

    /** What {@link #readableBy} would change, said of the file as it is. */
    default Optional<Problem> unreadableBy(Optional<EngineVersion> engine) {
        return Optional.empty();
    }

    /** The same file in a form that the engine reads. */
    default EngineFile readableBy(Optional<EngineVersion> engine) {
        return this;
    }

    /** The bytes of the file. */
    byte[] content();

    /** What was mended in order to read it; empty where it was right. */
    default List<Problem> mends() {
        return List.of();
    }

    /** Whether the file has to be written even with the same mirrors. */
    default boolean isMended() {
        return !mends().isEmpty();
    }

    /** The bytes as text, for showing differences. */
    String decoded(byte[] content);

    /**
     * Reads the file's content in the form that the installation has.
     *
     * @param mayRepair whether it may be mended where it is broken
     * @throws Fault where it cannot be understood
     */
    static EngineFile parse(byte[] content, Installation installation, boolean mayRepair) {
        ConfigTarget target = installation.target();
        String file = target.file().toString();
        try {
            return switch (target.format()) {
                case DAEMON_JSON -> mayRepair ? Json.repair(content, file) : Json.parse(content, file);
                case DOCKER_OPTS ->
                    Flags.parse(content, file, target.variable().orElseThrow(), DockerOpts.Dialect.SHELL);
                case UCI -> NotOurs.uci(content, file);
                case COLIMA_YAML, LIMA_YAML, START_SCRIPT, DESKTOP_SETTINGS -> new NotOurs(List.of(), content);
            };
        } catch (Fault fault) {
            throw fault.meaning(installation.options());
        }
    }

    /**
     * A file that is left to its owner.
     *
     * @param entries the mirrors and where they stand; empty too where they are not looked for
     */
    record NotOurs(List<MirrorEntry> entries, byte[] content) implements EngineFile {

        static NotOurs uci(byte[] content, String file) {
            List<String> lines =
                    new String(content, StandardCharsets.UTF_8).lines().toList();
            List<MirrorEntry> entries = UciFile.parse(lines).list("globals", "registry_mirrors").stream()
                    .map(value ->
                            new MirrorEntry(value.value(), new Problem.Place(file, value.line(), 0, value.text())))
                    .toList();
            return new NotOurs(entries, content);
        }

        @Override
        public List<String> mirrors() {
            return entries.stream().map(MirrorEntry::url).toList();
        }

        @Override
        public boolean hasMirrors() {
            return !entries.isEmpty();
        }

        @Override
        public byte[] withMirrors(List<String> mirrors) {
            return content;
        }

        @Override
        public byte[] withoutMirrors() {
            return content;
        }

        @Override
        public List<Problem> problems(Optional<EngineVersion> engine) {
            return List.of();
        }

        @Override
        public boolean isBroken() {
            return false;
        }

        @Override
        public String decoded(byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /** {@code daemon.json}. */
    record Json(DaemonConfig config, List<Problem> mends) implements EngineFile {
        public Json {
            mends = List.copyOf(mends);
        }

        static Json parse(byte[] content, String file) {
            return new Json(DaemonConfig.parse(content, file), List.of());
        }

        static Json repair(byte[] content, String file) {
            DaemonConfig.Repaired repaired = DaemonConfig.repair(content, file);
            return new Json(repaired.config(), repaired.mends());
        }

        @Override
        public List<String> mirrors() {
            return config.mirrors();
        }

        @Override
        public List<MirrorEntry> entries() {
            return config.entries();
        }

        @Override
        public boolean hasMirrors() {
            return config.hasMirrors();
        }

        @Override
        public byte[] withMirrors(List<String> mirrors) {
            return config.withMirrors(mirrors);
        }

        @Override
        public byte[] withoutMirrors() {
            return config.withoutMirrors();
        }

        @Override
        public List<Problem> problems(Optional<EngineVersion> engine) {
            return config.problems(engine);
        }

        @Override
        public List<Problem> conflicts(DaemonCommand start) {
            return config.conflicts(start);
        }

        @Override
        public boolean isBroken() {
            return config.isRefusedByAll();
        }

        @Override
        public Optional<Problem> unreadableBy(Optional<EngineVersion> engine) {
            return config.unreadableBy(engine);
        }

        @Override
        public EngineFile readableBy(Optional<EngineVersion> engine) {
            return new Json(config.readableBy(engine), mends);
        }

        @Override
        public byte[] content() {
            return config.content();
        }

        @Override
        public String decoded(byte[] content) {
            return DaemonConfig.text(content);
        }
    }

    /**
     * A file of flags that an init script sources or a unit names.
     *
     * @param charset in which every byte of the file comes back as it was
     */
    record Flags(DockerOpts opts, Charset charset) implements EngineFile {

        static Flags parse(byte[] content, String file, String variable, DockerOpts.Dialect dialect) {
            FileText read = FileText.of(content);
            DockerOpts opts = DockerOpts.parse(read.text(), file, variable, dialect);
            return new Flags(opts, read.charset());
        }

        @Override
        public List<String> mirrors() {
            return opts.mirrors();
        }

        @Override
        public List<MirrorEntry> entries() {
            return opts.entries();
        }

        @Override
        public boolean hasMirrors() {
            return !opts.mirrors().isEmpty();
        }

        @Override
        public byte[] withMirrors(List<String> mirrors) {
            return opts.withMirrors(mirrors).getBytes(charset);
        }

        @Override
        public byte[] withoutMirrors() {
            return withMirrors(List.of());
        }

        @Override
        public List<Problem> problems(Optional<EngineVersion> engine) {
            return opts.problems();
        }

        @Override
        public boolean isBroken() {
            return opts.problems().stream().anyMatch(problem -> problem.severity() == Severity.ERROR);
        }

        @Override
        public byte[] content() {
            return withMirrors(mirrors());
        }

        @Override
        public String decoded(byte[] content) {
            return new String(content, charset);
        }
    }
}
