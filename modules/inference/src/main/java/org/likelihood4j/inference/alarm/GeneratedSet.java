package org.likelihood4j.inference.alarm;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ImageSet;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.Table;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.io.RunException;
import org.likelihood4j.random.CounterRandom;
import org.likelihood4j.random.RandomStream;

/** Examples that are not a model's, made from some of its own: as many, of their shape, with their labels. */
public enum GeneratedSet {
    /** Of images all pixels, of rows all columns within their ranges, uniform and independent. */
    NOISE,
    /** Of rows each column's values, in another order: as they are one by one, and without what they have to do with one another. */
    SHUFFLED,
    /** Images with black for white. */
    INVERTED,
    /** Images of one grey, each of another one. */
    BLANK,
    /** Black images. */
    BLACK,
    /** Images of waves, some of them in directions and lengths of their own, and a little noise. */
    TEXTURES;

    /** Their longest and shortest waves, in pixels. */
    private static final double[] WAVES = {3, 20};

    /** The one of a name, if it is one's. */
    public static Optional<GeneratedSet> of(String name) {
        return Stream.of(values()).filter(set -> set.toString().equals(name)).findFirst();
    }

    /** The names of those that there are for examples of a shape. */
    public static String names(ExampleShape shape) {
        return Stream.of(values())
                .filter(set -> set.isFor(shape))
                .map(GeneratedSet::toString)
                .collect(Collectors.joining(", "));
    }

    private boolean isFor(ExampleShape shape) {
        return this == NOISE || (this == SHUFFLED) == (shape instanceof VectorShape);
    }

    /**
     * Makes it.
     *
     * @param own a model's examples
     * @throws RunException if there is none for examples of that shape
     */
    public Examples from(Examples own, long seed) {
        if (!isFor(own.shape())) {
            throw new RunException(
                    "there is no set '" + this + "' of " + own.shape().noun() + "; there are " + names(own.shape()));
        }
        long key = CounterRandom.key(seed, "generated/" + this);
        int[] labels = IntStream.range(0, own.size()).map(own::label).toArray();
        Examples made = own.shape() instanceof VectorShape table
                ? rows(own, table, labels, key)
                : images(own, (ImageShape) own.shape(), labels, key);
        return own.labelled() ? made : made.withoutLabels();
    }

    private Examples images(Examples own, ImageShape shape, int[] labels, long key) {
        byte[] pixels = new byte[own.size() * shape.size()];
        for (int i = 0; i < own.size(); i++) {
            RandomStream random = new RandomStream(CounterRandom.key(key, i));
            int at = i * shape.size();
            switch (this) {
                case NOISE -> {
                    for (int j = 0; j < shape.size(); j++) {
                        pixels[at + j] = (byte) random.below(256);
                    }
                }
                case INVERTED -> {
                    double[] values = own.values(i);
                    for (int j = 0; j < shape.size(); j++) {
                        pixels[at + j] = (byte) (255 - (int) values[j]);
                    }
                }
                case BLANK -> Arrays.fill(pixels, at, at + shape.size(), (byte) random.below(256));
                case TEXTURES -> texture(shape, random, pixels, at);
                default -> {
                    // Black is what they are.
                }
            }
        }
        return ImageSet.owning(shape, pixels, labels);
    }

    /** A sum of four waves in each channel and noise of a tenth, stretched from black to white. */
    private static void texture(ImageShape shape, RandomStream random, byte[] pixels, int at) {
        int plane = shape.height() * shape.width();
        double[] sum = new double[plane];
        for (int channel = 0; channel < shape.channels(); channel++) {
            Arrays.setAll(sum, j -> 0.1 * random.normal());
            for (int wave = 0; wave < 4; wave++) {
                double angle = random.uniform(0, Math.PI);
                double frequency = 2 * Math.PI / random.uniform(WAVES[0], WAVES[1]);
                double phase = random.uniform(0, 2 * Math.PI);
                double height = random.uniform(0.2, 1);
                for (int j = 0; j < plane; j++) {
                    int x = j % shape.width();
                    int y = j / shape.width();
                    double along = x * Math.cos(angle) + y * Math.sin(angle);
                    sum[j] += height * Math.sin(frequency * along + phase);
                }
            }
            double low = Arrays.stream(sum).min().orElseThrow();
            double range = Math.max(1e-9, Arrays.stream(sum).max().orElseThrow() - low);
            for (int j = 0; j < plane; j++) {
                pixels[at + channel * plane + j] = (byte) Math.round(255 * (sum[j] - low) / range);
            }
        }
    }

    private Examples rows(Examples own, VectorShape shape, int[] labels, long key) {
        double[] values = new double[own.size() * shape.size()];
        double[][] rows = new double[own.size()][];
        Arrays.setAll(rows, own::values);
        for (int column = 0; column < shape.size(); column++) {
            int place = column;
            double[] of = Arrays.stream(rows).mapToDouble(row -> row[place]).toArray();
            RandomStream random = new RandomStream(CounterRandom.key(key, column));
            double low = there(of).min().orElse(0);
            double high = there(of).max().orElse(0);
            boolean discrete = shape.columns().get(column).kind().isDiscrete();
            for (int i = of.length - 1; i >= 0; i--) {
                if (this == SHUFFLED) {
                    // Fisher and Yates.
                    int other = random.below(i + 1);
                    double taken = of[other];
                    of[other] = of[i];
                    of[i] = taken;
                } else {
                    of[i] = discrete ? Math.floor(random.uniform(low, high + 1)) : random.uniform(low, high);
                }
                values[i * shape.size() + column] = of[i];
            }
        }
        return Table.owningHoles(shape, values, labels);
    }

    /** Without missing cells. */
    private static DoubleStream there(double... values) {
        return Arrays.stream(values).filter(value -> !Double.isNaN(value));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
