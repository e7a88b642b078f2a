package org.likelihood4j.benchmarks.work;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.LatentVariableModel.KlEstimator;
import org.likelihood4j.models.Model;
import org.likelihood4j.models.bijectors.coupling.DerivedAffineFamily;
import org.likelihood4j.models.bijectors.coupling.Mixing;
import org.likelihood4j.models.bijectors.coupling.RationalQuadraticFamily;
import org.likelihood4j.models.flow.FlatArchitecture;
import org.likelihood4j.models.flow.HalfOrder;
import org.likelihood4j.models.flow.MultiscaleArchitecture;
import org.likelihood4j.models.flow.PixelData;
import org.likelihood4j.models.flow.RowData;
import org.likelihood4j.models.layers.Activation;
import org.likelihood4j.models.layers.ConvDecoder;
import org.likelihood4j.models.layers.ConvEncoder;
import org.likelihood4j.models.layers.ConvNet;
import org.likelihood4j.models.layers.LayerFactory;
import org.likelihood4j.models.layers.Mlp;
import org.likelihood4j.models.layers.ResidualMlp;
import org.likelihood4j.models.vae.GaussianVae;
import org.likelihood4j.models.vae.Objective;
import org.likelihood4j.models.vae.StandardNormalPrior;
import org.likelihood4j.models.vae.VaeOptions;
import org.likelihood4j.models.vae.likelihood.BernoulliPixels;
import org.likelihood4j.models.vae.likelihood.Binarization;
import org.nd4j.linalg.api.buffer.DataType;

/** A model and a batch size: what a step is made of. */
public sealed interface Workload {
    /** The workloads that peers have twins of. */
    static List<Workload> all() {
        return List.of(
                new Vae("vae", 128, 28 * 28, new Mlp.Hidden(List.of(400), Activation.RELU), 20, false),
                new Vae("vae-deep", 100, 28 * 28, new Mlp.Hidden(List.of(200, 200), Activation.TANH), 50, false),
                new ConvVae("conv-vae", 100, 28, List.of(32, 64), new Mlp.Hidden(List.of(256), Activation.RELU), 50),
                new CouplingFlow("flow", 100, 28, 28, 6, new Mlp.Hidden(List.of(512, 512), Activation.RELU)),
                new CouplingFlow("flow-large", 100, 28, 28, 10, new Mlp.Hidden(List.of(1024, 1024), Activation.RELU)),
                new MultiscaleFlow("conv-flow", 64, 28, 4, 2, List.of(24, 48, 64)),
                new SplineFlow("spline-flow", 512, 21, 10, 8, 128, 2));
    }

    String name();

    int batch();

    /** Of weights and data. */
    default long seed() {
        return 1;
    }

    /** In float32 or float64. */
    Model model(DataType type);

    /** The matrix products that a step cannot do without; none where convolutions are. */
    List<Product> products();

    /** Multiplications and additions of those products, or of the convolutions. */
    default long flops() {
        return products().stream().mapToLong(product -> product.flops(batch())).sum();
    }

    /** Whether it has convolutions. */
    default boolean isConvolutional() {
        return products().isEmpty();
    }

    /** Whether it has dense layers only, one behind the other, and elementwise operations: what every contender can do. */
    default boolean isPlain() {
        return !isConvolutional();
    }

    /** In words, for the table's head. */
    String description();

    /**
     * A dense layer's products in one step.
     *
     * @param inputGradient whether anything trained lies before the layer: else the product for its input's gradient is
     *     needed by nobody
     */
    record Product(int in, int out, boolean inputGradient) {
        long flops(int rows) {
            return 2L * rows * in * out * (inputGradient ? 3 : 2);
        }

        /** The layers of a network. */
        static List<Product> of(int in, List<Integer> hidden, int out, boolean inputGradient) {
            List<Product> products = new ArrayList<>();
            int width = in;
            for (int next : hidden) {
                products.add(new Product(width, next, inputGradient || !products.isEmpty()));
                width = next;
            }
            products.add(new Product(width, out, inputGradient || !products.isEmpty()));
            return products;
        }
    }

