package org.likelihood4j.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.config.yaml.ConfigLoader;

/** Slips within sections: another kind of value, a word of another program, a number beyond what any run needs. */
public class SectionErrorsTest {
    private static final String VAE = "model: {type: vae}\n";
    private static final String LAYERS =
            IntStream.range(0, 65).mapToObj(i -> "1").collect(Collectors.joining(", "));

    /** YAML, then the message without its "c.yaml" in front. */
    public static Stream<Arguments> problems() {
        return Stream.of(
                // A word where a section belongs.
                arguments(VAE + "data: mnist", ":2: data: expected a mapping of keys to values, was \"mnist\""),
                arguments("model: [vae]", ":1: model: expected a mapping of keys to values, was a list"),
                arguments(
                        VAE + "training: {optimizer: adam}",
                        ":2: training.optimizer: expected a mapping of keys to values, was \"adam\""),
                arguments(
                        VAE + "training:\n  earlyStopping: true",
                        ":3: training.earlyStopping: expected a mapping of keys to values, was true"),
                arguments(
                        VAE + "training: [{epochs: 3}]",
                        ":2: training: expected a mapping of keys to values, was a list"),
                arguments(
                        "model: {type: vae, encoder: [400]}",
                        ":1: model.encoder: expected a mapping of keys to values, was a list"),
                // Words of other programs.
                arguments(
                        VAE + "training: {optimizer: {lr: 0.1}}",
                        ":2: training.optimizer.lr: unknown key; allowed: type, learningRate, beta1, beta2, epsilon,"
                                + " weightDecay"),
                arguments(
                        VAE + "training: {optimizer: {type: adamw}}",
                        ":2: training.optimizer.type: unknown value \"adamw\"; did you mean 'adam'? allowed: adam, sgd"),
                arguments(
                        VAE + "training: {optimizer: {type: sgd, beta1: 0.9}}",
                        ":2: training.optimizer.beta1: unknown key; allowed: type, learningRate, momentum, weightDecay"),
                arguments(
                        VAE + "training: {schedule: {type: linear}}",
                        ":2: training.schedule.type: unknown value \"linear\"; allowed: constant, step, exponential, cosine, stages"),
                arguments(
                        VAE + "training: {schedule: {type: step, gamma: 0.1}}",
                        ":2: training.schedule.gamma: unknown key; allowed: type, every, factor"),
                arguments(
                        VAE + "training: {checkpointUnit: hours}",
                        ":2: training.checkpointUnit: unknown value \"hours\"; allowed: epochs, steps, minutes"),
                arguments(
                        VAE + "training: {checkpointUnit: 5}",
                        ":2: training.checkpointUnit: expected one of epochs, steps, minutes, was 5"),
                arguments(
                        "model: {type: realnvp, architecture: flat, family: aditive}",
                        ":1: model.family: unknown value \"aditive\"; did you mean 'additive'? allowed: derived, affine,"
                                + " additive, spline"),
                arguments(
                        "model: {type: realnvp, architecture: flat, mask: channel}",
                        ":1: model.mask: unknown value \"channel\"; allowed: checkerboard, halves, columns"),
                arguments(
                        "model: {type: vae, encoder: {activation: gelu}}",
                        ":1: model.encoder.activation: unknown value \"gelu\"; did you mean 'relu'? allowed: relu, tanh, elu,"
                                + " softplus, sigmoid, swish, identity"),
                arguments(
                        "model: {type: vae, likelihood: {type: laplace}}",
                        ":1: model.likelihood.type: unknown value \"laplace\"; allowed: bernoulli, gaussian, logistic-mixture,"
                                + " columns"),
                arguments(
                        "model: {type: vae, likelihood: {binarization: true}}",
                        ":1: model.likelihood.binarization: expected one of dynamic, static, none, was true"),
                arguments(
                        "model: {type: vae, likelihood: {sigma: 0.1}}",
                        ":1: model.likelihood.sigma: unknown key; allowed: type, binarization"),
                // Numbers.
                arguments(VAE + "seed: 1.5", ":2: seed: expected a whole number, was 1.5"),
                arguments(VAE + "seed: random", ":2: seed: expected a whole number, was \"random\""),
                arguments("model: {type: vae, latent: 0}", ":1: model.latent: must be at least 1, was 0"),
                arguments(
                        "model: {type: vae, latent: 1048577}",
                        ":1: model.latent: must be at most 1048576, was 1048577"),
                arguments("model: {type: vae, latent: [20]}", ":1: model.latent: expected a whole number, was a list"),
                arguments(
                        "model:\n  type: vae\n  decoder: {hidden: [" + LAYERS + "]}",
                        ":3: model.decoder.hidden: must have at most 64 layers, was 65"),
                arguments(
                        "model: {type: realnvp, architecture: flat, couplings: 101}",
                        ":1: model.couplings: must be at most 100, was 101"),
                arguments(
                        "model: {type: realnvp, architecture: flat, logScaleBound: 0}",
                        ":1: model.logScaleBound: must be positive, was 0.0"),
                arguments(
                        "model: {type: vae, prior: {type: mixture, components: 10001}}",
                        ":1: model.prior.components: must be at most 10000, was 10001"),
                arguments(
                        VAE + "training: {recovery: {factor: 1}}",
                        ":2: training.recovery.factor: must be above 0 and below 1, was 1.0"),
                arguments(
                        VAE + "training: {recovery: {attempts: 0}}",
                        ":2: training.recovery.attempts: must be at least 1, was 0"),
                arguments(
                        VAE + "training: {recovery: {maxGradientNorm: -1}}",
                        ":2: training.recovery.maxGradientNorm: must be positive, was -1.0"),
                arguments(
                        VAE + "training: {earlyStopping: {patience: 0}}",
                        ":2: training.earlyStopping.patience: must be at least 1, was 0"),
                arguments(VAE + "training: {warmupSteps: -1}", ":2: training.warmupSteps: must be at least 0, was -1"),
                arguments(
                        VAE + "training: {checkpointKeep: 0}",
                        ":2: training.checkpointKeep: must be at least 1, was 0"),
                arguments(VAE + "evaluation: {repeats: 0}", ":2: evaluation.repeats: must be at least 1, was 0"),
                arguments(
                        VAE + "evaluation: {importanceSamples: 1000001}",
                        ":2: evaluation.importanceSamples: must be at most 1000000, was 1000001"),
                arguments(
                        VAE + "data: {type: csv, path: a.csv, kinds: [{type: integer, name: n, low: 3, high: 2}]}",
                        ":2: data.kinds[0].high: must be at least low (3), was 2"),
                arguments(
                        VAE + "data: {type: csv, path: a.csv, kinds: [{type: integer, name: n, high: 2000000}]}",
                        ":2: data.kinds[0].high: must be at most 1048576, was 2000000"),
                arguments(VAE + "data: {type: parquet}", ":2: data.path: required, but missing"),
                arguments(
                        VAE + "data: {type: parquet, path: a, shape: [4]}",
                        ":2: data.shape: must be channels, height and width; a table's columns need none, was [4]"),
                arguments(
                        VAE + "data: {type: parquet, path: a, shape: [1, 2, 2], missing: drop}",
                        ":2: data.columns: must name the one column of pixels where there is a shape, and neither kinds"
                                + " nor missing may be set, was null"),
                arguments(VAE + "data: {train: 0}", ":2: data.train: must be at least 1, was 0"),
                arguments(
                        VAE + "data: {type: mnist, train: 100}",
                        ":2: data.train: unknown key; allowed: type, validation"));
    }

    @ParameterizedTest
    @MethodSource("problems")
    void aSlipIsToldWithItsPlaceAndWhatIsAllowed(String yaml, String message) {
        ConfigException e =
                catchThrowableOfType(ConfigException.class, () -> ConfigLoader.parse(yaml, "c.yaml", List.of()));
        assertThat(e).isNotNull().hasMessage("c.yaml" + message);
    }
}
