package org.likelihood4j.models.vae;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.likelihood4j.models.Block;
import org.likelihood4j.models.DataInitialization;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.GraphBuilder;
import org.likelihood4j.models.LatentVariableModel;
import org.likelihood4j.models.Metric;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.models.ParameterLayout;
import org.likelihood4j.models.Path;
import org.likelihood4j.models.densities.DiagonalGaussian;
import org.likelihood4j.models.layers.Mlp;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The Gaussian variational autoencoder (Kingma and Welling 2014): posterior {@code q(z|x) = N(mu(x), diag sigma(x)^2)}, a
 * {@link Prior} p(z), and p(x|z) from the decoder.
 *
 * <pre>
 * ELBO = E_q[log p(x|z)] - KL(q || p) = log p(x) - KL(q || p(z|x)),   z = mu + sigma * eps
 * KL(q || N(0, I)) = sum over dimensions of 1/2 (sigma^2 + mu^2 - log sigma^2 - 1)
 * </pre>
 *
 * <p>What is minimised is the {@link Objective}. Every step also reports the analytic KL, where the prior has one, and the
 * sampled KL {@code log q(z|x) - log p(z)} at the z of the reconstruction, whose expectation is the analytic one.
 */
public final class GaussianVae implements LatentVariableModel {
    /** The weight of the KL, an input of a weighted objective. */
    public static final String BETA = "beta";

    private static final Path ENCODER = Path.root().child("encoder");
    private static final Path DECODER = Path.root().child("decoder");