    /**
     * A Gaussian VAE of dynamically binarised pixels, as {@code configs/mnist/vae.yaml} has it.
     *
     * @param network of the encoder; the decoder's is its mirror image
     * @param sampledKl whether each step reports the sampled KL, which its loss does not need
     */
    record Vae(String name, int batch, int dimension, Mlp.Hidden network, int latent, boolean sampledKl)
            implements Workload {
        /** The shipped configuration, with and without the sampled KL in its reports. */
        public static Vae shipped(boolean sampledKl) {
            return new Vae(
                    sampledKl ? "diagnostics" : "diagnostics-off",
                    100,
                    28 * 28,
                    new Mlp.Hidden(List.of(200, 200), Activation.TANH),
                    50,
                    sampledKl);
        }

        @Override
        public Model model(DataType type) {
            return binary(EventShape.row(dimension), latent, network, decoder(), sampledKl, type);
        }

        public Mlp.Hidden decoder() {
            return new Mlp.Hidden(reversed(network.hidden()), network.activation());
        }

        @Override
        public List<Product> products() {
            List<Product> products = new ArrayList<>(Product.of(dimension, network.hidden(), 2 * latent, false));
            products.addAll(Product.of(latent, decoder().hidden(), dimension, true));
            return products;
        }

        @Override
        public String description() {
            return "VAE " + dimension + "-" + widths(network.hidden()) + "-" + latent + " "
                    + network.activation().name().toLowerCase(Locale.ROOT) + ", batch " + batch;
        }
    }

    /**
     * The same of square grey images, with 4x4 convolutions of stride 2 before the dense layers, and transposed ones behind those of the
     * decoder.
     *
     * @param size rows and columns, which every map halves
     * @param channels of the encoder's maps; the decoder's are its mirror image
     * @param network the encoder's dense layers behind the last map
     */
    record ConvVae(String name, int batch, int size, List<Integer> channels, Mlp.Hidden network, int latent)
            implements Workload {
        private static final int PLACES_SEEN = 16;

        public ConvVae {
            channels = List.copyOf(channels);
            if (size % (1 << channels.size()) != 0) {
                throw new IllegalArgumentException(
                        "the size must be divisible by 2 for each of the " + channels.size() + " maps, was " + size);
            }
        }

        /** With 1, trained weights in float32 part from those in float64, ours and libtorch's alike: likely a rectifier's input at 0. */
        @Override
        public long seed() {
            return 3;
        }

        /** Rows and columns of the smallest map. */
        public int smallest() {
            return size >> channels.size();
        }

        public int lastChannels() {
            return channels.get(channels.size() - 1);
        }

        @Override
        public Model model(DataType type) {
            Activation activation = network.activation();
            return binary(
                    EventShape.image(size, size, 1),
                    latent,
                    new ConvEncoder.Shape(channels, 0, network.hidden(), activation),
                    new ConvDecoder.Shape(channels, 0, reversed(network.hidden()), activation),
                    false,
                    type);
        }

        @Override
        public List<Product> products() {
            return List.of();
        }

        /** Both networks, forwards, and of their gradients, but for that of the data. */
        @Override
        public long flops() {
            int row = smallest() * smallest() * lastChannels();
            List<Product> dense = new ArrayList<>(Product.of(row, network.hidden(), 2 * latent, true));
            dense.addAll(Product.of(latent, reversed(network.hidden()), row, true));
            long flops =
                    dense.stream().mapToLong(product -> product.flops(batch)).sum();
            long in = 1;
            for (int i = 0; i < channels.size(); i++) {
                long places = (long) (size >> (i + 1)) * (size >> (i + 1));
                long map = 2L * batch * places * PLACES_SEEN * in * channels.get(i);
                flops += (i == 0 ? 5 : 6) * map;
                in = channels.get(i);
            }
            return flops;
        }

        @Override
        public String description() {
            return "VAE with convolutions of 1-" + widths(channels) + " channels, then " + widths(network.hidden())
                    + "-" + latent + " " + network.activation().name().toLowerCase(Locale.ROOT) + ", batch " + batch;
        }
    }

