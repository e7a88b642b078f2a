package org.likelihood4j.engine;

/**
 * A gradient-descent rule as plain data; the engine runs it, fused with what surrounds it. With g the (clipped) gradient,
 * lr the step's learning rate and t = 1, 2, ... the step:
 *
 * <p>Weight decay is decoupled from the gradient (Loshchilov and Hutter 2019): {@code p <- p - lr * weightDecay * p} for
 * the slots that decay, before the update.
 */
public sealed interface Optimizer {
    /** Decoupled weight decay, 0 for none. */
    double weightDecay();

    /**
     * Adam (Kingma and Ba 2015): {@code m <- b1 m + (1 - b1) g; v <- b2 v + (1 - b2) g^2;
     * p <- p - lr * mhat / (sqrt(vhat) + epsilon)} with {@code mhat = m/(1 - b1^t)}, {@code vhat = v/(1 - b2^t)}.
     */
    record Adam(double beta1, double beta2, double epsilon, double weightDecay) implements Optimizer {
        public Adam {
            requireFraction("beta1", beta1);
            requireFraction("beta2", beta2);
            if (!(epsilon > 0) || Double.isInfinite(epsilon)) {
                throw new IllegalArgumentException("epsilon must be above 0 and finite, was " + epsilon);
            }
            requireDecay(weightDecay);
        }

        public static Adam standard() {
            return new Adam(0.9, 0.999, 1e-8, 0);
        }
    }

    /** Stochastic gradient descent with (heavy-ball) momentum: {@code v <- momentum * v + g; p <- p - lr * v}. */
    record Momentum(double momentum, double weightDecay) implements Optimizer {
        public Momentum {
            requireFraction("momentum", momentum);
            requireDecay(weightDecay);
        }
    }

    private static void requireFraction(String name, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(name + " must be in [0, 1), was " + value);
        }
    }

    private static void requireDecay(double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException("weightDecay must be at least 0 and finite, was " + value);
        }
    }
}
