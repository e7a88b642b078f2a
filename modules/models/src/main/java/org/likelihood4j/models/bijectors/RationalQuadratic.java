package org.likelihood4j.models.bijectors;

import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A piece of a monotone rational-quadratic spline (Gregory and Delbourgo 1982), for each number the one of the bin that it lies in: from X to X + p
 * it rises from Y to Y + q, with slopes d0 and d1 at its ends.
 *
 * <pre>
 * xi = (t - X) / p        s = q / p,  r0 = d0 / s,  r1 = d1 / s
 * D = 1 + (r0 + r1 - 2) xi (1 - xi)
 * f(t) = Y + q (xi^2 + r0 xi (1 - xi)) / D
 * f'(t) = s (r1 xi^2 + 2 xi (1 - xi) + r0 (1 - xi)^2) / D^2
 * </pre>
 *
 * @param left X
 * @param width p
 * @param bottom Y
 * @param height q
 * @param slopeLeft r0
 * @param slopeRight r1
 */
public record RationalQuadratic(
        SDVariable left,
        SDVariable width,
        SDVariable bottom,
        SDVariable height,
        SDVariable slopeLeft,
        SDVariable slopeRight) {
    /** What is below is rounding: a root of it would have an enormous slope. */
    private static final double SMALLEST_DISCRIMINANT = 1e-14;

    /** Where t is in its bin. */
    public Place place(SDVariable t) {
        return new Place(t.sub(left).div(width));
    }

    /**
     * Where that t is in its bin which is mapped to this number. With {@code eta = (f - Y) / q}: {@code a xi^2 + b xi = eta}, {@code b = r0 - eta (r0 + r1 - 2)},
     * {@code a = 1 - b}, whose root is taken in the form in which nothing cancels, whatever the sign of b.
     */
    public Place placeOfMapped(SDVariable mapped) {
        SDVariable eta = mapped.sub(bottom).div(height);
        SDVariable b = slopeLeft.sub(eta.mul(curvature()));
        SDVariable a = b.rsub(1);
        SDVariable discriminant = b.mul(b).add(a.mul(eta).mul(4));
        SDVariable root = mapped.getSameDiff().math().sqrt(StableOps.largest(discriminant, SMALLEST_DISCRIMINANT));
        SDVariable positive = StableOps.below(mapped.getSameDiff().zerosLike(b), b);
        SDVariable negative = positive.rsub(1);
        SDVariable above = positive.mul(eta.mul(2)).add(negative.mul(root.sub(b)));
        SDVariable below = positive.mul(b.add(root)).add(negative.mul(a.mul(2)));
        return new Place(above.div(below));
    }

    /** r0 + r1 - 2. */
    private SDVariable curvature() {
        return slopeLeft.add(slopeRight).sub(2);
    }

    /** A place in the bin. */
    public final class Place {
        private final SDVariable xi;
        /** {@code xi (1 - xi)}, also where xi is beyond its bin by a last digit: then a slope near 0 stays above it. */
        private final SDVariable mixed;
        /** D, at least 1/2. */
        private final SDVariable denominator;

        private Place(SDVariable xi) {
            this.xi = xi;
            this.mixed = StableOps.largest(xi.mul(xi.rsub(1)), 0);
            this.denominator = curvature().mul(mixed).add(1);
        }

        /** t. */
        public SDVariable source() {
            return left.add(width.mul(xi));
        }

        /** f(t). */
        public SDVariable mapped() {
            SDVariable numerator = xi.mul(xi).add(slopeLeft.mul(mixed));
            return bottom.add(height.mul(numerator).div(denominator));
        }

        /** log f'(t). */
        public SDVariable logSlope() {
            SDVariable rest = xi.rsub(1);
            SDVariable rise = slopeRight
                    .mul(xi)
                    .mul(xi)
                    .add(mixed.mul(2))
                    .add(slopeLeft.mul(rest).mul(rest));
            SDVariable slope = height.div(width).mul(rise).div(denominator.mul(denominator));
            return xi.getSameDiff().math().log(slope);
        }
    }
}