    /**
     * A RealNVP flow as {@code configs/mnist/realnvp-flat.yaml} has it: halves of alternating columns, in logit space.
     */
    record CouplingFlow(String name, int batch, int height, int width, int couplings, Mlp.Hidden network)
            implements Workload {
        public static final int LEVELS = 256;
        public static final double LOG_SCALE_BOUND = 2;
        public static final double ALPHA = 1e-6;

        /** Splits the columns evenly only if there is an even number of them. */
        public CouplingFlow {
            if (width % 2 != 0) {
                throw new IllegalArgumentException("the width must be even, was " + width);
            }
        }

        @Override
        public Model model(DataType type) {
            return new org.likelihood4j.models.flow.Flow(new org.likelihood4j.models.flow.Flow.Options(
                    new PixelData(EventShape.image(height, width, 1), LEVELS, HalfOrder.COLUMNS, ALPHA, 1e-3),
                    couplings,
                    network,
                    new DerivedAffineFamily(LOG_SCALE_BOUND),
                    type));
        }

        public int dimension() {
            return height * width;
        }

        @Override
        public List<Product> products() {
            List<Product> products = new ArrayList<>();
            for (int i = 0; i < couplings; i++) {
                // The first block conditions on the data itself.
                products.addAll(Product.of(dimension() / 2, network.hidden(), dimension(), i > 0));
            }
            return products;
        }

        @Override
        public String description() {
            return "RealNVP, " + couplings + " blocks of " + widths(network.hidden()) + ", batch " + batch;
        }
    }

    /**
     * A small multi-scale RealNVP of square grey images: couplings of the checkerboard, then of channels at half the size, half of which
     * become latents, then at a quarter. Its networks are residual.
     *
     * @param size rows and columns, divisible by 4
     * @param couplings at each scale
     * @param blocks of a network
     * @param channels of a scale's networks
     */
    record MultiscaleFlow(String name, int batch, int size, int couplings, int blocks, List<Integer> channels)
            implements Workload {
        public static final double ALPHA = 1e-5;
        private static final long NEIGHBOURS = 9;

        public MultiscaleFlow {
            channels = List.copyOf(channels);
            if (size % 4 != 0 || channels.size() != 3) {
                throw new IllegalArgumentException("the size must be divisible by 4 and there must be 3 scales, were "
                        + size + " and " + channels.size());
            }
        }

        public int dimension() {
            return size * size;
        }

        /** Rows and columns of a scale's maps. */
        public int size(int scale) {
            return size >> scale;
        }

        /** Channels of what is transformed at a scale, and of what its networks see. */
        public int half(int scale) {
            return scale == 0 ? 1 : 1 << scale;
        }

        @Override
        public Model model(DataType type) {
            List<MultiscaleArchitecture.Scale> scales = new ArrayList<>();
            for (int i = 0; i < channels.size(); i++) {
                ConvNet.Shape network = new ConvNet.Shape(ConvNet.Block.RESIDUAL, channels.get(i), blocks);
                scales.add(new MultiscaleArchitecture.Scale(i == 0 ? 0 : couplings, i == 0 ? couplings : 0, network));
            }
            return new org.likelihood4j.models.flow.Flow(new org.likelihood4j.models.flow.Flow.Options(
                    new PixelData(EventShape.image(size, size, 1), CouplingFlow.LEVELS, HalfOrder.COLUMNS, ALPHA, 1e-3),
                    new MultiscaleArchitecture(
                            scales,
                            new DerivedAffineFamily(CouplingFlow.LOG_SCALE_BOUND),
                            false,
                            false,
                            false,
                            CouplingFlow.LOG_SCALE_BOUND),
                    type));
        }

        @Override
        public List<Product> products() {
            return List.of();
        }

        /** Of the convolutions forwards, and of their gradients, but for that of the data. */
        @Override
        public long flops() {
            long flops = 0;
            for (int scale = 0; scale < channels.size(); scale++) {
                long width = channels.get(scale);
                long places = 2L * batch * size(scale) * size(scale);
                long first = NEIGHBOURS * half(scale) * width;
                long inner = blocks * (NEIGHBOURS + 1) * width * width;
                long last = NEIGHBOURS * width * 2 * half(scale);
                flops += 3 * places * couplings * (first + inner + last);
                flops -= scale == 0 ? places * first : 0;
            }
            return flops;
        }

        @Override
        public String description() {
            return "multi-scale RealNVP, 3 x " + couplings + " blocks of " + widths(channels) + " channels, batch "
                    + batch;
        }
    }

