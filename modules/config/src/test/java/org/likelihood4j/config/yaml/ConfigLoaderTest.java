package org.likelihood4j.config.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.likelihood4j.config.yaml.ConfigDefaultsTest.coder;
import static org.likelihood4j.config.yaml.ConfigDefaultsTest.flat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.config.DiagnosticsConfig;
import org.likelihood4j.config.LikelihoodConfig.Bernoulli;
import org.likelihood4j.config.LikelihoodConfig.Binarization;
import org.likelihood4j.config.LikelihoodConfig.Gaussian;
import org.likelihood4j.config.LossConfig;
import org.likelihood4j.config.LossConfig.Estimator;
import org.likelihood4j.config.LossConfig.Kl;
import org.likelihood4j.config.ModelConfig.Vae;
import org.likelihood4j.config.NetworkConfig.Activation;
import org.likelihood4j.config.OptimizerConfig.Adam;
import org.likelihood4j.config.OptimizerConfig.Sgd;
import org.likelihood4j.config.PriorConfig;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.Schedule;
import org.likelihood4j.config.TrainingConfig.EarlyStopping;
import org.likelihood4j.config.Warmup;
import org.likelihood4j.config.data.CsvConfig;
import org.likelihood4j.config.data.DigitsConfig;
import org.likelihood4j.config.data.ParquetConfig;
import org.likelihood4j.config.rules.ConfigException;

/** How a file, its overrides and YAML become a config. */
public class ConfigLoaderTest {
    public static final String VAE = "model: {type: vae}\n";

    /** Every value there is, none at its default. */
    public static final String EVERYTHING = """
            name: every.thing_1
            seed: -9000000000
            device: cpu
            engine: reference
            precision: float64
            data: {type: digits, train: 500, validation: 30, test: 40, seed: 5}
            model:
              type: realnvp
              architecture: flat
              couplings: 4
              family: affine
              mask: columns
              conditioner: {hidden: [], activation: tanh}
              logScaleBound: 1.5
              alpha: 0.05
              standardizationFloor: 1e-2
            training:
              epochs: 3
              batchSize: 50
              shards: 2
              shuffle: shards
              local: {steps: 6, after: 2}
              optimizer: {type: adam, learningRate: 2e-4, beta1: 0.8, beta2: 0.99, epsilon: 1e-7, weightDecay: 0.01}
              schedule: {type: step, every: 2, factor: 0.1}
              warmupSteps: 7
              clipNorm: 5
              emaDecay: 0.999
              earlyStopping: {metric: nll, patience: 2, minDelta: 0.01}
              logEvery: 4
              validateEvery: 2
              imagesEvery: 3
              imagesTemperature: 0.75
              checkpointEvery: 5
              checkpointUnit: steps
              checkpointKeep: 4
              recovery: {attempts: 2, factor: 0.25, maxGradientNorm: 1000}
              startFrom: runs/before
            evaluation: {importanceSamples: 10, repeats: 2, batchSize: 20, seed: 6}
            tensorboard: true
            """;

    /** Every value of a VAE's own sections but for free bits, which go with the normal prior only. */
    public static final String EVERYTHING_OF_A_VAE = """
            model:
              type: vae
              latent: 3
              encoder: {hidden: [7], activation: elu}
              decoder: {hidden: [], activation: swish}
              likelihood: {type: gaussian, sigma: 0.3}
              prior: {type: realnvp, couplings: 3, conditioner: {hidden: [9, 8], activation: tanh}, logScaleBound: 1.5}
            loss:
              kl:
                estimator: path
                beta: 0.5
                warmup: {type: cyclical, cycles: 3, ramp: 0.25}
                samples: 2
            training: {startFrom: runs/before, only: prior}
            diagnostics: {everyStep: false, every: 2, images: 10, gradientImages: 5, gradientDraws: 4}
            """;

    public static final String IMPORTANCE_WEIGHTED =
            "model: {type: vae, prior: {type: mixture, components: 5}}\nloss: {importanceSamples: 5}\n";
    public static final String FREE_BITS =
            VAE + "loss: {kl: {estimator: analytic, freeBits: 0.25, warmup: {type: linear, epochs: 2.5}}}\n";

