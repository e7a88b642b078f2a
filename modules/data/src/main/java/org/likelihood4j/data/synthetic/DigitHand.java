package org.likelihood4j.data.synthetic;

import org.likelihood4j.random.RandomStream;

/**
 * How one hand bends a skeleton, drawn at random once for each image: from skeleton coordinates (height 0 to 1, y down)
 * to upright or slanted, wide or narrow ones. All of it is smooth, so a stroke stays a stroke.
 */
final class DigitHand {
    /** Control points along each edge of the elastic lattice: a cubic B-spline over 2 by 2 cells. */
    private static final int LATTICE = 5;

    private static final double MIDDLE_X = 0.45; // skeletons lie between 0.08 and 0.88, mostly around here

    private final double waist;
    private final double taper;
    private final double xx;
    private final double xy;
    private final double yx;
    private final double yy;
    private final double[] latticeX = new double[LATTICE * LATTICE];
    private final double[] latticeY = new double[LATTICE * LATTICE];

    DigitHand(RandomStream draws) {
        waist = draws.wobble(0.14);
        taper = draws.wobble(0.16);
        double slant = 0.15 + draws.wobble(0.2);
        double turn = draws.wobble(0.085);
        double width = StrictMath.exp(draws.wobble(0.16));
        double cos = StrictMath.cos(turn);
        double sin = StrictMath.sin(turn);
        // Rotation * slant * width. A slant leans the top (small y) to the right.
        xx = cos * width;
        xy = -slant * cos - sin;
        yx = sin * width;
        yy = cos - slant * sin;
        for (int i = 0; i < LATTICE * LATTICE; i++) {
            latticeX[i] = draws.wobble(0.055);
            latticeY[i] = draws.wobble(0.045);
        }
    }

    /** Moves the points (x[i], y[i]), i below {@code count}, in place. */
    void move(double[] x, double[] y, int count) {
        double[] u = new double[4];
        double[] v = new double[4];
        for (int i = 0; i < count; i++) {
            int column = weights(x[i], u);
            int row = weights(y[i], v);
            double px = x[i] - MIDDLE_X;
            double py = y[i] - 0.5;
            for (int a = 0; a < 4; a++) {
                for (int b = 0; b < 4; b++) {
                    double weight = v[a] * u[b];
                    px += weight * latticeX[(row + a) * LATTICE + column + b];
                    py += weight * latticeY[(row + a) * LATTICE + column + b];
                }
            }
            // The waist moves up or down, which trades the upper bowl's size for the lower one's; the ends stay.
            py += waist * (0.25 - py * py);
            px *= 1 + taper * 2 * py;
            x[i] = xx * px + xy * py;
            y[i] = yx * px + yy * py;
        }
    }

    /** The uniform cubic B-spline's weights at t in [0, 1]; returns the first of the 4 control points that they are for. */
    private static int weights(double t, double[] into) {
        double cells = LATTICE - 3;
        double scaled = Math.min(Math.max(t, 0), 1) * cells;
        int cell = Math.min((int) scaled, LATTICE - 4);
        double f = scaled - cell;
        double g = 1 - f;
        into[0] = g * g * g / 6;
        into[1] = (3 * f * f * f - 6 * f * f + 4) / 6;
        into[2] = (3 * g * g * g - 6 * g * g + 4) / 6;
        into[3] = f * f * f / 6;
        return cell;
    }
}
