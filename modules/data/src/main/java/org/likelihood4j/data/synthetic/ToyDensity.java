package org.likelihood4j.data.synthetic;

import org.likelihood4j.data.random.RandomStream;

/** Densities in the plane that are known in closed form and are no Gaussians, to hold models against. */
public enum ToyDensity {
    /** {@code x = 2 a}, {@code y = b/2 + x^2/4} for independent standard normal a and b: a bent Gaussian. */
    BANANA {
        @Override
        void draw(RandomStream draws, double[] target, int at) {
            double x = WIDTH * draws.normal();
            target[at] = x;
            target[at + 1] = HEIGHT * draws.normal() + x * x / 4;
        }

        @Override
        public double logDensity(double x, double y) {
            double a = x / WIDTH;
            double b = (y - x * x / 4) / HEIGHT;
            // Shifting y by a function of x has the determinant 1.
            return -0.5 * (a * a + b * b) - LOG_2_PI - Math.log(WIDTH * HEIGHT);
        }
    },
    /** Eight Gaussians of standard deviation 0.3, evenly about a circle of radius 2, which blend into a ring. */
    RING {
        @Override
        void draw(RandomStream draws, double[] target, int at) {
            double angle = angle(draws.below(MODES));
            target[at] = RADIUS * Math.cos(angle) + SPREAD * draws.normal();
            target[at + 1] = RADIUS * Math.sin(angle) + SPREAD * draws.normal();
        }

        @Override
        public double logDensity(double x, double y) {
            double[] exponents = new double[MODES];
            double largest = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < MODES; k++) {
                double dx = x - RADIUS * Math.cos(angle(k));
                double dy = y - RADIUS * Math.sin(angle(k));
                exponents[k] = -(dx * dx + dy * dy) / (2 * SPREAD * SPREAD);
                largest = Math.max(largest, exponents[k]);
            }
            double sum = 0;
            for (double exponent : exponents) {
                sum += Math.exp(exponent - largest);
            }
            return largest + Math.log(sum / MODES) - LOG_2_PI - 2 * Math.log(SPREAD);
        }

        private static double angle(int mode) {
            return 2 * Math.PI * mode / MODES;
        }
    };

    private static final double LOG_2_PI = Math.log(2 * Math.PI);
    private static final double WIDTH = 2;
    private static final double HEIGHT = 0.5;
    private static final int MODES = 8;
    private static final double RADIUS = 2;
    private static final double SPREAD = 0.3;

    /** Puts a point at {@code target[at]} and the place behind it. */
    abstract void draw(RandomStream draws, double[] target, int at);

    /** In nats. */
    public abstract double logDensity(double x, double y);
}
