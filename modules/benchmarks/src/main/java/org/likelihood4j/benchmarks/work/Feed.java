package org.likelihood4j.benchmarks.work;

import java.util.ArrayList;
import java.util.List;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.Noise;
import org.likelihood4j.random.CounterRandom;

/**
 * Batches of made-up images, or rows of numbers, with their noise, the same for all contenders: a few, used in turn, so that none finds its inputs
 * always in the cache.
 */
public record Feed(List<FunctionInput> inputs, int rows, List<List<float[]>> batches) {
    private static final int BATCHES = 8;
    /** Pixels that are not black, as in handwritten digits. */
    private static final double INK = 0.2;

    public static Feed of(List<FunctionInput> inputs, int rows, long seed) {
        List<List<float[]>> batches = new ArrayList<>();
        for (int batch = 0; batch < BATCHES; batch++) {
            List<float[]> arrays = new ArrayList<>();
            for (FunctionInput input : inputs) {
                long key = CounterRandom.key(seed, "feed/" + input.name() + "/" + batch);
                arrays.add(values(input, key, rows * input.size()));
            }
            batches.add(arrays);
        }
        return new Feed(inputs, rows, batches);
    }

    private static float[] values(FunctionInput input, long key, int count) {
        float[] values = new float[count];
        if (input instanceof FunctionInput.NoiseInput noise && noise.distribution() == Noise.NORMAL) {
            CounterRandom.fillNormal(key, values, 0, count);
        } else if (input instanceof FunctionInput.NoiseInput) {
            CounterRandom.fillUniform(key, values, 0, count);
        } else if (input instanceof FunctionInput.Data && input.name().equals("values")) {
            CounterRandom.fillNormal(key, values, 0, count);
        } else if (input instanceof FunctionInput.Data) {
            CounterRandom.fillUniform(key, values, 0, count);
            for (int i = 0; i < count; i++) {
                values[i] = values[i] < INK ? (float) Math.floor(256 * values[i] / INK) : 0;
            }
        } else {
            throw new IllegalArgumentException("no made-up values for input " + input.name());
        }
        return values;
    }

    public int size() {
        return batches.size();
    }

    /** One input's values of a batch. */
    public float[] values(String name, int batch) {
        for (int i = 0; i < inputs.size(); i++) {
            if (inputs.get(i).name().equals(name)) {
                return batches.get(batch).get(i);
            }
        }
        throw new IllegalArgumentException("no input named " + name);
    }
}
