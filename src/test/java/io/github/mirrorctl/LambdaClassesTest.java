package io.github.mirrorctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** What the build makes of lambdas: the program does the same with them, and the JVM has none to make up. */
final class LambdaClassesTest {
    private static final Path TOOL = Path.of("src/dist/lambdas/LambdaClasses.java");

    /** Of each kind of body, with all that is captured, given and returned having to be converted somewhere. */
    private static final String SAMPLE = """
            package sample;

            import java.util.*;
            import java.util.function.*;

            public final class Sample {
                private static final Supplier<String> OF_CLASS = () -> "class";
                private final List<Object> said = new ArrayList<>();
                private int calls;

                private interface Three<A, B, C, R> { R of(A a, B b, C c); }

                interface Greeting {
                    private String name() { return "interface"; }
                    default Supplier<String> greeting() { return () -> "of an " + name(); }
                }

                enum Operation {
                    PLUS((a, b) -> a + b), LARGER(Math::max);
                    final IntBinaryOperator by;
                    Operation(IntBinaryOperator by) { this.by = by; }
                }

                private final class Inner {
                    private Runnable run() { return () -> said.add("inner " + calls++); }
                }

                private Sample() {}

                private static long twice(long value) { return 2 * value; }
                private static int seven() { return 7; }
                private static Character boxed(String text) { return text.charAt(0); }
                private int count(Integer by) { calls += by; return calls; }
                private long countLong() { return ++calls; }
                private void say(Object what) { said.add(what); }
                private static <T> T same(T value) { return value; }

                public static String run() {
                    Sample sample = new Sample();
                    sample.all();
                    return sample.said.toString();
                }

                private void all() {
                    // Bodies of each kind.
                    Consumer<Object> say = this::say;
                    say.accept(OF_CLASS.get());
                    say.accept(((Supplier<Object>) ArrayList::new).get());
                    say.accept(((Supplier<Sample>) Sample::new).get().said);
                    say.accept(((Supplier<Inner>) Inner::new).get().getClass());
                    say.accept(((Supplier<Object>) super::getClass).get());
                    say.accept(((Function<Integer, List<Integer>>) Arrays::asList).apply(2));
                    say.accept(((Function<String, StringBuilder>) StringBuilder::new).apply("built"));
                    say.accept(((Function<String, String>) String::trim).apply(" trimmed "));
                    say.accept(((BiFunction<String, String, String>) String::concat).apply("a", "b"));
                    say.accept(((Supplier<String>) "bound"::toUpperCase).get());
                    say.accept(((Function<List<String>, Iterator<String>>) List::iterator).apply(List.of("x")).next());
                    say.accept(((IntFunction<int[]>) int[]::new).apply(3).length);
                    say.accept(new Greeting() {}.greeting().get());
                    say.accept(Operation.PLUS.by.applyAsInt(3, 4) + Operation.LARGER.by.applyAsInt(3, 4));
                    new Inner().run().run();

                    // Boxed, unboxed, widened and dropped.
                    say.accept(((Function<String, Object>) String::length).apply("four"));
                    say.accept(((ToDoubleFunction<Integer>) Integer::intValue).applyAsDouble(5));
                    say.accept(((ToLongFunction<Character>) character -> character).applyAsLong('a'));
                    say.accept(((IntToLongFunction) Sample::twice).applyAsLong(6));
                    say.accept(((Function<Integer, Long>) Sample::twice).apply(8));
                    say.accept(((Function<Character, Long>) Sample::twice).apply('b'));
                    say.accept(((ToIntFunction<String>) Sample::boxed).applyAsInt("d"));
                    say.accept(((ToLongFunction<Short>) Short::longValue).applyAsLong((short) 3));
                    say.accept(((LongSupplier) Sample::seven).getAsLong());
                    say.accept(((Supplier<Integer>) Sample::seven).get());
                    say.accept(((IntUnaryOperator) this::count).applyAsInt(9));
                    say.accept(((Predicate<Boolean>) Boolean::booleanValue).test(true));
                    Consumer<Integer> dropped = this::count;
                    dropped.accept(10);
                    Runnable droppedLong = this::countLong;
                    droppedLong.run();
                    say.accept(calls);
                    say.accept(((UnaryOperator<String>) Sample::same).apply("same"));
                    say.accept(((Three<Integer, Long, String, String>) (a, b, c) -> a + b + c).of(1, 2L, "three"));

                    // Captured, of all sizes, and by a lambda in a lambda.
                    long wide = 11;
                    double wider = 0.5;
                    boolean truth = true;
                    byte small = 12;
                    char letter = 'c';
                    Function<Integer, Supplier<String>> nested =
                            given -> () -> given + " " + wide + " " + wider + " " + truth + " " + small + " " + letter + calls;
                    say.accept(nested.apply(13).get());
                    Object[] array = {"an", "array"};
                    say.accept(((IntFunction<Object>) i -> array[i]).apply(1));
                    List<String> sorted = new ArrayList<>(List.of("bb", "a", "ccc"));
                    sorted.sort(Comparator.comparing(String::length, Comparator.reverseOrder()).thenComparing(s -> s));
                    say.accept(sorted);
                    try {
                        ((Runnable) () -> { throw new IllegalStateException("thrown"); }).run();
                    } catch (IllegalStateException e) {
                        say.accept(e.getMessage());
                    }
                }
            }
            """;

