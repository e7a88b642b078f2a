package org.likelihood4j.data.synthetic.densities;

import org.likelihood4j.random.RandomStream;

/** Six Gaussians about 0, as often each, of standard deviations 0.001, 0.01, ..., 100 in both directions: five decades of scale. */
final class Scales implements KnownDensity {
    private static final double[] SPREADS = {1e-3, 1e-2, 1e-1, 1, 10, 100};

    @Override
    public void draw(RandomStream draws, double[] target, int at) {
        double spread = SPREADS[draws.below(SPREADS.length)];
        target[at] = spread * draws.normal();
        target[at + 1] = spread * draws.normal();
    }

    @Override
    public double logDensity(double... point) {
        double square = point[0] * point[0] + point[1] * point[1];
        double[] exponents = new double[SPREADS.length];
        for (int k = 0; k < SPREADS.length; k++) {
            exponents[k] = -square / (2 * SPREADS[k] * SPREADS[k]) - 2 * Math.log(SPREADS[k]);
        }
        return KnownDensity.logSumExp(exponents) - Math.log(SPREADS.length) - LOG_2_PI;
    }
}
