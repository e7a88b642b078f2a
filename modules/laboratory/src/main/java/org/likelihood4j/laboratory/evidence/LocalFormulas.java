package org.likelihood4j.laboratory.evidence;

/**
 * The gradient by which a Gaussian posterior of one example is moved, each formula by itself, so that {@code verify} can bend it. With
 * {@code z = mu + sigma eps}, {@code g = d log p(x, z)/dz} and the normalised weights v of k draws ({@code log w = log p(x, z) - log q(z)}):
 *
 * <pre>
 * ELBO       d/dmu = E[g]                    d/dlog sigma = E[g sigma eps] + 1
 * bound of k d/dmu = E[sum of v^2 h]         d/dlog sigma = E[sum of v^2 h sigma eps],   h = g + eps/sigma
 * </pre>
 *
 * <p>The first has the entropy {@code sum of log sigma} in closed form; the second is doubly reparameterised (Tucker et al. 2019), in which
 * {@code -d log q/dz = eps/sigma}.
 *
 * @param ofBound what a draw adds to d/dz of the ELBO, without the entropy's
 * @param entropy what d/dlog sigma has beside the mean over draws
 * @param ofWeighted what a draw adds to d/dz of the bound of k
 */
public record LocalFormulas(OfBound ofBound, double entropy, OfWeighted ofWeighted) {
    /** Of one draw. */
    @FunctionalInterface
    public interface OfBound {
        double at(double slope);
    }

    /** Of one draw of k. */
    @FunctionalInterface
    public interface OfWeighted {
        double at(double weight, double slope, double eps, double sigma);
    }

    /** What the program uses. */
    public static LocalFormulas derived() {
        return new LocalFormulas(
                slope -> slope, 1, (weight, slope, eps, sigma) -> weight * weight * (slope + eps / sigma));
    }
}
