package org.likelihood4j.laboratory.verify;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.likelihood4j.inference.runtime.OutputValues;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionOutput;
import org.likelihood4j.models.LatentVariableModel;
import org.likelihood4j.models.LatentVariableModel.KlEstimator;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.models.bijectors.Bijector;
import org.likelihood4j.models.bijectors.coupling.AffineFamily;
import org.likelihood4j.models.layers.Activation;
import org.likelihood4j.models.layers.Masked;
import org.likelihood4j.models.layers.Mlp;
import org.likelihood4j.models.vae.Objective;
import org.likelihood4j.models.vae.PosteriorFlow;
import org.likelihood4j.models.vae.VaeOptions;
import org.likelihood4j.models.vae.likelihood.GaussianPixels;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The flow behind a posterior: its autoregressive step, and the density that a model tells of its own draws. */
final class PosteriorChecks {
    /** Of the step's network: wider than there are columns, and narrower. */
    private static final List<Integer> HIDDEN = List.of(7, 3);

    private static final double BOUND = 1.2;

    private static final int POINTS = 8;
    private static final int COLUMNS = 4;
    private static final int LATENT = 3;
    private static final int CONTEXT = 2;

    private PosteriorChecks() {}

    static Finding autoregressive(Formulas formulas, RandomGenerator random) {
        LargestError worst = new LargestError();
        Bijector step = formulas.autoregressive().apply(CouplingChecks.PATH, new Formulas.Step(COLUMNS, HIDDEN, BOUND));
        Map<String, double[]> values = formulas.values().draw(step.parameters(), 1, random);
        CouplingChecks.Forward forward = CouplingChecks.forward(step, COLUMNS, values, random);
        for (int n = 0; n < POINTS; n++) {
            worst.compare(forward.values()[n], mapped(values, forward.points()[n]));
            double[][] jacobian = forward.jacobians().get(n);
            worst.compare(forward.logDets()[n], Matrices.logAbsDet(jacobian));
            for (int i = 0; i < COLUMNS; i++) {
                for (int j = i + 1; j < COLUMNS; j++) {
                    worst.compare(jacobian[i][j], 0);
                }
            }
        }
        double[][] points = Draws.normal(POINTS, COLUMNS, 2, random);
        worst.compare(CouplingChecks.roundTrip(step, values, points, true), Matrices.flat(points));
        worst.compare(CouplingChecks.roundTrip(step, values, points, false), Matrices.flat(points));
        return Finding.atMost(
                1e-9,
                "autoregressive: exp(G(x_<i)) x_i + F(x_<i)",
                "plain Java, inverse, LU of the Jacobian",
                worst.cases(),
                worst.error());
    }

    private static double[] mapped(Map<String, double[]> values, double... x) {
        int[] degrees = degrees(COLUMNS, COLUMNS, 1);
        double[] hidden = x;
        for (int layer = 0; layer < HIDDEN.size(); layer++) {
            int[] next = degrees(HIDDEN.get(layer), COLUMNS - 1, 1);
            hidden = dense(values, "layer" + layer, hidden, degrees, next, 0);
            for (int i = 0; i < hidden.length; i++) {
                hidden[i] = Math.tanh(hidden[i]);
            }
            degrees = next;
        }
        int[] columns = new int[2 * COLUMNS];
        Arrays.setAll(columns, i -> 1 + i % COLUMNS);
        // F, then g.
        double[] output = dense(values, "output", hidden, degrees, columns, 1);
        double[] y = new double[COLUMNS];
        for (int i = 0; i < COLUMNS; i++) {
            y[i] = Math.exp(BOUND * Math.tanh(output[COLUMNS + i] / BOUND)) * x[i] + output[i];
        }
        return y;
    }

    /** So many degrees, from the lowest on, among units in order. */
    private static int[] degrees(int units, int count, int lowest) {
        int[] degrees = new int[units];
        Arrays.setAll(degrees, k -> lowest + k * count / units);
        return degrees;
    }

