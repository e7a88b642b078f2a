package org.likelihood4j.laboratory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.Splits;
import org.likelihood4j.data.Table;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.data.csv.CsvWriter;
import org.likelihood4j.data.synthetic.densities.ToyDensity;
import org.likelihood4j.inference.Evaluator;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.inference.runtime.EnvironmentProvenance;
import org.likelihood4j.inference.runtime.ModelBuilder;
import org.likelihood4j.io.RunException;
import org.likelihood4j.laboratory.audit.Audit;
import org.likelihood4j.laboratory.verify.Finding;
import org.likelihood4j.runs.Evaluation;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.runs.RunPicture;
import org.likelihood4j.training.TinyRun;
import org.likelihood4j.training.Trainer;
import org.likelihood4j.training.loop.PreflightCheck;

/** Models of rows of numbers against densities that are known. */
class RowsTest {
    private static final String FLOW =
            "model: {type: realnvp, couplings: 4, mask: halves, conditioner: {hidden: [32], activation: relu}}\n";
    private static final String VAE =
            "model: {type: vae, latent: 2, encoder: {hidden: [16]}, decoder: {hidden: [16]}, likelihood: {type: gaussian,"
                    + " sigma: 0.3}}\ndiagnostics: {gradientDraws: 0}\n";
    private static final String TRAINING = """
            training:
              epochs: 6
              batchSize: 100
              optimizer: {type: adam, learningRate: 5.0e-3}
              schedule: {type: cosine}
              clipNorm: 10
              imagesEvery: 6
            evaluation: {repeats: 1, batchSize: 500}
            """;
    private static final String BANANA =
            "data: {type: toy, density: banana, train: 8000, validation: 500, test: 4000}\n";

    @TempDir
    private static Path runs;

    @TempDir
    private Path folder;

    private static RunDirectory banana;

    @BeforeAll
    static void train() {
        banana = train(runs, config("banana", BANANA + FLOW));
    }

    private static RunConfig config(String name, String sections, String... overrides) {
        return ConfigLoader.parse("name: " + name + "\n" + sections + TRAINING, name + ".yaml", List.of(overrides));
    }

    private static Splits load(RunConfig config) {
        return DataSources.source(config.data(), Path.of("none")).load(ProgressListener.none());
    }

    private static RunDirectory train(Path runs, RunConfig config) {
        Splits data = load(config);
        PreflightCheck.check(config, data);
        RunConfig resolved = DataSources.resolved(config, data.train().shape());
        RunDirectory run = RunDirectory.create(runs, resolved);
        new Trainer(resolved, data, run, EnvironmentProvenance.gather(data, "rows", resolved), List.of()).run();
        return run;
    }

    private static TrainedModel open(RunDirectory run) {
        return TrainedModel.open(run, "best", DataSources.shape(run.readConfig().data()));
    }

    private static double mean(Evaluation evaluation, String quantity) {
        return evaluation.quantities().stream()
                .filter(one -> one.name().equals(quantity))
                .findFirst()
                .orElseThrow()
                .mean();
    }

    private static Evaluation evaluate(RunDirectory run) {
        TrainedModel model = open(run);
        return new Evaluator(model, model.config().evaluation())
                .evaluate(run, "best", "test", load(model.config()).test(), ProgressListener.none());
    }

    /** Half a thousand steps leave less than 0.02 nats of the difference. */
    @Test
    void aFlowComesCloseToTheDensityOfItsData() {
        Evaluation evaluation = evaluate(banana);
        // Entropy of a normal density of deviations 2 and 0.5, since shifting y by a function of x keeps areas.
        double entropy = 1 + Math.log(2 * Math.PI) + Math.log(2 * 0.5);
        assertThat(mean(evaluation, "true_log_density")).isCloseTo(-entropy, within(0.06));
        assertThat(mean(evaluation, "kl_data_model")).isBetween(-0.005, 0.02);
        assertThat(mean(evaluation, "log_likelihood"))
                .isCloseTo(mean(evaluation, "true_log_density") - mean(evaluation, "kl_data_model"), within(1e-5));
        assertThat(evaluation.quantities()).noneMatch(one -> one.unit().contains("bits"));
    }

