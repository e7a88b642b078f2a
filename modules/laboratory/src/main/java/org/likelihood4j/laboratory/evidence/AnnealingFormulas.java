package org.likelihood4j.laboratory.evidence;

/**
 * The formulas of annealed importance sampling with Hamiltonian moves (Neal 2001, 2011), each by itself, so that {@code verify} can bend
 * it.
 *
 * @param energy H of a point with its momentum
 * @param acceptance of a move
 * @param increment of the log-weight from one temperature to the next
 * @param reverse which temperature a reverse chain moves at
 */
public record AnnealingFormulas(Energy energy, Acceptance acceptance, Increment increment, ReverseOrder reverse) {
    /** {@code H = -log f(z) + |p|^2/2}: the momentum is drawn anew from N(0, I), whose density is part of the target's. */
    @FunctionalInterface
    public interface Energy {
        double of(double logDensity, double squaredMomentum);
    }

    /** Whether a move is made: {@code log u < H - H'} (Metropolis). */
    @FunctionalInterface
    public interface Acceptance {
        boolean accepts(double logUniform, double energy, double proposed);
    }

    /** What step t = 1 ... T adds to log w: {@code (beta_t - beta_(t-1)) (log p(x, z) - log p0(z))} at the z before its move. */
    @FunctionalInterface
    public interface Increment {
        double of(double[] temperatures, int step, double logRatio);
    }

    /** Behind the increment of step t, from T down, the reverse chain moves at temperature number t - 1. */
    @FunctionalInterface
    public interface ReverseOrder {
        int temperature(int step, int steps);
    }

    /** What the program uses. */
    public static AnnealingFormulas derived() {
        return new AnnealingFormulas(
                (logDensity, squared) -> -logDensity + 0.5 * squared,
                (logUniform, energy, proposed) -> logUniform < energy - proposed,
                (temperatures, step, logRatio) -> (temperatures[step] - temperatures[step - 1]) * logRatio,
                (step, steps) -> step - 1);
    }
}
