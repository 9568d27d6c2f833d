package io.github.mirrorctl;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.lang.annotation.Annotation;

/** The walls between the packages. Change it in the same commit as the reason. */
@AnalyzeClasses(packagesOf = Main.class, importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
    private static final String ROOT = "io.github.mirrorctl.";

    @ArchTest
    static final ArchRule packages_point_one_way = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("main")
            .definedBy("io.github.mirrorctl")
            .layer("cli")
            .definedBy(ROOT + "cli..")
            .layer("render")
            .definedBy(ROOT + "render..")
            .layer("task")
            .definedBy(ROOT + "task..")
            .layer("registry")
            .definedBy(ROOT + "registry..")
            .layer("daemon")
            .definedBy(ROOT + "daemon..")
            .layer("platform")
            .definedBy(ROOT + "platform..")
            .layer("mirror")
            .definedBy(ROOT + "mirror..")
            .layer("fault")
            .definedBy(ROOT + "fault..")
            .whereLayer("main")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("cli")
            .mayOnlyBeAccessedByLayers("main")
            .whereLayer("render")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("task")
            .mayOnlyBeAccessedByLayers("cli", "render")
            .whereLayer("registry")
            .mayOnlyBeAccessedByLayers("cli", "render", "task")
            .whereLayer("daemon")
            .mayOnlyBeAccessedByLayers("render", "task")
            .whereLayer("platform")
            .mayOnlyBeAccessedByLayers("main", "cli", "render", "task")
            .whereLayer("mirror")
            .mayOnlyBeAccessedByLayers("cli", "render", "task", "registry", "daemon", "platform")
            .whereLayer("fault")
            .mayOnlyBeAccessedByLayers("cli", "render", "task", "registry", "daemon", "platform", "mirror");

    @ArchTest
    static final ArchRule picocli_lives_in_cli = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("picocli..");

    /** Neither by picocli, which reads its annotations that way, nor by us: a start waits for it, an executable forgets it. */
    @ArchTest
    static final ArchRule nothing_is_reached_by_reflection = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.lang.reflect..")
            .orShould()
            .callMethod(Class.class, "forName", String.class)
            .orShould()
            .dependOnClassesThat(resideInAPackage("picocli..").and(assignableTo(Annotation.class)));

    @ArchTest
    static final ArchRule sockets_live_in_registry = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "registry..")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.net.Socket")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("javax.net.ssl.SSLSocket");

    @ArchTest
    static final ArchRule nobody_uses_the_http_clients_of_the_jdk =
            noClasses().should().dependOnClassesThat().resideInAPackage("java.net.http..");

    /** The writer of manual pages is started by the build and is not in the jar. */
    @ArchTest
    static final ArchRule files_and_processes_live_in_platform = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "platform..")
            .and()
            .doNotHaveFullyQualifiedName(ROOT + "cli.ManPages")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.nio.file.Files")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.lang.ProcessBuilder")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.io.File");

    @ArchTest
    static final ArchRule jackson_lives_where_documents_are = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + "mirror..", ROOT + "daemon..", ROOT + "registry..", ROOT + "render..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.fasterxml..");

    @ArchTest
    static final ArchRule only_main_touches_the_streams_and_exits = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(Main.class.getName())
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .accessField(System.class, "in")
            .orShould()
            .callMethod(System.class, "exit", int.class);

    @ArchTest
    static final ArchRule only_host_knows_the_environment = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(ROOT + "platform.Host")
            .should()
            .callMethod(System.class, "getenv")
            .orShould()
            .callMethod(System.class, "getenv", String.class)
            .orShould()
            .callMethod(System.class, "getProperty", String.class)
            .orShould()
            .callMethod(System.class, "getProperty", String.class, String.class);

    @ArchTest
    static final ArchRule exit_codes_stay_in_cli =
            classes().that().haveSimpleName("ExitCode").should().bePackagePrivate();

    @ArchTest
    static final ArchRule mutable_public_state_is_forbidden =
            fields().that().arePublic().should().beFinal();
}
