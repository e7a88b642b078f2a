package org.likelihood4j.models.vae;

import java.util.Optional;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.LatentVariableModel.KlEstimator;
import org.likelihood4j.models.layers.LayerFactory;
import org.likelihood4j.models.rows.GivenColumns;
import org.likelihood4j.models.vae.likelihood.Likelihood;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * What defines a VAE.
 *
 * @param shape of what p(x|z) is of: an example, without what is given
 * @param latent dimensions of z
 * @param encoder the kind of the network from x to the posterior's mean and log-variance
 * @param decoder the kind of the network from z to p(x|z)
 * @param posteriorFlow what stands behind the Gaussian posterior, if anything
 * @param klReport what each step reports of the KL beside what the loss needs
 * @param given the columns of a row that the model is told, if any
 * @param type FLOAT or DOUBLE
 */
public record VaeOptions(
        EventShape shape,
        int latent,
        LayerFactory encoder,
        LayerFactory decoder,
        Likelihood likelihood,
        Optional<PosteriorFlow> posteriorFlow,
        Prior prior,
        Objective objective,
        KlReport klReport,
        Optional<GivenColumns> given,
        DataType type) {
    public VaeOptions {
        if (latent < 1) {
            throw new IllegalArgumentException("latent must be at least 1, was " + latent);
        }
        if (prior.shape().size() != latent) {
            throw new IllegalArgumentException(
                    "a prior of " + prior.shape() + " latents does not fit a VAE of " + latent);
        }
        if (posteriorFlow.isPresent()) {
            requireFits(posteriorFlow.get(), latent, prior, objective);
        }
        if (type != DataType.FLOAT && type != DataType.DOUBLE) {
            throw new IllegalArgumentException("the type must be FLOAT or DOUBLE, was " + type);
        }
        if (objective.estimator() == KlEstimator.ANALYTIC && !(prior instanceof FactorizedPrior)) {
            throw new IllegalArgumentException("this prior has no KL in closed form");
        }
        if (objective.importanceSamples() > 1 && !likelihood.isLikelihood()) {
            throw new IllegalArgumentException("without a likelihood there is no importance-weighted bound");
        }
    }

    private static void requireFits(PosteriorFlow flow, int latent, Prior prior, Objective objective) {
        if (flow.shape().size() != latent) {
            throw new IllegalArgumentException(
                    "a posterior flow of " + flow.shape() + " latents does not fit a VAE of " + latent);
        }
        if (objective.estimator() != KlEstimator.SAMPLED) {
            throw new IllegalArgumentException(
                    "the KL of a posterior with a flow is sampled: it has no closed form, and"
                            + " its path gradient needs the flow's inverse");
        }
        double total = flow.totalLogScale() + prior.totalLogScale();
        if (total > FlowPrior.LARGEST_TOTAL_LOG_SCALE) {
            throw new IllegalArgumentException(
                    "a posterior flow and a prior may scale by exp(" + total + "), above exp("
                            + FlowPrior.LARGEST_TOTAL_LOG_SCALE
                            + "): the squares of the latents could leave float32's range");
        }
    }

    /** Told nothing. */
    public VaeOptions(
            EventShape shape,
            int latent,
            LayerFactory encoder,
            LayerFactory decoder,
            Likelihood likelihood,
            Optional<PosteriorFlow> posteriorFlow,
            Prior prior,
            Objective objective,
            KlReport klReport,
            DataType type) {
        this(
                shape,
                latent,
                encoder,
                decoder,
                likelihood,
                posteriorFlow,
                prior,
                objective,
                klReport,
                Optional.empty(),
                type);
    }

    /** With a Gaussian posterior. */
    public VaeOptions(
            EventShape shape,
            int latent,
            LayerFactory encoder,
            LayerFactory decoder,
            Likelihood likelihood,
            Prior prior,
            Objective objective,
            KlReport klReport,
            DataType type) {
        this(shape, latent, encoder, decoder, likelihood, Optional.empty(), prior, objective, klReport, type);
    }

    /** The plain VAE: standard normal prior, ELBO with the analytic KL. */
    public VaeOptions(
            EventShape shape,
            int latent,
            LayerFactory encoder,
            LayerFactory decoder,
            Likelihood likelihood,
            DataType type) {
        this(
                shape,
                latent,
                encoder,
                decoder,
                likelihood,
                new StandardNormalPrior(latent),
                Objective.elbo(),
                new KlReport(true, 0),
                type);
    }

    /**
     * What each step reports of the KL.
     *
     * @param sampled whether the sampled KL is reported although nothing else needs it
     * @param draws of the posterior for the report, beside the reconstruction's
     */
    public record KlReport(boolean sampled, int draws) {
        public KlReport {
            if (draws < 0) {
                throw new IllegalArgumentException("draws must be at least 0, were " + draws);
            }
        }
    }

    /** Of an example, whole. */
    EventShape exampleShape() {
        return given.<EventShape>map(GivenColumns::row).orElse(shape);
    }

    /** Of x, as the likelihood sees data. */
    EventShape observedShape() {
        return likelihood.observedShape(shape);
    }

    /** Of z. */
    EventShape.Row latentShape() {
        return EventShape.row(latent);
    }

    /** The prior, if the KL of the posterior from it has a closed form. */
    Optional<FactorizedPrior> factorizedPrior() {
        return posteriorFlow.isEmpty() && prior instanceof FactorizedPrior factorized
                ? Optional.of(factorized)
                : Optional.empty();
    }

    /** Numbers that the encoder makes of an example. */
    int encoderOutputs() {
        return 2 * latent + posteriorFlow.map(PosteriorFlow::context).orElse(0);
    }

    /** k. */
    int importanceSamples() {
        return objective.importanceSamples();
    }
}