    /**
     * A flow of rows of real numbers by splines, of the form that Durkan et al. (2019) have for tables: steps of a learned linear map and a
     * coupling, whose network is residual.
     *
     * @param steps each of a map and a coupling, whose halves take turns
     * @param bins of a spline
     * @param width of a network's hidden layers
     * @param blocks of a network, each of two layers
     */
    record SplineFlow(String name, int batch, int dimension, int steps, int bins, int width, int blocks)
            implements Workload {
        public static final double TAIL_BOUND = 3;
        public static final double LOG_SCALE_BOUND = 2;

        /** With 1, trained weights in float32 part a little more from those in float64 than is let through, ours and libtorch's. */
        @Override
        public long seed() {
            return 2;
        }

        /** The columns that the coupling of a step transforms: the first half has the odd one. */
        public int transformed(int step) {
            return step % 2 == 0 ? (dimension + 1) / 2 : dimension / 2;
        }

        @Override
        public Model model(DataType type) {
            return new org.likelihood4j.models.flow.Flow(new org.likelihood4j.models.flow.Flow.Options(
                    new RowData(EventShape.row(dimension), HalfOrder.HALVES),
                    new FlatArchitecture(
                            steps,
                            new ResidualMlp.Shape(width, blocks, Activation.RELU, 0),
                            new RationalQuadraticFamily(bins, TAIL_BOUND),
                            new Mixing(Mixing.Kind.LU, LOG_SCALE_BOUND)),
                    type));
        }

        /** Of the networks and of rows with the linear maps. */
        @Override
        public List<Product> products() {
            List<Product> products = new ArrayList<>();
            List<Integer> layers = Collections.nCopies(1 + 2 * blocks, width);
            for (int i = 0; i < steps; i++) {
                products.add(new Product(dimension, dimension, i > 0));
                int half = transformed(i);
                products.addAll(Product.of(dimension - half, layers, (3 * bins - 1) * half, true));
            }
            return products;
        }

        @Override
        public boolean isPlain() {
            return false;
        }

        @Override
        public String description() {
            return "spline flow of " + dimension + " columns, " + steps + " steps of " + bins + " bins, " + blocks
                    + " blocks of " + width + ", batch " + batch;
        }
    }

    /** A VAE of dynamically binarised pixels, with the ELBO as its loss. */
    private static Model binary(
            EventShape shape,
            int latent,
            LayerFactory encoder,
            LayerFactory decoder,
            boolean sampledKl,
            DataType type) {
        return new GaussianVae(new VaeOptions(
                shape,
                latent,
                encoder,
                decoder,
                new BernoulliPixels(Binarization.DYNAMIC),
                new StandardNormalPrior(latent),
                new Objective(KlEstimator.ANALYTIC, 1, false, 0),
                new VaeOptions.KlReport(sampledKl, 0),
                type));
    }

    private static List<Integer> reversed(List<Integer> widths) {
        List<Integer> reversed = new ArrayList<>(widths);
        Collections.reverse(reversed);
        return reversed;
    }

    private static String widths(List<Integer> widths) {
        return String.join("-", widths.stream().map(String::valueOf).toList());
    }
}
