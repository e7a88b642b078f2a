package org.likelihood4j.laboratory.verify;

import java.util.Map;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.Outputs;
import org.likelihood4j.models.vae.Prior;
import org.nd4j.linalg.api.buffer.DataType;

/** Learned priors are densities: they integrate to 1 over a plane of two latents. */
final class PriorChecks {
    private static final int LATENT = 2;

    private PriorChecks() {}

    static Finding mixture(Formulas formulas, RandomGenerator random) {
        return integral("mixture prior: integral = 1", formulas, formulas.mixture(), 12, 200, random);
    }

    static Finding flow(Formulas formulas, RandomGenerator random) {
        return integral("flow prior: integral = 1", formulas, formulas.flow(), 24, 300, random);
    }

    private static Finding integral(
            String formula,
            Formulas formulas,
            IntFunction<Prior> create,
            double edge,
            int intervals,
            RandomGenerator random) {
        Prior prior = create.apply(LATENT);
        Map<String, double[]> values = formulas.values().draw(prior.parameters(), 0.4, random);
        double h = 2 * edge / intervals;
        int side = intervals + 1;
        double[][] points = new double[side * side][];
        for (int i = 0; i < points.length; i++) {
            int row = i / side;
            points[i] = new double[] {row * h - edge, i % side * h - edge};
        }
        GraphBuilder g = new GraphBuilder(DataType.DOUBLE);
        double[] logDensities = Compiled.run(
                        g.function(new Outputs()
                                .perExample(
                                        "log_prob",
                                        prior.logProb(
                                                g, g.input(new FunctionInput.Value("z", EventShape.row(LATENT)))))),
                        values,
                        Map.of("z", points))
                .get("log_prob");
        double sum = 0;
        for (double logDensity : logDensities) {
            sum += Math.exp(logDensity) * h * h;
        }
        return Finding.atMost(1e-6, formula, "trapezoidal rule over two latents", points.length, Math.abs(sum - 1));
    }
}
