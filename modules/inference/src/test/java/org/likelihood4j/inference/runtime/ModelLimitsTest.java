package org.likelihood4j.inference.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.likelihood4j.config.ModelConfig;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.LatentVariableModel;
import org.likelihood4j.models.Model;
import org.likelihood4j.models.flow.Flow;
import org.likelihood4j.models.flow.HalfOrder;
import org.likelihood4j.models.flow.PixelData;
import org.likelihood4j.models.vae.FlowPrior;

/** What a configuration may ask of a model is what the model allows. */
class ModelLimitsTest {
    /** The models refuse the same as a last resort, by limits of their own. */
    @Test
    void theLimitsAreThoseOfTheModels() {
        for (double alpha : new double[] {0.05, PixelData.SMALLEST_ALPHA}) {
            for (double floor : new double[] {0.5, PixelData.SMALLEST_STANDARDIZATION_FLOOR}) {
                double largest = Flow.largestTotalLogScale(
                        new PixelData(EventShape.image(1, 2, 1), 256, HalfOrder.COLUMNS, alpha, floor));
                String section = "model: {type: realnvp, architecture: flat, couplings: 1, alpha: " + alpha
                        + ", standardizationFloor: " + floor + ", logScaleBound: ";
                assertThat(parse(section + largest + "}").model()).isInstanceOf(ModelConfig.RealNvp.class);
                assertThatExceptionOfType(ConfigException.class)
                        .isThrownBy(() -> parse(section + Math.nextUp(largest) + "}"));
            }
        }
        String prior = "model: {type: vae, prior: {type: realnvp, couplings: 1, logScaleBound: ";
        double largest = FlowPrior.LARGEST_TOTAL_LOG_SCALE;
        assertThat(parse(prior + largest + "}}").model()).isInstanceOf(ModelConfig.Vae.class);
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> parse(prior + Math.nextUp(largest) + "}}"));
        for (String flow : List.of("{type: coupling, couplings: 1", "{type: iaf, steps: 1")) {
            String both =
                    "model: {type: vae, posterior: " + flow + "}, prior: {type: realnvp, couplings: 1, logScaleBound: ";
            Model model = ModelBuilder.create(parse(both + (largest - 2) + "}}"), new ImageShape(1, 4, 4));
            assertThat(((LatentVariableModel) model).hasGaussianPosterior()).isFalse();
            assertThatExceptionOfType(ConfigException.class)
                    .isThrownBy(() -> parse(both + Math.nextUp(largest - 2) + "}}"));
        }
    }

    @Test
    void nothingSmallerThanTheModelsTakeIsAccepted() {
        String section = "model: {type: realnvp, architecture: flat, logScaleBound: 0.01, ";
        for (String key : List.of(
                "alpha: " + Math.nextDown(PixelData.SMALLEST_ALPHA),
                "standardizationFloor: " + Math.nextDown(PixelData.SMALLEST_STANDARDIZATION_FLOOR))) {
            assertThatExceptionOfType(ConfigException.class)
                    .isThrownBy(() -> parse(section + key + "}"))
                    .withMessageContaining("must be at least");
        }
    }

    /** The model of one section against another section, which says what is not true of it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{type: vae}; {type: realnvp, architecture: flat, couplings: 1}; hasExactDensity = true, but of the model that it makes that is false",
                "{type: realnvp, architecture: flat, couplings: 1}; {type: vae}; hasExactDensity = false, but",
                "{type: vae, prior: {type: mixture}}; {type: vae}; hasClosedFormKl = true, but",
                "{type: vae, prior: {type: mixture}, posterior: {type: iaf}}; {type: vae, prior: {type: mixture}}; hasGaussianPosterior = true, but",
                "{type: vae, likelihood: {type: bernoulli, binarization: none}}; {type: vae}; hasLikelihood = true, but"
            })
    void aModelThatIsNotWhatItsSectionSaysIsRefusedInOneLine(String made, String said, String problem) {
        Model model = ModelBuilder.create(parse("model: " + made), new ImageShape(1, 4, 4));
        ModelConfig section = parse("model: " + said).model();
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ModelBuilder.requireAsSaid(section, model))
                .withMessageContaining(section.getClass().getName() + ") says " + problem)
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    }

    private static RunConfig parse(String yaml) {
        return ConfigLoader.parse(yaml, "limits.yaml", List.of());
    }
}
