package org.likelihood4j.score.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Convolutions are the sum that defines them; a transposed one is the transpose of the map of the plain one. */
class ConvolutionsTest {
    private static double[] random(Random random, int size) {
        double[] values = new double[size];
        Arrays.setAll(values, i -> random.nextInt(3) == 0 ? 0 : random.nextGaussian());
        return values;
    }

    @ParameterizedTest
    @CsvSource({
        "5, 4, 2, 5, 4, 3, 3, 3, 1, 1, 1, 1",
        "5, 4, 2, 3, 2, 3, 3, 3, 2, 2, 1, 0",
        "6, 7, 1, 2, 3, 2, 4, 3, 2, 2, 0, 0",
        "3, 3, 2, 1, 1, 4, 3, 3, 1, 1, 0, 0",
        "2, 2, 3, 2, 2, 1, 5, 5, 1, 1, 2, 2"
    })
    void bothAreTheSumThatDefinesThem(
            int height,
            int width,
            int in,
            int outHeight,
            int outWidth,
            int out,
            int kh,
            int kw,
            int down,
            int across,
            int top,
            int left) {
        ImageSizes sizes = new ImageSizes(height, width, in, outHeight, outWidth, out, kh, kw, down, across, top, left);
        Random random = new Random(1);
        double[] x = random(random, sizes.read());
        double[] w = random(random, sizes.taps() * out);
        double[] cotangent = random(random, sizes.made() * out);
        double[] expected = new double[sizes.made() * out];
        double[] transposed = new double[sizes.read()];
        for (int i = 0; i < outHeight; i++) {
            for (int j = 0; j < outWidth; j++) {
                for (int a = 0; a < kh; a++) {
                    for (int b = 0; b < kw; b++) {
                        int row = i * down - top + a;
                        int column = j * across - left + b;
                        for (int c = 0; c < in && row >= 0 && row < height && column >= 0 && column < width; c++) {
                            for (int o = 0; o < out; o++) {
                                double weight = w[((a * kw + b) * in + c) * out + o];
                                int from = (row * width + column) * in + c;
                                int to = (i * outWidth + j) * out + o;
                                expected[to] += x[from] * weight;
                                transposed[from] += cotangent[to] * weight;
                            }
                        }
                    }
                }
            }
        }
        double[] patches = new double[sizes.made() * sizes.taps()];
        double[] y = new double[expected.length];
        double[] sums = new double[Math.max(out, sizes.taps())];
        Convolutions.plain(sizes, x, 0, Products.rows(w, 0, out, sizes.taps(), out), y, 0, patches, sums);
        assertThat(y).containsExactly(expected, within(1e-12));
        double[] turned = new double[w.length];
        for (int t = 0; t < sizes.taps(); t++) {
            for (int o = 0; o < out; o++) {
                turned[o * sizes.taps() + t] = w[t * out + o];
            }
        }
        double[] back = new double[transposed.length];
        Convolutions.transposed(
                sizes, cotangent, 0, Products.rows(turned, 0, sizes.taps(), out, sizes.taps()), back, 0, patches, sums);
        assertThat(back).containsExactly(transposed, within(1e-12));
    }
}
