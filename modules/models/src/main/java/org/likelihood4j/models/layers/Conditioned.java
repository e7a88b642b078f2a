package org.likelihood4j.models.layers;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Footprint;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.graph.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Networks of rows that are told something of each example: its columns stand beside the input's,
 * {@code network(x, y)}. To a first layer a class is a bias of its own.
 *
 * @param network the kind that takes the wider rows
 * @param columns of what is told
 * @param told what stands beside a row, {@code [N, columns]}
 */
record Conditioned(LayerFactory network, int columns, Function<GraphBuilder, SDVariable> told) implements LayerFactory {
    @Override
    public Layer create(ParameterPath path, EventShape in, EventShape out) {
        return new Joined(in, network.create(path, wider(in), out), told);
    }

    @Override
    public Layer startingAtZero(ParameterPath path, EventShape in, EventShape out) {
        return new Joined(in, network.startingAtZero(path, wider(in), out), told);
    }

    private EventShape wider(EventShape in) {
        if (in instanceof EventShape.FeatureMap) {
            throw new IllegalArgumentException(
                    "what is told stands beside the columns of a row, not of a map of " + in);
        }
        return EventShape.row(Math.addExact(in.size(), columns));
    }

    private record Joined(EventShape inputShape, Layer network, Function<GraphBuilder, SDVariable> told)
            implements Layer {
        @Override
        public EventShape outputShape() {
            return network.outputShape();
        }

        @Override
        public List<Parameter> parameters() {
            return network.parameters();
        }

        @Override
        public SDVariable apply(GraphBuilder g, SDVariable x) {
            return network.apply(g, g.sameDiff().concat(1, x, told.apply(g)));
        }

        @Override
        public Footprint footprint() {
            return Footprint.arrays(2, network.inputShape().size()).and(network.footprint());
        }

        @Override
        public Optional<Parameter> outputBias() {
            return network.outputBias();
        }
    }
}