    /** A unit hears those whose degree is lower than its own by at least so much. */
    private static double[] dense(
            Map<String, double[]> values, String name, double[] x, int[] heard, int[] hearing, int lower) {
        String path = CouplingChecks.PATH.child("conditioner").prefix() + "/" + name;
        double[] weight = values.get(path + "/weight");
        double[] y = values.get(path + "/bias").clone();
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < y.length; j++) {
                y[j] += heard[i] + lower <= hearing[j] ? x[i] * weight[i * y.length + j] : 0;
            }
        }
        return y;
    }

    /**
     * A model whose encoder returns what it is shown. Each point stands once for each latent, so that the
     * gradient of the sum of {@code z[n L + i, i]} is at row {@code n L + i} the i-th row of dz/dmu, which is
     * dz/dz0.
     */
    static Finding density(Formulas formulas, RandomGenerator random) {
        LargestError worst = new LargestError();
        PosteriorFlow flow = PosteriorFlow.inverseAutoregressive(
                LATENT,
                CONTEXT,
                2,
                new Masked(LATENT, new Mlp.Hidden(List.of(6), Activation.TANH)),
                new AffineFamily(1));
        int outputs = 2 * LATENT + CONTEXT;
        LatentVariableModel model = formulas.model()
                .apply(new VaeOptions(
                        EventShape.row(outputs),
                        LATENT,
                        ShownPosterior.LINEAR,
                        ShownPosterior.LINEAR,
                        new GaussianPixels(1),
                        Optional.of(flow),
                        formulas.prior().apply(LATENT),
                        new Objective(KlEstimator.SAMPLED, 1, false, 0),
                        new VaeOptions.KlReport(true, 0),
                        DataType.DOUBLE));
        Map<String, double[]> values = new LinkedHashMap<>(formulas.values()
                .draw(
                        model.parameters().entries().stream()
                                .map(entry -> entry.parameter())
                                .toList(),
                        0.7,
                        random));
        values.put("encoder/output/weight", Matrices.flat(Matrices.identity(outputs)));
        values.put("encoder/output/bias", new double[outputs]);

        int rows = POINTS * LATENT;
        double[][] shown = new double[rows][];
        double[][] eps = new double[rows][];
        INDArray selection = Nd4j.zeros(DataType.DOUBLE, rows, LATENT);
        for (int row = 0; row < rows; row++) {
            boolean first = row % LATENT == 0;
            shown[row] = first ? Draws.normal(1, outputs, 255, random)[0] : shown[row - 1];
            eps[row] = first ? Draws.normal(1, LATENT, 1, random)[0] : eps[row - 1];
            selection.putScalar(row, row % LATENT, 1);
        }
        ModelFunction posterior = model.posterior();
        SDVariable z = posterior.graph().getVariable(LatentVariableModel.LATENT);
        z.mul(posterior.graph().constant(selection)).sum().rename("sum");
        ModelFunction function = new ModelFunction(
                posterior.graph(),
                posterior.inputs(),
                List.of(
                        new FunctionOutput.Scalar("sum"),
                        new FunctionOutput.PerExample(LatentVariableModel.LOG_POSTERIOR)));
        Map<String, double[][]> inputs = Map.of("pixels", shown, "posterior", eps);
        OutputValues told = FormulaRun.run(function, values, inputs);
        double[][] slopes = Matrices.rows(
                FormulaRun.gradients(function, List.of(LatentVariableModel.MEAN), values, inputs)
                        .get(LatentVariableModel.MEAN),
                LATENT);
        for (int n = 0; n < POINTS; n++) {
            double base = 0;
            for (int i = 0; i < LATENT; i++) {
                double sigma = Math.exp(shown[n * LATENT][LATENT + i] / 255 / 2);
                base += Gaussian.logDensity(eps[n * LATENT][i], 0, 1) - Math.log(sigma);
            }
            double[][] jacobian = Arrays.copyOfRange(slopes, n * LATENT, (n + 1) * LATENT);
            worst.compare(told.get(LatentVariableModel.LOG_POSTERIOR)[n * LATENT], base - Matrices.logAbsDet(jacobian));
        }
        return Finding.atMost(
                1e-9,
                "flow posterior: log q = log N(z0) - log|J|",
                "autodiff Jacobian's LU of z, 2 steps",
                worst.cases(),
                worst.error());
    }
}
