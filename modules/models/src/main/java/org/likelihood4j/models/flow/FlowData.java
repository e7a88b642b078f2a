package org.likelihood4j.models.flow;

import java.util.List;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.GraphBuilder;
import org.likelihood4j.models.Noise;
import org.likelihood4j.models.Renewal;
import org.likelihood4j.models.bijectors.Bijector;
import org.likelihood4j.models.bijectors.Dequantization;
import org.likelihood4j.models.bijectors.Logit;
import org.likelihood4j.models.bijectors.Standardization;
import org.nd4j.autodiff.samediff.SDVariable;

/** What a flow's data are, and their way to numbers on the whole real line, where they are standardised. */
public sealed interface FlowData {
    /** D. */
    int dimension();

    /** The place of each reordered column: the first half of the couplings, then the second. */
    int[] order();

    /** The size of the first half. */
    int firstHalf();

    /** The stored data, with whatever noise makes a density of them: {@code v [N, D]}. */
    SDVariable observe(GraphBuilder g);

    /** From v to the real line. */
    List<Stage> stages();

    /** How many of the stages, from the first on, only change units: data are shown behind them. */
    int unitStages();

    /** The smallest standard deviation that standardising divides by. */
    double standardizationFloor();

    /** The log of the largest standardised number. */
    double largestLogInput();

    /** Whether a density of v, over unit cells, bounds the probability of stored integers, so that there are bits/dim. */
    boolean storesIntegers();

    /** Of what the log-likelihood is a log-density, for people. */
    String densityOf();

    /** A named part of the chain, reported as a term of its own. */
    record Stage(String name, String description, Bijector bijector) {}

    /**
     * Images of integer pixels: {@code v = pixels + u}, u uniform on [0, 1), then to [0, 1) and through the logit.
     *
     * @param levels pixel values are 0 ... levels - 1
     * @param alpha of the logit, at least {@link RealNvp#SMALLEST_ALPHA} and below 1/2
     * @param standardizationFloor at least {@link RealNvp#SMALLEST_STANDARDIZATION_FLOOR}
     */
    record Pixels(
            int channels,
            int height,
            int width,
            int levels,
            PixelOrder pixelOrder,
            double alpha,
            double standardizationFloor)
            implements FlowData {
        public Pixels {
            if (channels < 1 || height < 1 || width < 1) {
                throw new IllegalArgumentException("channels, height and width must be at least 1, were " + channels
                        + ", " + height + " and " + width);
            }
            if (levels < 2) {
                throw new IllegalArgumentException("levels must be at least 2, was " + levels);
            }
            if (!(alpha >= RealNvp.SMALLEST_ALPHA && alpha < 0.5)) {
                throw new IllegalArgumentException(
                        "alpha must be in [" + RealNvp.SMALLEST_ALPHA + ", 0.5), was " + alpha);
            }
            if (!(standardizationFloor >= RealNvp.SMALLEST_STANDARDIZATION_FLOOR)
                    || Double.isInfinite(standardizationFloor)) {
                throw new IllegalArgumentException("standardizationFloor must be at least "
                        + RealNvp.SMALLEST_STANDARDIZATION_FLOOR + " and finite, was " + standardizationFloor);
            }
            if (!pixelOrder.splits(channels, height, width)) {
                throw new IllegalArgumentException("the order " + pixelOrder + " leaves one half of a " + channels + "x"
                        + height + "x" + width + " image empty");
            }
        }

        @Override
        public int dimension() {
            return channels * height * width;
        }

        @Override
        public int[] order() {
            return pixelOrder.order(channels, height, width);
        }

        @Override
        public int firstHalf() {
            return pixelOrder.firstHalf(channels, height, width);
        }

        @Override
        public SDVariable observe(GraphBuilder g) {
            SDVariable pixels = g.input(new FunctionInput.Data("pixels", dimension()));
            return pixels.add(g.input(
                    new FunctionInput.NoiseInput("dequantization_noise", dimension(), Noise.UNIFORM, Renewal.DRAW)));
        }

        @Override
        public List<Stage> stages() {
            return List.of(
                    new Stage(
                            "dequantization",
                            "log-det of the scaling to [0, 1)",
                            new Dequantization(dimension(), levels)),
                    new Stage(
                            "logit", "log-det of the logit, with its log(1 - 2 alpha)", new Logit(dimension(), alpha)));
        }

        @Override
        public int unitStages() {
            return 1;
        }

        /** Logits are at most log(1/alpha) either way. */
        @Override
        public double largestLogInput() {
            return Math.log(-2 * Math.log(alpha) / standardizationFloor);
        }

        @Override
        public boolean storesIntegers() {
            return true;
        }

        @Override
        public String densityOf() {
            return "the dequantised pixels";
        }
    }

    /**
     * Rows of real numbers, which are only standardised: the log-likelihood is exact, in the data's own units.
     *
     * @param dimension at least 2
     * @param halves {@link PixelOrder#HALVES}: the first columns, then the others; else every other column
     */
    record Reals(int dimension, PixelOrder halves) implements FlowData {
        /** n values are at most sqrt(n) standard deviations from their mean; 10^8 rows do not fit in a Java array. */
        private static final double LARGEST_LOG_SCORE = Math.log(1e4);

        public Reals {
            if (dimension < 2) {
                throw new IllegalArgumentException("the dimension must be at least 2, was " + dimension);
            }
        }

        @Override
        public int[] order() {
            return halves == PixelOrder.HALVES ? halves.order(1, dimension, 1) : halves.order(1, 1, dimension);
        }

        @Override
        public int firstHalf() {
            return halves == PixelOrder.HALVES ? halves.firstHalf(1, dimension, 1) : halves.firstHalf(1, 1, dimension);
        }

        @Override
        public SDVariable observe(GraphBuilder g) {
            return g.input(new FunctionInput.Data("values", dimension));
        }

        @Override
        public List<Stage> stages() {
            return List.of();
        }

        @Override
        public int unitStages() {
            return 0;
        }

        @Override
        public double standardizationFloor() {
            return Standardization.SMALLEST;
        }

        @Override
        public double largestLogInput() {
            return LARGEST_LOG_SCORE;
        }

        @Override
        public boolean storesIntegers() {
            return false;
        }

        @Override
        public String densityOf() {
            return "the data in their own units";
        }
    }
}
