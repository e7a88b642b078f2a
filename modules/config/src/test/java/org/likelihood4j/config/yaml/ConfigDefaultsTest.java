package org.likelihood4j.config.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.likelihood4j.config.yaml.ConfigLoaderTest.EVERYTHING;
import static org.likelihood4j.config.yaml.ConfigLoaderTest.EVERYTHING_OF_A_VAE;
import static org.likelihood4j.config.yaml.ConfigLoaderTest.FREE_BITS;
import static org.likelihood4j.config.yaml.ConfigLoaderTest.IMPORTANCE_WEIGHTED;
import static org.likelihood4j.config.yaml.ConfigLoaderTest.VAE;
import static org.likelihood4j.config.yaml.ConfigLoaderTest.parse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.config.CoderConfig;
import org.likelihood4j.config.ConditionerConfig;
import org.likelihood4j.config.DiagnosticsConfig;
import org.likelihood4j.config.EvaluationConfig;
import org.likelihood4j.config.Family;
import org.likelihood4j.config.LikelihoodConfig.Bernoulli;
import org.likelihood4j.config.LikelihoodConfig.Binarization;
import org.likelihood4j.config.LikelihoodConfig.Gaussian;
import org.likelihood4j.config.LossConfig;
import org.likelihood4j.config.LossConfig.Estimator;
import org.likelihood4j.config.LossConfig.Kl;
import org.likelihood4j.config.ModelConfig;
import org.likelihood4j.config.ModelConfig.Architecture;
import org.likelihood4j.config.ModelConfig.Base;
import org.likelihood4j.config.ModelConfig.Dequantization;
import org.likelihood4j.config.ModelConfig.Divergence;
import org.likelihood4j.config.ModelConfig.Marginals;
import org.likelihood4j.config.ModelConfig.Mask;
import org.likelihood4j.config.ModelConfig.Mixing;
import org.likelihood4j.config.ModelConfig.RealNvp;
import org.likelihood4j.config.ModelConfig.Vae;
import org.likelihood4j.config.NetworkConfig;
import org.likelihood4j.config.NetworkConfig.Activation;
import org.likelihood4j.config.OptimizerConfig.Adam;
import org.likelihood4j.config.OptimizerConfig.Sgd;
import org.likelihood4j.config.PosteriorConfig;
import org.likelihood4j.config.PriorConfig;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.ScaleConfig;
import org.likelihood4j.config.Schedule;
import org.likelihood4j.config.TrainingConfig;
import org.likelihood4j.config.TrainingConfig.CheckpointUnit;
import org.likelihood4j.config.TrainingConfig.EarlyStopping;
import org.likelihood4j.config.TrainingConfig.Recovery;
import org.likelihood4j.config.Warmup;
import org.likelihood4j.config.data.Cifar10Config;
import org.likelihood4j.config.data.DigitsConfig;
import org.likelihood4j.config.data.ExternalConfig;
import org.likelihood4j.config.data.MnistConfig;
import org.likelihood4j.config.data.NpyConfig;
import org.likelihood4j.config.rules.ConfigException;

/** What a config means where it says little, and where it says all. */
class ConfigDefaultsTest {
    private static final CoderConfig ONE_LAYER = coder(List.of(400), Activation.RELU);

    @Test
    void everyDefaultOfAVae() {
        RunConfig config = parse(VAE);
        assertThat(config)
                .isEqualTo(new RunConfig(
                        "mnist-vae",
                        1L,
                        RunConfig.Device.CPU,
                        RunConfig.EngineKind.COMPILED,
                        RunConfig.Precision.FLOAT32,
                        new DigitsConfig(60_000, 1000, 10_000, 1L),
                        new Vae(
                                20,
                                ONE_LAYER,
                                ONE_LAYER,
                                new Bernoulli(Binarization.DYNAMIC),
                                new PosteriorConfig.Gaussian(),
                                new PriorConfig.Normal(),
                                null,
                                null,
                                null),
                        new LossConfig(1, new Kl(Estimator.ANALYTIC, 1.0, new Warmup.None(), 0.0, 0)),
                        new TrainingConfig(
                                10,
                                null,
                                null,
                                TrainingConfig.Shuffle.ALL,
                                null,
                                new Adam(1e-3, 0.9, 0.999, 1e-8, 0.0),
                                new Schedule.Constant(),
                                0,
                                null,
                                null,
                                null,
                                50,
                                1,
                                1,
                                1.0,
                                1,
                                CheckpointUnit.EPOCHS,
                                2,
                                null,
                                null,
                                null),
                        new DiagnosticsConfig(true, 1, 2000, 50, 32),
                        new EvaluationConfig(100, 3, 200, 1L),
                        false));
        assertThat(config.training()).isEqualTo(TrainingConfig.defaults());
        assertThat(config.training().clipNorm()).isNull();
        assertThat(config.training().emaDecay()).isNull();
        assertThat(config.training().earlyStopping()).isNull();
    }

