package org.likelihood4j.models.vae;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Functions;
import org.likelihood4j.models.PlainMath;
import org.likelihood4j.models.layers.Activation;
import org.likelihood4j.models.layers.Mlp;
import org.likelihood4j.models.vae.likelihood.GaussianPixels;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A linear-Gaussian VAE with z of two dimensions, whose posterior and evidence are known: {@code x
 * ~ N(c, A^T A + s^2 I)}. Rows of A are orthogonal, so the exact posterior is a diagonal Gaussian
 * and the encoder can be it.
 */
final class LinearVae {
    static final int D = 3;
    static final int L = 2;
    static final double SIGMA = 0.4;
    static final double[][] A = {{0.9, -0.3, 0.6}, {0.2, 0.4, -0.1}};
    static final double[] C = {0.4, 0.1, -0.2};
    static final double[] X = {0.2, 0.9, 0.5};

    static final Mlp.Hidden NO_HIDDEN = new Mlp.Hidden(List.of(), Activation.TANH);

    private LinearVae() {}

    static GaussianVae with(Objective objective) {
        return new GaussianVae(new VaeOptions(
                EventShape.row(D),
                L,
                NO_HIDDEN,
                NO_HIDDEN,
                new GaussianPixels(SIGMA),
                new StandardNormalPrior(L),
                objective,
                new VaeOptions.KlReport(true, 0),
                DataType.DOUBLE));
    }

    static double[] posteriorVariance() {
        double[] variance = new double[L];
        Arrays.setAll(variance, l -> 1 / (1 + dot(A[l], A[l]) / (SIGMA * SIGMA)));
        return variance;
    }

    static double[] posteriorMean() {
        double[] centred = new double[D];
        Arrays.setAll(centred, i -> X[i] - C[i]);
        double[] mean = new double[L];
        Arrays.setAll(mean, l -> posteriorVariance()[l] * dot(A[l], centred) / (SIGMA * SIGMA));
        return mean;
    }

    static double logEvidence() {
        double[][] covariance = PlainMath.multiply(PlainMath.transpose(A), A);
        for (int i = 0; i < D; i++) {
            covariance[i][i] += SIGMA * SIGMA;
        }
        double[][] precision = PlainMath.inverse(covariance);
        double quadratic = 0;
        for (int i = 0; i < D; i++) {
            for (int j = 0; j < D; j++) {
                quadratic += (X[i] - C[i]) * precision[i][j] * (X[j] - C[j]);
            }
        }
        return -0.5 * (quadratic + PlainMath.logAbsDet(covariance) + D * PlainMath.LOG_2_PI);
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /**
     * Parameters with a posterior head that returns these values whatever x is, through weights as
     * well as biases.
     */
    static Map<String, double[]> values(double[] mean, double[] variance) {
        double[] weight = new double[D * 2 * L];
        Arrays.setAll(weight, i -> Math.sin(1 + i));
        double[] bias = new double[2 * L];
        for (int l = 0; l < L; l++) {
            bias[l] = mean[l];
            bias[L + l] = Math.log(variance[l]);
        }
        for (int i = 0; i < D; i++) {
            for (int k = 0; k < 2 * L; k++) {
                bias[k] -= X[i] * weight[i * 2 * L + k];
            }
        }
        double[] a = {A[0][0], A[0][1], A[0][2], A[1][0], A[1][1], A[1][2]};
        return Map.of(
                "encoder/output/weight", weight,
                "encoder/output/bias", bias,
                "decoder/output/weight", a,
                "decoder/output/bias", C);
    }

    /** Inputs whose noise is the rows of eps, for the one image X. */
    static Map<String, INDArray> inputs(double[][] eps) {
        double[] pixels = Arrays.stream(X).map(v -> v * 255).toArray();
        return Map.of("pixels", Functions.array(PlainMath.tile(pixels, eps.length)), "posterior", Functions.array(eps));
    }

    /**
     * The ELBO of q = N(mean, variance): these four points integrate quadratic functions of eps
     * exactly.
     */
    static double elbo(double[] mean, double[] variance) {
        double r = Math.sqrt(L);
        double[][] eps = {{r, 0}, {-r, 0}, {0, r}, {0, -r}};
        INDArray loss = Functions.run(with(Objective.elbo()).trainingLoss(), values(mean, variance), inputs(eps))
                .get("loss");
        return -loss.getDouble(0);
    }
}
