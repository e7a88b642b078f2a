package org.likelihood4j.inference.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ImageSet;
import org.likelihood4j.engine.InputSource;
import org.likelihood4j.engine.StepFeed;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.FunctionInput.NoiseInput;
import org.likelihood4j.models.Noise;
import org.likelihood4j.models.Renewal;

/**
 * Training inputs as a device makes them that keeps the data: the same bits as those of {@link InputArrays}, of float32 and of
 * {@link NoiseKeys#training}.
 *
 * @param inputs of the training loss
 */
public record StepFeeds(List<FunctionInput> inputs, long seed) {
    public StepFeeds {
        inputs = List.copyOf(inputs);
    }

    /** Where the inputs come from. */
    public List<InputSource> sources(Examples train) {
        List<InputSource> sources = new ArrayList<>();
        for (FunctionInput input : inputs) {
            if (input instanceof FunctionInput.Data) {
                sources.add(data(train, input.size()));
            } else if (input instanceof FunctionInput.Present) {
                sources.add(new InputSource.Numbers(
                        train.size(),
                        input.size(),
                        (from, to) -> train.gather(range(from, to)).present()));
            } else if (input instanceof NoiseInput noise) {
                sources.add(new InputSource.Noise(
                        input.size(), noise.distribution() == Noise.NORMAL, noise.renewal() == Renewal.NEVER));
            } else if (input instanceof FunctionInput.Condition condition) {
                sources.add(new InputSource.Classes(
                        train.size(), condition.classes(), (from, to) -> labels(train, from, to)));
            } else if (input instanceof FunctionInput.Weight) {
                sources.add(new InputSource.Same());
            } else {
                throw new IllegalArgumentException(
                        "input " + input.name() + " is not data, noise, a weight or a condition");
            }
        }
        return sources;
    }

    private static InputSource data(Examples train, int columns) {
        return train instanceof ImageSet images
                ? new InputSource.Pixels(
                        train.size(),
                        columns,
                        (from, to) -> images.gather(range(from, to)).bytes())
                : new InputSource.Numbers(
                        train.size(),
                        columns,
                        (from, to) -> train.gather(range(from, to)).floats());
    }

    private static int[] range(int from, int to) {
        return IntStream.range(from, to).toArray();
    }

    private static float[] labels(Examples train, int from, int to) {
        float[] labels = new float[to - from];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = train.label(from + i);
        }
        return labels;
    }

    /**
     * What a step is fed with.
     *
     * @param order of the epoch's examples
     * @param index of the batch in the epoch
     * @param step how many were taken before it
     * @param weight of every input that is one
     */
    public StepFeed step(int[] order, int index, int batch, long step, double weight) {
        long[] keys = inputs.stream()
                .filter(NoiseInput.class::isInstance)
                .mapToLong(input -> NoiseKeys.trainingKey((NoiseInput) input, seed, step))
                .toArray();
        int from = index * batch;
        return new StepFeed(Arrays.copyOfRange(order, from, from + batch), keys, weight);
    }
}
