package org.likelihood4j.score;

import java.util.Locale;
import org.likelihood4j.random.CounterRandom;
import org.likelihood4j.score.files.Json;

/**
 * Which numbers a noise input gets: those that the framework gives it, by the seeds, the name of the data, and the example's number.
 *
 * @param normal N(0, 1), else uniform on [0, 1)
 * @param single whether the numbers are those of float32
 */
record NoiseFill(String name, boolean normal, Renewal renewal, boolean single, int columns) {
    /** How often an example gets new numbers. */
    enum Renewal {
        DRAW,
        EPOCH,
        NEVER
    }

    static NoiseFill read(Json input, boolean single, int columns) {
        String distribution = input.get("distribution").text();
        if (!distribution.equals("normal") && !distribution.equals("uniform")) {
            throw input.get("distribution").unknown("normal or uniform");
        }
        for (Renewal renewal : Renewal.values()) {
            if (renewal.name()
                    .toLowerCase(Locale.ROOT)
                    .equals(input.get("renewal").text())) {
                return new NoiseFill(input.get("name").text(), distribution.equals("normal"), renewal, single, columns);
            }
        }
        throw input.get("renewal").unknown("draw, epoch or never");
    }

    /** The key of a row of data. */
    long key(long seed, long runSeed, String split, long example, long draw) {
        if (renewal == Renewal.NEVER) {
            return CounterRandom.key(CounterRandom.key(runSeed, "fixed/" + split + "/" + name), example);
        }
        long key = CounterRandom.key(seed, "evaluate/" + split + "/" + name);
        return CounterRandom.key(CounterRandom.key(key, example), renewal == Renewal.DRAW ? draw : 0);
    }

    /** The key of a drawn example. */
    long sampleKey(long seed, boolean firstInput, long example) {
        long key = CounterRandom.key(seed, "sample");
        return CounterRandom.key(firstInput ? key : CounterRandom.key(key, name), example);
    }

    /** @param temperature of normal numbers */
    void fill(long key, double temperature, double[] into, int at) {
        if (!single) {
            if (normal) {
                CounterRandom.fillNormal(key, into, at, columns);
            } else {
                CounterRandom.fillUniform(key, into, at, columns);
            }
        } else {
            float[] numbers = new float[columns];
            if (normal) {
                CounterRandom.fillNormal(key, numbers, 0, columns);
            } else {
                CounterRandom.fillUniform(key, numbers, 0, columns);
            }
            for (int i = 0; i < columns; i++) {
                into[at + i] = numbers[i];
            }
        }
        if (normal && temperature != 1) {
            for (int i = 0; i < columns; i++) {
                into[at + i] *= temperature;
            }
        }
    }
}
