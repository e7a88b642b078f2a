package org.likelihood4j.inference.runtime;

import org.likelihood4j.data.Batch;
import org.likelihood4j.models.FunctionInput.NoiseInput;
import org.likelihood4j.models.Renewal;
import org.likelihood4j.random.CounterRandom;

/**
 * The key of every row of noise: a pure function of (seed, purpose, index, draw), so that no generator has a state, the batch
 * size cannot change an evaluation, and resuming needs nothing but the step.
 */
@FunctionalInterface
public interface NoiseKeys {
    long key(NoiseInput input, Batch batch, int row);

    /** Training: fresh noise is a function of the step and the row, fixed noise of the example. */
    static NoiseKeys training(long seed, long step) {
        return training(seed, step, 0);
    }

    /**
     * The same for a part of the step's batch.
     *
     * @param first the place in the whole batch of the part's first row
     */
    static NoiseKeys training(long seed, long step, int first) {
        return (input, batch, row) -> CounterRandom.key(
                trainingKey(input, seed, step), input.renewal() == Renewal.NEVER ? batch.indices()[row] : first + row);
    }

    /** What the key of a row is derived from in training, by the example's number or the row's. */
    static long trainingKey(NoiseInput input, long seed, long step) {
        return input.renewal() == Renewal.NEVER
                ? fixedKey(seed, "train", input)
                : CounterRandom.key(CounterRandom.key(seed, "train/" + input.name()), step);
    }

    /**
     * Evaluation: noise is a function of the example and, where it is renewed at every draw, of the draw.
     *
     * @param runSeed the run's seed, for noise that is fixed once for each example
     * @param seed the evaluation's seed
     * @param split train, validation or test
     */
    static NoiseKeys evaluation(long runSeed, long seed, String split, long draw) {
        return evaluation(runSeed, seed, split, draw, new ExampleNumbers.From(0));
    }

    /** The same for a part of a split, by its examples' numbers in it. */
    static NoiseKeys evaluation(long runSeed, long seed, String split, long draw, ExampleNumbers numbers) {
        return (input, batch, row) -> {
            long example = numbers.of(batch.indices()[row]);
            if (input.renewal() == Renewal.NEVER) {
                return fixed(runSeed, split, input, example);
            }
            long key = CounterRandom.key(seed, "evaluate/" + split + "/" + input.name());
            return derive(key, example, input.renewal() == Renewal.DRAW ? draw : 0);
        };
    }

    /**
     * The comparison of the two KLs after an epoch: the examples are those of {@link #evaluation}, with the same fixed noise and
     * that of the epoch, so that the posteriors are the same; what is renewed at every draw is a function of the run's seed,
     * the example and the epoch, so that the comparisons of different runs and epochs are independent.
     *
     * @param epoch 1 for the first
     */
    static NoiseKeys agreement(long runSeed, long seed, String split, long epoch) {
        NoiseKeys shown = evaluation(runSeed, seed, split, 0);
        return (input, batch, row) -> input.renewal() == Renewal.DRAW
                ? derive(
                        CounterRandom.key(runSeed, "agreement/" + split + "/" + input.name()),
                        batch.indices()[row],
                        epoch)
                : shown.key(input, batch, row);
    }

    private static long fixed(long seed, String split, NoiseInput input, long example) {
        return CounterRandom.key(fixedKey(seed, split, input), example);
    }

    private static long fixedKey(long seed, String split, NoiseInput input) {
        return CounterRandom.key(seed, "fixed/" + split + "/" + input.name());
    }

    private static long derive(long key, long index, long draw) {
        return CounterRandom.key(CounterRandom.key(key, index), draw);
    }
}