    /** What no compiler would let through, a raw type does: who calls is told, and not the body. */
    private static final String POLLUTED = """
            package sample;

            import java.util.*;
            import java.util.function.*;

            public final class Sample {
                @SuppressWarnings({"unchecked", "rawtypes"})
                public static String run() {
                    Function<String, Object> strict = Objects::requireNonNull;
                    try {
                        return String.valueOf(((Function) strict).apply(1));
                    } catch (ClassCastException e) {
                        return "refused";
                    }
                }
            }
            """;

    private static final String SERIALIZABLE = """
            package sample;

            public final class Sample {
                static Runnable task() { return (Runnable & java.io.Serializable) () -> {}; }
            }
            """;

    @TempDir
    private Path scratch;

    private Path classes;

    @BeforeEach
    void makeFolder() throws IOException {
        classes = Files.createDirectory(scratch.resolve("classes"));
    }

    @Test
    void classes_do_the_same_with_none_left_to_make_up() throws Exception {
        compile(SAMPLE);
        String before = run();
        assertThat(madeUp()).hasSizeGreaterThan(30);

        giveClasses();

        assertThat(run())
                .isEqualTo(before)
                .startsWith("[class, [], [], class sample.Sample$Inner, class sample.Sample, [2], built, trimmed")
                .endsWith("thrown]");
        assertThat(madeUp()).isEmpty();
    }

    @Test
    void what_is_of_another_type_is_refused_as_before() throws Exception {
        compile(POLLUTED);
        String before = run();

        giveClasses();

        assertThat(run()).isEqualTo(before).isEqualTo("refused");
    }

    @Test
    void places_that_are_alike_share_a_class() throws Exception {
        compile("""
                package sample;

                public final class Sample {
                    static java.util.function.Function<Object, String> one() { return Object::toString; }
                    static java.util.function.Function<Object, String> other() { return Object::toString; }
                }
                """);

        giveClasses();

        try (Stream<Path> files = Files.list(classes.resolve("sample"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("Sample.class", "Sample$$Lambda1.class");
        }
    }

    @Test
    void what_is_no_plain_lambda_ends_the_build() throws Exception {
        compile(SERIALIZABLE);

        assertThatThrownBy(this::giveClasses).hasMessageContaining("sample/Sample.task: no plain lambda");
    }

    private void compile(String source) throws IOException {
        Path file = Files.writeString(scratch.resolve("Sample.java"), source);
        javac("--release", "17", "-d", classes.toString(), file.toString());
    }

    private static void javac(String... arguments) {
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments))
                .isZero();
    }

    private void giveClasses() throws Exception {
        Path tool = Files.createDirectories(scratch.resolve("tool"));
        javac("-d", tool.toString(), "-cp", System.getProperty("java.class.path"), TOOL.toString());
        try (URLClassLoader loader = new URLClassLoader(new URL[] {tool.toUri().toURL()})) {
            Method main = loader.loadClass("LambdaClasses").getDeclaredMethod("main", String[].class);
            main.setAccessible(true);
            main.invoke(null, (Object) new String[] {classes.toString()});
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (Exception) e.getCause();
        }
    }

    private String run() throws Exception {
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
            return (String) loader.loadClass("sample.Sample").getMethod("run").invoke(null);
        }
    }

    /** The places where the JVM would make a class up. */
    private List<String> madeUp() throws IOException {
        List<String> places = new ArrayList<>();
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                new ClassReader(Files.readAllBytes(file)).accept(new Places(places), 0);
            }
        }
        return places;
    }

    private static final class Places extends ClassVisitor {
        private final List<String> places;

        Places(List<String> places) {
            super(Opcodes.ASM9);
            this.places = places;
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String method, String descriptor, String signature, String[] exceptions) {
            return new MethodVisitor(Opcodes.ASM9) {
                @Override
                public void visitInvokeDynamicInsn(String name, String site, Handle bootstrap, Object... arguments) {
                    if (bootstrap.getOwner().equals("java/lang/invoke/LambdaMetafactory")) {
                        places.add(method);
                    }
                }
            };
        }
    }
}
