package org.likelihood4j.runs.statistics;

import java.util.SplittableRandom;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Whether the mean score of a batch is that of data like the calibrated ones: a test for drift, which sees what no single row shows. Two-sided,
 * since data that are too likely are not the same data either (Nalisnick, Matsukawa, Teh and Lakshminarayanan 2019).
 *
 * <pre>
 * d = mean of the batch's m scores - mean of the n calibrated ones
 * p = P(|d*| >= |d|),  d* = mean of m scores drawn from the n - their mean + N(0, s^2/n)
 * </pre>
 *
 * <p>The last term is the error of the calibrated mean. Of m up to 1,000 d* is drawn (the bootstrap), of more it is normal.
 *
 * @param mean of the batch
 * @param calibrated mean
 * @param error standard deviation of the difference, {@code s sqrt(1/m + 1/n)}
 * @param pValue p
 */
public record BatchTypicality(double mean, double calibrated, double error, double pValue) {
    /** Batches of more have a normal mean. */
    private static final int MOST_DRAWN = 1000;

    private static final int REPEATS = 9_999;

    /** Less is said to be no chance. */
    private static final double SIGNIFICANCE = 0.01;

    /**
     * Tests a batch.
     *
     * @param scores finite, of held-out examples; at least two
     * @param batch of the batch's finite scores; at least one
     */
    public static BatchTypicality of(double[] scores, Moments batch, long seed) {
        Moments calibration = new Moments();
        for (double score : scores) {
            calibration.add(score);
        }
        double difference = Math.abs(batch.mean() - calibration.mean());
        double ofMean = calibration.standardError();
        double error = Math.sqrt(calibration.sampleVariance() / (double) batch.count() + ofMean * ofMean);
        double p = batch.count() > MOST_DRAWN
                ? 2
                        * NormalDistribution.of(0, 1)
                                .survivalProbability(error > 0 ? difference / error : difference * 1e300)
                : drawn(scores, (int) batch.count(), difference, calibration.mean(), ofMean, seed);
        return new BatchTypicality(batch.mean(), calibration.mean(), error, p);
    }

    private static double drawn(double[] scores, int m, double difference, double mean, double ofMean, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int asFar = 0;
        for (int repeat = 0; repeat < REPEATS; repeat++) {
            double sum = 0;
            for (int i = 0; i < m; i++) {
                sum += scores[random.nextInt(scores.length)];
            }
            if (Math.abs(sum / m - mean + ofMean * normal(random)) >= difference) {
                asFar++;
            }
        }
        return (1.0 + asFar) / (REPEATS + 1.0);
    }

    /** Box and Muller 1958; {@code nextGaussian} has no fixed algorithm. */
    private static double normal(SplittableRandom random) {
        return Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
    }

    /** Whether chance explains the difference. */
    public boolean typical() {
        return pValue >= SIGNIFICANCE;
    }
}
