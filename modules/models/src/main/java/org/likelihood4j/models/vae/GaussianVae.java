package org.likelihood4j.models.vae;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.likelihood4j.models.DataInitialization;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Footprint;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.LatentVariableModel;
import org.likelihood4j.models.Metric;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.models.ModelPart;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterLayout;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.densities.DiagonalGaussian;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.Outputs;
import org.likelihood4j.models.graph.StableOps;
import org.likelihood4j.models.layers.Layer;
import org.likelihood4j.models.rows.GivenColumns;
import org.likelihood4j.models.vae.likelihood.Likelihood;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * The Gaussian variational autoencoder (Kingma and Welling 2014): posterior {@code q(z|x) =
 * N(mu(x), diag sigma(x)^2)}, a {@link Prior} p(z), and p(x|z) from the decoder.
 *
 * <pre>
 * ELBO = E_q[log p(x|z)] - KL(q || p) = log p(x) - KL(q || p(z|x)),   z = mu + sigma * eps
 * KL(q || N(0, I)) = sum over dimensions of 1/2 (sigma^2 + mu^2 - log sigma^2 - 1)
 * </pre>
 *
 * <p>What is minimised is the {@link Objective}. Every step also reports the analytic KL, where the
 * prior has one, and the sampled KL {@code log q(z|x) - log p(z)} at the z of the reconstruction,
 * whose expectation is the analytic one.
 *
 * <p>A {@link PosteriorFlow} may stand behind the Gaussian: then the KL is sampled, and an encoding is
 * what the flow makes of the mean.
 */
public final class GaussianVae implements LatentVariableModel {
    /** The weight of the KL, an input of a weighted objective. */
    public static final String BETA = "beta";

    private static final ParameterPath ENCODER = ParameterPath.root().child("encoder");
    private static final ParameterPath DECODER = ParameterPath.root().child("decoder");
    private static final int DATA_ARRAYS = 15;
    private static final int LATENT_ARRAYS = 4;

    private final VaeOptions options;
    private final boolean onlyPrior;
    private final VaeMetrics metrics;
    private final Prior prior;
    private final Layer encoder;
    private final Layer decoder;

    /** All of it is trained. */
    public GaussianVae(VaeOptions options) {
        this(options, false);
    }

    /**
     * Of which all is trained, or only a part.
     *
     * @param onlyPrior whether only the prior is trained, to the density of the latents that a trained encoder gives; all else then are buffers
     */
    public GaussianVae(VaeOptions options, boolean onlyPrior) {
        if (onlyPrior && options.prior().parameters().isEmpty()) {
            throw new IllegalArgumentException("a prior without parameters cannot be trained");
        }
        this.options = options;
        this.onlyPrior = onlyPrior;
        this.metrics = new VaeMetrics(options);
        this.prior = options.prior();
        this.encoder =
                options.encoder().create(ENCODER, options.observedShape(), EventShape.row(options.encoderOutputs()));
        this.decoder = options.decoder()
                .create(DECODER, options.latentShape(), options.likelihood().outputShape(options.shape()));
        if (decoder.outputBias().isEmpty()) {
            throw new IllegalArgumentException("a decoder needs an output bias, by which it starts at the data's mean");
        }
    }

    @Override
    public EventShape shape() {
        return options.exampleShape();
    }

    @Override
    public Optional<FunctionInput.Given> given() {
        return options.given().map(GivenColumns::input);
    }

    @Override
    public EventShape latentShape() {
        return options.latentShape();
    }

    @Override
    public ParameterLayout parameters() {
        List<Parameter> trained = new ArrayList<>(onlyPrior ? List.of() : aroundPrior());
        trained.addAll(prior.parameters());
        return new ParameterLayout(trained);
    }

