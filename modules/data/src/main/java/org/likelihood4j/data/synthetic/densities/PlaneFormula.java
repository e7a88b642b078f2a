package org.likelihood4j.data.synthetic.densities;

import java.util.List;

/** A density of the plane as a formula with numbers in it, of which others can make the same in a graph. */
public sealed interface PlaneFormula {
    /** {@code log p(x, y)}, nats. */
    double logDensity(double x, double y);

    /** {@code sum over k of w_k N((x, y); m_k, s_k^2 I)}. */
    record Mixture(List<Component> components) implements PlaneFormula {
        public Mixture {
            components = List.copyOf(components);
        }

        @Override
        public double logDensity(double x, double y) {
            double[] exponents = new double[components.size()];
            for (int k = 0; k < exponents.length; k++) {
                Component c = components.get(k);
                double dx = x - c.x();
                double dy = y - c.y();
                exponents[k] = c.logHeight() - (dx * dx + dy * dy) / (2 * c.deviation() * c.deviation());
            }
            return LogDensities.logSumExp(exponents);
        }
    }

    /**
     * One Gaussian of a mixture.
     *
     * @param logHeight {@code log w - log(2 pi s^2)}, the log of what it adds to the density at m; nats
     * @param x where m lies
     * @param y where m lies
     * @param deviation s, in both directions
     */
    record Component(double logHeight, double x, double y, double deviation) {
        /** @param weight w, of all components together 1 */
        static Component of(double weight, double x, double y, double deviation) {
            return new Component(Math.log(weight) - LogDensities.LOG_2_PI - 2 * Math.log(deviation), x, y, deviation);
        }
    }

    /**
     * A bent Gaussian: {@code x = width a}, {@code y = height b + bend x^2} for independent standard normal a and b.
     *
     * <p>{@code log p = -(a^2 + b^2)/2 - log(2 pi width height)}, since moving y by a function of x has the determinant 1.
     */
    record Bent(double width, double height, double bend) implements PlaneFormula {
        @Override
        public double logDensity(double x, double y) {
            double a = x / width;
            double b = (y - bend * x * x) / height;
            return -0.5 * (a * a + b * b) - LogDensities.LOG_2_PI - Math.log(width * height);
        }
    }
}
