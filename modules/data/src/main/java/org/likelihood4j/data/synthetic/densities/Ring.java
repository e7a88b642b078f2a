package org.likelihood4j.data.synthetic.densities;

import org.likelihood4j.random.RandomStream;

/** Eight Gaussians of standard deviation 0.3, evenly about a circle of radius 2, which blend into a ring. */
final class Ring implements KnownDensity {
    private static final int MODES = 8;
    private static final double RADIUS = 2;
    private static final double SPREAD = 0.3;

    @Override
    public void draw(RandomStream draws, double[] target, int at) {
        double angle = angle(draws.below(MODES));
        target[at] = RADIUS * Math.cos(angle) + SPREAD * draws.normal();
        target[at + 1] = RADIUS * Math.sin(angle) + SPREAD * draws.normal();
    }

    @Override
    public double logDensity(double... point) {
        double[] exponents = new double[MODES];
        for (int k = 0; k < MODES; k++) {
            double dx = point[0] - RADIUS * Math.cos(angle(k));
            double dy = point[1] - RADIUS * Math.sin(angle(k));
            exponents[k] = -(dx * dx + dy * dy) / (2 * SPREAD * SPREAD);
        }
        return KnownDensity.logSumExp(exponents) - Math.log(MODES) - LOG_2_PI - 2 * Math.log(SPREAD);
    }

    private static double angle(int mode) {
        return 2 * Math.PI * mode / MODES;
    }
}
