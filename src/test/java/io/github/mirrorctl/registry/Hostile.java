package io.github.mirrorctl.registry;

import io.github.mirrorctl.mirror.ImageStore;
import io.github.mirrorctl.registry.FakeRegistry.At;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One way of being hostile and what must be said of it.
 *
 * @param hangs whether it takes all the time it is given
 * @param overTls what must be said where it is spoken over TLS; empty where that makes no difference
 * @param certificate of the registry over TLS
 * @param isOutside whether its address is to count as one on the Internet, from which nothing inside is followed
 */
record Hostile(
        String name,
        Consumer<Stage> setUp,
        Depth depth,
        boolean hangs,
        Set<Transport> transports,
        Expected expected,
        Optional<Expected> overTls,
        String certificate,
        boolean isOutside) {

    enum Transport {
        PLAIN,
        TLS
    }

    /** Who plays: the mirror, and whoever it may point to. */
    record Stage(FakeRegistry mirror, Supplier<FakeRegistry> another, Supplier<FakeRegistry> anotherPlain) {}

    /**
     * What must be said.
     *
     * @param reason its code, or a regular expression where a busy machine may see one as well as another
     */
    record Expected(Verdict verdict, Optional<Step> failedAt, Optional<String> reason, Set<ImageStore> stores) {
        static final Expected READY =
                new Expected(Verdict.READY, Optional.empty(), Optional.empty(), Set.of(ImageStore.values()));

        static Expected failure(Verdict verdict, Step at, String reason) {
            return new Expected(verdict, Optional.of(at), Optional.of(reason), Set.of());
        }

        /** Which stores could use what is of no use is nobody's question. */
        boolean isMetBy(ProbeResult result) {
            String code = result.reason().map(Reason::code).orElse("");
            return result.verdict() == verdict
                    && result.failedAt().equals(failedAt)
                    && code.matches(reason.orElse(""))
                    && (!verdict.isUsable() || result.stores().equals(stores));
        }
    }

    static Hostile row(String name, Misbehaviour misbehaviour, At... places) {
        return row(name, stage -> stage.mirror().with(misbehaviour, places));
    }

    static Hostile row(String name, Consumer<Stage> setUp) {
        return new Hostile(
                name,
                setUp,
                Depth.BLOB,
                false,
                Set.of(Transport.values()),
                Expected.READY,
                Optional.empty(),
                "good",
                false);
    }

    private Hostile with(Expected other) {
        return new Hostile(name, setUp, depth, hangs, transports, other, overTls, certificate, isOutside);
    }

    Hostile fails(Verdict verdict, Step at, String reason) {
        return with(Expected.failure(verdict, at, reason));
    }

    /** For what takes all the time it is given. */
    Hostile hangs(Verdict verdict, Step at, String reason) {
        return new Hostile(name, setUp, depth, true, transports, expected, overTls, certificate, isOutside)
                .with(Expected.failure(verdict, at, reason));
    }

    Hostile ready() {
        return this;
    }

    Hostile ready(String reason, ImageStore... stores) {
        return with(new Expected(
                Verdict.READY,
                Optional.empty(),
                Optional.of(reason),
                Set.of(stores.length == 0 ? ImageStore.values() : stores)));
    }

    Hostile atDepth(Depth other) {
        return new Hostile(name, setUp, other, hangs, transports, expected, overTls, certificate, isOutside);
    }

    Hostile over(Transport only) {
        return new Hostile(name, setUp, depth, hangs, Set.of(only), expected, overTls, certificate, isOutside);
    }

    /** The same, but for the handshake, which fails at another step. */
    Hostile failsOverTls(String reason) {
        return new Hostile(
                name,
                setUp,
                depth,
                hangs,
                transports,
                expected,
                Optional.of(Expected.failure(Verdict.TLS_FAILED, Step.TLS, reason)),
                certificate,
                isOutside);
    }

    static Hostile certificate(String alias, String reason) {
        return new Hostile(
                "a certificate that is " + alias,
                stage -> {},
                Depth.BLOB,
                false,
                Set.of(Transport.TLS),
                Expected.failure(Verdict.TLS_FAILED, Step.TLS, reason),
                Optional.empty(),
                alias,
                false);
    }

    Hostile outside() {
        return new Hostile(name, setUp, depth, hangs, transports, expected, overTls, certificate, true);
    }

    Expected expected(Transport transport) {
        return transport == Transport.TLS ? overTls.orElse(expected) : expected;
    }

    /** A row over one of its transports. */
    record Run(Hostile hostile, Transport transport) {

        static List<Run> of(List<Hostile> rows) {
            List<Run> runs = new ArrayList<>();
            for (Hostile row : rows) {
                row.transports().stream().sorted().forEach(transport -> runs.add(new Run(row, transport)));
            }
            return runs;
        }

        Expected expected() {
            return hostile.expected(transport);
        }

        @Override
        public String toString() {
            return hostile.name + " over " + transport + " at " + hostile.depth.key() + " is "
                    + expected().verdict().key();
        }
    }

    /** A mirror that listens and misbehaves, with those it points to. */
    record Playing(Run run, FakeRegistry mirror, List<FakeRegistry> all) implements AutoCloseable {

        static Playing start(Run run, FakeImage image, Function<String, javax.net.ssl.SSLContext> certificates) {
            List<FakeRegistry> all = new ArrayList<>();
            Supplier<FakeRegistry> plain = () -> kept(all, FakeRegistry.serving(image));
            Function<String, FakeRegistry> secured =
                    alias -> kept(all, FakeRegistry.serving(image, certificates.apply(alias)));
            boolean isTls = run.transport == Transport.TLS;
            FakeRegistry mirror = isTls ? secured.apply(run.hostile.certificate) : plain.get();
            Supplier<FakeRegistry> another = isTls ? () -> secured.apply("good") : plain;
            run.hostile.setUp.accept(new Stage(mirror, another, plain));
            return new Playing(run, mirror, all);
        }

        private static FakeRegistry kept(List<FakeRegistry> all, FakeRegistry registry) {
            all.add(registry);
            return registry;
        }

        @Override
        public void close() {
            all.forEach(FakeRegistry::close);
        }
    }
}
