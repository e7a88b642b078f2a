package org.likelihood4j.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.likelihood4j.config.rules.ConfigException;

class ModelTypesTest {
    private record Section(Integer width) implements ModelConfig.Provided {}

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

    @Test
    void everySectionHasItsName() {
        ModelConfig vae = new ModelConfig.Vae(null, null, null, null, null, null, null);
        ModelConfig flow = new ModelConfig.RealNvp(
                null, null, null, null, null, null, null, null, null, null, null, null, null, null);
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
