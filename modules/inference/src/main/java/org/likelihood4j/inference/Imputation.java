package org.likelihood4j.inference;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.data.columns.ColumnKind;
import org.likelihood4j.random.CounterRandom;

/**
 * The missing cells of one row, from K draws of the latent given the cells that are there, and of the missing ones given the latent: weighted by
 * {@code v_k = w_k / sum of w}, {@code w_k = p(there|z_k) p(z_k) / q(z_k|there)}, they are draws of p(missing|there) (self-normalised
 * importance sampling; Mattei and Frellsen 2019).
 *
 * @param row as it is stored, NaN where cells are missing
 * @param holes the places of these
 * @param drawn {@code [K][holes]}: as they are stored
 * @param weights v, adding up to 1
 */
@SuppressWarnings("ArrayRecordComponent") // made and used in one place, of many rows
record Imputation(VectorShape shape, double[] row, int[] holes, double[][] drawn, double[] weights) {
    /** The weights of log-weights. */
    static double[] weights(double... logWeights) {
        double most = Arrays.stream(logWeights).max().orElseThrow();
        double[] weights =
                Arrays.stream(logWeights).map(x -> Math.exp(x - most)).toArray();
        double sum = Arrays.stream(weights).sum();
        return Arrays.stream(weights).map(w -> w / sum).toArray();
    }

    /** How many equal weights would be as good, 1 to K. */
    double effectiveDraws() {
        return 1 / Arrays.stream(weights).map(w -> w * w).sum();
    }

    /** The mean of what is missing; of whole numbers and days the nearest one to it, of words the most probable. */
    double[] expected() {
        double[] filled = row.clone();
        for (int j = 0; j < holes.length; j++) {
            ColumnKind kind = shape.columns().get(holes[j]).kind();
            int hole = j;
            boolean word = kind instanceof ColumnKind.Category || kind instanceof ColumnKind.Truth;
            filled[holes[j]] = word ? mostProbable(hole) : mean(kind, hole);
        }
        return filled;
    }

    private double mean(ColumnKind kind, int hole) {
        double mean = IntStream.range(0, weights.length)
                .mapToDouble(k -> weights[k] * drawn[k][hole])
                .sum();
        return kind.stored(kind.isDiscrete() ? Math.rint(mean) + 0.5 : mean);
    }

    private double mostProbable(int hole) {
        int words = 1
                + (int) Arrays.stream(drawn)
                        .mapToDouble(draw -> draw[hole])
                        .max()
                        .orElseThrow();
        double[] shares = new double[words];
        for (int k = 0; k < weights.length; k++) {
            shares[(int) drawn[k][hole]] += weights[k];
        }
        return IntStream.range(0, words)
                .reduce((a, b) -> shares[b] > shares[a] ? b : a)
                .orElseThrow();
    }

    /** Rows whose missing cells are drawn, each draw with the probability of its weight. */
    List<double[]> resampled(int count, long key) {
        double[] uniform = new double[count];
        CounterRandom.fillUniform(key, uniform, 0, count);
        return Arrays.stream(uniform).mapToObj(u -> with(drawn[chosen(u)])).toList();
    }

    private int chosen(double u) {
        double passed = 0;
        for (int k = 0; k < weights.length; k++) {
            passed += weights[k];
            if (u < passed) {
                return k;
            }
        }
        // Rounding may leave a little, which is that of the largest.
        return IntStream.range(0, weights.length)
                .reduce((a, b) -> weights[b] > weights[a] ? b : a)
                .orElseThrow();
    }

    private double[] with(double... cells) {
        double[] filled = row.clone();
        for (int j = 0; j < holes.length; j++) {
            filled[holes[j]] = cells[j];
        }
        return filled;
    }
}
