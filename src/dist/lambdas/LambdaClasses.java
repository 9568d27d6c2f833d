import java.io.IOException;
import java.lang.invoke.LambdaMetafactory;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.commons.GeneratorAdapter;
import org.objectweb.asm.commons.Method;

/**
 * Gives each lambda and method reference of compiled classes a class of its own, as if it had been written as one, in the
 * nest of the class that it stands in. A JVM makes these classes up as the program runs otherwise, and links each place
 * with code that nothing has compiled yet: src/docs/adr/0009-lambdas-as-classes.md
 *
 * <p>Started as {@code java -cp ASM LambdaClasses.java FOLDER}: the root of the classes, which are written over. What it
 * does not know ends it: a lambda that has to be serializable, implements a second interface, or needs bridges.
 */
final class LambdaClasses {
    private static final String METAFACTORY = Type.getInternalName(LambdaMetafactory.class);

    private final Path folder;
    /** By the class that is the host of their nest, the names of what was made. */
    private final Map<String, List<String>> made = new HashMap<>();
    /** The names of the classes that they stood in. */
    private final List<String> changed = new ArrayList<>();

    private LambdaClasses(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] args) throws IOException, ClassNotFoundException {
        new LambdaClasses(Path.of(args[0])).run();
    }

    private void run() throws IOException, ClassNotFoundException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(file -> file.toString().endsWith(".class")).sorted().toList();
        }
        for (Path file : files) {
            rewrite(file);
        }
        for (Map.Entry<String, List<String>> nest : made.entrySet()) {
            admit(nest.getKey(), nest.getValue());
        }
        verify();
    }

    private Path file(String internalName) {
        return folder.resolve(internalName + ".class");
    }

    // ---- the class that a lambda stands in ----

    private void rewrite(Path file) throws IOException {
        ClassReader reader = new ClassReader(Files.readAllBytes(file));
        ClassWriter writer = new ClassWriter(0);
        Outer outer = new Outer(writer);
        reader.accept(outer, 0);
        if (!outer.lambdas.isEmpty()) {
            Files.write(file, writer.toByteArray());
            changed.add(outer.name.replace('/', '.'));
            for (Lambda lambda : outer.lambdas.values()) {
                Files.write(file(lambda.name), lambda.bytes(outer.version, outer.host));
                made.computeIfAbsent(outer.host, host -> new ArrayList<>()).add(lambda.name);
            }
        }
    }

    /** Has the host of a nest say that these are members. */
    private void admit(String host, List<String> members) throws IOException {
        ClassReader reader = new ClassReader(Files.readAllBytes(file(host)));
        ClassWriter writer = new ClassWriter(reader, 0);
        reader.accept(
                new ClassVisitor(Opcodes.ASM9, writer) {
                    @Override
                    public void visitEnd() {
                        members.forEach(this::visitNestMember);
                        super.visitEnd();
                    }
                },
                0);
        Files.write(file(host), writer.toByteArray());
    }

    private static final class Outer extends ClassVisitor {
        private final Map<List<Object>, Lambda> lambdas = new LinkedHashMap<>();
        private int version;
        private String name;
        private String host;

        Outer(ClassVisitor writer) {
            super(Opcodes.ASM9, writer);
        }

        @Override
        public void visit(int version, int access, String name, String signature, String parent, String[] interfaces) {
            this.version = version;
            this.name = name;
            this.host = name;
            super.visit(version, access, name, signature, parent, interfaces);
        }

        @Override
        public void visitNestHost(String nestHost) {
            host = nestHost;
            super.visitNestHost(nestHost);
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String method, String descriptor, String signature, String[] exceptions) {
            return new MethodVisitor(
                    Opcodes.ASM9, super.visitMethod(access, method, descriptor, signature, exceptions)) {
                @Override
                public void visitInvokeDynamicInsn(
                        String called, String site, Handle bootstrap, Object... arguments) {
                    if (!bootstrap.getOwner().equals(METAFACTORY)) {
                        super.visitInvokeDynamicInsn(called, site, bootstrap, arguments);
                        return;
                    }
                    if (!bootstrap.getName().equals("metafactory")) {
                        throw new IllegalStateException(
                                name + "." + method + ": no plain lambda, but one by " + bootstrap.getName());
                    }
                    Lambda lambda = lambdas.computeIfAbsent(
                            List.of(called, site, List.of(arguments)),
                            key -> new Lambda(name + "$$Lambda" + (lambdas.size() + 1), called, site, arguments));
                    lambda.putOnStack(this);
                }
            };
        }
    }

    // ---- the class of a lambda ----

    /** One, however many places are alike. */
    private static final class Lambda {
        private static final String INSTANCE = "INSTANCE";
        private static final Type OBJECT = Type.getType(Object.class);
        private static final Type CHARACTER = Type.getType(Character.class);

        private final String name;
        private final Type self;
        private final String called;
        /** Takes what is captured, returns the interface. */
        private final Type site;
        private final Type erased;
        private final Handle body;
        private final Type instantiated;

        Lambda(String name, String called, String site, Object[] arguments) {
            this.name = name;
            this.self = Type.getObjectType(name);
            this.called = called;
            this.site = Type.getMethodType(site);
            this.erased = (Type) arguments[0];
            this.body = (Handle) arguments[1];
            this.instantiated = (Type) arguments[2];
        }

        private Type[] captured() {
            return site.getArgumentTypes();
        }

        private boolean captures() {
            return captured().length > 0;
        }

        private Method factory() {
            return new Method("of", site.getDescriptor());
        }

        /** In the place of what would have it made up: what is captured lies on the stack. */
        void putOnStack(MethodVisitor code) {
            if (captures()) {
                code.visitMethodInsn(Opcodes.INVOKESTATIC, name, factory().getName(), site.getDescriptor(), false);
            } else {
                code.visitFieldInsn(
                        Opcodes.GETSTATIC, name, INSTANCE, site.getReturnType().getDescriptor());
            }
        }

        byte[] bytes(int version, String host) {
            ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
            String[] interfaces = {site.getReturnType().getInternalName()};
            writer.visit(
                    version,
                    Opcodes.ACC_FINAL | Opcodes.ACC_SUPER | Opcodes.ACC_SYNTHETIC,
                    name,
                    null,
                    OBJECT.getInternalName(),
                    interfaces);
            writer.visitNestHost(host);
            Method constructor = new Method("<init>", Type.VOID_TYPE, captured());
            construct(writer, constructor);
            if (captures()) {
                GeneratorAdapter code = method(writer, Opcodes.ACC_STATIC, factory());
                code.newInstance(self);
                code.dup();
                code.loadArgs();
                code.invokeConstructor(self, constructor);
                code.returnValue();
                code.endMethod();
            } else {
                writer.visitField(
                        Opcodes.ACC_STATIC | Opcodes.ACC_FINAL,
                        INSTANCE,
                        site.getReturnType().getDescriptor(),
                        null,
                        null);
                GeneratorAdapter code = method(writer, Opcodes.ACC_STATIC, new Method("<clinit>", "()V"));
                code.newInstance(self);
                code.dup();
                code.invokeConstructor(self, constructor);
                code.putStatic(self, INSTANCE, site.getReturnType());
                code.returnValue();
                code.endMethod();
            }
            implement(writer);
            writer.visitEnd();
            return writer.toByteArray();
        }

        private static GeneratorAdapter method(ClassWriter writer, int access, Method method) {
            return new GeneratorAdapter(access, method, null, null, writer);
        }

        private void construct(ClassWriter writer, Method constructor) {
            Type[] captured = captured();
            GeneratorAdapter code = method(writer, Opcodes.ACC_PRIVATE, constructor);
            code.loadThis();
            code.invokeConstructor(OBJECT, new Method("<init>", "()V"));
            for (int i = 0; i < captured.length; i++) {
                writer.visitField(
                        Opcodes.ACC_PRIVATE | Opcodes.ACC_FINAL, "captured" + i, captured[i].getDescriptor(), null, null);
                code.loadThis();
                code.loadArg(i);
                code.putField(self, "captured" + i, captured[i]);
            }
            code.returnValue();
            code.endMethod();
        }

        /** Calls the body with what was captured and what is given, each as the type that the body takes. */
        private void implement(ClassWriter writer) {
            GeneratorAdapter code =
                    method(writer, Opcodes.ACC_PUBLIC, new Method(called, erased.getDescriptor()));
            Type owner = Type.getObjectType(body.getOwner());
            boolean constructs = body.getTag() == Opcodes.H_NEWINVOKESPECIAL;
            if (constructs) {
                code.newInstance(owner);
                code.dup();
            }
            List<Type> taken = new ArrayList<>(List.of(Type.getArgumentTypes(body.getDesc())));
            if (!constructs && body.getTag() != Opcodes.H_INVOKESTATIC) {
                taken.add(0, owner);
            }
            Type[] captured = captured();
            for (int i = 0; i < captured.length; i++) {
                code.loadThis();
                code.getField(self, "captured" + i, captured[i]);
            }
            Type[] given = erased.getArgumentTypes();
            for (int i = 0; i < given.length; i++) {
                code.loadArg(i);
                convert(code, given[i], instantiated.getArgumentTypes()[i], taken.get(captured.length + i));
            }
            call(code);
            Type returned = constructs ? owner : Type.getReturnType(body.getDesc());
            if (erased.getReturnType().getSort() == Type.VOID) {
                pop(code, returned);
            } else {
                convert(code, returned, instantiated.getReturnType(), erased.getReturnType());
            }
            code.returnValue();
            code.endMethod();
        }

        private void call(GeneratorAdapter code) {
            int instruction =
                    switch (body.getTag()) {
                        case Opcodes.H_INVOKESTATIC -> Opcodes.INVOKESTATIC;
                        case Opcodes.H_NEWINVOKESPECIAL -> Opcodes.INVOKESPECIAL;
                        case Opcodes.H_INVOKEINTERFACE -> Opcodes.INVOKEINTERFACE;
                        // A private method, which the members of a nest call like any other.
                        case Opcodes.H_INVOKESPECIAL, Opcodes.H_INVOKEVIRTUAL -> body.isInterface()
                                ? Opcodes.INVOKEINTERFACE
                                : Opcodes.INVOKEVIRTUAL;
                        default -> throw new IllegalStateException(name + ": a body of kind " + body.getTag());
                    };
            code.visitMethodInsn(instruction, body.getOwner(), body.getName(), body.getDesc(), body.isInterface());
        }

        private static void pop(GeneratorAdapter code, Type type) {
            if (type.getSize() == 2) {
                code.pop2();
            } else if (type.getSize() == 1) {
                code.pop();
            }
        }

        /**
         * As the Javadoc of {@link LambdaMetafactory} allows: casts, boxes, unboxes and widens.
         *
         * @param known the type before as it is with the interface's parameters filled in
         */
        private static void convert(GeneratorAdapter code, Type from, Type known, Type to) {
            if (isPrimitive(from)) {
                if (isPrimitive(to)) {
                    code.cast(from, to);
                } else {
                    code.valueOf(from);
                }
                return;
            }
            Type sure = isPrimitive(known) ? from : known;
            checkCast(code, from, sure);
            if (isPrimitive(to)) {
                // Of numbers, which widen themselves, a character is none.
                Type unboxed = sure.equals(CHARACTER) ? Type.CHAR_TYPE : to;
                code.unbox(unboxed);
                code.cast(unboxed, to);
            } else {
                checkCast(code, sure, to);
            }
        }

        private static void checkCast(GeneratorAdapter code, Type from, Type to) {
            if (!to.equals(from) && !to.equals(OBJECT)) {
                code.checkCast(to);
            }
        }

        private static boolean isPrimitive(Type type) {
            return type.getSort() < Type.ARRAY;
        }
    }

    // ---- what was made ----

    /** Has the JVM take all that was written, so that a mistake here ends the build and not the program. */
    private void verify() throws IOException, ClassNotFoundException {
        try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            for (String name : changed) {
                Class.forName(name, true, loader);
            }
            for (Map.Entry<String, List<String>> nest : made.entrySet()) {
                Class<?> host = Class.forName(nest.getKey().replace('/', '.'), true, loader);
                for (String member : nest.getValue()) {
                    Class<?> lambda = Class.forName(member.replace('/', '.'), true, loader);
                    if (!lambda.isNestmateOf(host)) {
                        throw new IllegalStateException(member + " is no member of the nest of " + host);
                    }
                }
            }
        }
    }
}
