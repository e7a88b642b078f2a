package org.likelihood4j.laboratory.verify;

import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import org.likelihood4j.laboratory.verify.Formulas.Block;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.bijectors.Bijector;

/**
 * The couplings of other families than the derived one: each map against plain Java, its inverse,
 * and its log-determinant against the autodiff Jacobian's.
 */
final class FamilyChecks {
    private static final int POINTS = 8;

    private static final String HOW = "plain Java, inverse, LU of the Jacobian";

    /** Either half first, and a split without runs. */
    private static final List<Block> BLOCKS = List.of(
            new Block(List.of(false, false, true, true, true), List.of(6), 1.5),
            new Block(List.of(true, false, true, false, false), List.of(4), 1.2));

    private FamilyChecks() {}

    static Finding textbook(Formulas formulas, RandomGenerator random) {
        LargestError worst = compared(formulas.textbook(), true, formulas, random);
        return Finding.atMost(1e-10, "textbook coupling: exp(G) x1 + F, x2", HOW, worst.cases(), worst.error());
    }

    static Finding additive(Formulas formulas, RandomGenerator random) {
        LargestError worst = compared(formulas.additive(), false, formulas, random);
        return Finding.atMost(1e-10, "additive coupling: x1 + F(x2), x2", HOW, worst.cases(), worst.error());
    }

    private static LargestError compared(
            BiFunction<ParameterPath, Block, Bijector> family,
            boolean scales,
            Formulas formulas,
            RandomGenerator random) {
        LargestError worst = new LargestError();
        for (Block block : BLOCKS) {
            Bijector bijector = family.apply(CouplingChecks.PATH, block);
            Map<String, double[]> values = formulas.values().draw(bijector.parameters(), 1, random);
            CouplingChecks.Forward forward = CouplingChecks.forward(bijector, block.dimension(), values, random);
            PlainScales plain = new PlainScales(CouplingChecks.PATH, block, values);
            for (int n = 0; n < POINTS; n++) {
                worst.compare(forward.values()[n], mapped(plain, block, scales, forward.points()[n]));
                worst.compare(
                        forward.logDets()[n],
                        Matrices.logAbsDet(forward.jacobians().get(n)));
            }
            double[][] points = Draws.normal(POINTS, block.dimension(), 2, random);
            worst.compare(CouplingChecks.roundTrip(bijector, values, points, true), Matrices.flat(points));
            worst.compare(CouplingChecks.roundTrip(bijector, values, points, false), Matrices.flat(points));
        }
        return worst;
    }

    private static double[] mapped(PlainScales plain, Block block, boolean scales, double... x) {
        int[] x1 = block.columns(false);
        double[] parameters = plain.parameters(x);
        double[] y = x.clone();
        for (int i = 0; i < x1.length; i++) {
            double scale = scales ? Math.exp(plain.bounded(parameters[x1.length + i])) : 1;
            y[x1[i]] = scale * x[x1[i]] + parameters[i];
        }
        return y;
    }
}