    @Test
    void aBatchSizeThatIsNotSetIs100OrWhatThereIs() {
        RunConfig unset = parse(VAE);
        assertThat(unset.training().batchSize()).isNull();
        assertThat(unset.training().batch()).isEqualTo(100);
        assertThat(unset.fitted(100).training().batchSize()).isEqualTo(100);
        assertThat(unset.fitted(20).training().batchSize()).isEqualTo(20);
        assertThat(unset.fitted(20).fitted(5).training().batchSize()).isEqualTo(20);
        assertThat(parse(VAE + "data: {train: 20}").training().batchSize()).isNull();
        assertThat(parse(VAE + "training: {batchSize: 30}")
                        .fitted(20)
                        .training()
                        .batchSize())
                .isEqualTo(30);
    }

    static RealNvp flat(
            Integer couplings,
            Family family,
            Mask mask,
            ConditionerConfig conditioner,
            Double logScaleBound,
            Double alpha,
            Double floor) {
        return new RealNvp(
                Architecture.FLAT,
                couplings,
                family,
                null,
                null,
                mask,
                Marginals.STANDARDIZED,
                Mixing.NONE,
                null,
                conditioner,
                null,
                null,
                null,
                null,
                logScaleBound,
                alpha,
                floor,
                Divergence.FORWARD,
                null,
                null,
                null);
    }

    static CoderConfig coder(List<Integer> hidden, Activation activation) {
        return new CoderConfig(CoderConfig.Type.DENSE, hidden, activation, null, null);
    }

    private static ConditionerConfig dense(List<Integer> hidden, Activation activation) {
        return new ConditionerConfig(ConditionerConfig.Type.DENSE, hidden, null, activation, 0.0, null, null);
    }

    /** What was recorded before a flow had an architecture is of a flat one. */
    @Test
    void aRunOfBeforeThereWereArchitecturesIsFlat() {
        String old = "model: {type: realnvp, couplings: 4, family: derived, mask: columns, conditioner: {hidden: [8],"
                + " activation: relu}, logScaleBound: 2.0, alpha: 1.0e-6, standardizationFloor: 0.001}";
        assertThat(((RealNvp) ConfigLoader.parseRecorded(old, "config.yaml", List.of())
                                .model())
                        .architecture())
                .isEqualTo(Architecture.FLAT);
    }

    @Test
    void aMultiscaleFlowOfFewWords() {
        RunConfig config = parse("""
                data: {type: mnist}
                model:
                  type: realnvp
                  scales: [{checkerboard: 4}, {channel: 4}, {channel: 4, channels: 64}]
                  conditioner: {channels: 24}
                  actNorm: true
                """);
        RealNvp flow = (RealNvp) config.model();
        assertThat(flow.scales())
                .containsExactly(new ScaleConfig(0, 4, 24), new ScaleConfig(4, 0, 48), new ScaleConfig(4, 0, 64));
        // 24 log-scales of couplings and norms: less than 2 each.
        assertThat(flow.logScaleBound()).isEqualTo(1.53);
        assertThat(parse(ConfigLoader.toYaml(config))).isEqualTo(config);
    }

