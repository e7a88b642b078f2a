package org.likelihood4j.laboratory.gap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ImageSet;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.Table;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.inference.runtime.ModelBuilder;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.io.RunException;
import org.likelihood4j.laboratory.evidence.LocalPosterior;
import org.likelihood4j.runs.Calibration;
import org.likelihood4j.runs.EvidenceGap;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Of any VAE both annealed bounds meet, and the parts of the gap add up; models with random values, whose posteriors are not Gaussian. */
class GapAnalysisTest {
    private static final ImageShape IMAGES = new ImageShape(1, 4, 5);
    private static final GapSettings SETTINGS = settings(40, false);

    private static GapSettings settings(int temperatures, boolean fromPrior) {
        LocalPosterior.Settings local = new LocalPosterior.Settings(new double[] {0.1, 0.03}, 10, 6, 0.02);
        return new GapSettings(64, 8, temperatures, 3, fromPrior, local, 5);
    }

    private static TrainedModel model(String yaml, ExampleShape shape) {
        RunConfig config = ConfigLoader.parse("name: a\n" + yaml, "a.yaml", List.of());
        DataType type = ModelBuilder.type(config.precision());
        ModelValues values = ModelValues.initial(ModelBuilder.create(config, shape), type, 1);
        double[] noise = new Random(2)
                .doubles(values.parameters().flat().length(), -0.3, 0.3)
                .toArray();
        values.parameters().flat().addi(Nd4j.createFromArray(noise).castTo(type));
        if (values.buffers() != null) {
            values.buffers().flat().addi(1);
        }
        return new TrainedModel(config, shape, values);
    }

    private static ImageSet images(int count) {
        byte[] pixels = new byte[count * IMAGES.size()];
        new Random(3).nextBytes(pixels);
        return new ImageSet(
                IMAGES, pixels, IntStream.range(0, count).map(i -> i % 3).toArray());
    }

    private static EvidenceGap gap(TrainedModel model, GapSettings settings, Examples set) {
        return new GapAnalysis(model, settings)
                .of(new Calibration.Weights("best", "0"), "test", set, set.size(), ProgressListener.none());
    }

    private static double of(EvidenceGap gap, String name) {
        return gap.quantity(name).orElseThrow().mean();
    }

    private static void agrees(EvidenceGap gap) {
        EvidenceGap.Quantity sandwich = gap.ofSimulated("sandwich").orElseThrow();
        assertThat(sandwich.mean()).isBetween(-4 * sandwich.monteCarloError() - 1e-6, 2.0);
        assertThat(of(gap, "gap")).isCloseTo(of(gap, "log_evidence") - of(gap, "elbo"), within(1e-9));
        if (gap.withoutLocal() == null) {
            EvidenceGap.Quantity better = gap.quantity("amortisation_gap").orElseThrow();
            assertThat(better.mean()).isGreaterThan(-4 * better.monteCarloError() - 0.02);
            assertThat(of(gap, "approximation_gap") + of(gap, "amortisation_gap"))
                    .isCloseTo(of(gap, "gap"), within(1e-9));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "likelihood: {type: bernoulli, binarization: dynamic}",
                "likelihood: {type: bernoulli, binarization: static}, prior: {type: mixture, components: 3}",
                "likelihood: {type: gaussian, sigma: 0.5}, prior: {type: realnvp, couplings: 2, conditioner: {hidden: [4]}}",
                "likelihood: {type: logistic-mixture, components: 2}",
                "likelihood: {type: bernoulli, binarization: dynamic}, condition: label",
                "likelihood: {type: bernoulli, binarization: dynamic}, posterior: {type: iaf, steps: 2, conditioner: {hidden: [4]}}",
            })
    void ofImages(String sections) {
        TrainedModel model = model(
                "data: {type: digits}\nmodel: {type: vae, latent: 2, encoder: {hidden: [4]}, decoder: {hidden: [4]}, "
                        + sections + "}\n",
                IMAGES);
        agrees(gap(model, SETTINGS, images(5)));
    }

