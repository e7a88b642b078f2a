package org.likelihood4j.models.layers;

import org.likelihood4j.models.EventShape.FeatureMap;

/** Convolutions by plain loops in float64, on maps that are rows of their places' channels. */
public final class PlainConvolution {
    private PlainConvolution() {}

    /**
     * A convolution without bias.
     *
     * @param weights {@code [size, size, in, out]}, flat
     */
    public static double[] convolved(FeatureMap in, FeatureMap out, Window window, double[] weights, double... x) {
        double[] y = new double[out.size()];
        each(in, out, window, (at, tap) -> {
            for (int k = 0; k < in.channels(); k++) {
                for (int o = 0; o < out.channels(); o++) {
                    y[at.out() * out.channels() + o] +=
                            x[at.in() * in.channels() + k] * weights[(tap * in.channels() + k) * out.channels() + o];
                }
            }
        });
        return y;
    }

    /**
     * Its transpose: from maps of {@code out}'s places to those of {@code in}.
     *
     * @param weights {@code [size, size, in, out]}, flat
     */
    public static double[] transposed(FeatureMap in, FeatureMap out, Window window, double[] weights, double... y) {
        double[] x = new double[in.size()];
        each(in, out, window, (at, tap) -> {
            for (int k = 0; k < in.channels(); k++) {
                for (int o = 0; o < out.channels(); o++) {
                    x[at.in() * in.channels() + k] +=
                            y[at.out() * out.channels() + o] * weights[(tap * in.channels() + k) * out.channels() + o];
                }
            }
        });
        return x;
    }

    /** A pair of places, as rows of their maps. */
    private record Pair(int in, int out) {}

    private interface Tap {
        void at(Pair pair, int tap);
    }

    private static void each(FeatureMap in, FeatureMap out, Window window, Tap tap) {
        int top = before(in.height(), out.height(), window);
        int left = before(in.width(), out.width(), window);
        for (int r = 0; r < out.height(); r++) {
            for (int c = 0; c < out.width(); c++) {
                for (int i = 0; i < window.size(); i++) {
                    for (int j = 0; j < window.size(); j++) {
                        int row = r * window.stride() + i - top;
                        int column = c * window.stride() + j - left;
                        if (row >= 0 && row < in.height() && column >= 0 && column < in.width()) {
                            tap.at(new Pair(row * in.width() + column, r * out.width() + c), i * window.size() + j);
                        }
                    }
                }
            }
        }
    }

    private static int before(int in, int out, Window window) {
        return Math.max((out - 1) * window.stride() + window.size() - in, 0) / 2;
    }
}
