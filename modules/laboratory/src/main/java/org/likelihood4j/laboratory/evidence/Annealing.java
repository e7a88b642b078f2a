package org.likelihood4j.laboratory.evidence;

import java.util.Arrays;

/**
 * Annealed importance sampling (Neal 2001) between a start p0 and p(x, z), by Hamiltonian moves, and its reverse (Grosse et al. 2015). Of
 * the weights w of both
 *
 * <pre>
 * forwards, from a draw of p0:               E[w]   = p(x),    so E[log mean w]     at most  log p(x)
 * backwards, from a draw of p(z|x):          E[1/w] = 1/p(x),  so E[-log mean 1/w]  at least log p(x)
 * </pre>
 *
 * <p>for any temperatures, step sizes and numbers of moves, as long as these are chosen without the chains that are weighted.
 */
public final class Annealing {
    private final JointDensity joint;
    private final StartDensity start;
    private final AnnealingFormulas formulas;
    private final HamiltonianMove move;

    public Annealing(JointDensity joint, StartDensity start, AnnealingFormulas formulas, int leapfrogs) {
        this.joint = joint;
        this.start = start;
        this.formulas = formulas;
        this.move = new HamiltonianMove(joint, start, formulas, leapfrogs);
    }

    /**
     * What chains have found.
     *
     * @param logWeights log w of each row, nats
     * @param acceptance the mean probability of a move of each row; 1 without moves
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Weighted(double[] logWeights, double[] acceptance) {}

    /** Hears of each temperature. */
    public interface Watch {
        /** A step of the way was made. */
        void moved();
    }

    /** From the start to the posterior. */
    public Weighted forward(StepSizes sizes, ChainNoise noise, Watch watch) {
        double[] temperatures = sizes.temperatures();
        int steps = temperatures.length - 1;
        Run run = new Run(joint.at(start.draw(noise)));
        for (int t = 1; t <= steps; t++) {
            run.weigh(temperatures, t);
            if (t < steps) {
                run.move(temperatures[t], sizes.of(t), noise, t);
            }
            watch.moved();
        }
        return run.weighted(steps - 1);
    }

    /** From a draw of the posterior, one for each row, to the start. */
    public Weighted reverse(double[] posterior, StepSizes sizes, ChainNoise noise, Watch watch) {
        double[] temperatures = sizes.temperatures();
        int steps = temperatures.length - 1;
        Run run = new Run(joint.at(posterior));
        for (int t = steps; t >= 1; t--) {
            run.weigh(temperatures, t);
            if (t > 1) {
                int at = formulas.reverse().temperature(t, steps);
                run.move(temperatures[at], sizes.of(at), noise, t);
            }
            watch.moved();
        }
        return run.weighted(steps - 1);
    }

    /**
     * Step sizes for some temperatures, by chains of their own that go forwards once: after each move every example's grows where its
     * chains were accepted more often than the target, and shrinks where less (Robbins and Monro).
     *
     * @param temperatures that the pilots take: any, since sizes are read off between them
     * @param target wanted mean probability of acceptance
     */
    public StepSizes tune(double[] temperatures, double[] wanted, double target, ChainNoise noise, Watch watch) {
        double[] logSize = new double[joint.examples()];
        Arrays.fill(logSize, Math.log(StepSizes.FIRST));
        double[][] sizes = new double[temperatures.length][];
        LatentPoint point = joint.at(start.draw(noise));
        for (int t = 0; t < temperatures.length; t++) {
            sizes[t] = Arrays.stream(logSize).map(Math::exp).toArray();
            // At the start there is more to learn than later.
            int repeats = t == 0 ? StepSizes.WARM_UP : 1;
            for (int i = 0; i < repeats; i++) {
                double[] size = Arrays.stream(logSize).map(Math::exp).toArray();
                HamiltonianMove.Moved moved =
                        move.move(point, temperatures[t], size, noise, 1 + (long) t * StepSizes.WARM_UP + i);
                point = moved.point();
                for (int n = 0; n < logSize.length; n++) {
                    double accepted = Arrays.stream(moved.acceptance(), n * joint.draws(), (n + 1) * joint.draws())
                            .average()
                            .orElseThrow();
                    logSize[n] += StepSizes.GAIN * (accepted - target);
                }
                if (t == 0) {
                    sizes[t] = Arrays.stream(logSize).map(Math::exp).toArray();
                }
            }
            watch.moved();
        }
        return StepSizes.between(temperatures, sizes, wanted);
    }

    /** The chains on their way. */
    private final class Run {
        private LatentPoint point;
        private final double[] logWeights = new double[joint.rows()];
        private final double[] accepted = new double[joint.rows()];

        Run(LatentPoint point) {
            this.point = point;
        }

        void weigh(double[] temperatures, int step) {
            double[] logStart = start.logDensity(point);
            for (int row = 0; row < logWeights.length; row++) {
                logWeights[row] += formulas.increment().of(temperatures, step, point.logJoint(row) - logStart[row]);
            }
        }

        void move(double beta, double[] sizes, ChainNoise noise, long step) {
            HamiltonianMove.Moved moved = move.move(point, beta, sizes, noise, step);
            point = moved.point();
            for (int row = 0; row < accepted.length; row++) {
                accepted[row] += moved.acceptance()[row];
            }
        }

        Weighted weighted(int moves) {
            Arrays.setAll(accepted, row -> moves == 0 ? 1 : accepted[row] / moves);
            return new Weighted(logWeights, accepted);
        }
    }
}
