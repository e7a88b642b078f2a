package org.likelihood4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.data.Splits;
import org.likelihood4j.inference.runtime.ModelBuilder;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.runs.statistics.Moments;
import org.likelihood4j.training.diagnostics.KlAgreement;
import org.likelihood4j.training.diagnostics.Validation;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The z-scores of right models over many seeds, as their trainings report them: mean 0, deviation 1, and each epoch's independent of the others'. Bounds are four
 * standard errors.
 */
class KlSeedsTest {
    private static final int SEEDS = 64;
    private static final int EPOCHS = 3;

    /** By seed, then epoch. */
    private static final List<double[]> Z = new ArrayList<>();

    private static final List<double[]> POOLED = new ArrayList<>();

    /** Of each seed a model of its own, after as many validations as a training of so many epochs has. */
    @BeforeAll
    static void validate() {
        for (int seed = 1; seed <= SEEDS; seed++) {
            RunConfig config = TinyRun.config(
                    "model: {type: vae, latent: 2, encoder: {hidden: [4]}, decoder: {hidden: [4]}}\n",
                    "seed=" + seed,
                    "data={type: digits, train: 20, validation: 100, test: 1}");
            Splits data = TinyRun.data(config);
            ModelValues values =
                    ModelValues.initial(ModelBuilder.create(config, data.train().shape()), DataType.FLOAT, seed);
            // As in the course of a training: posteriors away from the prior.
            values.parameters().flat().muli(2);
            double[] z = new double[EPOCHS];
            double[] pooled = new double[EPOCHS];
            KlAgreement.Sum all = new KlAgreement.Sum();
            try (Validation validation = new Validation(ModelBuilder.engine(config), config, values, data)) {
                for (int epoch = 1; epoch <= EPOCHS; epoch++) {
                    KlAgreement.Sum kl = validation.run(epoch).kl().orElseThrow();
                    all.add(kl);
                    z[epoch - 1] = kl.result().z();
                    pooled[epoch - 1] = all.result().z();
                }
            }
            Z.add(z);
            POOLED.add(pooled);
        }
    }

    private static Moments of(List<double[]> columns, int epoch) {
        Moments moments = new Moments();
        columns.forEach(z -> moments.add(z[epoch]));
        return moments;
    }

    private static void assertStandard(Moments z) {
        double n = z.count();
        assertThat(z.mean()).isCloseTo(0, within(4 / Math.sqrt(n)));
        assertThat(Math.sqrt(z.variance())).isCloseTo(1, within(4 / Math.sqrt(2 * n)));
    }

    @Test
    void everyEpochsZIsStandard() {
        Moments all = new Moments();
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            assertStandard(of(Z, epoch));
            all.add(of(Z, epoch));
        }
        assertThat(all.count()).isEqualTo(SEEDS * EPOCHS);
        assertStandard(all);
    }

    @Test
    void soIsThePooledOne() {
        assertThat(POOLED).allSatisfy(z -> assertThat(z).hasSize(EPOCHS));
        assertStandard(of(POOLED, EPOCHS - 1));
    }

    /** Of independent normals the correlation of n pairs has the deviation 1/sqrt(n). */
    @Test
    void epochsAreIndependent() {
        for (int one = 0; one < EPOCHS; one++) {
            for (int other = 0; other < one; other++) {
                Moments first = of(Z, one);
                Moments second = of(Z, other);
                Moments products = new Moments();
                for (double[] z : Z) {
                    products.add((z[one] - first.mean()) * (z[other] - second.mean()));
                }
                double correlation = products.mean() / Math.sqrt(first.variance() * second.variance());
                assertThat(correlation).isCloseTo(0, within(4 / Math.sqrt(SEEDS)));
            }
        }
    }
}