    private List<Parameter> aroundPrior() {
        return Stream.of(
                        encoder.parameters(),
                        options.posteriorFlow().map(PosteriorFlow::parameters).orElse(List.of()),
                        decoder.parameters(),
                        options.likelihood().parameters())
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public ParameterLayout buffers() {
        return new ParameterLayout(Stream.of(
                        onlyPrior ? aroundPrior() : List.<Parameter>of(),
                        options.given().map(GivenColumns::buffers).orElse(List.of()),
                        options.likelihood().buffers())
                .flatMap(List::stream)
                .toList());
    }

    /**
     * The statistics of what is told; the decoder's output bias or the standardisation, so that the first reconstruction is the
     * training mean.
     */
    @Override
    public List<DataInitialization> dataInitializations() {
        VaeGraph graph = graph();
        Likelihood likelihood = options.likelihood();
        SDVariable statistic = likelihood.statistic(graph.g(), graph.data());
        String bias = decoder.outputBias().orElseThrow().name();
        List<DataInitialization> all = new ArrayList<>();
        options.given().flatMap(given -> given.initialization(options.type())).ifPresent(all::add);
        all.add(new DataInitialization(
                graph.g()
                        .function(new Outputs()
                                .matrix("statistic", options.observedShape().size(), statistic)),
                (mean, variance) -> likelihood.initial(bias, options.shape(), mean, variance)));
        return List.copyOf(all);
    }

    /** Of a function of data, of which networks are told their part. */
    private VaeGraph graph() {
        GraphBuilder g = new GraphBuilder(options.type());
        return graph(options.given().map(given -> given.tellingOfData(g)).orElse(g));
    }

    /** Of a function without data: the caller says what networks are told. */
    private VaeGraph graphOfCaller() {
        GraphBuilder g = new GraphBuilder(options.type());
        return graph(options.given().map(given -> given.tellingOfCaller(g)).orElse(g));
    }

    private VaeGraph graph(GraphBuilder g) {
        return new VaeGraph(g, options, encoder, decoder);
    }

    @Override
    public ModelFunction trainingLoss() {
        VaeGraph graph = graph();
        return graph.g().function(metrics.outputs(new VaeLoss(graph)));
    }

    @Override
    public List<Metric> metrics() {
        return metrics.metrics();
    }

    @Override
    public List<ModelPart> parts() {
        if (onlyPrior) {
            return prior.parts();
        }
        List<ParameterPath> own = options.likelihood().parameters().isEmpty() ? List.of() : List.of(Likelihood.PATH);
        List<ModelPart> parts = new ArrayList<>(List.of(whole(ENCODER)));
        options.posteriorFlow().ifPresent(flow -> parts.addAll(flow.parts()));
        parts.add(whole(DECODER));
        own.forEach(path -> parts.add(whole(path)));
        parts.addAll(prior.parts());
        return List.copyOf(parts);
    }

    private static ModelPart whole(ParameterPath path) {
        return new ModelPart(path, List.of());
    }

    /** Of the parts of the posterior's flow and of the prior, at the draws of the loss. */
    @Override
    public Optional<ModelFunction> partReports() {
        VaeGraph graph = graph();
        int k = options.objective().importanceSamples();
        GraphBuilder g = graph.g().repeated(k);
        VaeGraph.Posterior posterior = graph.posterior();
        SDVariable base = posterior.q().repeated(k).sample(graph.noise(k));
        Outputs outputs = new Outputs();
        if (!onlyPrior) {
            options.posteriorFlow().ifPresent(flow -> flow.report(g, base, graph.context(posterior, k), outputs));
        }
        prior.report(g, graph.latent(posterior, k, base).z(), outputs);
        return outputs.isEmpty() ? Optional.empty() : Optional.of(graph.g().function(outputs));
    }

    @Override
    public boolean hasWeightedLoss() {
        Objective objective = options.objective();
        // The bound is reported with the analytic KL where there is one, else with the mean of all
        // draws.
        boolean anotherKl = hasAnalyticKl()
                ? objective.estimator() != KlEstimator.ANALYTIC
                : options.klReport().draws() > 0;
        return objective.importanceSamples() == 1 && (objective.weighted() || objective.freeBits() > 0 || anotherKl);
    }

    @Override
    public boolean hasLikelihood() {
        return options.likelihood().isLikelihood();
    }

    @Override
    public boolean hasBitsPerDimension() {
        return options.likelihood().ofIntegers();
    }

    @Override
    public boolean hasStandardNormalPrior() {
        return prior instanceof StandardNormalPrior;
    }

    @Override
    public boolean hasGaussianPosterior() {
        return options.posteriorFlow().isEmpty();
    }

    /** The encoder for each example; the decoder and what is of the data's size for each of k draws. */
    @Override
    public Footprint footprint() {
        int k = options.importanceSamples();
        Footprint decoded = Footprint.arrays(
                        DATA_ARRAYS,
                        options.likelihood().outputShape(options.shape()).size())
                .and(decoder.footprint())
                .ofRows(k);
        Footprint latents = Footprint.arrays(LATENT_ARRAYS, prior.valuesPerDraw());
        Footprint drawn = options.posteriorFlow()
                .map(flow -> latents.and(flow.footprint()))
                .orElse(latents)
                .ofRows(Math.max(k, options.klReport().draws()));
        return encoder.footprint().and(decoded).and(drawn);
    }

    @Override
    public boolean hasAnalyticKl() {
        return metrics.hasAnalyticKl();
    }

    @Override
    public Optional<KlEstimator> plainEstimator() {
        Objective objective = options.objective();
        boolean plain = objective.importanceSamples() == 1 && !objective.weighted() && objective.freeBits() == 0;
        return plain ? Optional.of(objective.estimator()) : Optional.empty();
    }

    @Override
    public ModelFunction logWeight() {
        requireLikelihood();
        VaeGraph graph = graph();
        SDVariable logWeight =
                graph.draw(graph.posterior(), 1, KlEstimator.SAMPLED).logWeight();
        return graph.g().function(new Outputs().perExample("log_weight", logWeight));
    }

    @Override
    public ModelFunction jointDensity(int k) {
        requireLikelihood();
        VaeGraph graph = graph();
        GraphBuilder g = graph.g();
        SDVariable x = options.likelihood().observe(g, graph.data(), options.shape());
        VaeGraph repeated = graph.repeated(k);
        SDVariable logPrior = prior.logProb(repeated.g(), latents(g, LATENTS_OF_PRIOR, k));
        SDVariable logLikelihood = repeated.logLikelihood(
                StableOps.repeatRows(x, options.observedShape().size(), k), latents(g, LATENTS_OF_LIKELIHOOD, k));
        EventShape draws = EventShape.row(k);
        return g.function(new Outputs()
                .scalar("log_joint", logPrior.add(logLikelihood).sum())
                .events(LOG_PRIOR, draws, logPrior.reshape(-1, k))
                .events(LOG_LIKELIHOOD, draws, logLikelihood.reshape(-1, k)));
    }

    private SDVariable latents(GraphBuilder g, String name, int k) {
        SDVariable z = g.input(new FunctionInput.Value(name, EventShape.row(k * options.latent())));
        return k == 1 ? z : z.reshape(-1, options.latent());
    }

    @Override
    public ModelFunction simulate() {
        requireLikelihood();
        VaeGraph graph = graphOfCaller();
        SDVariable z = prior.sample(graph.g());
        SDVariable stored = graph.stored(z);
        return graph.g()
                .function(new Outputs()
                        .events(LATENT, latentShape(), z)
                        .events(SIMULATED, shape(), ofCaller(graph.g(), stored)));
    }

    private void requireLikelihood() {
        if (!hasLikelihood()) {
            throw new IllegalStateException("the Bernoulli of unbinarised pixels is not a likelihood");
        }
    }

    @Override
    public Optional<ModelFunction> complete() {
        if (!options.likelihood().leavesOut()) {
            return Optional.empty();
        }
        VaeGraph graph = graph();
        VaeGraph.Draw draw = graph.draw(graph.posterior(), 1, KlEstimator.SAMPLED);
        SDVariable completed = graph.drawn(draw.latent().z());
        return Optional.of(graph.g()
                .function(shown("completed", ofData(graph.g(), completed)).perExample("log_weight", draw.logWeight())));
    }

    @Override
    public ModelFunction encode() {
        VaeGraph graph = graph();
        SDVariable encoding = graph.encoding(graph.posterior());
        return graph.g().function(new Outputs().events("latent", latentShape(), encoding));
    }

    @Override
    public ModelFunction decode() {
        VaeGraph graph = graphOfCaller();
        SDVariable z = graph.g().input(new FunctionInput.Value("latent_value", latentShape()));
        return graph.g().function(shown("intensity", ofCaller(graph.g(), graph.mean(z))));
    }

    @Override
    public ModelFunction sample() {
        VaeGraph graph = graphOfCaller();
        SDVariable drawn = graph.drawn(prior.sample(graph.g()));
        return graph.g().function(shown("intensity", ofCaller(graph.g(), drawn)));
    }

    private Outputs shown(String name, SDVariable data) {
        return new Outputs().events(name, shape(), data);
    }

    /** Whole examples, with what is told as the data have it. */
    private SDVariable ofData(GraphBuilder g, SDVariable shown) {
        return options.given().map(given -> given.rowsOfData(g, shown)).orElse(shown);
    }

    /** The same with what is told as the caller has it. */
    private SDVariable ofCaller(GraphBuilder g, SDVariable shown) {
        return options.given().map(given -> given.rowsOfCaller(g, shown)).orElse(shown);
    }

    @Override
    public boolean isOfBinaryPixels() {
        return options.likelihood().ofBinaryPixels();
    }

    @Override
    public boolean hasPixels() {
        return options.likelihood().ofPixels();
    }

    /** The mean of p(x|z) at the encoding. */
    @Override
    public ModelFunction reconstruct() {
        VaeGraph graph = graph();
        VaeGraph.Posterior posterior = graph.posterior();
        SDVariable seen = options.likelihood().shown(graph.g(), posterior.x());
        SDVariable reconstruction = graph.mean(graph.encoding(posterior));
        GraphBuilder g = graph.g();
        return g.function(shown("seen", ofData(g, seen)).events("reconstruction", shape(), ofData(g, reconstruction)));
    }

    @Override
    public ModelFunction posterior() {
        VaeGraph graph = graph();
        GraphBuilder g = graph.g();
        VaeGraph.Posterior posterior = graph.posterior();
        DiagonalGaussian q = posterior.q();
        VaeGraph.Latent latent = graph.latent(posterior, 1, q.sample(graph.noise(1)));
        SDVariable z = latent.z();
        Outputs outputs = moments(new Outputs(), q)
                .events(LATENT, latentShape(), z)
                .perExample(LOG_POSTERIOR, VaeGraph.logPosterior(q, latent))
                .perExample(LOG_PRIOR, prior.logProb(g, z));
        if (!hasGaussianPosterior()) {
            outputs.events(ENCODING, latentShape(), graph.encoding(posterior));
        }
        options.factorizedPrior()
                .ifPresent(factorized -> outputs.events(
                                KL_ANALYTIC_PER_DIMENSION, latentShape(), factorized.klPerDimension(g, q))
                        .events(KL_SAMPLED_PER_DIMENSION, latentShape(), factorized.sampledKlPerDimension(g, q, z)));
        return g.function(outputs);
    }

    private Outputs moments(Outputs outputs, DiagonalGaussian q) {
        return outputs.events(MEAN, latentShape(), q.mean()).events(LOG_VARIANCE, latentShape(), q.logVariance());
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
        if (!estimators().contains(estimator)) {
            throw new IllegalArgumentException("this model's KL has no estimator " + estimator);
        }
        VaeGraph.Posterior posterior = graph.posterior();
        DiagonalGaussian q = posterior.q();
        VaeGraph.Latent latent = graph.latent(posterior, 1, q.sample(graph.noise(1)));
        SDVariable terms = estimator == KlEstimator.ANALYTIC
                ? graph.analyticKlPerDimension(q).orElseThrow()
                : graph.sampledKl(VaeGraph.seen(q, estimator), latent);
        return term(graph.g(), terms, q);
    }

    private ModelFunction term(GraphBuilder g, SDVariable terms, DiagonalGaussian q) {
        return g.function(moments(new Outputs().scalar("term", terms.sum()), q));
    }
}
