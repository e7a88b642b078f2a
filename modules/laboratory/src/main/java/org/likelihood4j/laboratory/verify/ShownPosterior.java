package org.likelihood4j.laboratory.verify;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.LatentVariableModel;
import org.likelihood4j.models.layers.Activation;
import org.likelihood4j.models.layers.Mlp;
import org.likelihood4j.models.vae.Objective;
import org.likelihood4j.models.vae.VaeOptions;
import org.likelihood4j.models.vae.likelihood.GaussianPixels;
import org.likelihood4j.models.vae.likelihood.Likelihood;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A VAE whose encoder returns what it is shown: an image of {@code 2 latent} pixels whose intensities are the means and the
 * log-variances of the posterior. So any posterior can be checked, through the model's own functions.
 */
final class ShownPosterior {
    static final Mlp.Hidden LINEAR = new Mlp.Hidden(List.of(), Activation.IDENTITY);

    private ShownPosterior() {}

    static LatentVariableModel model(Formulas formulas, int latent) {
        return formulas.model()
                .apply(new VaeOptions(
                        EventShape.row(2 * latent),
                        latent,
                        LINEAR,
                        LINEAR,
                        new GaussianPixels(1),
                        formulas.prior().apply(latent),
                        Objective.elbo(),
                        new VaeOptions.KlReport(true, 0),
                        DataType.DOUBLE));
    }

    static Map<String, double[]> values(int latent) {
        Map<String, double[]> values = new LinkedHashMap<>();
        values.put("encoder/output/weight", Matrices.flat(Matrices.identity(2 * latent)));
        values.put("encoder/output/bias", new double[2 * latent]);
        values.put("decoder/output/weight", new double[2 * latent * latent]);
        values.put("decoder/output/bias", new double[2 * latent]);
        return values;
    }

    /** The image whose posterior is N(mu, diag sigma^2). */
    static double[] pixels(double[] mu, double[] sigma) {
        double[] pixels = new double[2 * mu.length];
        for (int i = 0; i < mu.length; i++) {
            pixels[i] = Likelihood.WHITE * mu[i];
            pixels[mu.length + i] = Likelihood.WHITE * 2 * Math.log(sigma[i]);
        }
        return pixels;
    }

    /** Between {@code exp(from)} and {@code exp(to)}, evenly in the logarithm. */
    static double[] sigmas(int count, double from, double to, RandomGenerator random) {
        return Arrays.stream(Draws.uniform(count, from, to, random))
                .map(Math::exp)
                .toArray();
    }
}
