package org.likelihood4j.benchmarks.work;

import java.util.function.IntToDoubleFunction;
import org.likelihood4j.engine.FlatVector;
import org.nd4j.linalg.factory.Nd4j;

/** A flow's standardisation, from the first batch of the feed, as training sets it from its data. */
public final class Standardized {
    public static final String SHIFT = "standardization/shift";
    public static final String LOG_SCALE = "standardization/logScale";

    private Standardized() {}

    /** Of images in logit space. */
    static void pixels(double alpha, Feed feed, FlatVector buffers) {
        float[] pixels = feed.values("pixels", 0);
        float[] noise = feed.values("dequantization_noise", 0);
        double scale = 1 - 2 * alpha;
        set(feed.rows(), pixels.length, buffers, i -> {
            double x = (pixels[i] + noise[i]) / Workload.CouplingFlow.LEVELS;
            return Math.log(alpha + scale * x) - Math.log(alpha + scale * (1 - x));
        });
    }

    /** Of rows of numbers. */
    static void rows(Feed feed, FlatVector buffers) {
        float[] values = feed.values("values", 0);
        set(feed.rows(), values.length, buffers, i -> values[i]);
    }

    private static void set(int rows, int count, FlatVector buffers, IntToDoubleFunction value) {
        int d = count / rows;
        float[] shift = new float[d];
        float[] logScale = new float[d];
        for (int column = 0; column < d; column++) {
            double sum = 0;
            double squares = 0;
            for (int row = 0; row < rows; row++) {
                double x = value.applyAsDouble(row * d + column);
                sum += x;
                squares += x * x;
            }
            double mean = sum / rows;
            shift[column] = (float) mean;
            logScale[column] = (float) (0.5 * Math.log(Math.max(squares / rows - mean * mean, 1e-6)));
        }
        buffers.view(SHIFT).assign(Nd4j.createFromArray(shift));
        buffers.view(LOG_SCALE).assign(Nd4j.createFromArray(logScale));
    }
}
