package org.likelihood4j.laboratory.device;

import java.util.OptionalInt;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ImageSet;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.Splits;
import org.likelihood4j.data.Table;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.random.CounterRandom;

/** Examples of a shape that need no file: what a step computes can be compared on any. */
final class StandIn {
    private static final int BRIGHTEST = 255;

    private StandIn() {}

    /** The same ones always. Images are of a few waves and some noise, rows are normal numbers. */
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
        return new Table(shape, values, labels);
    }
}
