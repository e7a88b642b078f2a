package org.likelihood4j.models.flow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.likelihood4j.models.Block;
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
import org.likelihood4j.models.bijectors.AffineCoupling;
import org.likelihood4j.models.bijectors.Bijector;
import org.likelihood4j.models.bijectors.Chain;
import org.likelihood4j.models.bijectors.Couplings;
import org.likelihood4j.models.bijectors.Dequantization;
import org.likelihood4j.models.bijectors.Logit;
import org.likelihood4j.models.bijectors.Permutation;
import org.likelihood4j.models.bijectors.Standardization;
import org.likelihood4j.models.densities.StandardNormal;
import org.likelihood4j.models.layers.Mlp;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A RealNVP flow (Dinh et al. 2017) over images, built from the project's own {@link AffineCoupling} block.
 *
 * <pre>
 * z = couplings(reorder(standardise(logit((pixels + u)/levels)))),  u uniform on [0, 1)
 * log p(pixels + u) = log N(z; 0, I) + sum of the log-determinants of all stages
 * loss = -mean over the batch of log p(pixels + u)
 * bits/dim = -log p(pixels + u) / (D ln 2)
 * </pre>
 *
 * <p>The expectation over u of {@code log p(pixels + u)} is a lower bound of the log-probability of the stored integers.
 */
public final class RealNvp implements Model {
    /** Smallest alpha: float32 pixels end 6e-8 below 1, so that one much smaller is seen only by pixels that are rounded to 1. */
    public static final double SMALLEST_ALPHA = 1e-12;

    /** Smallest floor: standard deviations of logits, which are of the size of 1 to 30, below it are float32's rounding. */
    public static final double SMALLEST_STANDARDIZATION_FLOOR = 1e-6;

    /** Squares of the latents, summed over an image and in the gradient, stay within float32, whose largest number is exp(88.7). */
    private static final double LARGEST_LOG_LATENT = 40;

    /**
     * The most that all couplings together may scale by: latents are at most {@code exp(total) * x}, where a standardised
     * logit is at most {@code x = 2 log(1/alpha)/standardizationFloor}, and {@code exp(total) * x <= exp(40)}, so that the squares
     * in log N(z; 0, I) and in the gradient stay within float32.
     *
     * @return the largest {@code couplings * logScaleBound}
     */
    public static double largestTotalLogScale(double alpha, double standardizationFloor) {
        return LARGEST_LOG_LATENT - Math.log(-2 * Math.log(alpha) / standardizationFloor);
    }

    /**
     * What defines the flow.
     *
     * @param levels pixel values are 0 ... levels - 1
     * @param couplings number of coupling blocks; the halves take turns
     * @param logScaleBound bound of every block's log-scales; {@code couplings * logScaleBound} must not exceed
     *     {@link #largestTotalLogScale}
     * @param alpha of the logit, at least {@link #SMALLEST_ALPHA} and below 1/2
     * @param standardizationFloor smallest standard deviation that is divided by, at least {@link
     *     #SMALLEST_STANDARDIZATION_FLOOR}
     * @param type FLOAT or DOUBLE
     */
    public record Options(
            int channels,
            int height,
            int width,
            int levels,
            int couplings,
            PixelOrder order,
            Mlp.Hidden conditioner,
            double logScaleBound,
            double alpha,
            double standardizationFloor,
            DataType type) {
        public Options {
            if (channels < 1 || height < 1 || width < 1) {
                throw new IllegalArgumentException("channels, height and width must be at least 1, were " + channels
                        + ", " + height + " and " + width);
            }
            if (levels < 2) {
                throw new IllegalArgumentException("levels must be at least 2, was " + levels);
            }
            if (couplings < 1) {
                throw new IllegalArgumentException("couplings must be at least 1, was " + couplings);
            }
            if (!(logScaleBound > 0)) {
                throw new IllegalArgumentException("logScaleBound must be above 0, was " + logScaleBound);
            }
            if (!(alpha >= SMALLEST_ALPHA && alpha < 0.5)) {
                throw new IllegalArgumentException("alpha must be in [" + SMALLEST_ALPHA + ", 0.5), was " + alpha);
            }
            if (!(standardizationFloor >= SMALLEST_STANDARDIZATION_FLOOR) || Double.isInfinite(standardizationFloor)) {
                throw new IllegalArgumentException("standardizationFloor must be at least "
                        + SMALLEST_STANDARDIZATION_FLOOR + " and finite, was " + standardizationFloor);
            }
            double largest = largestTotalLogScale(alpha, standardizationFloor);
            if (couplings * logScaleBound > largest) {
                throw new IllegalArgumentException("couplings x logScaleBound is " + couplings * logScaleBound
                        + ", above " + largest + ": the squares of the latents could leave float32's range");
            }
            if (type != DataType.FLOAT && type != DataType.DOUBLE) {
                throw new IllegalArgumentException("the type must be FLOAT or DOUBLE, was " + type);
            }
            int first = order.firstHalf(channels, height, width);
            if (first == 0 || first == channels * height * width) {
                throw new IllegalArgumentException("the order " + order + " leaves one half of a " + channels + "x"
                        + height + "x" + width + " image empty");
            }
        }

        int dimension() {
            return channels * height * width;
        }
    }

