package org.likelihood4j.models.bijectors;

import java.util.List;
import java.util.Map;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Footprint;
import org.likelihood4j.models.ModelPart;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.Outputs;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A bijector whose log-determinant is told by itself, or in sum with those of the same name that it
 * stands in a chain with.
 */
public record Labelled(Term term, Bijector inner) implements Bijector {
    @Override
    public EventShape inputShape() {
        return inner.inputShape();
    }

    @Override
    public EventShape outputShape() {
        return inner.outputShape();
    }

    @Override
    public Result forward(GraphBuilder g, SDVariable x) {
        Result result = inner.forward(g, x);
        return new Result(result.value(), result.logDet(), Map.of(term.name(), result.logDet()));
    }

    @Override
    public Result inverse(GraphBuilder g, SDVariable y) {
        return inner.inverse(g, y);
    }

    @Override
    public List<Term> terms() {
        return List.of(term);
    }

    @Override
    public List<Parameter> parameters() {
        return inner.parameters();
    }

    @Override
    public List<Parameter> buffers() {
        return inner.buffers();
    }

    @Override
    public List<ModelPart> parts() {
        return inner.parts();
    }

    @Override
    public void report(GraphBuilder g, SDVariable x, Outputs outputs) {
        inner.report(g, x, outputs);
    }

    @Override
    public Footprint footprint() {
        return inner.footprint();
    }
}
