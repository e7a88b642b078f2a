package org.likelihood4j.models.bijectors.coupling;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.bijectors.Bijector;
import org.likelihood4j.models.bijectors.Chain;
import org.likelihood4j.models.bijectors.Permutation;
import org.likelihood4j.models.layers.LayerFactory;
import org.likelihood4j.models.layers.Masked;

/** Autoregressive steps of a row, one after the other. */
public final class AutoregressiveStack {
    private AutoregressiveStack() {}

    /**
     * Steps that start as the identity. Where nothing mixes the columns, every other step sees them in turned order.
     *
     * @param path under which the steps are {@code step0}, {@code step1}, ...
     * @param count of steps, at least 1
     * @param network the kind of every step's network: a {@link Masked} one of the row's columns
     * @param mixing before each step
     */
    public static Chain of(
            ParameterPath path,
            EventShape.Row row,
            int count,
            LayerFactory network,
            ElementwiseFamily family,
            Mixing mixing) {
        Bijector turn = new Permutation(
                row, IntStream.range(0, row.size()).map(j -> row.size() - 1 - j).toArray());
        List<Bijector> links = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            mixing.before(path, row, i).ifPresent(links::add);
            Bijector step = new Autoregressive(path.child("step", i), row, network, family);
            boolean turned = mixing.kind() == Mixing.Kind.NONE && i % 2 != 0;
            links.addAll(turned ? List.of(turn, step, turn) : List.of(step));
        }
        return new Chain(links);
    }
}
