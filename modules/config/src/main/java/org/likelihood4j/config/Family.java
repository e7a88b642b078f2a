package org.likelihood4j.config;

import java.util.Locale;

/** What a coupling makes of its two halves, with networks F and G of x2; y is (y1, y2). */
public enum Family {
    /** y1 = exp(G(x2)) * x1 + F(x2), y2 = exp(s) * x2 with a learned vector s. */
    DERIVED,
    /** y1 = exp(G(x2)) * x1 + F(x2), y2 = x2 (Dinh et al. 2017). */
    AFFINE,
    /** y1 = x1 + F(x2), y2 = x2: volume is preserved (Dinh et al. 2015). */
    ADDITIVE,
    /** y1 by monotone rational-quadratic splines whose knots and slopes a network makes of x2, y2 = x2 (Durkan et al. 2019). */
    SPLINE;

    /** Whether large numbers can become larger. */
    boolean scales() {
        return this == DERIVED || this == AFFINE;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