    /** A named part of the chain, reported as a term of its own. */
    private record Stage(String name, String description, Bijector bijector) {}

    private final Options options;
    private final Standardization standardization;
    private final Permutation reorder;
    private final Couplings couplings;
    private final List<Stage> stages;

    public RealNvp(Options options) {
        this.options = options;
        int d = options.dimension();
        int split = options.order().firstHalf(options.channels(), options.height(), options.width());
        this.reorder = new Permutation(options.order().order(options.channels(), options.height(), options.width()));
        this.couplings = new Couplings(
                Path.root(), d, split, options.couplings(), options.conditioner(), options.logScaleBound());
        this.standardization =
                new Standardization(Path.root().child("standardization"), d, options.standardizationFloor());
        this.stages = List.of(
                new Stage(
                        "dequantization", "log-det of the scaling to [0, 1)", new Dequantization(d, options.levels())),
                new Stage("logit", "log-det of the logit, with its log(1 - 2 alpha)", new Logit(d, options.alpha())),
                new Stage("standardization", "log-det of the standardisation", standardization),
                new Stage("couplings", "log-det of all coupling blocks", new Chain(List.of(reorder, couplings))));
    }

    @Override
    public int dimension() {
        return options.dimension();
    }

    @Override
    public int latentDimension() {
        return options.dimension();
    }

    @Override
    public ParameterLayout parameters() {
        return new ParameterLayout(stages.stream()
                .flatMap(stage -> stage.bijector().parameters().stream())
                .toList());
    }

    @Override
    public ParameterLayout buffers() {
        return new ParameterLayout(stages.stream()
                .flatMap(stage -> stage.bijector().buffers().stream())
                .toList());
    }

    /** The standardisation, from the training images' logits. */
    @Override
    public List<DataInitialization> dataInitializations() {
        GraphBuilder g = new GraphBuilder(options.type());
        SDVariable unit = stages.get(0).bijector().forward(g, dequantized(g)).value();
        SDVariable logit = stages.get(1).bijector().forward(g, unit).value();
        return List.of(new DataInitialization(
                g.function(GraphBuilder.outputs("logit_value", logit)), standardization::values));
    }

    @Override
    public ModelFunction trainingLoss() {
        GraphBuilder g = new GraphBuilder(options.type());
        Map<String, SDVariable> terms = terms(g, dequantized(g));
        Map<String, SDVariable> outputs = new LinkedHashMap<>();
        outputs.put("loss", terms.get("log_likelihood").mean().neg());
        outputs.putAll(terms);
        return g.function(outputs);
    }

