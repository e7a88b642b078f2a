package org.likelihood4j.data.synthetic;

import java.util.Arrays;
import org.likelihood4j.random.CounterRandom;
import org.likelihood4j.random.RandomStream;

/**
 * Paints handwritten-looking digits, white on black, as MNIST has them: about 20 pixels high, centred by mass in a
 * picture of 28 by 28.
 *
 * <p>Image {@code index} of a split is a pure function of (seed, split, index). Only + - * / sqrt and StrictMath are
 * used, so the bits are the same on every machine. Any change of what is painted must change {@link #VERSION}: runs name
 * it, and a test pins the pictures.
 */
final class DigitPainter {
    static final int VERSION = 1;
    static final int SIDE = 28;
    private static final double JITTER = 0.018;
    private static final double EDGE = 1.2; // pixels over which ink fades to black

    private final long seed;

    DigitPainter(long seed) {
        this.seed = CounterRandom.key(seed, "digits");
    }

    /**
     * Paints one image.
     *
     * @param target gets 28 * 28 bytes from {@code offset} on, row by row
     * @return the digit, 0 to 9
     */
    int paint(int split, long index, byte[] target, int offset) {
        RandomStream draws = new RandomStream(CounterRandom.key(CounterRandom.key(seed, split), index));
        int digit = draws.below(10);
        DigitTrace trace = new DigitTrace(DigitGlyphs.pick(digit, draws.uniform(0, 1)), JITTER, draws);
        new DigitHand(draws).move(trace.x(), trace.y(), trace.count());
        double pen = 1.3 + draws.wobble(0.28); // half of a line's width, in pixels
        place(trace, pen, draws);
        float[] ink = new float[SIDE * SIDE];
        double start = 1 + draws.wobble(0.13);
        double end = 1 + draws.wobble(0.13);
        for (int i = 1; i < trace.count(); i++) {
            if (trace.joined(i)) {
                double pressure = start + (end - start) * i / trace.count();
                line(ink, trace, i, pen * pressure);
            }
        }
        double white = draws.uniform(235, 255.99);
        for (int i = 0; i < ink.length; i++) {
            target[offset + i] = (byte) (int) (ink[i] * white);
        }
        return digit;
    }

    /** Scales the trace until the longer side of its ink is about 20 pixels, and centres it by mass. */
    private static void place(DigitTrace trace, double pen, RandomStream draws) {
        double[] x = trace.x();
        double[] y = trace.y();
        int n = trace.count();
        double width = Arrays.stream(x, 0, n).max().orElse(0)
                - Arrays.stream(x, 0, n).min().orElse(0);
        double height = Arrays.stream(y, 0, n).max().orElse(0)
                - Arrays.stream(y, 0, n).min().orElse(0);
        double scale = (draws.uniform(19, 20.5) - 2 * pen) / Math.max(width, height);
        double mass = 0;
        double sumX = 0;
        double sumY = 0;
        for (int i = 1; i < n; i++) {
            if (trace.joined(i)) {
                double dx = x[i] - x[i - 1];
                double dy = y[i] - y[i - 1];
                double length = Math.sqrt(dx * dx + dy * dy);
                mass += length;
                sumX += length * (x[i] + x[i - 1]) / 2;
                sumY += length * (y[i] + y[i - 1]) / 2;
            }
        }
        double shiftX = SIDE / 2.0 - scale * sumX / mass + draws.uniform(-0.7, 0.7);
        double shiftY = SIDE / 2.0 - scale * sumY / mass + draws.uniform(-0.7, 0.7);
        for (int i = 0; i < n; i++) {
            x[i] = scale * x[i] + shiftX;
            y[i] = scale * y[i] + shiftY;
        }
    }

    /** Inks the pixels near the line from point i - 1 to point i; where lines overlap, the brighter one counts. */
    private static void line(float[] ink, DigitTrace trace, int i, double radius) {
        double ax = trace.x()[i - 1];
        double ay = trace.y()[i - 1];
        double dx = trace.x()[i] - ax;
        double dy = trace.y()[i] - ay;
        double lengthSquared = Math.max(dx * dx + dy * dy, 1e-12);
        double reach = radius + EDGE / 2;
        int left = pixel(Math.min(ax, ax + dx) - reach);
        int right = pixel(Math.max(ax, ax + dx) + reach);
        int top = pixel(Math.min(ay, ay + dy) - reach);
        int bottom = pixel(Math.max(ay, ay + dy) + reach);
        for (int row = top; row <= bottom; row++) {
            double py = row + 0.5 - ay;
            for (int column = left; column <= right; column++) {
                double px = column + 0.5 - ax;
                double along = Math.min(Math.max((px * dx + py * dy) / lengthSquared, 0), 1);
                double ex = px - along * dx;
                double ey = py - along * dy;
                double square = ex * ex + ey * ey;
                if (square < reach * reach) {
                    float level = (float) Math.min((reach - Math.sqrt(square)) / EDGE, 1);
                    int at = row * SIDE + column;
                    ink[at] = Math.max(ink[at], level);
                }
            }
        }
    }

    private static int pixel(double coordinate) {
        return (int) Math.min(Math.max(coordinate, 0), SIDE - 1);
    }
}
