package org.likelihood4j.training;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The arrows between the rooms of the house point one way only. The cli module is above all of these and not in sight. */
class ArchitectureTest {
    private static final String ROOT = "org.likelihood4j.";
    private static final JavaClasses OURS = new ClassFileImporter()
            // ArchUnit's own option goes by the usual folders' names, and ours may be built elsewhere.
            .withImportOption(location -> !location.contains(testClasses()))
            .importPackages("org.likelihood4j");

    private static String testClasses() {
        return ArchitectureTest.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
    }

    @ParameterizedTest
    @CsvSource({
        "models, data",
        "models, engine",
        "models, training",
        "data, models",
        "data, engine",
        "data, training",
        "engine, models",
        "engine, data",
        "engine, training",
        "models, cli",
        "data, cli",
        "engine, cli",
        "training, cli"
    })
    void doesNotDependOn(String module, String other) {
        noClasses()
                .that()
                .resideInAPackage(ROOT + module + "..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + other + "..")
                .check(OURS);
    }

    @Test
    void everyModuleIsInSight() {
        // Rules about packages hold for packages that are not there.
        for (String module : new String[] {
            "models", "data", "engine", "training", "training.config", "training.io", "training.tensorboard"
        }) {
            assertThat(OURS.stream().map(JavaClass::getPackageName)).contains(ROOT + module);
        }
        assertThat(OURS.contain(ArchitectureTest.class)).as("tests").isFalse();
    }

    @ParameterizedTest
    @CsvSource({"config", "io", "tensorboard"})
    void configurationAndFilesKnowNothingOfTraining(String part) {
        classes()
                .that()
                .resideInAPackage(ROOT + "training." + part + "..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        ROOT + "training." + part + "..",
                        ROOT + "data.io..",
                        "java..",
                        "tools.jackson..",
                        "com.fasterxml.jackson..",
                        "com.github.therapi..",
                        "org.snakeyaml..")
                .check(OURS);
    }

    @Test
    void sameDiffsInternalsStayInTheEngine() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "engine..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.nd4j.autodiff.samediff.internal..")
                .check(OURS);
    }

    @Test
    void theCommandLinesLibrariesStayThere() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ch.qos.logback..", "picocli..")
                .check(OURS);
    }

    @Test
    void nobodyUsesTheOldJacksonInsideNd4j() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.nd4j.shade..")
                .check(OURS);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching(ROOT + "(**)").should().beFreeOfCycles().check(OURS);
    }
}
