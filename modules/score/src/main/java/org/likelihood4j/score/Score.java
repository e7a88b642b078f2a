package org.likelihood4j.score;

/**
 * What a model says of an example, nats.
 *
 * @param logProb log p(x): exact of a flow of real numbers, else the log of the mean of w over K draws of the noise, an estimate from below
 * @param standardError of logProb, to first order: what another seed would change; NaN for one draw
 * @param bound the mean of log w, at most logProb in expectation: of a VAE the ELBO
 * @param boundError of the bound; NaN for one draw
 * @param effectiveDraws {@code (sum of w)^2 / sum of w^2}, from 1 to K: few say that logProb is one draw's word
 */
public record Score(double logProb, double standardError, double bound, double boundError, double effectiveDraws) {
    /** Of the log-weights of K draws, nats. */
    static Score of(double... logWeights) {
        int n = logWeights.length;
        double largest = Double.NEGATIVE_INFINITY;
        double mean = 0;
        for (double x : logWeights) {
            largest = Math.max(largest, x);
            mean += x / n;
        }
        double spread = 0;
        double sum = 0;
        double squares = 0;
        for (double x : logWeights) {
            spread += (x - mean) * (x - mean);
            // All overflow to the same side.
            double weight = x == largest ? 1 : Math.exp(x - largest);
            sum += weight;
            squares += weight * weight;
        }
        return new Score(
                largest + Math.log(sum / n),
                n == 1 ? Double.NaN : Math.sqrt(Math.max(0, n * squares / (sum * sum) - 1) / (n - 1)),
                mean,
                n == 1 ? Double.NaN : Math.sqrt(spread / (n - 1) / n),
                sum * sum / squares);
    }
}
