package org.likelihood4j.models.vae;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.likelihood4j.models.DataInitialization;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.GraphBuilder;
import org.likelihood4j.models.LatentVariableModel;
import org.likelihood4j.models.Metric;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.models.Noise;
import org.likelihood4j.models.ParameterLayout;
import org.likelihood4j.models.Path;
import org.likelihood4j.models.Renewal;
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
            PixelLikelihood likelihood,
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
                PixelLikelihood likelihood,
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
        this.encoder =
                new Mlp(Path.root().child("encoder"), options.dimension(), options.encoder(), 2 * options.latent());
        this.decoder = new Mlp(Path.root().child("decoder"), options.latent(), options.decoder(), options.dimension());
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
        return new ParameterLayout(List.of());
    }

    /** The decoder's output bias, so that the first reconstruction is the training mean. */
    @Override
    public List<DataInitialization> dataInitializations() {
        GraphBuilder g = new GraphBuilder(options.type());
        SDVariable intensity = pixels(g).div(PixelLikelihood.WHITE);
        ModelFunction statistic = g.function(GraphBuilder.outputs("intensity", intensity));
        return List.of(new DataInitialization(
                statistic,
                (mean, variance) ->
                        Map.of(decoder.outputBiasName(), options.likelihood().outputBias(mean))));
    }

    @Override
    public ModelFunction trainingLoss() {
        GraphBuilder g = new GraphBuilder(options.type());
        int k = options.objective().importanceSamples();
        Posterior posterior = posterior(g);
        Draw draw = draw(g, posterior, k, estimator());
        SDVariable klPerDimension = analyticKlPerDimension(g, posterior.q());
        SDVariable analytic = klPerDimension == null ? null : g.sumPerExample(klPerDimension, options.latent());
        Map<String, SDVariable> values = new LinkedHashMap<>();
        SDVariable loss;
        if (k > 1) {
            SDVariable logWeight = draw.logWeight().reshape(-1, k);
            values.put("iwae", g.logSumExp(logWeight, k).sub(Math.log(k)));
            loss = estimator() == KlEstimator.PATH
                    ? doublyReparameterized(g, draw, values.get("iwae"))
                    : values.get("iwae").mean().neg();
        } else {
            SDVariable kl = estimator() == KlEstimator.ANALYTIC ? analytic : draw.sampledKl();
            loss = weighted(g, draw, options.objective().freeBits() > 0 ? floored(g, klPerDimension) : kl.mean());
        }
        SDVariable reconstruction = meanOverDraws(draw.logLikelihood(), k);
        SDVariable sampled = reportsSampled() ? sampledKl(g, posterior, draw) : null;
        values.put(boundName(), reconstruction.sub(analytic == null ? sampled : analytic));
        values.put(reconstructionName(), reconstruction);
        values.put(KL_ANALYTIC, analytic);
        values.put(KL_SAMPLED, sampled);
        Map<String, SDVariable> outputs = new LinkedHashMap<>();
        outputs.put("loss", loss);
        metrics().forEach(metric -> outputs.put(metric.name(), values.get(metric.name())));
        return g.function(outputs);
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

    private KlEstimator estimator() {
        return options.objective().estimator();
    }

    @Override
    public ModelFunction logWeight() {
        if (!hasLikelihood()) {
            throw new IllegalStateException("the Bernoulli of unbinarised pixels is not a likelihood");
        }
        GraphBuilder g = new GraphBuilder(options.type());
        return g.function(GraphBuilder.outputs(
                "log_weight", draw(g, posterior(g), 1, KlEstimator.SAMPLED).logWeight()));
    }

    @Override
    public ModelFunction encode() {
        GraphBuilder g = new GraphBuilder(options.type());
        return g.function(GraphBuilder.outputs("latent", posterior(g).q().mean()));
    }

    @Override
    public ModelFunction decode() {
        GraphBuilder g = new GraphBuilder(options.type());
        SDVariable z = g.input(new FunctionInput.Value("latent_value", options.latent()));
        return g.function(GraphBuilder.outputs("intensity", mean(g, z)));
    }

    @Override
    public ModelFunction sample() {
        GraphBuilder g = new GraphBuilder(options.type());
        return g.function(GraphBuilder.outputs("intensity", mean(g, prior.sample(g))));
    }

    /** The mean of p(x|z) at the posterior mean. */
    @Override
    public ModelFunction reconstruct() {
        GraphBuilder g = new GraphBuilder(options.type());
        Posterior posterior = posterior(g);
        return g.function(GraphBuilder.outputs(
                "seen", posterior.x(), "reconstruction", mean(g, posterior.q().mean())));
    }

    @Override
    public ModelFunction posterior() {
        GraphBuilder g = new GraphBuilder(options.type());
        DiagonalGaussian q = posterior(g).q();
        SDVariable z = q.sample(noise(g, 1));
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
                prior.logProb(g, z));
        if (prior instanceof FactorizedPrior factorized) {
            outputs.put(KL_ANALYTIC_PER_DIMENSION, factorized.klPerDimension(g, q));
            outputs.put(KL_SAMPLED_PER_DIMENSION, factorized.sampledKlPerDimension(g, q, z));
        }
        return g.function(outputs);
    }

    @Override
    public ModelFunction reconstructionTerm() {
        GraphBuilder g = new GraphBuilder(options.type());
        Posterior posterior = posterior(g);
        return term(
                g, draw(g, posterior, 1, KlEstimator.SAMPLED).logLikelihood().neg(), posterior.q());
    }

    @Override
    public ModelFunction klTerm(KlEstimator estimator) {
        GraphBuilder g = new GraphBuilder(options.type());
        DiagonalGaussian q = posterior(g).q();
        SDVariable z = q.sample(noise(g, 1));
        SDVariable terms =
                estimator == KlEstimator.ANALYTIC ? analyticKlPerDimension(g, q) : sampledKl(g, seen(q, estimator), z);
        if (terms == null) {
            throw new IllegalArgumentException("this prior has no KL in closed form");
        }
        return term(g, terms, q);
    }

    private static ModelFunction term(GraphBuilder g, SDVariable terms, DiagonalGaussian q) {
        return g.function(GraphBuilder.outputs("term", terms.sum(), MEAN, q.mean(), LOG_VARIANCE, q.logVariance()));
    }

    private SDVariable pixels(GraphBuilder g) {
        return g.input(new FunctionInput.Pixels("pixels", options.dimension()));
    }

    /** The data as the likelihood sees it, and q(z|x). */
    private record Posterior(SDVariable x, DiagonalGaussian q) {}

    private Posterior posterior(GraphBuilder g) {
        SDVariable x = options.likelihood().observe(g, pixels(g), options.dimension());
        SDVariable head = encoder.apply(g, x);
        int latent = options.latent();
        return new Posterior(
                x, new DiagonalGaussian(g, latent, g.columns(head, 0, latent), g.columns(head, latent, 2 * latent)));
    }

    /** The reconstruction's noise: k draws for each example, {@code [N k, latent]}. */
    private SDVariable noise(GraphBuilder g, int k) {
        return noise(g, "posterior", k);
    }

    private SDVariable noise(GraphBuilder g, String name, int draws) {
        int latent = options.latent();
        SDVariable noise = g.input(new FunctionInput.NoiseInput(name, draws * latent, Noise.NORMAL, Renewal.DRAW));
        return draws == 1 ? noise : noise.reshape(-1, latent);
    }

    private SDVariable mean(GraphBuilder g, SDVariable z) {
        return options.likelihood().mean(g, decoder.apply(g, z));
    }

    /**
     * k draws z of each posterior.
     *
     * @param x each image k times, {@code [N k, dimension]}
     * @param q each posterior k times, as the gradient sees it
     * @param z {@code [N k, latent]}
     * @param logLikelihood {@code log p(x|z) [N k]}
     * @param sampledKl {@code log q(z|x) - log p(z) [N k]}
     */
    private record Draw(
            SDVariable x, DiagonalGaussian q, SDVariable z, SDVariable logLikelihood, SDVariable sampledKl) {
        SDVariable logWeight() {
            return logLikelihood.sub(sampledKl);
        }
    }

    private Draw draw(GraphBuilder g, Posterior posterior, int k, KlEstimator estimator) {
        DiagonalGaussian q = posterior.q().repeated(k);
        SDVariable z = q.sample(noise(g, k));
        return at(g, g.repeatRows(posterior.x(), options.dimension(), k), seen(q, estimator), z);
    }

    private Draw at(GraphBuilder g, SDVariable x, DiagonalGaussian q, SDVariable z) {
        SDVariable logLikelihood = options.likelihood()
                .density(g, decoder.apply(g, z), options.dimension())
                .logProb(x);
        return new Draw(x, q, z, logLikelihood, sampledKl(g, q, z));
    }

    /** The posterior as the gradient of an estimator's sampled KL sees it. */
    private static DiagonalGaussian seen(DiagonalGaussian q, KlEstimator estimator) {
        return estimator == KlEstimator.PATH ? q.stopped() : q;
    }

    /** {@code -log p(x|z) + beta KL}. */
    private SDVariable weighted(GraphBuilder g, Draw draw, SDVariable kl) {
        SDVariable weighted = options.objective().weighted()
                ? kl.mul(g.input(new FunctionInput.Weight(BETA)).mean())
                : kl;
        return weighted.sub(draw.logLikelihood().mean());
    }

    /** The batch's mean KL of each dimension, but at least the free bits, in sum. */
    private SDVariable floored(GraphBuilder g, SDVariable klPerDimension) {
        SDVariable means = g.meanOverExamples(klPerDimension, options.latent());
        SDVariable floor = g.sameDiff().zerosLike(means).add(options.objective().freeBits());
        return g.sameDiff().max(means, floor).sum();
    }

    /** {@code [N, latent]}, or null where there is no closed form. */
    private SDVariable analyticKlPerDimension(GraphBuilder g, DiagonalGaussian q) {
        return prior instanceof FactorizedPrior factorized ? factorized.klPerDimension(g, q) : null;
    }

    /** {@code log q(z|x) - log p(z)} of each row: one sum over dimensions where both densities factorise. */
    private SDVariable sampledKl(GraphBuilder g, DiagonalGaussian q, SDVariable z) {
        return prior instanceof FactorizedPrior factorized
                ? g.sumPerExample(factorized.sampledKlPerDimension(g, q, z), options.latent())
                : q.logProb(z).sub(prior.logProb(g, z));
    }

    /** The mean over all draws that a step has: the reconstruction's, and the report's own. */
    private SDVariable sampledKl(GraphBuilder g, Posterior posterior, Draw draw) {
        int k = options.objective().importanceSamples();
        int extra = options.klReport().draws();
        SDVariable own = meanOverDraws(draw.sampledKl(), k);
        if (extra == 0) {
            return own;
        }
        DiagonalGaussian q = posterior.q().repeated(extra);
        SDVariable z = q.sample(noise(g, "posterior_report", extra));
        SDVariable others = meanOverDraws(sampledKl(g, q, z), extra);
        return own.mul((double) k / (k + extra)).add(others.mul((double) extra / (k + extra)));
    }

    /** {@code [N k]} to {@code [N]}. */
    private static SDVariable meanOverDraws(SDVariable perDraw, int k) {
        return k == 1 ? perDraw : perDraw.reshape(-1, k).mean(1);
    }

    /**
     * A scalar with the value of minus the bound and the doubly reparameterised gradient (Tucker et al. 2019). With the
     * normalised weights v_i, as constants, it is
     *
     * <pre>
     * with respect to the decoder and the prior:  sum over i of v_i   d log w_i
     * with respect to q:                          sum over i of v_i^2 d log w_i/dz_i  dz_i
     * </pre>
     *
     * <p>where log w_i depends on q through z_i only. The second v_i is brought in at z: {@code z' = c + v (z - c)} with the
     * constant c = z has the value of z and v times its gradient. Since v is needed before it can be used there, the decoder
     * runs twice.
     */
    private SDVariable doublyReparameterized(GraphBuilder g, Draw first, SDVariable bound) {
        int k = options.objective().importanceSamples();
        SDVariable logWeight = g.stopGradient(first.logWeight().reshape(-1, k));
        SDVariable normalizer = g.logSumExp(logWeight, k).reshape(-1, 1);
        SDVariable v = g.stopGradient(g.sameDiff().math().exp(logWeight.sub(normalizer)));
        SDVariable c = g.stopGradient(first.z());
        SDVariable z = c.add(first.z().sub(c).mul(v.reshape(-1, 1)));
        SDVariable surrogate = at(g, first.x(), first.q(), z)
                .logWeight()
                .mul(v.reshape(-1))
                .mean()
                .mul(k);
        return g.stopGradient(surrogate.sub(bound.mean())).sub(surrogate);
    }
}
