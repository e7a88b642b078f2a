package org.likelihood4j;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.runs.CheckpointFolder;

/** No class that a file names is ever loaded. */
class ClassNamesTest {
    private static boolean sprung;

    /** Says so when it is loaded and initialised. */
    static final class Trap {
        static {
            sprung = true;
        }
    }

    private static final String TRAP = ClassNamesTest.class.getName() + "$Trap";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model: {type: 'TRAP'}",
                "model: {type: vae, '@class': 'TRAP'}",
                "model: {'@class': 'TRAP', type: vae}",
                "model: !!TRAP {type: vae}",
                "!!TRAP {model: {type: vae}}",
                "model: !<tag:yaml.org,2002:TRAP> {}",
                "%TAG !t! tag:yaml.org,2002:\n---\nmodel: !t!TRAP {}",
                "model: ['TRAP', {}]",
                "model: {type: vae, prior: {type: 'TRAP'}}",
                "model: {type: vae}\ntraining: {optimizer: {type: 'TRAP'}, schedule: {type: 'TRAP'}}"
            })
    void inAConfiguration(String yaml) {
        assertThat(catchThrowable(() -> ConfigLoader.parse(yaml.replace("TRAP", TRAP), "x.yaml", List.of())))
                .isInstanceOf(ConfigException.class);
        assertThat(sprung).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"@class\":\"TRAP\"}", "[\"TRAP\",{}]", "{\"@type\":\"TRAP\",\"type\":\"TRAP\"}"})
    void inTheStateOfATraining(String value, @TempDir Path folder) throws IOException {
        String json = "{\"formatVersion\":2,\"epoch\":1,\"step\":1,\"bestEpoch\":0,\"bestValue\":null,"
                + "\"validationsSinceBest\":0,\"rollbacks\":[],\"running\":null,\"provenance\":{\"a\":"
                + value.replace("TRAP", TRAP) + "}}";
        Files.writeString(folder.resolve("state.json"), json);
        Object read = CheckpointFolder.readState(folder).provenance().get("a");
        // Free values become the plain collections of JSON.
        assertThat(read.getClass().getName()).startsWith("java.util.");
        assertThat(sprung).isFalse();
    }

    /** Which record a section becomes is said by names that the records' own annotations list. */
    @Test
    void nothingThatReadsLoadsClassesByName() {
        JavaClasses ours = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(
                        "org.likelihood4j.io",
                        "org.likelihood4j.config",
                        "org.likelihood4j.data",
                        "org.likelihood4j.runs",
                        "org.likelihood4j.inference",
                        "org.likelihood4j.training",
                        "org.likelihood4j.laboratory",
                        "org.likelihood4j.report");
        noClasses().should().callMethod(Class.class, "forName", String.class).check(ours);
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ObjectInputStream.class)
                .check(ours);
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ClassLoader.class)
                .check(ours);
        long polymorphic = ours.stream()
                .filter(c -> c.isAnnotatedWith(JsonTypeInfo.class))
                .peek(c -> assertThat(c.getAnnotationOfType(JsonTypeInfo.class).use())
                        .isEqualTo(JsonTypeInfo.Id.NAME))
                .count();
        assertThat(polymorphic).isPositive();
    }
}
