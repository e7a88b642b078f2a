package org.likelihood4j.benchmarks.work;

import org.likelihood4j.engine.FlatVector;
import org.nd4j.linalg.factory.Nd4j;

/** A flow's standardisation, from the first batch of the feed, as training sets it from its images. */
public final class Standardized {
    public static final String SHIFT = "standardization/shift";
    public static final String LOG_SCALE = "standardization/logScale";

    private Standardized() {}

    static void set(int d, double alpha, Feed feed, FlatVector buffers) {
        float[] pixels = feed.values("pixels", 0);
        float[] noise = feed.values("dequantization_noise", 0);
        float[] shift = new float[d];
        float[] logScale = new float[d];
        for (int column = 0; column < d; column++) {
            double sum = 0;
            double squares = 0;
            for (int row = 0; row < feed.rows(); row++) {
                int i = row * d + column;
                double x = (pixels[i] + noise[i]) / Workload.CouplingFlow.LEVELS;
                double scale = 1 - 2 * alpha;
                double logit = Math.log(alpha + scale * x) - Math.log(alpha + scale * (1 - x));
                sum += logit;
                squares += logit * logit;
            }
            double mean = sum / feed.rows();
            shift[column] = (float) mean;
            logScale[column] = (float) (0.5 * Math.log(Math.max(squares / feed.rows() - mean * mean, 1e-6)));
        }
        buffers.view(SHIFT).assign(Nd4j.createFromArray(shift));
        buffers.view(LOG_SCALE).assign(Nd4j.createFromArray(logScale));
    }
}
