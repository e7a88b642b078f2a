package org.likelihood4j.data.synthetic.densities;

import java.util.ArrayList;
import java.util.List;
import org.likelihood4j.random.RandomStream;

/**
 * Two half circles of radius 1 that reach into each other, the upper one about (0, 0) and the lower about (1, 0.5): a point is evenly
 * on one of them, moved by noise of standard deviation 0.1 in both directions.
 *
 * <p>Its density is a mean over the angle, {@code E_t[N(x; c(t), 0.1^2 I)]}, by Gauss's rule of five nodes on 64 pieces: the error
 * is below 1e-12 of the density.
 */
final class Moons implements FormulaDensity {
    private static final double SPREAD = 0.1;
    private static final int PIECES = 64;

    /** Gauss-Legendre on [-1, 1]: nodes and weights, which sum to 2. */
    private static final double[] NODES = {-outer(), -inner(), 0, inner(), outer()};

    private static final double[] WEIGHTS = {
        (322 - 13 * Math.sqrt(70)) / 900,
        (322 + 13 * Math.sqrt(70)) / 900,
        128.0 / 225,
        (322 + 13 * Math.sqrt(70)) / 900,
        (322 - 13 * Math.sqrt(70)) / 900
    };

    private static final PlaneFormula.Mixture FORMULA = formula(PIECES);

    private static double inner() {
        return Math.sqrt(5 - 2 * Math.sqrt(10.0 / 7)) / 3;
    }

    private static double outer() {
        return Math.sqrt(5 + 2 * Math.sqrt(10.0 / 7)) / 3;
    }

    private static double x(int moon, double angle) {
        return moon == 0 ? Math.cos(angle) : 1 - Math.cos(angle);
    }

    private static double y(int moon, double angle) {
        return moon == 0 ? Math.sin(angle) : 0.5 - Math.sin(angle);
    }

    @Override
    public void draw(RandomStream draws, double[] target, int at) {
        int moon = draws.below(2);
        double angle = draws.uniform(0, Math.PI);
        target[at] = x(moon, angle) + SPREAD * draws.normal();
        target[at + 1] = y(moon, angle) + SPREAD * draws.normal();
    }

    private static PlaneFormula.Mixture formula(int pieces) {
        List<PlaneFormula.Component> nodes = new ArrayList<>();
        for (int moon = 0; moon < 2; moon++) {
            for (int piece = 0; piece < pieces; piece++) {
                for (int node = 0; node < NODES.length; node++) {
                    double angle = Math.PI * (piece + 0.5 + NODES[node] / 2) / pieces;
                    nodes.add(PlaneFormula.Component.of(
                            WEIGHTS[node] / (4 * pieces), x(moon, angle), y(moon, angle), SPREAD));
                }
            }
        }
        return new PlaneFormula.Mixture(nodes);
    }

    @Override
    public PlaneFormula plane() {
        return FORMULA;
    }
}
