package org.likelihood4j.data.synthetic.densities;

import java.util.Optional;

/** A density of the plane that a formula gives everywhere. */
interface FormulaDensity extends KnownDensity {
    /** The formula itself. */
    PlaneFormula plane();

    @Override
    default double logDensity(double... point) {
        return plane().logDensity(point[0], point[1]);
    }

    @Override
    default Optional<PlaneFormula> formula() {
        return Optional.of(plane());
    }
}
