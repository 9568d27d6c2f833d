package io.github.mirrorctl.task;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.mirror.Catalog;
import io.github.mirrorctl.mirror.CatalogReader;
import io.github.mirrorctl.mirror.CatalogText;
import io.github.mirrorctl.mirror.Mirror;
import io.github.mirrorctl.mirror.MirrorUrl;
import io.github.mirrorctl.platform.CatalogFiles;
import io.github.mirrorctl.platform.ConfigStore;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.platform.Snapshot;
import io.github.mirrorctl.registry.Digest;
import io.github.mirrorctl.registry.ProbeResult;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks after the user's own catalog, and the one that was fetched. */
public final class CatalogTask {
    private final ConfigStore store;
    private final CatalogFiles files;
    private final Clock clock;

    public CatalogTask(Host host, Clock clock) {
        this.store = new ConfigStore(host);
        this.files = CatalogFiles.of(host);
        this.clock = clock;
    }

    /** What was asked for; the key is how JSON spells it. */
    public enum Action {
        PATH("path"),
        VALIDATE("validate"),
        ADD("add"),
        REMOVE("remove"),
        UPDATE("update");

        private final String key;

        Action(String key) {
            this.key = key;
        }

        public String key() {
            return key;
        }
    }

    /**
     * What came of it.
     *
     * @param file that it was about
     * @param exists whether there is such a file now
     * @param catalog what the file holds now; empty where there is none, or nobody looked
     * @param entry the one that was added or removed
     * @param probe how a mirror that was to be added did
     * @param problems what should be said of it
     */
    public record Report(
            Action action,
            Path file,
            boolean exists,
            boolean changed,
            Optional<Catalog> catalog,
            Optional<Entry> entry,
            Optional<ProbeResult> probe,
            List<Problem> problems) {

        public Report {
            problems = List.copyOf(problems);
        }

        /** Whether a mirror was not added, since it does not work from here. */
        public boolean isRefused() {
            return action == Action.ADD && !changed;
        }
    }

    /** An entry's name and address. */
    public record Entry(String id, String url) {}

    /**
     * A mirror to be added.
     *
     * @param id empty where the address shall give it
     * @param members further ones of the entry, as JSON, in their order
     */
    public record Addition(MirrorUrl url, Optional<String> id, Map<String, String> members) {

        public Addition {
            members = new LinkedHashMap<>(members);
        }

        /** The id that was given, or the host with hyphens for dots. */
        String entryId() {
            return id.orElseGet(() -> {
                String words = url.authority().replaceAll("[^a-z0-9]+", "-");
                return words.replaceAll("^-|-$", "");
            });
        }
    }

    /** Where the user's own catalog is. */
    public Report path() {
        boolean exists = store.read(files.own()).content().isPresent();
        return report(Action.PATH, files.own(), exists, false);
    }

    private static Report report(Action action, Path file, boolean exists, boolean changed) {
        return new Report(
                action, file, exists, changed, Optional.empty(), Optional.empty(), Optional.empty(), List.of());
    }

    /**
     * Reads a catalog as every command would, and looks for what they pass over.
     *
     * @throws Fault {@link FaultCode#CATALOG_INVALID}; {@link FaultCode#CANNOT_READ}
     */
    public Report validate(Optional<Path> named) {
        Path file = named.orElse(files.own());
        byte[] content = store.read(file)
                .content()
                .orElseThrow(() -> new Fault(FaultCode.CANNOT_READ, file.toString(), "no-such-file"));
        CatalogReader.Checked checked = CatalogReader.check(content, file.toString());
        List<Problem> problems = new ArrayList<>(checked.warnings());
        problems.addAll(sameAddresses(checked.catalog(), checked.catalog()));
        return new Report(
                Action.VALIDATE,
                file,
                true,
                false,
                Optional.of(checked.catalog()),
                Optional.empty(),
                Optional.empty(),
                problems);
    }

    /** Entries whose address another entry has under another id, each pair once. */
    public static List<Problem> sameAddresses(Catalog own, Catalog among) {
        List<Problem> problems = new ArrayList<>();
        for (Mirror mirror : own.mirrors()) {
            among.sameAddress(mirror)
                    .filter(other ->
                            own.byId(other.id()).isEmpty() || mirror.id().compareTo(other.id()) < 0)
                    .ifPresent(other -> problems.add(Problem.of(
                            "same-address", Problem.Severity.WARNING, mirror.id(), other.id(), mirror.url())));
        }
        return problems;
    }

    /**
     * What stands in the way of an addition, before anybody is asked anything.
     *
     * @throws Fault {@link FaultCode#ENTRY_EXISTS}; {@link FaultCode#USAGE_VALUE} where the id is none
     */
    public void requireNew(Addition addition) {
        String id = addition.entryId();
        Catalog own = own();
        Optional<Mirror> known = own.byId(id).or(() -> own.byUrl(addition.url()));
        if (known.isPresent()) {
            throw new Fault(
                    FaultCode.ENTRY_EXISTS,
                    known.get().id(),
                    known.get().url(),
                    files.own().toString());
        }
        boolean isId = id.matches("[a-z0-9][a-z0-9-]*");
        if (!isId) {
            throw new Fault(FaultCode.USAGE_VALUE, "--id", id, "a-z 0-9 -");
        }
    }

    private Catalog own() {
        return store.read(files.own())
                .content()
                .map(content -> CatalogReader.parse(content, files.own().toString()))
                .orElse(new Catalog("", List.of()));
    }

