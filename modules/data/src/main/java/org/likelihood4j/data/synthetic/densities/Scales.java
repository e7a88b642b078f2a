package org.likelihood4j.data.synthetic.densities;

import java.util.Arrays;
import org.likelihood4j.random.RandomStream;

/** Six Gaussians about 0, as often each, of standard deviations 0.001, 0.01, ..., 100 in both directions: five decades of scale. */
final class Scales implements FormulaDensity {
    private static final double[] SPREADS = {1e-3, 1e-2, 1e-1, 1, 10, 100};

    private static final PlaneFormula.Mixture FORMULA = new PlaneFormula.Mixture(Arrays.stream(SPREADS)
            .mapToObj(spread -> PlaneFormula.Component.of(1.0 / SPREADS.length, 0, 0, spread))
            .toList());

    @Override
    public void draw(RandomStream draws, double[] target, int at) {
        double spread = SPREADS[draws.below(SPREADS.length)];
        target[at] = spread * draws.normal();
        target[at + 1] = spread * draws.normal();
    }

    @Override
    public PlaneFormula plane() {
        return FORMULA;
    }
}
