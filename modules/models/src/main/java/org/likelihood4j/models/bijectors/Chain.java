package org.likelihood4j.models.bijectors;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Footprint;
import org.likelihood4j.models.ModelPart;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.Outputs;
import org.nd4j.autodiff.samediff.SDVariable;

/** Bijectors one after the other: forward applies the first one first; log-determinants add. */
public record Chain(List<Bijector> links) implements Bijector {
    public Chain {
        links = List.copyOf(links);
        if (links.isEmpty()) {
            throw new IllegalArgumentException("a chain needs at least one bijector");
        }
        for (int i = 1; i < links.size(); i++) {
            EventShape made = links.get(i - 1).outputShape();
            EventShape taken = links.get(i).inputShape();
            if (!made.equals(taken)) {
                throw new IllegalArgumentException(
                        "link " + i + " of a chain takes " + taken + ", but the link before it makes " + made);
            }
        }
    }

    @Override
    public EventShape inputShape() {
        return links.get(0).inputShape();
    }

    @Override
    public EventShape outputShape() {
        return links.get(links.size() - 1).outputShape();
    }

    @Override
    public Result forward(GraphBuilder g, SDVariable x) {
        Result result = links.get(0).forward(g, x);
        for (Bijector link : links.subList(1, links.size())) {
            result = then(result, link.forward(g, result.value()));
        }
        return result;
    }

    @Override
    public Result inverse(GraphBuilder g, SDVariable y) {
        List<Bijector> reversed = new ArrayList<>(links);
        Collections.reverse(reversed);
        Result result = reversed.get(0).inverse(g, y);
        for (Bijector link : reversed.subList(1, reversed.size())) {
            result = then(result, link.inverse(g, result.value()));
        }
        return result;
    }

    private static Result then(Result first, Result second) {
        return new Result(second.value(), first.logDet().add(second.logDet()), added(first.terms(), second.terms()));
    }

    /** Those of the same name in sum. */
    public static Map<String, SDVariable> added(Map<String, SDVariable> first, Map<String, SDVariable> second) {
        Map<String, SDVariable> all = new LinkedHashMap<>(first);
        second.forEach((name, logDet) -> all.merge(name, logDet, SDVariable::add));
        return all;
    }

    @Override
    public List<Bijector> layers() {
        return links.stream().flatMap(link -> link.layers().stream()).toList();
    }

    @Override
    public List<Term> terms() {
        return links.stream().flatMap(link -> link.terms().stream()).distinct().toList();
    }

    @Override
    public List<Parameter> parameters() {
        return links.stream().flatMap(link -> link.parameters().stream()).toList();
    }

    @Override
    public List<Parameter> buffers() {
        return links.stream().flatMap(link -> link.buffers().stream()).toList();
    }

    @Override
    public List<ModelPart> parts() {
        return links.stream().flatMap(link -> link.parts().stream()).toList();
    }

    @Override
    public void report(GraphBuilder g, SDVariable x, Outputs outputs) {
        for (Bijector link : links) {
            link.report(g, x, outputs);
            x = link.forward(g, x).value();
        }
    }

    @Override
    public Footprint footprint() {
        return links.stream().map(Bijector::footprint).reduce(Footprint::and).orElseThrow();
    }
}
