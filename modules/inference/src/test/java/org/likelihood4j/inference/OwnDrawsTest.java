package org.likelihood4j.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.likelihood4j.runs.Evaluation;

/** Weights of Gaussians, whose moments have closed forms. */
class OwnDrawsTest {
    private static final int DRAWS = 200_000;

    /** p = N(0, 1), q = N(0, s^2): E_q[w^2] = s^2 / sqrt(2 s^2 - 1). */
    @Test
    void weightsOfGaussiansHaveTheirMoments() {
        double s = 1.3;
        RandomGenerator random = new SplittableRandom(1);
        double[] logWeights = DoubleStream.generate(() -> s * random.nextGaussian())
                .limit(DRAWS)
                .map(x -> -0.5 * x * x + 0.5 * x * x / (s * s) + Math.log(s))
                .toArray();
        List<Evaluation.Quantity> found = OwnDraws.quantities(logWeights);
        requireClose(found, "kl_model_data", 0.5 * (s * s - 1) - Math.log(s));
        requireClose(found, "effective_sample_size", Math.sqrt(2 * s * s - 1) / (s * s));
        requireClose(found, "log_normalizer", 0);
    }

    private static void requireClose(List<Evaluation.Quantity> found, String name, double expected) {
        Evaluation.Quantity quantity = of(found, name);
        assertThat(quantity.standardError()).as(name).isBetween(1e-5, 5e-3);
        assertThat(quantity.mean()).as(name).isCloseTo(expected, within(5 * quantity.standardError()));
    }

    private static Evaluation.Quantity of(List<Evaluation.Quantity> found, String name) {
        return found.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
    }

    /** Over seeds the values scatter as their errors say. */
    @Test
    void theErrorsAreThoseThatSeedsShow() {
        double s = 1.2;
        int seeds = 400;
        for (String name : List.of("kl_model_data", "effective_sample_size", "log_normalizer")) {
            double sum = 0;
            double squares = 0;
            double errors = 0;
            for (int seed = 0; seed < seeds; seed++) {
                RandomGenerator random = new SplittableRandom(seed);
                double[] logWeights = DoubleStream.generate(() -> s * random.nextGaussian())
                        .limit(500)
                        .map(x -> -0.5 * x * x + 0.5 * x * x / (s * s) + Math.log(s))
                        .toArray();
                Evaluation.Quantity one = of(OwnDraws.quantities(logWeights), name);
                sum += one.mean();
                squares += one.mean() * one.mean();
                errors += one.standardError();
            }
            double mean = sum / seeds;
            double deviation = Math.sqrt((squares / seeds - mean * mean) * seeds / (seeds - 1));
            // Of 400 a standard deviation is known to 3.5%.
            assertThat(errors / seeds / deviation).as(name).isBetween(0.85, 1.15);
        }
    }

    /** One half of a density, which draws of the other half do not see: the effective sample size does not tell. */
    @Test
    void halfOfADensityHasTheWholeEffectiveSampleSize() {
        // q is twice p wherever it draws.
        double[] half = new double[100];
        Arrays.fill(half, Math.log(0.5));
        List<Evaluation.Quantity> found = OwnDraws.quantities(half);
        assertThat(of(found, "effective_sample_size").mean()).isCloseTo(1, within(1e-12));
        assertThat(of(found, "kl_model_data").mean()).isCloseTo(Math.log(2), within(1e-12));
        assertThat(of(found, "log_normalizer").mean()).isCloseTo(-Math.log(2), within(1e-12));
    }

    @Test
    void drawsWhereTheDensityIsZeroCostTheirShare() {
        List<Evaluation.Quantity> found = OwnDraws.quantities(0, 0, 0, Double.NEGATIVE_INFINITY);
        // The KL is infinite.
        assertThat(found).hasSize(2).allMatch(one -> one.nonFinite() == 0);
        assertThat(of(found, "effective_sample_size").mean()).isCloseTo(0.75, within(1e-12));
        assertThat(of(found, "log_normalizer").mean()).isCloseTo(Math.log(0.75), within(1e-12));
    }

    @Test
    void whatIsNotFiniteIsCounted() {
        List<Evaluation.Quantity> found = OwnDraws.quantities(0, Double.NaN, 0.1);
        assertThat(found).hasSize(3).allMatch(one -> one.nonFinite() == 1);
    }
}