    @Test
    void overridesChangeThePriorTheLossAndTheDiagnostics() {
        String mixture = "model: {type: vae, prior: {type: mixture, components: 5}}\n";
        RunConfig config = parse(
                mixture,
                "model.prior.couplings=2",
                "model.prior.type=realnvp",
                "loss.kl.warmup.epochs=3",
                "loss.kl.warmup.type=linear",
                "loss.kl.beta=4",
                "diagnostics.everyStep=false");
        assertThat(((Vae) config.model()).prior()).isEqualTo(new PriorConfig.RealNvp(2, null, null, null, null, null));
        assertThat(config.loss())
                .isEqualTo(new LossConfig(1, new Kl(Estimator.SAMPLED, 4.0, new Warmup.Linear(3.0), null, null)));
        assertThat(config.diagnostics()).isEqualTo(new DiagnosticsConfig(false, null, null, null, null));

        assertThat(((Vae) parse(mixture, "model.prior.type=mixture").model()).prior())
                .isEqualTo(new PriorConfig.Mixture(5));
        assertThat(parse(mixture, "model.prior.type=normal")).isEqualTo(parse(VAE));
        assertThat(parse(mixture, "model.prior=null")).isEqualTo(parse(VAE));
        assertThat(parse(FREE_BITS, "loss=null")).isEqualTo(parse(VAE));
        RunConfig written =
                parse(ConfigLoader.toYaml(parse("model: {type: realnvp}")), "model.type=vae", "loss.kl.beta=2");
        assertThat(written.loss().kl().beta()).isEqualTo(2);
    }

    @Test
    void nullAndNothingMeanTheDefault() {
        assertThat(parse(VAE + "seed: ~\ndata:\ntraining: {epochs: null, optimizer: , schedule: {type: }}"))
                .isEqualTo(parse(VAE));
    }

    @Test
    void aSectionWithoutItsTypeHasTheDefaultType() {
        RunConfig config = parse("model: {type: vae, likelihood: {binarization: static}}\ndata: {train: 200}\n"
                + "training: {optimizer: {beta1: 0.5}, schedule: {}}");
        assertThat(config.data()).isEqualTo(new DigitsConfig(200, null, null, null));
        assertThat(((Vae) config.model()).likelihood()).isEqualTo(new Bernoulli(Binarization.STATIC));
        assertThat(config.training().optimizer()).isEqualTo(new Adam(null, 0.5, null, null, null));
        assertThat(config.training().schedule()).isEqualTo(new Schedule.Constant());
    }

    @Test
    void numbersFollowYaml12() {
        RunConfig config = parse("""
                model: {type: realnvp, architecture: flat, logScaleBound: .5, alpha: 1e-3, standardizationFloor: 2}
                seed: 0x10
                """);
        assertThat(config.model()).isEqualTo(flat(null, null, null, null, 0.5, 1e-3, 2.0));
        assertThat(config.seed()).isEqualTo(16);
    }

    @Test
    void overridesReplaceValuesListsAndMappings() {
        RunConfig config = parse(
                VAE,
                "training.epochs=5",
                "training.epochs=6",
                "model.encoder.hidden=[7, 8]",
                "training.optimizer={type: sgd, momentum: 0}",
                "training.earlyStopping.patience=9",
                "name=other");
        assertThat(config.training().epochs()).isEqualTo(6);
        assertThat(((Vae) config.model()).encoder()).isEqualTo(coder(List.of(7, 8), Activation.RELU));
        assertThat(config.training().optimizer()).isEqualTo(new Sgd(null, 0.0, null));
        assertThat(config.training().earlyStopping()).isEqualTo(new EarlyStopping(null, 9, null));
        assertThat(config.name()).isEqualTo("other");
    }