    /** Half a thousand steps on its own draws; all that it sees of the rows is how many there are. */
    @Test
    void aFlowFitsADensityWhoseRowsItNeverSees() {
        RunDirectory run = train(folder, config("fitted", BANANA + FLOW, "model.divergence=reverse"));
        Evaluation evaluation = evaluate(run);
        assertThat(mean(evaluation, "kl_model_data")).isBetween(-0.005, 0.05);
        // Other draws of the same.
        assertThat(-mean(evaluation, "elbo")).isCloseTo(mean(evaluation, "kl_model_data"), within(0.03));
        assertThat(mean(evaluation, "effective_sample_size")).isBetween(0.9, 1.0);
        assertThat(mean(evaluation, "log_normalizer")).isCloseTo(0, within(0.03));
        // And the rows themselves, by the density that it has learned without them.
        assertThat(mean(evaluation, "kl_data_model")).isBetween(-0.005, 0.2);
        TrainedModel model = open(run);
        assertThat(model.values().model().dataInitializations()).isEmpty();
        List<Finding> findings = Audit.audit(model, load(model.config()).test().slice(0, 50), 1, finding -> {});
        assertThat(findings)
                .allMatch(Finding::passed)
                .anyMatch(finding -> finding.formula().contains("log|det"));
    }

    /** The trapezoidal rule over far more than the data. */
    @Test
    void itsDensityIntegratesToOne() {
        int columns = 240;
        int rows = 300;
        double[] points = new double[2 * columns * rows];
        double width = 24.0 / columns;
        double height = 45.0 / rows;
        for (int i = 0; i < columns * rows; i++) {
            points[2 * i] = -12 + width * (i % columns);
            int row = i / columns;
            points[2 * i + 1] = -6 + height * row;
        }
        TrainedModel model = open(banana);
        double[] logs =
                model.logWeights(new Table((VectorShape) model.shape(), points, new int[columns * rows]), "test");
        double mass = Arrays.stream(logs).map(Math::exp).sum() * width * height;
        assertThat(mass).isCloseTo(1, within(2e-3));
    }

    @Test
    void itsSamplesAreThoseOfTheBanana() {
        List<double[]> rows = open(banana).sampleRows(4000, 1, 3);
        double logDensity = 0;
        double variance = 0;
        for (double[] row : rows) {
            logDensity += ToyDensity.BANANA.logDensity(row[0], row[1]) / rows.size();
            variance += row[0] * row[0] / rows.size();
        }
        assertThat(logDensity).isCloseTo(-1 - Math.log(2 * Math.PI), within(0.3));
        assertThat(variance).isCloseTo(4, within(0.5));
        assertThat(open(banana).sampleRows(3, 1, 3).get(2)).containsExactly(rows.get(2));
        assertThatThrownBy(() -> open(banana).sample(1, 1, 1)).isInstanceOf(RunException.class);
    }

    @Test
    void itIsDrawnAndAudited() throws IOException {
        var picture = ImageIO.read(banana.picture(RunPicture.SAMPLES, 6).toFile());
        assertThat(picture.getWidth()).isEqualTo(670);
        TrainedModel model = open(banana);
        List<Finding> findings = Audit.audit(model, load(model.config()).test().slice(0, 50), 1, finding -> {});
        assertThat(findings).allMatch(Finding::passed).hasSize(12);
    }

    /** Five columns of other units, bent and correlated, from a file, whose density and entropy are known. */
    @Test
    void aFlowLearnsATableOfOtherUnits() throws IOException {
        Random random = new Random(2);
        double[] scale = {1e-3, 20, 1, 5e4, 1};
        List<double[]> rows = new ArrayList<>();
        double average = 0;
        for (int n = 0; n < 9000; n++) {
            double[] z = new double[5];
            double logDensity = 0;
            for (int i = 0; i < 5; i++) {
                z[i] = random.nextGaussian();
                logDensity -= 0.5 * z[i] * z[i] + 0.5 * Math.log(2 * Math.PI) + Math.log(scale[i]);
            }
            z[1] += 0.8 * z[0];
            z[2] += 0.5 * z[1] * z[1]; // triangular with a diagonal of 1: the density is kept
            z[4] += z[3] - z[0];
            double[] row = new double[5];
            for (int i = 0; i < 5; i++) {
                row[i] = scale[i] * z[i] + 7 * scale[i];
            }
            rows.add(row);
            average += logDensity / 9000;
        }
        Path file = folder.resolve("table.csv");
        CsvWriter.write(file, List.of("a", "b b", "c", "d", "e"), rows);
        RunDirectory run = train(
                folder,
                config("table", "data: {type: csv, path: '" + file + "', validation: 0.05, test: 0.4}\n" + FLOW));
        RunConfig resolved = run.readConfig();
        assertThat(resolved.data()).hasFieldOrPropertyWithValue("columns", List.of("a", "b b", "c", "d", "e"));
        Evaluation evaluation = evaluate(run);
        double entropy = 2.5 * (1 + Math.log(2 * Math.PI));
        for (double unit : scale) {
            entropy += Math.log(unit);
        }
        assertThat(average).isCloseTo(-entropy, within(0.1));
        assertThat(mean(evaluation, "log_likelihood")).isBetween(-entropy - 0.3, -entropy + 0.1);
        // The run is all that is needed from here on.
        Files.delete(file);
        assertThat(open(run).sampleRows(2, 1, 1)).hasSize(2);
        assertThat(ImageIO.read(run.picture(RunPicture.SAMPLES, 6).toFile()).getHeight())
                .isEqualTo(670);
    }

