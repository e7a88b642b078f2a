package org.likelihood4j.laboratory.evidence;

import org.likelihood4j.random.CounterRandom;

/**
 * The noise of chains: a function of (purpose, number of the example, chain, step), so that no result depends on what is computed beside it.
 *
 * @param key of the purpose
 * @param firstExample the number of the first example
 * @param examples how many
 * @param firstChain the number of the first chain of each
 * @param chains how many
 */
public record ChainNoise(long key, int firstExample, int examples, int firstChain, int chains) {
    public static ChainNoise of(long seed, String purpose, int firstExample, int examples, int firstChain, int chains) {
        return new ChainNoise(
                CounterRandom.key(seed, "evidence/" + purpose), firstExample, examples, firstChain, chains);
    }

    /** Of a row and a step. */
    public long key(int row, long step) {
        long example = CounterRandom.key(key, firstExample + row / chains);
        return CounterRandom.key(CounterRandom.key(example, firstChain + row % chains), step);
    }

    private int rows() {
        return examples * chains;
    }

    /** N(0, 1), {@code [rows, size]}. */
    public double[] normal(long step, int size) {
        double[] values = new double[rows() * size];
        for (int row = 0; row < rows(); row++) {
            CounterRandom.fillNormal(key(row, step), values, row * size, size);
        }
        return values;
    }

    /** Uniform on (0, 1], their logarithms, {@code [rows]}; another stream than the normal ones of the same step. */
    public double[] logUniform(long step) {
        double[] values = new double[rows()];
        for (int row = 0; row < rows(); row++) {
            values[row] = Math.log1p(-CounterRandom.uniform(CounterRandom.key(key(row, step), 1), 0));
        }
        return values;
    }
}
