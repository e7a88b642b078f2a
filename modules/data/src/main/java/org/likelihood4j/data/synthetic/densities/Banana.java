package org.likelihood4j.data.synthetic.densities;

import org.likelihood4j.random.RandomStream;

/** {@code x = 2 a}, {@code y = b/2 + x^2/4} for independent standard normal a and b: a bent Gaussian. */
final class Banana implements FormulaDensity {
    private static final PlaneFormula.Bent FORMULA = new PlaneFormula.Bent(2, 0.5, 0.25);

    @Override
    public void draw(RandomStream draws, double[] target, int at) {
        double x = FORMULA.width() * draws.normal();
        target[at] = x;
        target[at + 1] = FORMULA.height() * draws.normal() + FORMULA.bend() * x * x;
    }

    @Override
    public PlaneFormula plane() {
        return FORMULA;
    }
}
