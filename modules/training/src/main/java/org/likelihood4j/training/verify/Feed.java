package org.likelihood4j.training.verify;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.likelihood4j.data.ImageSet;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.models.Noise;
import org.likelihood4j.models.Renewal;

/**
 * The same images for any of a model's functions: noise that defines the data (binarisation) is drawn once, the rest at each
 * call.
 */
final class Feed {
    private static final int LEVELS = 256;

    private final double[][] pixels;
    private final RandomGenerator random;
    private final Map<String, double[][]> kept = new HashMap<>();

    Feed(double[][] pixels, RandomGenerator random) {
        this.pixels = pixels;
        this.random = random;
    }

    static Feed of(ImageSet set, RandomGenerator random) {
        double[][] pixels = new double[set.size()][set.shape().size()];
        for (int i = 0; i < pixels.length; i++) {
            for (int j = 0; j < pixels[i].length; j++) {
                pixels[i][j] = set.pixel(i, j);
            }
        }
        return new Feed(pixels, random);
    }

    /** Images of one grey. */
    static Feed constant(int rows, int dimension, double grey, RandomGenerator random) {
        double[][] pixels = new double[rows][dimension];
        for (double[] image : pixels) {
            Arrays.fill(image, grey);
        }
        return new Feed(pixels, random);
    }

    /** Independent pixels of every grey. */
    static Feed random(int rows, int dimension, RandomGenerator random) {
        double[][] pixels = new double[rows][dimension];
        for (double[] image : pixels) {
            Arrays.setAll(image, i -> random.nextInt(LEVELS));
        }
        return new Feed(pixels, random);
    }

    int rows() {
        return pixels.length;
    }

    /** One array {@code [rows][size]} for each input. */
    Map<String, double[][]> inputs(ModelFunction function) {
        Map<String, double[][]> inputs = new HashMap<>();
        for (FunctionInput input : function.inputs()) {
            inputs.put(input.name(), input instanceof FunctionInput.Pixels ? pixels : values(input));
        }
        return inputs;
    }

    private double[][] values(FunctionInput input) {
        boolean keeps = input instanceof FunctionInput.NoiseInput noise && noise.renewal() != Renewal.DRAW;
        return keeps ? kept.computeIfAbsent(input.name(), name -> draw(input)) : draw(input);
    }

    private double[][] draw(FunctionInput input) {
        double[][] values = new double[rows()][input.size()];
        for (double[] row : values) {
            Arrays.setAll(row, i -> one(input));
        }
        return values;
    }

    private double one(FunctionInput input) {
        if (input instanceof FunctionInput.Weight) {
            return 1;
        }
        boolean uniform = input instanceof FunctionInput.NoiseInput noise && noise.distribution() == Noise.UNIFORM;
        // A float below 1: a double could be rounded up to 1. Values are latents, drawn from N(0, 1).
        return uniform ? random.nextFloat() : random.nextGaussian();
    }
}
