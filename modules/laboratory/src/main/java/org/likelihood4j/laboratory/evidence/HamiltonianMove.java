package org.likelihood4j.laboratory.evidence;

import java.util.Arrays;

/**
 * One Hamiltonian move of every chain, which leaves {@code f_beta(z) = p0(z)^(1 - beta) p(x, z)^beta} as it is: a fresh momentum, some
 * leapfrog steps, Metropolis's decision. With the same momentum's law it is its own reverse.
 */
final class HamiltonianMove {
    private final JointDensity joint;
    private final StartDensity start;
    private final AnnealingFormulas formulas;
    private final int leapfrogs;

    HamiltonianMove(JointDensity joint, StartDensity start, AnnealingFormulas formulas, int leapfrogs) {
        this.joint = joint;
        this.start = start;
        this.formulas = formulas;
        this.leapfrogs = leapfrogs;
    }

    /**
     * What a move has made.
     *
     * @param point where the chains are now
     * @param acceptance {@code min(1, exp(H - H')) [rows]}
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Moved(LatentPoint point, double[] acceptance) {}

    /**
     * Moves all chains.
     *
     * @param stepSize of each example, of {@link StartDensity#scale}
     * @param step the number of the noise
     */
    Moved move(LatentPoint from, double beta, double[] stepSize, ChainNoise noise, long step) {
        int latent = joint.latent();
        double[] scale = steps(stepSize, start.scale(beta));
        double[] momentum = noise.normal(step, latent);
        double[] energy = energies(from, beta, momentum);
        LatentPoint at = from;
        double[] slope = slope(at, beta);
        for (int i = 0; i < leapfrogs; i++) {
            kick(momentum, slope, scale);
            double[] z = at.z().clone();
            for (int k = 0; k < z.length; k++) {
                z[k] += scale[place(k)] * momentum[k];
            }
            at = joint.at(z);
            slope = slope(at, beta);
            kick(momentum, slope, scale);
        }
        double[] proposed = energies(at, beta, momentum);
        double[] logUniform = noise.logUniform(step);
        double[] acceptance = new double[energy.length];
        Arrays.setAll(acceptance, row -> {
            double probability = Math.min(1, Math.exp(energy[row] - proposed[row]));
            return Double.isNaN(probability) ? 0 : probability;
        });
        // What is not finite is not accepted: no comparison with NaN is true.
        LatentPoint point = from.replaced(
                at,
                row -> Double.isFinite(proposed[row])
                        && formulas.acceptance().accepts(logUniform[row], energy[row], proposed[row]));
        return new Moved(point, acceptance);
    }

    private double[] steps(double[] stepSize, double... scale) {
        double[] steps = new double[scale.length];
        Arrays.setAll(steps, i -> stepSize[i / joint.latent()] * scale[i]);
        return steps;
    }

    /** Of an example's number among the scales, by that of a row's. */
    private int place(int i) {
        int latent = joint.latent();
        return i / (latent * joint.draws()) * latent + i % latent;
    }

    /** Half a step of the momentum, in units of the scales. */
    private void kick(double[] momentum, double[] slope, double... scale) {
        for (int k = 0; k < momentum.length; k++) {
            momentum[k] += 0.5 * scale[place(k)] * slope[k];
        }
    }

    private double[] slope(LatentPoint point, double beta) {
        double[] slope = start.slope(point);
        for (int k = 0; k < slope.length; k++) {
            slope[k] = (1 - beta) * slope[k] + beta * point.slope(k);
        }
        return slope;
    }

    private double[] energies(LatentPoint point, double beta, double... momentum) {
        int latent = joint.latent();
        double[] logStart = start.logDensity(point);
        double[] energies = new double[logStart.length];
        for (int row = 0; row < energies.length; row++) {
            double squared = 0;
            for (int k = row * latent; k < (row + 1) * latent; k++) {
                squared += momentum[k] * momentum[k];
            }
            double logDensity = (1 - beta) * logStart[row] + beta * point.logJoint(row);
            energies[row] = formulas.energy().of(logDensity, squared);
        }
        return energies;
    }
}
