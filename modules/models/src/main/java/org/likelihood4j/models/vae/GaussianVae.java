package org.likelihood4j.models.vae;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.likelihood4j.models.DataInitialization;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.GraphBuilder;
import org.likelihood4j.models.Metric;
import org.likelihood4j.models.Model;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.models.Noise;
import org.likelihood4j.models.ParameterLayout;
import org.likelihood4j.models.Path;
import org.likelihood4j.models.Renewal;
import org.likelihood4j.models.densities.Density;
import org.likelihood4j.models.densities.DiagonalGaussian;
import org.likelihood4j.models.densities.StandardNormal;
import org.likelihood4j.models.layers.Mlp;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The Gaussian variational autoencoder (Kingma and Welling 2014): posterior {@code q(z|x) = N(mu(x), diag sigma(x)^2)}, prior
 * {@code p(z) = N(0, I)}, and p(x|z) from the decoder.
 *
 * <pre>
 * ELBO = E_q[log p(x|z)] - KL(q || p) = log p(x) - KL(q || p(z|x))
 * loss = -mean over the batch of (log p(x|z) - KL(q || p)),  z = mu + sigma * eps,  KL in closed form
 * KL(q || p) = sum over dimensions of 1/2 (sigma^2 + mu^2 - log sigma^2 - 1)
 * </pre>
 *
 * <p>Every step also reports the sampled KL {@code log q(z|x) - log p(z)} at the same z, whose expectation is the closed form.
 */
public final class GaussianVae implements Model {
    /**
     * What defines a VAE.
     *
     * @param dimension D, pixel values of an image
     * @param latent dimensions of z
     * @param type FLOAT or DOUBLE
     */
    public record Options(
            int dimension,
            int latent,
            Mlp.Hidden encoder,
            Mlp.Hidden decoder,
            PixelLikelihood likelihood,
            DataType type) {
        public Options {
            if (dimension < 1 || latent < 1) {
                throw new IllegalArgumentException(
                        "dimension and latent must be at least 1, were " + dimension + " and " + latent);
            }
            if (type != DataType.FLOAT && type != DataType.DOUBLE) {
                throw new IllegalArgumentException("the type must be FLOAT or DOUBLE, was " + type);
            }
        }
    }

    private final Options options;
    private final Mlp encoder;
    private final Mlp decoder;

    public GaussianVae(Options options) {
        this.options = options;
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
        return new ParameterLayout(Stream.of(encoder, decoder)
                .flatMap(network -> network.parameters().stream())
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
        Pass pass = pass(g);
        SDVariable kl = g.sumPerExample(pass.posterior().klToStandardNormal(), options.latent());
        SDVariable sampledKl = pass.logPosterior().sub(pass.logPrior());
        SDVariable elbo = pass.logLikelihood().sub(kl);
        Map<String, SDVariable> outputs = new LinkedHashMap<>();
        outputs.put("loss", elbo.mean().neg());
        List<SDVariable> values = List.of(elbo, pass.logLikelihood(), kl, sampledKl);
        for (Metric metric : metrics()) {
            outputs.put(metric.name(), values.get(outputs.size() - 1));
        }
        return g.function(outputs);
    }

    @Override
    public List<Metric> metrics() {
        boolean likelihood = hasLikelihood();
        return List.of(
                new Metric(
                        likelihood ? "elbo" : "surrogate",
                        "nats",
                        true,
                        likelihood
                                ? "evidence lower bound, reconstruction - analytic KL"
                                : "minus cross-entropy minus analytic KL: not a bound of any likelihood"),
                new Metric(
                        likelihood ? "reconstruction" : "negative_cross_entropy",
                        "nats",
                        true,
                        likelihood
                                ? "log p(x|z) at one z drawn from the posterior"
                                : "minus cross-entropy of unbinarised pixels: not a log-likelihood"),
                new Metric("kl_analytic", "nats", false, "KL(q(z|x) || p(z)) in closed form"),
                new Metric("kl_sampled", "nats", false, "log q(z|x) - log p(z) at the same z"));
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
    public ModelFunction logWeight() {
        if (!hasLikelihood()) {
            throw new IllegalStateException("the Bernoulli of unbinarised pixels is not a likelihood");
        }
        GraphBuilder g = new GraphBuilder(options.type());
        Pass pass = pass(g);
        return g.function(GraphBuilder.outputs(
                "log_weight", pass.logLikelihood().add(pass.logPrior()).sub(pass.logPosterior())));
    }

    @Override
    public ModelFunction encode() {
        GraphBuilder g = new GraphBuilder(options.type());
        return g.function(
                GraphBuilder.outputs("latent", posterior(g, observe(g)).mean()));
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
        SDVariable noise = g.input(new FunctionInput.NoiseInput("prior", options.latent(), Noise.NORMAL, Renewal.DRAW));
        return g.function(GraphBuilder.outputs("intensity", mean(g, prior(g).sample(noise))));
    }

    /** The mean of p(x|z) at the posterior mean. */
    @Override
    public ModelFunction reconstruct() {
        GraphBuilder g = new GraphBuilder(options.type());
        SDVariable x = observe(g);
        return g.function(GraphBuilder.outputs(
                "seen", x, "reconstruction", mean(g, posterior(g, x).mean())));
    }

    private SDVariable pixels(GraphBuilder g) {
        return g.input(new FunctionInput.Pixels("pixels", options.dimension()));
    }

    private SDVariable observe(GraphBuilder g) {
        return options.likelihood().observe(g, pixels(g), options.dimension());
    }

    private DiagonalGaussian posterior(GraphBuilder g, SDVariable x) {
        SDVariable head = encoder.apply(g, x);
        int latent = options.latent();
        return new DiagonalGaussian(g, latent, g.columns(head, 0, latent), g.columns(head, latent, 2 * latent));
    }

    private StandardNormal prior(GraphBuilder g) {
        return new StandardNormal(g, options.latent());
    }

    private SDVariable mean(GraphBuilder g, SDVariable z) {
        return options.likelihood().mean(g, decoder.apply(g, z));
    }

    /** One draw z of the posterior and the three log-densities there, each {@code [N]}. */
    private record Pass(
            DiagonalGaussian posterior, SDVariable logLikelihood, SDVariable logPrior, SDVariable logPosterior) {}

    private Pass pass(GraphBuilder g) {
        SDVariable x = observe(g);
        DiagonalGaussian posterior = posterior(g, x);
        SDVariable noise =
                g.input(new FunctionInput.NoiseInput("posterior", options.latent(), Noise.NORMAL, Renewal.DRAW));
        SDVariable z = posterior.sample(noise);
        Density likelihood = options.likelihood().density(g, decoder.apply(g, z), options.dimension());
        return new Pass(posterior, likelihood.logProb(x), prior(g).logProb(z), posterior.logProb(z));
    }
}
