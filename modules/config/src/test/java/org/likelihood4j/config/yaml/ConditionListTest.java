package org.likelihood4j.config.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.likelihood4j.config.ModelConfig;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.rules.ConfigException;

/** A condition on columns of a table, in its short form and in the one that it stands for. */
class ConditionListTest {
    private static ModelConfig model(String keys) {
        return ConfigLoader.parse("name: mine\nmodel: {type: vae, " + keys + "}", "test", List.of())
                .model();
    }

    @Test
    void aListNamesColumnsAndAWordTheClass() {
        ModelConfig columns = model("condition: [region, age]");
        assertThat(columns.condition()).isEqualTo(ModelConfig.Condition.COLUMNS);
        assertThat(columns.conditionColumns()).containsExactly("region", "age");
        assertThat(columns.tellsClasses()).isFalse();
        assertThat(columns).isEqualTo(model("condition: columns, conditionColumns: [region, age]"));
        assertThat(model("condition: [label]").conditionColumns()).isEqualTo(List.of("label"));

        ModelConfig label = model("condition: label");
        assertThat(label.tellsClasses()).isTrue();
        assertThat(label.conditionColumns()).isNull();
    }

    @Test
    void whatARunKeepsIsReadAsItWas() {
        ModelConfig columns = model("condition: [region, age]");
        String kept = ConfigLoader.toYaml(
                ConfigLoader.parse("name: mine\nmodel: {type: vae, condition: [region, age]}", "test", List.of()));
        assertThat(ConfigLoader.parse(kept, "kept", List.of()).model()).isEqualTo(columns);
    }

    /** As a resumed run's. */
    @Test
    void aListThatIsSetReplacesTheColumnsOfAFile() {
        RunConfig config = ConfigLoader.parse(
                "name: mine\nmodel: {type: vae, condition: columns, conditionColumns: [region, age]}",
                "test",
                List.of("model.condition=[age]"));
        assertThat(config.model().conditionColumns()).containsExactly("age");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "condition: []                              | conditionColumns: is required with condition: columns",
                "condition: columns                         | conditionColumns: is required with condition: columns",
                "conditionColumns: [age]                    | has no meaning without condition: columns",
                "'condition: label, conditionColumns: [age]'| has no meaning without condition: columns",
                "'condition: [age], conditionColumns: [age]'| must be left out where model.condition is a list",
                "'condition: [age, age]'                    | must all be different",
                "'condition: [age], classes: 3'             | has no meaning without condition: label",
                "condition: age                             | must be label, or a list of columns such as [age]; was"
            })
    void mistakesAreToldInOneLine(String keys, String problem) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> model(keys))
                .withMessageContaining("model.")
                .withMessageContaining(problem)
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    }
}