    /** Where only a file can tell what the data are, or a program brings them, the choice waits for them. */
    @Test
    void anArchitectureWaitsForTheData(@TempDir Path folder) throws IOException {
        String text = "model: {type: realnvp, couplings: 3}";
        RunConfig program = parse(text);
        assertThat(((RealNvp) program.model()).architecture()).isNull();
        ExternalConfig rows = new ExternalConfig("a program", null, List.of("x", "y"), null, 100, null, null);
        assertThat(((RealNvp) program.withData(rows).model()).architecture()).isEqualTo(Architecture.FLAT);
        // A file is whole: its data are the default ones.
        Path file = Files.writeString(folder.resolve("c.yaml"), text);
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConfigLoader.load(file, List.of()))
                .withMessageContaining("c.yaml:1: model.couplings: belongs to a flat flow");
        RunConfig config = parse("data: {type: npy, path: x.npy}\nmodel: {type: realnvp}");
        assertThat(((RealNvp) config.model()).architecture()).isNull();
        NpyConfig data = (NpyConfig) config.data();
        assertThat(((RealNvp) config.withData(data.withShape(List.of(1, 28, 28)))
                                .model())
                        .architecture())
                .isEqualTo(Architecture.MULTISCALE);
        assertThat(((RealNvp) config.withData(data.withShape(List.of(7))).model()).architecture())
                .isEqualTo(Architecture.FLAT);
    }

    @Test
    void everyDefaultOfTheOtherTypes() {
        RealNvp flat =
                flat(6, Family.DERIVED, Mask.CHECKERBOARD, dense(List.of(512, 512), Activation.RELU), 2.0, 1e-6, 1e-3);
        assertThat(parse("model: {type: realnvp, architecture: flat}").model()).isEqualTo(flat);
        assertThat(parse("data: {type: toy}\nmodel: {type: realnvp}").model()).isEqualTo(flat);
        assertThat(parse("model: {type: realnvp, architecture: flat, conditioner: {activation: elu}}")
                        .model())
                .isEqualTo(flat(null, null, null, dense(List.of(512, 512), Activation.ELU), null, null, null));
        RealNvp spline = (RealNvp) parse("data: {type: toy}\nmodel: {type: realnvp, family: spline}")
                .model();
        assertThat(spline.bins()).isEqualTo(8);
        assertThat(spline.tailBound()).isEqualTo(3);
        assertThat(spline.logScaleBound()).isNull();
        RealNvp steps = (RealNvp) parse("data: {type: toy}\nmodel: {type: realnvp, architecture: autoregressive,"
                        + " conditioner: {type: residual}}")
                .model();
        assertThat(steps.family()).isEqualTo(Family.AFFINE);
        assertThat(steps.couplings()).isEqualTo(6);
        assertThat(steps.mask()).isNull();
        assertThat(steps.mixing()).isEqualTo(Mixing.NONE);
        assertThat(steps.conditioner())
                .isEqualTo(new ConditionerConfig(
                        ConditionerConfig.Type.RESIDUAL, null, 128, Activation.RELU, 0.0, null, 2));
        assertThat(parse("data: {}\nmodel: {type: realnvp}").model())
                .isEqualTo(new RealNvp(
                        Architecture.MULTISCALE,
                        null,
                        Family.DERIVED,
                        null,
                        null,
                        null,
                        null,
                        null,
                        List.of(new ScaleConfig(0, 4, 32), new ScaleConfig(4, 0, 64), new ScaleConfig(4, 0, 128)),
                        new ConditionerConfig(ConditionerConfig.Type.RESIDUAL, null, null, null, null, 32, 2),
                        false,
                        false,
                        Base.STANDARD,
                        Dequantization.UNIFORM,
                        2.0,
                        1e-5,
                        1.0,
                        null,
                        null,
                        null,
                        null));
        assertThat(((Vae) parse("model: {type: vae, likelihood: {type: gaussian}}")
                                .model())
                        .likelihood())
                .isEqualTo(new Gaussian(0.1, null));
        assertThat(parse(VAE + "data: {type: mnist}").data()).isEqualTo(new MnistConfig(1000));
        assertThat(parse(VAE + "data: {type: cifar-10, validation: 0}").data()).isEqualTo(new Cifar10Config(0));
        assertThat(parse(VAE + "training: {optimizer: {type: sgd}}").training().optimizer())
                .isEqualTo(new Sgd(0.01, 0.9, 0.0));
        assertThat(schedule("step")).isEqualTo(new Schedule.Step(10, 0.5));
        assertThat(schedule("exponential")).isEqualTo(new Schedule.Exponential(0.99));
        assertThat(schedule("cosine")).isEqualTo(new Schedule.Cosine(0.0));
        assertThat(schedule("stages, epochs: [1, 3], finalFraction: 0.5"))
                .isEqualTo(new Schedule.Stages(List.of(1, 3), 0.5));
        assertThat(parse(VAE + "training: {earlyStopping: {}}").training().earlyStopping())
                .isEqualTo(new EarlyStopping("loss", 5, 0.0));
        assertThat(parse(VAE + "training: {recovery: {}}").training().recovery())
                .isEqualTo(new Recovery(3, 0.5, null));
    }

    @Test
    void everyValueCanBeGiven() {
        assertThat(parse(EVERYTHING))
                .isEqualTo(new RunConfig(
                        "every.thing_1",
                        -9_000_000_000L,
                        RunConfig.Device.CPU,
                        RunConfig.EngineKind.REFERENCE,
                        RunConfig.Precision.FLOAT64,
                        new DigitsConfig(500, 30, 40, 5L),
                        flat(4, Family.AFFINE, Mask.COLUMNS, dense(List.of(), Activation.TANH), 1.5, 0.05, 0.01),
                        null,
                        new TrainingConfig(
                                3,
                                50,
                                2,
                                TrainingConfig.Shuffle.SHARDS,
                                new TrainingConfig.Local(6, 2),
                                new Adam(2e-4, 0.8, 0.99, 1e-7, 0.01),
                                new Schedule.Step(2, 0.1),
                                7,
                                5.0,
                                0.999,
                                new EarlyStopping("nll", 2, 0.01),
                                4,
                                2,
                                3,
                                0.75,
                                5,
                                CheckpointUnit.STEPS,
                                4,
                                new Recovery(2, 0.25, 1000.0),
                                "runs/before",
                                null),
                        null,
                        new EvaluationConfig(10, 2, 20, 6L),
                        true));
    }

    @Test
    void everyValueOfAVaeCanBeGiven() {
        RunConfig config = parse(EVERYTHING_OF_A_VAE);
        assertThat(config.training().only()).isEqualTo(TrainingConfig.TrainedPart.PRIOR);
        assertThat(config.model())
                .isEqualTo(new Vae(
                        3,
                        coder(List.of(7), Activation.ELU),
                        coder(List.of(), Activation.SWISH),
                        new Gaussian(0.3, null),
                        new PosteriorConfig.Gaussian(),
                        new PriorConfig.RealNvp(
                                3, Family.DERIVED, null, null, new NetworkConfig(List.of(9, 8), Activation.TANH), 1.5),
                        null,
                        null,
                        null));
        assertThat(config.loss())
                .isEqualTo(new LossConfig(1, new Kl(Estimator.PATH, 0.5, new Warmup.Cyclical(3, 0.25), 0.0, 2)));
        assertThat(config.diagnostics()).isEqualTo(new DiagnosticsConfig(false, 2, 10, 5, 4));

        RunConfig weighted = parse(IMPORTANCE_WEIGHTED);
        assertThat(((Vae) weighted.model()).prior()).isEqualTo(new PriorConfig.Mixture(5));
        assertThat(weighted.loss())
                .isEqualTo(new LossConfig(5, new Kl(Estimator.SAMPLED, 1.0, new Warmup.None(), 0.0, 0)));
        assertThat(parse(FREE_BITS).loss())
                .isEqualTo(new LossConfig(1, new Kl(Estimator.ANALYTIC, 1.0, new Warmup.Linear(2.5), 0.25, 0)));
    }

    @Test
    void everyDefaultOfTheOtherPriorsAndWarmups() {
        assertThat(prior("mixture")).isEqualTo(new PriorConfig.Mixture(10));
        assertThat(prior("realnvp"))
                .isEqualTo(new PriorConfig.RealNvp(
                        4, Family.DERIVED, null, null, new NetworkConfig(List.of(128), Activation.RELU), 2.0));
        assertThat(warmup("linear")).isEqualTo(new Warmup.Linear(5.0));
        assertThat(warmup("cyclical")).isEqualTo(new Warmup.Cyclical(4, 0.5));
        assertThat(parse(VAE + "loss:\ndiagnostics: ~")).isEqualTo(parse(VAE));
        assertThat(parse(VAE + "loss: {kl: {warmup: {}}}\ndiagnostics: {}")).isEqualTo(parse(VAE));
        assertThat(parse("model: {type: realnvp}\nloss: ~\ndiagnostics:").loss())
                .isNull();
        assertThat(parse("model: {type: realnvp}").diagnostics()).isNull();
    }

    @Test
    void theEstimatorIsTheBestThatTheModelAllows() {
        String mixture = "model: {type: vae, prior: {type: mixture}}\n";
        assertThat(estimator(VAE)).isEqualTo(Estimator.ANALYTIC);
        assertThat(estimator(VAE + "loss: {kl: {freeBits: 1, beta: 0}}")).isEqualTo(Estimator.ANALYTIC);
        assertThat(estimator(VAE + "loss: {importanceSamples: 2}")).isEqualTo(Estimator.SAMPLED);
        assertThat(estimator(mixture)).isEqualTo(Estimator.SAMPLED);
        assertThat(estimator(mixture + "loss: {importanceSamples: 2}")).isEqualTo(Estimator.SAMPLED);
        assertThat(estimator("model: {type: vae, prior: {type: realnvp}}")).isEqualTo(Estimator.SAMPLED);
        for (Estimator chosen : List.of(Estimator.SAMPLED, Estimator.PATH)) {
            String loss = "loss: {kl: {estimator: " + chosen + "}";
            assertThat(estimator(VAE + loss + "}")).isEqualTo(chosen);
            assertThat(estimator(VAE + loss + ", importanceSamples: 2}")).isEqualTo(chosen);
            assertThat(estimator(mixture + loss + "}")).isEqualTo(chosen);
        }
        assertThat(parse(VAE + "loss: {kl: {beta: 0.5, samples: 3}}").loss())
                .isEqualTo(new LossConfig(1, new Kl(Estimator.ANALYTIC, 0.5, null, null, 3)));
    }

    private static Estimator estimator(String yaml) {
        return parse(yaml).loss().kl().estimator();
    }

    private static PriorConfig prior(String type) {
        return ((Vae) parse("model: {type: vae, prior: {type: " + type + "}}").model()).prior();
    }

    private static Warmup warmup(String type) {
        return parse(VAE + "loss: {kl: {warmup: {type: " + type + "}}}")
                .loss()
                .kl()
                .warmup();
    }

    @Test
    void aConditionHasAsManyClassesAsTheDataAreKnownToHave() {
        ModelConfig known = parse("model: {type: vae, condition: label}").model();
        assertThat(known.condition()).isEqualTo(ModelConfig.Condition.LABEL);
        assertThat(known.classes()).isEqualTo(10);
        assertThat(parse("model: {type: realnvp, condition: label, classes: 3}\ndata: {type: csv, path: x.csv}")
                        .model()
                        .classes())
                .isEqualTo(3);
        assertThat(parse("model: {type: realnvp}").model().classes()).isNull();
    }

    /** As it is when it has been resolved and is read again. */
    @Test
    void couplingsThatDoNotScaleHaveNoBound() {
        RunConfig config = parse("model: {type: realnvp, architecture: flat, couplings: 100, family: additive}");
        assertThat(((RealNvp) config.model()).logScaleBound()).isNull();
        assertThat(parse(ConfigLoader.toYaml(config))).isEqualTo(config);
        assertThat(((RealNvp) parse("data: {}\nmodel: {type: realnvp, family: affine}")
                                .model())
                        .logScaleBound())
                .isEqualTo(2.0);
    }

    @Test
    void theLargestTotalLogScaleIsAllowed() {
        assertThat(parse("model: {type: realnvp, architecture: flat, couplings: 14}")
                        .model())
                .isInstanceOf(RealNvp.class);
        assertThat(parse("model: {type: vae, prior: {type: realnvp, couplings: 7, logScaleBound: 4}}")
                        .model())
                .isInstanceOf(Vae.class);
    }

    @Test
    void aPosteriorThatIsAFlowHasItsDefaultsAndASampledKl() {
        NetworkConfig network = new NetworkConfig(List.of(128), Activation.RELU);
        RunConfig coupling = parse("model: {type: vae, posterior: {type: coupling}}");
        RunConfig iaf = parse("model: {type: vae, posterior: {type: iaf, context: 0}}");
        assertThat(((Vae) coupling.model()).posterior())
                .isEqualTo(new PosteriorConfig.Coupling(4, Family.DERIVED, null, null, network, 2.0, 32));
        assertThat(((Vae) iaf.model()).posterior())
                .isEqualTo(new PosteriorConfig.Iaf(4, Family.AFFINE, null, null, network, 2.0, 0));
        for (RunConfig config : List.of(coupling, iaf)) {
            assertThat(config.model().hasGaussianPosterior()).isFalse();
            assertThat(config.model().hasClosedFormKl()).isFalse();
            assertThat(config.loss().kl().estimator()).isEqualTo(Estimator.SAMPLED);
            assertThat(parse(ConfigLoader.toYaml(config))).isEqualTo(config);
        }
        assertThat(parse("model: {type: vae, posterior: {type: iaf, steps: 10, logScaleBound: 2},"
                                + " prior: {type: realnvp}}")
                        .model())
                .isInstanceOf(Vae.class);
    }

    private static Schedule schedule(String type) {
        return parse(VAE + "training: {schedule: {type: " + type + "}}")
                .training()
                .schedule();
    }
}
