package org.likelihood4j.models.vae.likelihood;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.densities.FactorizedDensity;
import org.likelihood4j.models.graph.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;

/** Columns of a table of one kind, C of them, and their part of p(x|z). What the encoder sees of them is called x. */
sealed interface ColumnGroup permits RealColumns, TruthColumns, WholeColumns, WordColumns {
    /** From a whole number to the middle of its cell, as which a model shows it. */
    double MIDDLE = 0.5;

    /** C, at least 1. */
    int columns();

    /** Of x. */
    default int width() {
        return columns();
    }

    /** What the decoder makes of them. */
    default int outputs() {
        return columns();
    }

    /** Cells {@code [N, C]} to what is averaged over the data {@code [N, width]}. */
    default SDVariable statistic(GraphBuilder g, SDVariable cells) {
        return cells;
    }

    /** That to x. */
    default SDVariable standardized(GraphBuilder g, SDVariable statistic) {
        return statistic;
    }

    /** Statistics of the data. */
    default List<Parameter> buffers() {
        return List.of();
    }

    /** The buffers' values from the moments of the statistic. */
    default Map<String, double[]> buffers(double[] mean, double[] variance) {
        return Map.of();
    }

    /** What the decoder's bias is to start as, from the mean of the statistic. */
    double[] bias(double[] mean);

    /** {@code [N, C]} or {@code [1, C]}: some numbers that the columns can hold, for cells that are missing. */
    default Optional<SDVariable> neutral(GraphBuilder g) {
        return Optional.empty();
    }

    /** A number of each column, {@code [N, C]}, for all that x has of it. */
    default SDVariable spread(GraphBuilder g, SDVariable ofColumns) {
        return ofColumns;
    }

    /** The same outside of graphs. */
    default double[] spread(double[] ofColumns) {
        return ofColumns;
    }

    /** Of x, its parts being the columns. */
    FactorizedDensity density(GraphBuilder g, SDVariable output);

    /** The x that a density shows as its middle: its mean, or what is most probable. */
    SDVariable middle(GraphBuilder g, SDVariable output);

    /** {@code log|d cell/dx| [N, C]}; empty of discrete columns, which have probabilities. */
    default Optional<SDVariable> logSlopes(GraphBuilder g, SDVariable x) {
        return Optional.empty();
    }

    /** x as cells; of discrete columns the middles of their unit cells. */
    SDVariable shown(GraphBuilder g, SDVariable x);
}
