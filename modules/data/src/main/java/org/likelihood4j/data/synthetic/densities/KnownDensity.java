package org.likelihood4j.data.synthetic.densities;

import java.util.List;
import java.util.Optional;
import org.likelihood4j.data.columns.Column;
import org.likelihood4j.random.RandomStream;

/** A density that can be drawn from and computed. */
interface KnownDensity {
    /** Those of the plane. */
    List<Column> PLANE = List.of(Column.ofNumbers("x"), Column.ofNumbers("y"));

    /** What the coordinates are called, and hold. */
    default List<Column> columns() {
        return PLANE;
    }

    /** Puts a point at {@code target[at]} and the places behind it. */
    void draw(RandomStream draws, double[] target, int at);

    /** In nats; {@code -Infinity} where there are no points. */
    double logDensity(double... point);

    /** The same as a formula, of a density of the plane that has one everywhere. */
    default Optional<PlaneFormula> formula() {
        return Optional.empty();
    }
}
