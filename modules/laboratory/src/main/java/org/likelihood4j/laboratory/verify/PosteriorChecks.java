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

/** The flow behind a posterior: the density that a model tells of its own draws. */
final class PosteriorChecks {
    private static final int POINTS = 8;
    private static final int LATENT = 3;
    private static final int CONTEXT = 2;

    private PosteriorChecks() {}

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
