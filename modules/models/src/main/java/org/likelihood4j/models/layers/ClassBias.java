package org.likelihood4j.models.layers;

import java.util.List;
import org.likelihood4j.models.EventShape.FeatureMap;
import org.likelihood4j.models.Footprint;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.Initializer;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * {@code y = x + E[class]}: every place of a map gets the vector of the example's class, {@code E
 * [classes, C]}. It starts as if there were no classes.
 */
final class ClassBias implements SpatialLayer {
    private final FeatureMap shape;
    private final FunctionInput.Condition condition;
    private final Parameter vectors;

    ClassBias(ParameterPath path, FeatureMap shape, FunctionInput.Condition condition) {
        this.shape = shape;
        this.condition = condition;
        this.vectors = new Parameter(
                path.child("weight").prefix(),
                List.of((long) condition.classes(), (long) shape.channels()),
                Initializer.zeros(),
                true);
    }

    @Override
    public FeatureMap inputShape() {
        return shape;
    }

    @Override
    public FeatureMap outputShape() {
        return shape;
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(vectors);
    }

    @Override
    public Footprint footprint() {
        return Footprint.arrays(1, shape.size());
    }

    @Override
    public SDVariable applyToPlaces(GraphBuilder g, SDVariable x) {
        SDVariable bias = g.condition(condition).mmul(g.parameter(vectors));
        return x.add(StableOps.repeatRows(bias, shape.channels(), shape.height() * shape.width()));
    }
}