    /** As a shell hands them on, without their quotation marks: YAML has other uses for most of these. */
    @Test
    void delimitersMeanWhatTheySay() {
        String csv = "data: {type: csv, path: x.csv}\nmodel: {type: realnvp}\n";
        List<List<String>> written = List.of(
                List.of("|", "|"),
                List.of(",", ","),
                List.of(";", ";"),
                List.of("#", "#"),
                List.of("\t", "tab"),
                List.of("'\\t'", "tab"),
                List.of("\"\\t\"", "tab"),
                List.of("\\t", "tab"),
                List.of("tab", "tab"),
                List.of(" ", "blanks"),
                List.of("blanks", "blanks"),
                List.of("'|'", "|"));
        for (List<String> one : written) {
            RunConfig config = ConfigLoader.parse(csv, "t.yaml", List.of("data.delimiter=" + one.get(0)));
            CsvConfig data = (CsvConfig) config.data();
            assertThat(data.delimiter()).as(one.get(0)).isEqualTo(one.get(1));
            assertThat(ConfigLoader.parse(ConfigLoader.toYaml(config), "t.yaml", List.of()))
                    .isEqualTo(config);
            char separator = one.get(1).equals("tab")
                    ? '\t'
                    : one.get(1).equals("blanks") ? ' ' : one.get(1).charAt(0);
            assertThat(data.separator()).contains(separator);
        }
        for (String wrong : List.of("ab", "x", "'\"'", "5", "-")) {
            assertThatExceptionOfType(ConfigException.class)
                    .isThrownBy(() -> ConfigLoader.parse(csv, "t.yaml", List.of("data.delimiter=" + wrong)))
                    .withMessageContaining("data.delimiter");
        }
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConfigLoader.parse(csv, "t.yaml", List.of("data.delimiter=,", "data.decimal=,")))
                .withMessageContaining("data.decimal: must not be the delimiter too");
    }

    /** A mapping of columns means the same whatever a table is written in. */
    @Test
    void tablesOfParquetAreDescribedAsThoseOfText() {
        String columns = ", columns: {day: date, id: id, note: ignore, kind: label, x: {type: log, shift: 1}}}\n";
        String model = "model: {type: realnvp}\n";
        ParquetConfig parquet = (ParquetConfig)
                parse("data: {type: parquet, path: x.parquet" + columns + model).data();
        CsvConfig csv = (CsvConfig)
                parse("data: {type: csv, path: x.csv" + columns + model).data();
        assertThat(parquet.columns()).isEqualTo(csv.columns()).containsExactly("-note");
        assertThat(parquet.kinds()).isEqualTo(csv.kinds()).hasSize(3);
        assertThat(parquet.ids()).containsExactly("id");
        assertThat(parquet.label()).isEqualTo("kind");
        RunConfig images = parse("data: {type: parquet, path: x, shape: [1, 8, 8], columns: [pixels]}\n" + VAE);
        assertThat(images.data().hasImages()).contains(true);
        assertThat(parse(ConfigLoader.toYaml(images))).isEqualTo(images);
    }

    @Test
    void anOverrideOfNullGivesTheDefaultBack() {
        RunConfig config = parse(
                EVERYTHING, "training.clipNorm=null", "training.earlyStopping=null", "training.epochs=~", "name=null");
        assertThat(config.training().clipNorm()).isNull();
        assertThat(config.training().earlyStopping()).isNull();
        assertThat(config.training().epochs()).isEqualTo(10);
        assertThat(config.name()).isEqualTo("mnist-vae");
    }

    @Test
    void anotherTypeStartsItsSectionAfreshInWhateverOrder() {
        RunConfig config = parse(
                EVERYTHING,
                "model.likelihood.sigma=0.2",
                "model.latent=3",
                "model.likelihood.type=gaussian",
                "model.type=vae");
        assertThat(config.model())
                .isEqualTo(new Vae(3, null, null, new Gaussian(0.2, null), null, null, null, null, null));
        assertThat(config.loss()).isEqualTo(parse(VAE).loss());
    }

    @Test
    void theSameTypeKeepsItsSection() {
        RunConfig config = parse(VAE + "training: {optimizer: {beta1: 0.5}}", "training.optimizer.type=adam");
        assertThat(config.training().optimizer()).isEqualTo(new Adam(null, 0.5, null, null, null));
        assertThat(parse(EVERYTHING, "model.type=realnvp")).isEqualTo(parse(EVERYTHING));
    }

    @Test
    void aFileGivesTheNameAndMayStartWithAByteOrderMark(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("my-run.v2.yml"), "\uFEFF" + VAE + "# \u00e9\n");
        assertThat(ConfigLoader.load(file, List.of()).name()).isEqualTo("my-run.v2");
    }

    public static RunConfig parse(String yaml, String... overrides) {
        return ConfigLoader.parse(yaml, "configs/mnist-vae.yaml", List.of(overrides));
    }
}
