package org.likelihood4j.data.synthetic.densities;

import java.util.List;
import java.util.Optional;
import org.likelihood4j.data.columns.Column;
import org.likelihood4j.random.RandomStream;

/** Densities that are known in closed form and are no Gaussians, to hold models against. */
public enum ToyDensity {
    /** {@code x = 2 a}, {@code y = b/2 + x^2/4} for independent standard normal a and b: a bent Gaussian. */
    BANANA(new Banana()),
    /** Eight Gaussians of standard deviation 0.3, evenly about a circle of radius 2, which blend into a ring. */
    RING(new Ring()),
    /** Uniform on the eight dark squares, each of side 1, of a board of four by four: no flow has its edges. */
    CHECKERBOARD(new Checkerboard()),
    /** Two half circles of radius 1 that reach into each other, with noise of standard deviation 0.1. */
    MOONS(new Moons()),
    /** Six Gaussians about 0 of standard deviations 0.001, 0.01, ..., 100. */
    SCALES(new Scales()),
    /** Eight columns of which each depends on those before: bimodal, bent, skewed, heavy-tailed, bounded. */
    CHAIN(new DependentColumns()),
    /** A word, a count, one of two words and an amount: what is no density, and one, in one row. */
    MIXED(new MixedColumns());

    @SuppressWarnings("ImmutableEnumChecker") // none of them has a field
    private final KnownDensity density;

    ToyDensity(KnownDensity density) {
        this.density = density;
    }

    /** What the coordinates are called, and hold. */
    public List<Column> columns() {
        return density.columns();
    }

    /** Puts a point at {@code target[at]} and the places behind it. */
    public void draw(RandomStream draws, double[] target, int at) {
        density.draw(draws, target, at);
    }

    /**
     * In nats, of discrete columns the log of their probability; {@code -Infinity} where there are no points.
     *
     * @param point its coordinates
     */
    public double logDensity(double... point) {
        return density.logDensity(point);
    }

    /** The same as a formula, of a density of the plane that has one everywhere. */
    public Optional<PlaneFormula> formula() {
        return density.formula();
    }
}
