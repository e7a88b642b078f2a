package org.likelihood4j.data.synthetic;

import java.util.Arrays;
import java.util.List;
import org.likelihood4j.random.RandomStream;

/** The pen's path for one digit: points, each joined to the one before it unless the pen was lifted in between. */
final class DigitTrace {
    private static final int STEPS = 5; // points on the curve between two knots

    private double[] x = new double[128];
    private double[] y = new double[128];
    private boolean[] joined = new boolean[128];
    private int count;

    /** Moves each knot of the glyph a little, at random, and joins them by curves. */
    DigitTrace(DigitGlyphs.Glyph glyph, double jitter, RandomStream draws) {
        double[] moved = new double[64];
        int known = 0;
        for (List<DigitGlyphs.Run> stroke : glyph.strokes()) {
            boolean down = false;
            for (DigitGlyphs.Run run : stroke) {
                int n = run.knots().size();
                double[] px = new double[n + 2];
                double[] py = new double[n + 2];
                for (int i = 0; i < n; i++) {
                    DigitGlyphs.Knot knot = run.knots().get(i);
                    if (knot.id() == known) {
                        moved[2 * known] = knot.x() + draws.wobble(jitter);
                        moved[2 * known + 1] = knot.y() + draws.wobble(jitter);
                        known++;
                    }
                    px[i + 1] = moved[2 * knot.id()];
                    py[i + 1] = moved[2 * knot.id() + 1];
                }
                extend(px);
                extend(py);
                if (!down) {
                    add(px[1], py[1], false);
                    down = true;
                }
                for (int i = 1; i < n; i++) {
                    span(px, py, i);
                }
            }
        }
    }

    double[] x() {
        return x;
    }

    double[] y() {
        return y;
    }

    int count() {
        return count;
    }

    /** Whether a line of ink leads from point {@code i - 1} to point {@code i}. */
    boolean joined(int i) {
        return joined[i];
    }

    /** Mirrors the second and the last but one knot, so that the curve's ends have a direction. */
    private static void extend(double[] p) {
        int last = p.length - 1;
        p[0] = 2 * p[1] - p[2];
        p[last] = 2 * p[last - 1] - p[last - 2];
    }

    /**
     * The curve from knot i to knot i + 1: a centripetal Catmull-Rom spline, which never loops or overshoots where knots
     * lie unevenly. Source: Barry and Goldman, "A recursive evaluation algorithm for a class of Catmull-Rom splines",
     * 1988; Yuksel, Schaefer and Keyser, 2011.
     */
    private void span(double[] px, double[] py, int i) {
        double t1 = gap(px, py, i - 1);
        double t2 = t1 + gap(px, py, i);
        double t3 = t2 + gap(px, py, i + 1);
        for (int step = 1; step <= STEPS; step++) {
            double t = t1 + (t2 - t1) * step / STEPS;
            add(at(px, i, t, t1, t2, t3), at(py, i, t, t1, t2, t3), true);
        }
    }

    private static double gap(double[] px, double[] py, int i) {
        double dx = px[i + 1] - px[i];
        double dy = py[i + 1] - py[i];
        return Math.max(1e-6, Math.sqrt(Math.sqrt(dx * dx + dy * dy)));
    }

    private static double at(double[] p, int i, double t, double t1, double t2, double t3) {
        double a1 = mix(p[i - 1], p[i], t / t1);
        double a2 = mix(p[i], p[i + 1], (t - t1) / (t2 - t1));
        double a3 = mix(p[i + 1], p[i + 2], (t - t2) / (t3 - t2));
        double b1 = mix(a1, a2, t / t2);
        double b2 = mix(a2, a3, (t - t1) / (t3 - t1));
        return mix(b1, b2, (t - t1) / (t2 - t1));
    }

    private static double mix(double a, double b, double t) {
        return a + (b - a) * t;
    }

    private void add(double px, double py, boolean line) {
        if (count == x.length) {
            x = Arrays.copyOf(x, 2 * count);
            y = Arrays.copyOf(y, 2 * count);
            joined = Arrays.copyOf(joined, 2 * count);
        }
        x[count] = px;
        y[count] = py;
        joined[count++] = line;
    }
}