    @Test
    void fromThePriorItIsTheSameEvidence() {
        TrainedModel model = model("""
                model: {type: vae, latent: 2, encoder: {hidden: [4]}, decoder: {hidden: [4]}}
                precision: float64
                loss: {importanceSamples: 4}
                """, IMAGES);
        EvidenceGap posterior = gap(model, SETTINGS, images(4));
        EvidenceGap prior = gap(model, settings(40, true), images(4));
        agrees(prior);
        EvidenceGap.Quantity one = posterior.quantity("annealed").orElseThrow();
        EvidenceGap.Quantity other = prior.quantity("annealed").orElseThrow();
        double error = Math.hypot(one.monteCarloError(), other.monteCarloError());
        assertThat(one.mean()).isCloseTo(other.mean(), within(5 * error));
        assertThat(of(prior, "bound")).isGreaterThan(of(prior, "elbo"));
        assertThat(of(prior, "bound_gap")).isLessThan(of(prior, "gap"));
    }

    /** Fewer examples are computed with other ones beside them, and in float64 to the last bits the same. */
    @Test
    void anExampleOwesNothingToOthers() {
        TrainedModel model = model(
                "model: {type: vae, latent: 2, encoder: {hidden: [4]}, decoder: {hidden: [4]}}\nprecision: float64\n",
                IMAGES);
        GapSettings small = settings(5, false);
        List<EvidenceGap.Example> three = gap(model, small, images(3)).examples();
        EvidenceGap.Example alone = gap(model, small, images(1)).examples().get(0);
        assertThat(three).hasSize(3);
        assertThat(alone.annealed()).isCloseTo(three.get(0).annealed(), within(1e-9));
        assertThat(alone.elbo()).isCloseTo(three.get(0).elbo(), within(1e-9));
        assertThat(alone.importance()).isCloseTo(three.get(0).importance(), within(1e-9));
        assertThat(alone.local()).isCloseTo(three.get(0).local(), within(1e-9));
    }

    @Test
    void whatHasNoGapIsRefused() {
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> new GapAnalysis(
                        model(
                                "model: {type: realnvp, architecture: flat, couplings: 2, conditioner: {hidden: [4]}}\n",
                                IMAGES),
                        SETTINGS))
                .withMessageContaining("exact log-likelihood");
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> new GapAnalysis(
                        model(
                                "model: {type: vae, latent: 2, encoder: {hidden: [4]}, decoder: {hidden: [4]},"
                                        + " likelihood: {type: bernoulli, binarization: none}}\n",
                                IMAGES),
                        SETTINGS))
                .withMessageContaining("has no likelihood");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gaussian, sigma: 0.5", "columns"})
    void ofRows(String likelihood) {
        VectorShape shape = VectorShape.numbered(4);
        TrainedModel model = model(
                "data: {type: csv, path: rows.csv}\nmodel: {type: vae, latent: 2, encoder: {hidden: [4]}, decoder: {hidden:"
                        + " [4]}, likelihood: {type: " + likelihood + "}}\n",
                shape);
        agrees(gap(model, SETTINGS, rows(shape, false)));
    }

    @Test
    void ofRowsWithMissingCellsGivenColumns() {
        VectorShape shape = VectorShape.numbered(4);
        TrainedModel model = model(
                "data: {type: csv, path: rows.csv, missing: mask}\nmodel: {type: vae, latent: 2, encoder: {hidden: [4]},"
                        + " decoder: {hidden: [4]}, condition: [x4], likelihood: {type: columns}}\n",
                shape);
        agrees(gap(model, SETTINGS, rows(shape, true)));
    }

    private static Table rows(VectorShape shape, boolean holes) {
        Random random = new Random(4);
        double[] numbers = random.doubles(5L * shape.size(), -1, 1).toArray();
        if (holes) {
            numbers[1] = Double.NaN;
            numbers[6] = Double.NaN;
        }
        return holes ? Table.owningHoles(shape, numbers, new int[5]) : new Table(shape, numbers, new int[5]);
    }
}
