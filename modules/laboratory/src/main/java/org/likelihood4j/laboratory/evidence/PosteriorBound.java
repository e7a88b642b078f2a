package org.likelihood4j.laboratory.evidence;

import java.util.Arrays;
import org.likelihood4j.runs.statistics.LogMeanExp;
import org.likelihood4j.runs.statistics.Moments;

/**
 * Bounds of log p(x) by draws of a Gaussian posterior of each example:
 *
 * <pre>
 * ELBO       E_q[log p(x|z)] - KL(q || p): of N(0, I) the KL is in closed form, else only q's entropy is
 * bound of K log (1/K sum of w),   log w = log p(x, z) - log q(z)
 * </pre>
 */
public final class PosteriorBound {
    private final JointDensity joint;
    private final boolean standardPrior;

    public PosteriorBound(JointDensity joint, boolean standardPrior) {
        this.joint = joint;
        this.standardPrior = standardPrior;
    }

    /**
     * By example.
     *
     * @param elbo the draws' values, whose mean is the ELBO
     * @param all over all K draws
     * @param some bounds of k draws each, whose mean is the bound of k
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Value(Moments[] elbo, LogMeanExp[] all, Moments[] some) {}

    /**
     * Both bounds.
     *
     * @param rounds of {@code joint.draws()} draws each
     * @param k of the small bound, a divisor of {@code joint.draws()}
     * @param key of noise by purpose, first example and first draw
     */
    public Value of(DiagonalPosteriors q, int rounds, int k, NoiseOfRound key, Annealing.Watch watch) {
        int examples = joint.examples();
        int draws = joint.draws();
        Moments[] elbo = moments(examples);
        Moments[] some = moments(examples);
        LogMeanExp[] all = LogMeanExp.array(examples);
        for (int round = 0; round < rounds; round++) {
            LatentPoint point = joint.at(q.draw(key.of(round)));
            double[] logQ = q.logDensity(point.z());
            double[] logWeights = new double[logQ.length];
            Arrays.setAll(logWeights, row -> point.logJoint(row) - logQ[row]);
            for (int n = 0; n < examples; n++) {
                double closed = q.entropy(n) + (standardPrior ? q.meanLogStandardNormal(n) : 0);
                for (int row = n * draws; row < (n + 1) * draws; row++) {
                    elbo[n].add(closed + point.logLikelihood()[row] + (standardPrior ? 0 : point.logPrior()[row]));
                    all[n].add(logWeights[row]);
                }
                for (int first = n * draws; first < (n + 1) * draws; first += k) {
                    some[n].add(LocalGradient.logSumExp(logWeights, first, first + k) - Math.log(k));
                }
            }
            watch.moved();
        }
        return new Value(elbo, all, some);
    }

    /** The noise of a round of draws. */
    public interface NoiseOfRound {
        ChainNoise of(int round);
    }

    private static Moments[] moments(int count) {
        Moments[] moments = new Moments[count];
        Arrays.setAll(moments, n -> new Moments());
        return moments;
    }
}
