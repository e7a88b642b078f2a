package org.likelihood4j.models.flow;

import java.util.List;
import java.util.Optional;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.bijectors.Bijector;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.rows.GivenColumns;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * What a flow's data are, and their way to numbers on the whole real line, where they are
 * standardised.
 */
public sealed interface FlowData permits PixelData, RowData {
    /** Of what the density is of: an example, without what is {@link #given}. */
    EventShape shape();

    /** What the flow is told of a row, and how it stands in it. */
    default Optional<GivenColumns> given() {
        return Optional.empty();
    }

    /** Which numbers of an example are the halves of a flat flow's couplings. */
    HalfOrder halves();

    /**
     * Where each reordered number stands in an example: those of the couplings' first half, then
     * those of the second.
     */
    default int[] order() {
        return halves().order(shape());
    }

    /** The size of the first half. */
    default int firstHalf() {
        return halves().firstHalf(shape());
    }

    /** The stored data, with whatever noise makes a density of them: {@code v [N, size]}. */
    SDVariable observe(GraphBuilder g);

    /** From v to the real line. */
    List<Stage> stages();

    /** How many of the stages, from the first on, only change units: data are shown behind them. */
    int unitStages();

    /** The smallest standard deviation that standardising divides by. */
    double standardizationFloor();

    /** The log of the largest standardised number. */
    double largestLogInput();

    /**
     * Whether a density of v, over unit cells, bounds the probability of stored integers, so that
     * there are bits/dim.
     */
    boolean storesIntegers();

    /** Whether all that stands in an example is modelled as the real number that it is, so that a flow can be fitted to a density of it. */
    default boolean isOfPlainRows() {
        return false;
    }

    /** Of what the log-likelihood is a log-density, for people. */
    String densityOf();

    /** A named part of the chain, reported as a term of its own. */
    record Stage(String name, String description, Bijector bijector) {}
}