    @Override
    public List<Metric> metrics() {
        List<Metric> metrics = new ArrayList<>();
        metrics.add(new Metric(
                "log_likelihood", "nats", true, "log-density of the dequantised pixels: the sum of all terms"));
        metrics.add(new Metric("base", "nats", true, "log N(z; 0, I)"));
        for (Stage stage : stages) {
            metrics.add(new Metric(stage.name(), "nats", true, stage.description()));
        }
        return metrics;
    }

    @Override
    public List<Block> blocks() {
        return couplings.blocks();
    }

    @Override
    public Optional<ModelFunction> logScales() {
        GraphBuilder g = new GraphBuilder(options.type());
        SDVariable x = dequantized(g);
        for (Stage stage : stages.subList(0, stages.size() - 1)) {
            x = stage.bijector().forward(g, x).value();
        }
        return Optional.of(
                g.function(couplings.logScales(g, reorder.forward(g, x).value())));
    }

    @Override
    public boolean hasLikelihood() {
        return true;
    }

    @Override
    public boolean hasBitsPerDimension() {
        return true;
    }

    @Override
    public ModelFunction logWeight() {
        GraphBuilder g = new GraphBuilder(options.type());
        SDVariable total = terms(g, dequantized(g)).get("log_likelihood");
        return g.function(GraphBuilder.outputs("log_weight", total));
    }

    @Override
    public ModelFunction encode() {
        GraphBuilder g = new GraphBuilder(options.type());
        return g.function(GraphBuilder.outputs("latent", forward(g, dequantized(g))));
    }

    @Override
    public ModelFunction decode() {
        GraphBuilder g = new GraphBuilder(options.type());
        SDVariable z = g.input(new FunctionInput.Value("latent_value", dimension()));
        return g.function(GraphBuilder.outputs("intensity", intensity(g, z)));
    }

    @Override
    public ModelFunction sample() {
        GraphBuilder g = new GraphBuilder(options.type());
        SDVariable noise = g.input(new FunctionInput.NoiseInput("prior", dimension(), Noise.NORMAL, Renewal.DRAW));
        return g.function(GraphBuilder.outputs("intensity", intensity(g, base(g).sample(noise))));
    }

    /** The exact inversion of the forward pass. */
    @Override
    public ModelFunction reconstruct() {
        GraphBuilder g = new GraphBuilder(options.type());
        SDVariable v = dequantized(g);
        return g.function(GraphBuilder.outputs(
                "seen", v.mul(1.0 / options.levels()), "reconstruction", intensity(g, forward(g, v))));
    }

    private StandardNormal base(GraphBuilder g) {
        return new StandardNormal(g, dimension());
    }

    /** pixels + u, u uniform on [0, 1). */
    private SDVariable dequantized(GraphBuilder g) {
        SDVariable pixels = g.input(new FunctionInput.Pixels("pixels", dimension()));
        return pixels.add(g.input(
                new FunctionInput.NoiseInput("dequantization_noise", dimension(), Noise.UNIFORM, Renewal.DRAW)));
    }

    private SDVariable forward(GraphBuilder g, SDVariable v) {
        for (Stage stage : stages) {
            v = stage.bijector().forward(g, v).value();
        }
        return v;
    }

    /** The inverse up to v/levels, where images live. */
    private SDVariable intensity(GraphBuilder g, SDVariable z) {
        for (int i = stages.size() - 1; i > 0; i--) {
            z = stages.get(i).bijector().inverse(g, z).value();
        }
        return z;
    }

    private Map<String, SDVariable> terms(GraphBuilder g, SDVariable v) {
        Map<String, SDVariable> terms = new LinkedHashMap<>();
        terms.put("log_likelihood", null);
        terms.put("base", null);
        SDVariable total = null;
        for (Stage stage : stages) {
            Bijector.Result result = stage.bijector().forward(g, v);
            v = result.value();
            terms.put(stage.name(), result.logDet());
            total = total == null ? result.logDet() : total.add(result.logDet());
        }
        SDVariable base = base(g).logProb(v);
        terms.put("base", base);
        terms.put("log_likelihood", total.add(base));
        return terms;
    }
}