    @Test
    void aVaeBoundsTheDensity() {
        RunDirectory run = train(folder, config("rows-vae", BANANA + VAE, "evaluation.importanceSamples=50"));
        Evaluation evaluation = evaluate(run);
        double truth = -1 - Math.log(2 * Math.PI);
        // No model's mean log-likelihood is above the data's own, but for the noise of 4,000 rows.
        assertThat(mean(evaluation, "elbo")).isBetween(truth - 1.5, truth + 0.05);
        assertThat(-mean(evaluation, "nll")).isBetween(mean(evaluation, "elbo"), truth + 0.05);
        // From above, as the likelihood is from below.
        assertThat(mean(evaluation, "kl_data_model"))
                .isCloseTo(mean(evaluation, "true_log_density") + mean(evaluation, "nll"), within(1e-5))
                .isBetween(-0.01, 1.5);
        assertThat(open(run)
                        .reconstructRows(load(run.readConfig()).test(), 3, "test")
                        .originals()
                        .get(1))
                .containsExactly(load(run.readConfig()).test().values(1), within(1e-5));
        assertThat(run.picture(RunPicture.SAMPLES, 6)).exists();
    }

    @Test
    void resumingGivesTheSameBits() throws IOException {
        String data = "data: {type: toy, density: ring, train: 300, validation: 50, test: 50}\n";
        RunConfig config = config("resumed", data + FLOW, "training.epochs=2", "training.logEvery=1");
        RunDirectory whole = train(folder, config);
        RunDirectory cut = train(
                folder,
                config(
                        "cut",
                        data + FLOW,
                        "training.epochs=1",
                        "training.logEvery=1",
                        "training.schedule={type: constant}"));
        RunConfig longer = ConfigLoader.load(cut.config(), List.of("training.epochs=2"));
        Splits splits = load(longer);
        new Trainer(longer, splits, cut, EnvironmentProvenance.gather(splits, "rows", longer), List.of()).resume();
        RunDirectory steady = train(
                folder,
                config(
                        "steady",
                        data + FLOW,
                        "training.epochs=2",
                        "training.logEvery=1",
                        "training.schedule={type: constant}"));
        assertThat(TinyRun.numbers(cut)).isEqualTo(TinyRun.numbers(steady)).isNotEqualTo(TinyRun.numbers(whole));
    }

    @Test
    void whatDoesNotFitTogetherIsRefusedInOneLine() {
        ExampleShape one = VectorShape.numbered(1);
        RunConfig bernoulli = config("b", BANANA + "model: {type: vae}\n");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ModelBuilder.create(bernoulli, VectorShape.numbered(2)))
                .withMessageContaining("model.likelihood.type: bernoulli is for pixels");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ModelBuilder.create(config("b", BANANA + FLOW), one))
                .withMessageContaining("realnvp needs at least 2 columns");
        assertRefused(new double[] {1, 5, 2, 5, 3, 5}, "column 'x2' is always 5.0 in the 3 training rows");
        assertRefused(new double[] {1, 1e9, 2, 1e9 + 1, 3, 1e9 + 2}, "precision: column 'x2' varies by 0.816");
        assertRefused(new double[] {1, 1e300, 2, 2e300, 3, 1}, "column 'x2' varies by");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> check(new double[] {1, 2}, 50))
                .withMessageContaining("training.batchSize: must be at most the 1 training rows, was 50");
    }

    private static void assertRefused(double[] values, String message) {
        assertThatThrownBy(() -> check(values, 2))
                .isInstanceOfAny(DataException.class, ConfigException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }

    private static void check(double[] values, int batch) {
        Table table = new Table(VectorShape.numbered(2), values, new int[values.length / 2]);
        RunConfig config = config("c", "data: {type: csv, path: x.csv}\n" + FLOW, "training.batchSize=" + batch);
        PreflightCheck.check(config, new Splits(table, table.slice(0, 0), table));
    }
}
