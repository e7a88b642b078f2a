package org.likelihood4j.models;

import java.util.List;
import java.util.Optional;

/**
 * A model with a Gaussian posterior {@code q(z|x) = N(mean, diag sigma^2)}, or one that a flow makes of
 * such a Gaussian, and a prior p(z), open to those who compare the analytic with the sampled KL. All
 * functions draw from one noise input, so they can be run at the same z.
 */
public interface LatentVariableModel extends Model {
    /**
     * How the KL of a loss is computed: the value and its gradient have the same expectations by
     * all three.
     */
    enum KlEstimator {
        /** In closed form. */
        ANALYTIC,
        /** {@code log q(z|x) - log p(z)} at the draw z, differentiated in full. */
        SAMPLED,
        /**
         * The same value, but the gradient reaches the parameters of q through z only (Roeder et
         * al. 2017).
         */
        PATH
    }

    /** Names of outputs of this model's functions. */
    String MEAN = "mean";

    String LOG_VARIANCE = "log_variance";
    String LATENT = "latent";
    String LOG_POSTERIOR = "log_posterior";
    String LOG_PRIOR = "log_prior";
    /** What {@link #encode} gives, of a posterior with a flow: what that makes of the Gaussian's mean. */
    String ENCODING = "encoding";

    String KL_ANALYTIC = "kl_analytic";
    String KL_SAMPLED = "kl_sampled";
    /**
     * The last output of {@link #trainingLoss()}, after its metrics, where both KLs are among
     * these: the variance {@code [N]} over z of {@link #KL_SAMPLED} in closed form, nats^2. It says
     * by how much the two may differ by chance.
     */
    String KL_SAMPLED_VARIANCE = "kl_sampled_variance";

    String KL_ANALYTIC_PER_DIMENSION = "kl_analytic_per_dimension";
    String KL_SAMPLED_PER_DIMENSION = "kl_sampled_per_dimension";

    /** Inputs of {@link #jointDensity}. */
    String LATENTS_OF_PRIOR = "latents_of_prior";

    String LATENTS_OF_LIKELIHOOD = "latents_of_likelihood";

    /** An output of {@link #jointDensity}, whose other one is {@link #LOG_PRIOR}. */
    String LOG_LIKELIHOOD = "log_likelihood";

    /** What {@link #simulate} draws. */
    String SIMULATED = "simulated";

    /** Whether the prior is N(0, I). */
    boolean hasStandardNormalPrior();

    @Override
    default Optional<LatentGeometry> latentGeometry() {
        LatentGeometry.Encoding encoding = hasGaussianPosterior()
                ? LatentGeometry.Encoding.POSTERIOR_MEAN
                : LatentGeometry.Encoding.POSTERIOR_CENTRE;
        return Optional.of(new LatentGeometry(encoding, hasStandardNormalPrior()));
    }

    /** Whether the posterior is the Gaussian itself; else {@link #MEAN} is that of what its flow starts from. */
    default boolean hasGaussianPosterior() {
        return true;
    }

    /** The output of {@link #posterior()} that is what {@link #encode} gives. */
    default String encodingOutput() {
        return hasGaussianPosterior() ? MEAN : ENCODING;
    }

    /**
     * Whether the KL of the posterior from the prior has a closed form, and so both are independent
     * over dimensions.
     */
    boolean hasAnalyticKl();

    /**
     * The estimator of a loss that is {@code -log p(x|z) + KL} as it stands; empty where the loss
     * weights the KL or has no such term.
     */
    Optional<KlEstimator> plainEstimator();

    /**
     * Pixels and noise to the posterior and one draw of it: {@link #MEAN}, {@link #LOG_VARIANCE},
     * {@link #LATENT} {@code [N, latent]}, {@link #LOG_POSTERIOR}, {@link #LOG_PRIOR} {@code [N]}; of
     * a posterior with a flow {@link #ENCODING} {@code [N, latent]}, too; with a closed-form KL also {@link #KL_ANALYTIC_PER_DIMENSION} and {@link
     * #KL_SAMPLED_PER_DIMENSION} {@code [N, latent]}.
     */
    ModelFunction posterior();

    /**
     * A term of the loss as a scalar, summed over the batch, then {@link #MEAN} and {@link
     * #LOG_VARIANCE}, for gradients with respect to these: minus the reconstruction {@code -log
     * p(x|z)}.
     */
    ModelFunction reconstructionTerm();

    /**
     * The same for the KL.
     *
     * @throws IllegalArgumentException if it is none of {@link #estimators()}
     */
    ModelFunction klTerm(KlEstimator estimator);

    /**
     * Data and k latents of each example to the scalar {@code sum of log p(z) + log p(x|z)}, then {@link #LOG_PRIOR} and {@link
     * #LOG_LIKELIHOOD} {@code [N, k]} in nats. The latents are given twice, {@link #LATENTS_OF_PRIOR} and {@link #LATENTS_OF_LIKELIHOOD}
     * {@code [N, k latent]}, so that each density has a gradient of its own.
     *
     * @throws IllegalStateException if the model has no likelihood
     */
    ModelFunction jointDensity(int k);

    /**
     * Noise to {@link #LATENT} {@code [N, latent]} of the prior, and {@link #SIMULATED} {@code [N, size]} of p(x|z) at it, as data are
     * stored: a draw, of images, too.
     *
     * @throws IllegalStateException if the model has no likelihood
     */
    ModelFunction simulate();

    /** The estimators that this model's posterior and prior allow. The path gradient needs a flow's inverse. */
    default List<KlEstimator> estimators() {
        if (!hasGaussianPosterior()) {
            return List.of(KlEstimator.SAMPLED);
        }
        return hasAnalyticKl() ? List.of(KlEstimator.values()) : List.of(KlEstimator.SAMPLED, KlEstimator.PATH);
    }
}
