package io.github.mirrorctl.registry;

/** A {@link FakeRegistry} for tests of other packages: one that works, or one that answers everything with a status. */
public final class TestMirror implements AutoCloseable {
    private final FakeRegistry registry;

    private TestMirror(FakeRegistry registry) {
        this.registry = registry;
    }

    public static TestMirror working() {
        return new TestMirror(FakeRegistry.serving(FakeImage.node()));
    }

    public static TestMirror answering(int status) {
        return new TestMirror(FakeRegistry.serving(FakeImage.node())
                .with(
                        Misbehaviour.error(status, "CODE", "words of the registry"),
                        FakeRegistry.At.PING,
                        FakeRegistry.At.HEAD,
                        FakeRegistry.At.TAG));
    }

    /** One that takes a request for a manifest and never answers it. */
    public static TestMirror hanging() {
        return new TestMirror(FakeRegistry.serving(FakeImage.node())
                .with(Misbehaviour.hang(), FakeRegistry.At.HEAD, FakeRegistry.At.TAG));
    }

    /** One whose layers and configuration are not what their digests say. */
    public static TestMirror corrupt() {
        return new TestMirror(
                FakeRegistry.serving(FakeImage.node()).with(Misbehaviour.corrupt(), FakeRegistry.At.BLOB));
    }

    public String url() {
        return registry.url();
    }

    @Override
    public void close() {
        registry.close();
    }
}
