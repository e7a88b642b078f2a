package org.likelihood4j.laboratory.audit;

import java.util.Arrays;

/**
 * The derivative of one operation at a point, {@code y = L x}. It is applied to several x at once: of each number all
 * x stand side by side, so that every loop has the length of their count.
 */
sealed interface LinearMap {
    /** {@code to += L from} for {@code width} vectors: number i of vector k is at {@code i * width + k}. */
    void add(double[] from, double[] to, int width);

    /** How many products it is of, for one vector. */
    long products();

    /** {@code y[to[e]] += factor[e] x[from[e]]} for each e. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Entries(int[] to, int[] from, double[] factor) implements LinearMap {
        /** A number of y for each of x. */
        static Entries diagonal(double... factor) {
            int[] positions = new int[factor.length];
            Arrays.setAll(positions, i -> i);
            return new Entries(positions, positions, factor);
        }

        /** Numbers that are only moved. */
        static Entries moved(int[] to, int[] from) {
            double[] ones = new double[to.length];
            Arrays.fill(ones, 1);
            return new Entries(to, from, ones);
        }

        @Override
        public void add(double[] x, double[] y, int width) {
            for (int e = 0; e < to.length; e++) {
                if (factor[e] != 0) {
                    axpy(factor[e], x, from[e] * width, y, to[e] * width, width);
                }
            }
        }

        private static void axpy(double a, double[] x, int xAt, double[] y, int yAt, int width) {
            for (int k = 0; k < width; k++) {
                y[yAt + k] += a * x[xAt + k];
            }
        }

        @Override
        public long products() {
            return to.length;
        }
    }

    /**
     * A convolution of one image, channels last, of which a product at each place is the one of 1 x 1.
     *
     * @param from the image's sizes
     * @param to the result's
     * @param window how places of the two belong together
     * @param weights {@code [window, from.channels, to.channels]}
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Convolution(Sizes from, Sizes to, Taps window, double[] weights) implements LinearMap {
        /** Of an image. */
        record Sizes(int height, int width, int channels) {
            int places() {
                return height * width;
            }
        }

        /**
         * A window.
         *
         * @param top zeros before the first row
         * @param left zeros before the first column
         */
        record Taps(int height, int width, int strideDown, int strideAcross, int top, int left) {
            static final Taps POINT = new Taps(1, 1, 1, 1, 0, 0);
        }

        /** Channels of which sums are taken in one pass, so that the results are read and written once for all. */
        private static final int TOGETHER = 4;

        @Override
        public void add(double[] x, double[] y, int count) {
            int[] live = new int[from.channels()];
            for (int place = 0; place < from.places(); place++) {
                int begin = place * from.channels();
                int found = 0;
                for (int channel = 0; channel < from.channels(); channel++) {
                    // What a rectifier stops is zero in all vectors.
                    if (!isZero(x, (begin + channel) * count, count)) {
                        live[found++] = channel;
                    }
                }
                if (found > 0) {
                    spread(x, begin, live, found, y, count);
                }
            }
        }

        private static boolean isZero(double[] x, int at, int width) {
            for (int k = 0; k < width; k++) {
                if (x[at + k] != 0) {
                    return false;
                }
            }
            return true;
        }

        /** One place's numbers to all places that see it. */
        private void spread(double[] x, int begin, int[] live, int found, double[] y, int count) {
            int row = begin / from.channels() / from.width();
            int column = begin / from.channels() % from.width();
            for (int i = 0; i < window.height(); i++) {
                int down = row + window.top() - i;
                if (down < 0 || down % window.strideDown() != 0 || down / window.strideDown() >= to.height()) {
                    continue;
                }
                for (int j = 0; j < window.width(); j++) {
                    int across = column + window.left() - j;
                    if (across < 0
                            || across % window.strideAcross() != 0
                            || across / window.strideAcross() >= to.width()) {
                        continue;
                    }
                    int made = down / window.strideDown() * to.width() + across / window.strideAcross();
                    int tap = i * window.width() + j;
                    tap(x, begin, live, found, tap, y, made * to.channels(), count);
                }
            }
        }

        private void tap(double[] x, int begin, int[] live, int found, int tap, double[] y, int made, int count) {
            int base = tap * from.channels() * to.channels();
            int outs = to.channels();
            int k = 0;
            for (; k + TOGETHER <= found; k += TOGETHER) {
                int a = base + live[k] * outs;
                int b = base + live[k + 1] * outs;
                int c = base + live[k + 2] * outs;
                int d = base + live[k + 3] * outs;
                for (int o = 0; o < outs; o++) {
                    axpy4(
                            weights[a + o],
                            x,
                            (begin + live[k]) * count,
                            weights[b + o],
                            (begin + live[k + 1]) * count,
                            weights[c + o],
                            (begin + live[k + 2]) * count,
                            weights[d + o],
                            (begin + live[k + 3]) * count,
                            y,
                            (made + o) * count,
                            count);
                }
            }
            for (; k < found; k++) {
                int a = base + live[k] * outs;
                for (int o = 0; o < outs; o++) {
                    Entries.axpy(weights[a + o], x, (begin + live[k]) * count, y, (made + o) * count, count);
                }
            }
        }

        private static void axpy4(
                double a,
                double[] x,
                int aAt,
                double b,
                int bAt,
                double c,
                int cAt,
                double d,
                int dAt,
                double[] y,
                int yAt,
                int width) {
            for (int k = 0; k < width; k++) {
                y[yAt + k] += a * x[aAt + k] + b * x[bAt + k] + c * x[cAt + k] + d * x[dAt + k];
            }
        }

        @Override
        public long products() {
            return (long) to.places() * weights.length;
        }
    }
}