    /**
     * What defines a VAE.
     *
     * @param dimension D, pixel values of an image
     * @param latent dimensions of z
     * @param klReport what each step reports of the KL beside what the loss needs
     * @param type FLOAT or DOUBLE
     */
    public record Options(
            int dimension,
            int latent,
            Mlp.Hidden encoder,
            Mlp.Hidden decoder,
            Likelihood likelihood,
            Prior prior,
            Objective objective,
            KlReport klReport,
            DataType type) {
        public Options {
            if (dimension < 1 || latent < 1) {
                throw new IllegalArgumentException(
                        "dimension and latent must be at least 1, were " + dimension + " and " + latent);
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

        /** The plain VAE: standard normal prior, ELBO with the analytic KL. */
        public Options(
                int dimension,
                int latent,
                Mlp.Hidden encoder,
                Mlp.Hidden decoder,
                Likelihood likelihood,
                DataType type) {
            this(
                    dimension,
                    latent,
                    encoder,
                    decoder,
                    likelihood,
                    new StandardNormalPrior(latent),
                    Objective.elbo(),
                    new KlReport(true, 0),
                    type);
        }
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

    private final Options options;
    private final Prior prior;
    private final Mlp encoder;
    private final Mlp decoder;

    public GaussianVae(Options options) {
        this.options = options;
        this.prior = options.prior();
        this.encoder = new Mlp(ENCODER, options.dimension(), options.encoder(), 2 * options.latent());
        this.decoder = new Mlp(DECODER, options.latent(), options.decoder(), options.dimension());
    }

    @Override
    public int dimension() {
        return options.dimension();
    }

    @Override
    public int latentDimension() {
        return options.latent();
    }

    @Override
    public ParameterLayout parameters() {
        return new ParameterLayout(Stream.of(encoder.parameters(), decoder.parameters(), prior.parameters())
                .flatMap(List::stream)
                .toList());
    }

    @Override
    public ParameterLayout buffers() {
        return new ParameterLayout(options.likelihood().buffers());
    }

    /** The decoder's output bias or the standardisation, so that the first reconstruction is the training mean. */
    @Override
    public List<DataInitialization> dataInitializations() {
        VaeGraph graph = graph();
        Likelihood likelihood = options.likelihood();
        SDVariable statistic = likelihood.statistic(graph.data());
        return List.of(new DataInitialization(
                graph.g().function(GraphBuilder.outputs("statistic", statistic)),
                (mean, variance) -> likelihood.initial(decoder.outputBiasName(), mean, variance)));
    }

    private VaeGraph graph() {
        return new VaeGraph(new GraphBuilder(options.type()), options, encoder, decoder);
    }

    @Override
    public ModelFunction trainingLoss() {
        VaeGraph graph = graph();
        VaeLoss terms = new VaeLoss(graph);
        SDVariable loss = terms.loss();
        Map<String, SDVariable> values = new HashMap<>();
        values.put("iwae", terms.iwae());
        values.put(KL_ANALYTIC, terms.analyticKl());
        values.put(KL_SAMPLED, reportsSampled() ? terms.sampledKl() : null);
        SDVariable reconstruction = terms.reconstruction();
        values.put(reconstructionName(), reconstruction);
        SDVariable kl = values.get(hasAnalyticKl() ? KL_ANALYTIC : KL_SAMPLED);
        values.put(boundName(), reconstruction.sub(kl));
        Map<String, SDVariable> outputs = new LinkedHashMap<>();
        outputs.put("loss", loss);
        metrics().forEach(metric -> outputs.put(metric.name(), values.get(metric.name())));
        if (hasAnalyticKl() && reportsSampled()) {
            outputs.put(KL_SAMPLED_VARIANCE, terms.sampledKlVariance());
        }
        return graph.g().function(outputs);
    }

    @Override
    public List<Metric> metrics() {
        boolean likelihood = hasLikelihood();
        int k = options.objective().importanceSamples();
        List<Metric> metrics = new ArrayList<>();
        if (k > 1) {
            metrics.add(new Metric(
                    "iwae", "nats", true, "importance-weighted bound of log p(x), " + k + " draws: what is trained"));
        }
        String kl = hasAnalyticKl() ? "analytic KL" : "sampled KL";
        metrics.add(new Metric(
                boundName(),
                "nats",
                true,
                likelihood
                        ? "evidence lower bound, reconstruction - " + kl
                        : "minus cross-entropy - " + kl + ": not a bound of any likelihood"));
        metrics.add(new Metric(
                reconstructionName(),
                "nats",
                true,
                likelihood
                        ? "log p(x|z) at " + (k > 1 ? k + " draws" : "one z") + " from the posterior"
                        : "minus cross-entropy of unbinarised pixels: not a log-likelihood"));
        if (hasAnalyticKl()) {
            metrics.add(new Metric(KL_ANALYTIC, "nats", false, "KL(q(z|x) || p(z)) in closed form"));
        }
        if (reportsSampled()) {
            int extra = options.klReport().draws();
            metrics.add(new Metric(
                    KL_SAMPLED,
                    "nats",
                    false,
                    "log q(z|x) - log p(z) at the same z" + (extra > 0 ? " and " + extra + " more" : "")));
        }
        return List.copyOf(metrics);
    }

    @Override
    public List<Block> blocks() {
        Stream<Block> networks = Stream.of(ENCODER, DECODER).map(path -> new Block(path, OptionalDouble.empty()));
        return Stream.concat(networks, prior.blocks().stream()).toList();
    }

    /** Of the prior's blocks, at the draws of the loss. */
    @Override
    public Optional<ModelFunction> logScales() {
        VaeGraph graph = graph();
        int k = options.objective().importanceSamples();
        SDVariable z = graph.posterior().q().repeated(k).sample(graph.noise(k));
        Map<String, SDVariable> outputs = prior.logScales(graph.g(), z);
        return outputs.isEmpty() ? Optional.empty() : Optional.of(graph.g().function(outputs));
    }

    @Override
    public boolean hasWeightedLoss() {
        Objective objective = options.objective();
        // The bound is reported with the analytic KL where there is one, else with the mean of all draws.
        boolean anotherKl = hasAnalyticKl()
                ? objective.estimator() != KlEstimator.ANALYTIC
                : options.klReport().draws() > 0;
        return objective.importanceSamples() == 1 && (objective.weighted() || objective.freeBits() > 0 || anotherKl);
    }

    private String boundName() {
        return hasLikelihood() ? "elbo" : "surrogate";
    }

    private String reconstructionName() {
        return hasLikelihood() ? "reconstruction" : "negative_cross_entropy";
    }

    private boolean reportsSampled() {
        return options.klReport().sampled() || options.objective().estimator() != KlEstimator.ANALYTIC;
    }

    @Override
    public boolean hasLikelihood() {
        return options.likelihood().isLikelihood();
    }

    @Override
    public boolean hasBitsPerDimension() {
        return false;
    }

    @Override
    public boolean hasAnalyticKl() {
        return prior instanceof FactorizedPrior;
    }

    @Override
    public Optional<KlEstimator> plainEstimator() {
        Objective objective = options.objective();
        boolean plain = objective.importanceSamples() == 1 && !objective.weighted() && objective.freeBits() == 0;
        return plain ? Optional.of(objective.estimator()) : Optional.empty();
    }

    @Override
    public ModelFunction logWeight() {
        if (!hasLikelihood()) {
            throw new IllegalStateException("the Bernoulli of unbinarised pixels is not a likelihood");
        }
        VaeGraph graph = graph();
        return graph.g()
                .function(GraphBuilder.outputs(
                        "log_weight",
                        graph.draw(graph.posterior(), 1, KlEstimator.SAMPLED).logWeight()));
    }

    @Override
    public ModelFunction encode() {
        VaeGraph graph = graph();
        return graph.g()
                .function(GraphBuilder.outputs("latent", graph.posterior().q().mean()));
    }

    @Override
    public ModelFunction decode() {
        VaeGraph graph = graph();
        SDVariable z = graph.g().input(new FunctionInput.Value("latent_value", options.latent()));
        return graph.g().function(GraphBuilder.outputs("intensity", graph.mean(z)));
    }

    @Override
    public ModelFunction sample() {
        VaeGraph graph = graph();
        return graph.g().function(GraphBuilder.outputs("intensity", graph.drawn(prior.sample(graph.g()))));
    }

    @Override
    public boolean hasPixels() {
        return options.likelihood().ofPixels();
    }

    /** The mean of p(x|z) at the posterior mean. */
    @Override
    public ModelFunction reconstruct() {
        VaeGraph graph = graph();
        VaeGraph.Posterior posterior = graph.posterior();
        return graph.g()
                .function(GraphBuilder.outputs(
                        "seen",
                        options.likelihood().shown(graph.g(), posterior.x()),
                        "reconstruction",
                        graph.mean(posterior.q().mean())));
    }

    @Override
    public ModelFunction posterior() {
        VaeGraph graph = graph();
        DiagonalGaussian q = graph.posterior().q();
        SDVariable z = q.sample(graph.noise(1));
        Map<String, SDVariable> outputs = GraphBuilder.outputs(
                MEAN,
                q.mean(),
                LOG_VARIANCE,
                q.logVariance(),
                LATENT,
                z,
                LOG_POSTERIOR,
                q.logProb(z),
                LOG_PRIOR,
                prior.logProb(graph.g(), z));
        if (prior instanceof FactorizedPrior factorized) {
            outputs.put(KL_ANALYTIC_PER_DIMENSION, factorized.klPerDimension(graph.g(), q));
            outputs.put(KL_SAMPLED_PER_DIMENSION, factorized.sampledKlPerDimension(graph.g(), q, z));
        }
        return graph.g().function(outputs);
    }

    @Override
    public ModelFunction reconstructionTerm() {
        VaeGraph graph = graph();
        VaeGraph.Posterior posterior = graph.posterior();
        SDVariable logLikelihood = graph.draw(posterior, 1, KlEstimator.SAMPLED).logLikelihood();
        return term(graph.g(), logLikelihood.neg(), posterior.q());
    }

    @Override
    public ModelFunction klTerm(KlEstimator estimator) {
        VaeGraph graph = graph();
        DiagonalGaussian q = graph.posterior().q();
        SDVariable z = q.sample(graph.noise(1));
        SDVariable terms = estimator == KlEstimator.ANALYTIC
                ? graph.analyticKlPerDimension(q)
                : graph.sampledKl(VaeGraph.seen(q, estimator), z);
        if (terms == null) {
            throw new IllegalArgumentException("this prior has no KL in closed form");
        }
        return term(graph.g(), terms, q);
    }

    private static ModelFunction term(GraphBuilder g, SDVariable terms, DiagonalGaussian q) {
        return g.function(GraphBuilder.outputs("term", terms.sum(), MEAN, q.mean(), LOG_VARIANCE, q.logVariance()));
    }
}
