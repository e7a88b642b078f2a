package org.likelihood4j.models.densities;

import java.util.List;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;
import org.likelihood4j.models.Footprint;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A fixed mixture of Gaussians that are round: {@code log p(x) = log sum over k of exp(c_k - |x - m_k|^2 / (2 s_k^2))}, c the log of their
 * heights.
 *
 * <p>All distances at once: {@code |x - m|^2 = |x|^2 - 2 x m + |m|^2} as products with matrices of a column for each Gaussian.
 *
 * @param parts at least 2, all of as many coordinates
 */
public record RoundGaussians(List<Part> parts) implements LogDensity {
    /**
     * One of them.
     *
     * @param logHeight c, nats: {@code log w - size/2 log(2 pi s^2)} of one that has the weight w
     * @param mean m
     * @param deviation s
     */
    public record Part(double logHeight, List<Double> mean, double deviation) {
        public Part {
            mean = List.copyOf(mean);
            if (!(deviation > 0)) {
                throw new IllegalArgumentException("a deviation must be positive, was " + deviation);
            }
        }

        private double precision() {
            return 1 / (deviation * deviation);
        }
    }

    public RoundGaussians {
        parts = List.copyOf(parts);
        if (parts.size() < 2) {
            throw new IllegalArgumentException("a mixture needs at least 2 components, had " + parts.size());
        }
        int size = parts.get(0).mean().size();
        if (parts.stream().anyMatch(part -> part.mean().size() != size)) {
            throw new IllegalArgumentException(
                    "all components must have " + size + " coordinates, as the first one has");
        }
    }

    /** Six arrays of a number for each Gaussian: the products, their sums, the exponentials, and as many gradients. */
    @Override
    public Footprint footprint() {
        return Footprint.arrays(6, parts.size());
    }

    @Override
    public SDVariable of(GraphBuilder g, SDVariable x) {
        int size = parts.get(0).mean().size();
        SDVariable squares = x.mul(x).mmul(matrix(g, size, (part, j) -> -0.5 * part.precision()));
        SDVariable products = x.mmul(matrix(g, size, (part, j) -> part.mean().get(j) * part.precision()));
        SDVariable own = matrix(
                g,
                1,
                (part, j) -> part.logHeight()
                        - 0.5
                                * part.precision()
                                * part.mean().stream().mapToDouble(m -> m * m).sum());
        return StableOps.logSumExp(squares.add(products).add(own), parts.size());
    }

    /** A column for each part. */
    private SDVariable matrix(GraphBuilder g, int rows, ToDoubleBiFunction<Part, Integer> element) {
        double[] flat = IntStream.range(0, rows * parts.size())
                .mapToDouble(i -> element.applyAsDouble(parts.get(i % parts.size()), i / parts.size()))
                .toArray();
        return g.sameDiff().constant(Nd4j.createFromArray(flat).castTo(g.type()).reshape(rows, parts.size()));
    }
}
