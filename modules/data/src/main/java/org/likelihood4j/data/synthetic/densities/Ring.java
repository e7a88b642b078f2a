package org.likelihood4j.data.synthetic.densities;

import java.util.stream.IntStream;
import org.likelihood4j.random.RandomStream;

/** Eight Gaussians of standard deviation 0.3, evenly about a circle of radius 2, which blend into a ring. */
final class Ring implements FormulaDensity {
    private static final int MODES = 8;
    private static final double RADIUS = 2;
    private static final double SPREAD = 0.3;

    private static final PlaneFormula.Mixture FORMULA = new PlaneFormula.Mixture(IntStream.range(0, MODES)
            .mapToObj(k -> PlaneFormula.Component.of(
                    1.0 / MODES, RADIUS * Math.cos(angle(k)), RADIUS * Math.sin(angle(k)), SPREAD))
            .toList());

    @Override
    public void draw(RandomStream draws, double[] target, int at) {
        double angle = angle(draws.below(MODES));
        target[at] = RADIUS * Math.cos(angle) + SPREAD * draws.normal();
        target[at + 1] = RADIUS * Math.sin(angle) + SPREAD * draws.normal();
    }

    @Override
    public PlaneFormula plane() {
        return FORMULA;
    }

    private static double angle(int mode) {
        return 2 * Math.PI * mode / MODES;
    }
}
