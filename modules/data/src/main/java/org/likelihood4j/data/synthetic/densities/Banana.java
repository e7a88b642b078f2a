package org.likelihood4j.data.synthetic.densities;

import org.likelihood4j.random.RandomStream;

/** {@code x = 2 a}, {@code y = b/2 + x^2/4} for independent standard normal a and b: a bent Gaussian. */
final class Banana implements KnownDensity {
    private static final double WIDTH = 2;
    private static final double HEIGHT = 0.5;

    @Override
    public void draw(RandomStream draws, double[] target, int at) {
        double x = WIDTH * draws.normal();
        target[at] = x;
        target[at + 1] = HEIGHT * draws.normal() + x * x / 4;
    }

    @Override
    public double logDensity(double... point) {
        double a = point[0] / WIDTH;
        double b = (point[1] - point[0] * point[0] / 4) / HEIGHT;
        // Shifting y by a function of x has the determinant 1.
        return -0.5 * (a * a + b * b) - LOG_2_PI - Math.log(WIDTH * HEIGHT);
    }
}
