package org.likelihood4j.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.inference.runtime.ModelBuilder;
import org.likelihood4j.models.Model;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.training.loop.PreflightCheck;

/** Every YAML file that comes with the project is one that works. */
class ShippedConfigsTest {
    private static final Path CONFIGS = Path.of("..", "..", "configs");

    static List<Path> files() throws IOException {
        try (var paths = Files.walk(CONFIGS)) {
            return paths.filter(path -> path.toString().matches(".*\\.ya?ml"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void thereAreSome() throws IOException {
        assertThat(files()).hasSizeGreaterThan(3);
    }

    @ParameterizedTest
    @MethodSource("files")
    void loadsAndMakesAModel(Path file) {
        RunConfig config = ConfigLoader.load(file, List.of());
        Model model = ModelBuilder.create(config, DataSources.shape(config.data()));
        PreflightCheck.check(config, model);
        ModelFunction loss = model.trainingLoss();
        assertThat(loss.outputNames())
                .startsWith("loss")
                .hasSizeGreaterThanOrEqualTo(model.metrics().size() + 1);
        assertThat(model.parameters().length()).isGreaterThan(1000);
        assertThat(config.training().batch())
                .isLessThanOrEqualTo(config.data().trainExamples().orElse(Integer.MAX_VALUE));
        // The name is where the run goes; two shipped files must not share it.
        assertThat(CONFIGS.relativize(file).toString().replaceAll("[/\\\\]", "-"))
                .isEqualTo(config.name() + ".yaml");
    }
}
