package org.likelihood4j.laboratory.device;

import java.util.OptionalInt;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ImageSet;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.Splits;
import org.likelihood4j.data.Table;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.data.columns.ColumnKind;
import org.likelihood4j.random.CounterRandom;

/** Examples of a shape that need no file: what a step computes can be compared on any. */
final class StandIn {
    private static final int BRIGHTEST = 255;
    /** Of whole numbers and of days, where their columns say no end. */
    private static final int LARGEST_COUNT = 100;

    private StandIn() {}

    /** The same ones always. Images are of a few waves and some noise, rows of normal numbers and of what else their columns hold. */
    static Splits of(ExampleShape shape, int examples, OptionalInt classes) {
        int[] labels = new int[examples];
        for (int i = 0; i < examples; i++) {
            labels[i] = classes.isPresent() ? i % classes.getAsInt() : 0;
        }
        Examples all = shape instanceof ImageShape image ? images(image, labels) : rows((VectorShape) shape, labels);
        return new Splits(all, all.slice(0, 0), all);
    }

    private static ImageSet images(ImageShape shape, int[] labels) {
        byte[] pixels = new byte[Math.multiplyExact(labels.length, shape.size())];
        int plane = shape.height() * shape.width();
        for (int image = 0; image < labels.length; image++) {
            long key = CounterRandom.key(CounterRandom.key(1, "stand-in images"), image);
            double across = 6 * CounterRandom.uniform(key, 0);
            double down = 6 * CounterRandom.uniform(key, 1);
            for (int i = 0; i < shape.size(); i++) {
                int channel = i / plane;
                int row = i % plane / shape.width();
                int column = i % shape.width();
                double wave = Math.sin(across * column / shape.width() + down * row / shape.height() + channel);
                double value = 0.5 + 0.4 * wave + 0.1 * (CounterRandom.uniform(key, i + 2L) - 0.5);
                pixels[image * shape.size() + i] = (byte) Math.round(BRIGHTEST * value);
            }
        }
        return new ImageSet(shape, pixels, labels);
    }

    private static Table rows(VectorShape shape, int[] labels) {
        double[] values = new double[Math.multiplyExact(labels.length, shape.size())];
        CounterRandom.fillNormal(CounterRandom.key(1, "stand-in rows"), values, 0, values.length);
        long key = CounterRandom.key(1, "stand-in cells");
        for (int i = 0; i < values.length; i++) {
            ColumnKind kind = shape.columns().get(i % shape.size()).kind();
            values[i] = kind.stored(drawn(kind, values[i], CounterRandom.uniform(key, i)));
        }
        return new Table(shape, values, labels);
    }

    /** A number such as a model of the column draws it. */
    private static double drawn(ColumnKind kind, double normal, double uniform) {
        if (kind instanceof ColumnKind.Log log) {
            return Math.exp(normal) - log.shift();
        } else if (kind instanceof ColumnKind.Bounded bounded) {
            return bounded.low() + uniform * (bounded.high() - bounded.low());
        } else if (kind instanceof ColumnKind.Category category) {
            return uniform * category.values().size();
        } else if (kind instanceof ColumnKind.Whole whole) {
            double low =
                    whole.low() > -ColumnKind.Whole.LARGEST ? whole.low() : Math.min(0, whole.high() - LARGEST_COUNT);
            return low + uniform * Math.min(LARGEST_COUNT, whole.high() - low + 1);
        } else if (kind instanceof ColumnKind.Truth) {
            return 2 * uniform;
        } else if (kind.isDiscrete()) {
            return LARGEST_COUNT * uniform;
        }
        return normal;
    }
}
