package org.likelihood4j.data.synthetic.densities;

import org.likelihood4j.random.RandomStream;

/** Uniform on the eight dark squares of a board of four by four, each of side 1, with its middle at 0. */
final class Checkerboard implements KnownDensity {
    private static final int SQUARES = 4;
    private static final int DARK = SQUARES * SQUARES / 2;

    @Override
    public void draw(RandomStream draws, double[] target, int at) {
        int square = draws.below(DARK);
        int row = square / (SQUARES / 2);
        int column = 2 * (square % (SQUARES / 2)) + row % 2;
        target[at] = draws.uniform(0, 1) + column - SQUARES / 2;
        target[at + 1] = draws.uniform(0, 1) + row - SQUARES / 2;
    }

    @Override
    public double logDensity(double... point) {
        long column = (long) Math.floor(point[0] + SQUARES / 2.0);
        long row = (long) Math.floor(point[1] + SQUARES / 2.0);
        boolean within = column >= 0 && column < SQUARES && row >= 0 && row < SQUARES;
        return within && (row + column) % 2 == 0 ? -Math.log(DARK) : Double.NEGATIVE_INFINITY;
    }
}