    /** A mirror that was not added, since it is of no use here. */
    public Report refused(Addition addition, ProbeResult probe) {
        return new Report(
                Action.ADD,
                files.own(),
                store.read(files.own()).content().isPresent(),
                false,
                Optional.empty(),
                Optional.of(new Entry(addition.entryId(), addition.url().toString())),
                Optional.of(probe),
                List.of());
    }

    /**
     * Writes an entry into the user's own catalog, which is created where there is none.
     *
     * @param probe how it did; empty where nobody asked
     * @param known the catalog so far, for what should be said of the new entry
     * @throws Fault as {@link #requireNew} does; {@link FaultCode#CATALOG_INVALID}; {@link FaultCode#CANNOT_WRITE}
     */
    public Report add(Addition addition, Optional<ProbeResult> probe, Catalog known) throws InterruptedException {
        requireNew(addition);
        Map<String, String> members = new LinkedHashMap<>();
        String id = addition.entryId();
        String url = addition.url().toString();
        members.put("id", CatalogText.quoted(id));
        members.put("url", CatalogText.quoted(url));
        members.putAll(addition.members());
        if (probe.filter(result -> result.verdict().isUsable()).isPresent()) {
            members.put("status", CatalogText.quoted("active"));
            members.put("statusAsOf", CatalogText.quoted(today().substring(0, 7)));
        }
        Snapshot before = store.read(files.own());
        CatalogText text = before.content().map(this::text).orElseGet(() -> CatalogText.empty(today()));
        Catalog now = write(before, text.with(members, today()));
        List<Problem> problems = new ArrayList<>();
        known.byId(id)
                .ifPresent(hidden -> problems.add(Problem.of("entry-hidden", Problem.Severity.INFO, id, hidden.url())));
        now.byId(id).ifPresent(entry -> problems.addAll(sameAddresses(new Catalog("", List.of(entry)), known)));
        return new Report(
                Action.ADD,
                files.own(),
                true,
                true,
                Optional.of(now),
                Optional.of(new Entry(id, url)),
                probe,
                problems);
    }

    /**
     * Takes an entry out of the user's own catalog.
     *
     * @throws Fault {@link FaultCode#NO_SUCH_ENTRY}; {@link FaultCode#CATALOG_INVALID}; {@link FaultCode#CANNOT_WRITE}
     */
    public Report remove(String id) throws InterruptedException {
        Snapshot before = store.read(files.own());
        Catalog own = own();
        Mirror entry = own.byId(id).orElseThrow(() -> {
            String ids =
                    String.join(", ", own.mirrors().stream().map(Mirror::id).toList());
            return new Fault(FaultCode.NO_SUCH_ENTRY, id, files.own().toString(), ids.isEmpty() ? "-" : ids);
        });
        byte[] content = before.content().map(this::text).orElseThrow().without(id, today());
        Catalog now = write(before, content);
        return new Report(
                Action.REMOVE,
                files.own(),
                true,
                true,
                Optional.of(now),
                Optional.of(new Entry(id, entry.url())),
                Optional.empty(),
                List.of());
    }

    private CatalogText text(byte[] content) {
        return CatalogText.of(content, files.own().toString());
    }

    /** Nothing is written that could not be read again. */
    private Catalog write(Snapshot before, byte[] content) throws InterruptedException {
        Catalog now = CatalogReader.parse(content, files.own().toString());
        store.replaceWithoutBackup(before, content);
        return now;
    }

    private String today() {
        return LocalDate.ofInstant(clock.instant(), clock.getZone()).toString();
    }

    /**
     * Keeps a catalog that was fetched. Whatever is wrong with it, the old one stays.
     *
     * @param from where it came from, for messages
     * @param expected what its bytes have to be
     * @throws Fault {@link FaultCode#CATALOG_DIGEST}; {@link FaultCode#CATALOG_INVALID};
     *     {@link FaultCode#CATALOG_OLDER}; {@link FaultCode#CANNOT_WRITE}
     */
    public Report update(byte[] content, String from, Optional<Digest> expected) throws InterruptedException {
        Digest digest = Digest.of(content);
        if (expected.filter(wanted -> !wanted.equals(digest)).isPresent()) {
            throw new Fault(
                    FaultCode.CATALOG_DIGEST, from, digest.hex(), expected.get().hex());
        }
        CatalogReader.Checked next = CatalogReader.check(content, from);
        if (next.catalog().updated().isEmpty()) {
            throw CatalogReader.invalid(from, 1, "catalog-undated");
        }
        if (new String(content, UTF_8).indexOf('\0') >= 0) {
            throw CatalogReader.invalid(from, 1, "catalog-not-utf8");
        }
        Snapshot before = store.read(files.fetched());
        Optional<Catalog> old = before.content().flatMap(bytes -> readable(bytes));
        if (old.filter(kept -> kept.updated().compareTo(next.catalog().updated()) > 0)
                .isPresent()) {
            throw new Fault(
                    FaultCode.CATALOG_OLDER,
                    from,
                    next.catalog().updated(),
                    old.get().updated());
        }
        boolean changed =
                before.content().filter(bytes -> Arrays.equals(bytes, content)).isEmpty();
        if (changed) {
            store.replaceWithoutBackup(before, content);
        }
        return new Report(
                Action.UPDATE,
                files.fetched(),
                true,
                changed,
                Optional.of(next.catalog()),
                Optional.empty(),
                Optional.empty(),
                next.warnings());
    }

    /** A catalog that broke since it was fetched is no reason to refuse a new one. */
    private Optional<Catalog> readable(byte[] content) {
        try {
            return Optional.of(CatalogReader.parse(content, files.fetched().toString()));
        } catch (Fault broken) {
            return Optional.empty();
        }
    }
}
