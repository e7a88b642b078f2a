package org.likelihood4j.models.vae;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.likelihood4j.models.BoundGraph;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Functions;
import org.likelihood4j.models.LatentVariableModel;
import org.likelihood4j.models.LatentVariableModel.KlEstimator;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.models.PlainMath;
import org.likelihood4j.models.bijectors.coupling.DerivedAffineFamily;
import org.likelihood4j.models.layers.Activation;
import org.likelihood4j.models.layers.Mlp;
import org.likelihood4j.models.vae.likelihood.GaussianPixels;
import org.likelihood4j.models.vae.likelihood.Likelihood;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** VAEs of a few numbers in float64, and what their graphs give. */
final class SmallVaes {
    static final int D = 4;
    static final int L = 2;
    static final int N = 3;
    static final double SIGMA = 0.5;
    static final Mlp.Hidden HIDDEN = new Mlp.Hidden(List.of(3), Activation.TANH);
    static final Prior NORMAL = new StandardNormalPrior(L);
    static final VaeOptions.KlReport REPORT = new VaeOptions.KlReport(true, 0);

    private SmallVaes() {}

    static GaussianVae vae(Prior prior, Objective objective, VaeOptions.KlReport report) {
        return vae(L, HIDDEN, new GaussianPixels(SIGMA), prior, objective, report);
    }

    static GaussianVae vae(
            int latent,
            Mlp.Hidden hidden,
            Likelihood likelihood,
            Prior prior,
            Objective objective,
            VaeOptions.KlReport report) {
        return new GaussianVae(new VaeOptions(
                EventShape.row(D), latent, hidden, hidden, likelihood, prior, objective, report, DataType.DOUBLE));
    }

    static Objective objective(KlEstimator estimator, int importanceSamples) {
        return new Objective(estimator, importanceSamples, false, 0);
    }

    static Stream<Prior> priors() {
        return Stream.of(NORMAL, new MixturePrior(L, 3), new FlowPrior(L, 2, HIDDEN, new DerivedAffineFamily(1.5)));
    }

    static Map<String, INDArray> inputs(GaussianVae vae) {
        return Functions.inputs(vae.trainingLoss(), N, 256, DataType.DOUBLE, 11);
    }

    static Map<String, double[]> values(GaussianVae vae) {
        return Functions.perturbed(vae, 0.6, 3);
    }

    static Map<String, INDArray> run(GaussianVae vae, Map<String, INDArray> inputs) {
        return run(vae.trainingLoss(), vae, inputs);
    }

    static Map<String, INDArray> run(ModelFunction function, GaussianVae vae, Map<String, INDArray> inputs) {
        return Functions.run(function, values(vae), Functions.declared(function, inputs));
    }

    static double loss(GaussianVae vae, Map<String, INDArray> inputs) {
        return run(vae, inputs).get("loss").getDouble(0);
    }

    static double[] metric(GaussianVae vae, String name, Map<String, INDArray> inputs) {
        return run(vae, inputs).get(name).toDoubleVector();
    }

    /** Of the training loss with respect to every parameter. */
    static Map<String, double[]> gradients(
            GaussianVae vae, Map<String, double[]> values, Map<String, INDArray> inputs) {
        ModelFunction loss = vae.trainingLoss();
        return flat(new BoundGraph(loss.graph(), values)
                .gradients("loss", Functions.names(vae), Functions.declared(loss, inputs)));
    }

    static Map<String, double[]> gradients(GaussianVae vae, Map<String, INDArray> inputs) {
        return gradients(vae, values(vae), inputs);
    }

    static Map<String, double[]> flat(Map<String, INDArray> arrays) {
        Map<String, double[]> flat = new LinkedHashMap<>();
        arrays.forEach((name, array) -> flat.put(name, array.dup('c').data().asDouble()));
        return flat;
    }

    /**
     * Of a function's term with respect to the posterior's mean and log-variance, each {@code
     * [N][L]}.
     */
    static double[][][] termGradients(ModelFunction function, GaussianVae vae, Map<String, INDArray> inputs) {
        List<String> names = List.of(LatentVariableModel.MEAN, LatentVariableModel.LOG_VARIANCE);
        Map<String, INDArray> gradients = new BoundGraph(function.graph(), values(vae))
                .gradients("term", names, Functions.declared(function, inputs));
        return names.stream().map(gradients::get).map(BoundGraph::matrix).toArray(double[][][]::new);
    }

    /** Each image k times with one of its k draws, as k = 1 takes them. */
    static Map<String, INDArray> oneDrawARow(Map<String, INDArray> inputs, String noise, int k) {
        Map<String, INDArray> rows = new HashMap<>();
        inputs.forEach((name, array) -> {
            double[][] values = BoundGraph.matrix(array);
            double[][] repeated = new double[values.length * k][];
            Arrays.setAll(repeated, n -> values[n / k]);
            rows.put(name, Functions.array(repeated));
        });
        double[][] draws = BoundGraph.matrix(inputs.get(noise));
        int latent = draws[0].length / k;
        double[][] split = new double[draws.length * k][];
        Arrays.setAll(split, n -> Arrays.copyOfRange(draws[n / k], n % k * latent, (n % k + 1) * latent));
        rows.put("posterior", Functions.array(split));
        return rows;
    }

    static double[] group(double[] values, int n, int k) {
        return Arrays.copyOfRange(values, n * k, (n + 1) * k);
    }

    static double mean(Map<String, INDArray> out, String metric) {
        return PlainMath.mean(out.get(metric).toDoubleVector());
    }

    /**
     * The posterior's mean and log-variance, by the encoder, and the KL of each dimension by its
     * formula.
     */
    static double[][] plainKl(GaussianVae vae, Map<String, INDArray> inputs) {
        Map<String, INDArray> posterior = run(vae.posterior(), vae, inputs);
        double[][] mean = BoundGraph.matrix(posterior.get("mean"));
        double[][] logVariance = BoundGraph.matrix(posterior.get("log_variance"));
        double[][] kl = new double[mean.length][L];
        for (int n = 0; n < kl.length; n++) {
            for (int l = 0; l < L; l++) {
                double variance = Math.exp(logVariance[n][l]);
                kl[n][l] = (variance + mean[n][l] * mean[n][l] - logVariance[n][l] - 1) / 2;
            }
        }
        return kl;
    }

    static double distance(double[] a, double[] b) {
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
            largest = Math.max(largest, Math.abs(a[i] - b[i]));
        }
        return largest;
    }
}
