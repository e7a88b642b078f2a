package org.likelihood4j.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.likelihood4j.config.rules.ConfigException;

class ModelTypesTest {
    private record Section(Integer width) implements ModelConfig.Provided {}

    /** One that a jar names. */
    public static final class Named implements ModelType {
        @Override
        public String name() {
            return "named";
        }

        @Override
        public Class<Section> section() {
            return Section.class;
        }
    }

    private record Installed(String name) implements ModelType {
        @Override
        public Class<Section> section() {
            return Section.class;
        }
    }

    @Test
    void builtInKindsComeFirst() {
        assertThat(ModelTypes.all().keySet()).containsExactly("vae", "realnvp");
        assertThat(ModelTypes.with(List.of(new Installed("mine"))).keySet()).containsExactly("vae", "realnvp", "mine");
    }

    /** As in an application's server, where the thread's class loader knows jars that ours does not. */
    @Test
    void kindsAreThoseOfTheThreadsLoaderThenOfOurs(@TempDir Path jar) throws IOException {
        Path services = Files.createDirectories(jar.resolve("META-INF/services"));
        Files.writeString(services.resolve(ModelType.class.getName()), Named.class.getName());
        ClassLoader own = ModelTypes.class.getClassLoader();
        try (URLClassLoader other = new URLClassLoader(new URL[] {jar.toUri().toURL()}, own)) {
            for (ClassLoader[] loaders : new ClassLoader[][] {{other, own}, {own, other}, {other, other}}) {
                assertThat(found(loaders)).singleElement().isInstanceOf(Named.class);
            }
        }
        assertThat(found(null, own)).isEmpty();
    }

    private static List<ModelType> found(ClassLoader... loaders) {
        return ModelTypes.found(Arrays.stream(loaders)
                .map(loader -> ServiceLoader.load(ModelType.class, loader))
                .toList());
    }

    @Test
    void everySectionHasItsName() {
        ModelConfig vae = new ModelConfig.Vae(null, null, null, null, null, null, null, null, null);
        ModelConfig flow = new ModelConfig.RealNvp(
                null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
                null, null, null, null);
        assertThat(ModelTypes.name(vae)).isEqualTo("vae");
        assertThat(ModelTypes.name(flow)).isEqualTo("realnvp");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ':',
            value = {
                "vae: that name is taken; there are vae, realnvp, mine",
                "mine: that name is taken; there are vae, realnvp, mine",
                "My model: must be lower-case letters"
            })
    void aNameThatIsTakenOrNoNameIsRefusedInOneLine(String name, String problem) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ModelTypes.with(List.of(new Installed("mine"), new Installed(name))))
                .withMessageContaining('"' + name + '"')
                .withMessageContaining(Installed.class.getName())
                .withMessageContaining(problem)
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    }
}
