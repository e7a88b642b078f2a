package org.likelihood4j.inference.latents;

import java.util.Locale;
import org.likelihood4j.config.ModelConfig;
import org.likelihood4j.config.PriorConfig;
import org.likelihood4j.config.RunConfig;

/**
 * A way from one latent to another.
 *
 * <p>Under N(0, I) in D dimensions norms lie close about sqrt(D), and two draws are nearly orthogonal. The middle of the straight
 * line between them has a norm of sqrt(D/2), which for a flow's 784 dimensions is 8 units, more than 11 standard deviations of
 * the norm, below that of any latent that was ever trained on: what it shows is not what the model makes of its own prior. So a
 * flow's path is {@link #SPHERICAL}. A VAE's ends are posterior means, not draws: they lie anywhere within the ball, in few
 * dimensions, and the decoder was trained on what lies between them, since each is blurred by its posterior's sigma. So a VAE's
 * path is {@link #LINEAR}.
 */
public enum LatentPath {
    /** {@code (1 - t) a + t b}. */
    LINEAR {
        @Override
        double[] between(double[] a, double[] b, double t) {
            double[] z = new double[a.length];
            for (int j = 0; j < z.length; j++) {
                z[j] = (1 - t) * a[j] + t * b[j];
            }
            return z;
        }
    },
    /**
     * Along the great circle, in equal angles, while the norm goes evenly from one to the other:
     *
     * <pre>
     * ((1 - t)|a| + t|b|) (sin((1 - t) w) a/|a| + sin(t w) b/|b|) / sin(w),   w the angle between a and b
     * </pre>
     *
     * <p>Slerp (Shoemake 1985; White 2016 for latents), which between ends of equal norm keeps the norm. Ends in line with the
     * origin have no great circle of their own: between them the path is linear.
     */
    SPHERICAL {
        @Override
        double[] between(double[] a, double[] b, double t) {
            double normA = norm(a);
            double normB = norm(b);
            if (normA == 0 || normB == 0) {
                return LINEAR.between(a, b, t);
            }
            double angle = angle(a, normA, b, normB);
            if (Math.sin(angle) < SMALLEST_SINE) {
                return LINEAR.between(a, b, t);
            }
            double norm = ((1 - t) * normA + t * normB) / Math.sin(angle);
            double shareA = norm * Math.sin((1 - t) * angle) / normA;
            double shareB = norm * Math.sin(t * angle) / normB;
            double[] z = new double[a.length];
            for (int j = 0; j < z.length; j++) {
                z[j] = shareA * a[j] + shareB * b[j];
            }
            return z;
        }
    };

    /** Below it the two shares of an end cancel to fewer than 8 digits. */
    private static final double SMALLEST_SINE = 1e-8;

    /**
     * The place on the way, exactly {@code a} at 0 and {@code b} at 1.
     *
     * @param t in [0, 1]
     */
    public double[] at(double[] a, double[] b, double t) {
        if (a.length != b.length) {
            throw new IllegalArgumentException("latents of " + a.length + " and " + b.length + " dimensions");
        }
        if (t == 0 || t == 1) {
            return (t == 0 ? a : b).clone();
        }
        return between(a, b, t);
    }

    abstract double[] between(double[] a, double[] b, double t);

    /** What suits the model. */
    public static LatentPath usual(RunConfig config) {
        return config.model() instanceof ModelConfig.RealNvp ? SPHERICAL : LINEAR;
    }

    /**
     * Whether the path makes sense for the model: {@link #SPHERICAL} goes around the origin, where a learned prior need not be
     * centred.
     */
    public boolean suits(RunConfig config) {
        return this == LINEAR
                || !(config.model() instanceof ModelConfig.Vae vae)
                || vae.prior() instanceof PriorConfig.Normal;
    }

    private static double norm(double[] a) {
        double squares = 0;
        for (double value : a) {
            squares += value * value;
        }
        return Math.sqrt(squares);
    }

    /** 2 atan2(|u - v|, |u + v|) of the unit vectors, accurate at any angle (Kahan), unlike the arc cosine. */
    private static double angle(double[] a, double normA, double[] b, double normB) {
        double[] difference = new double[a.length];
        double[] sum = new double[a.length];
        for (int j = 0; j < a.length; j++) {
            difference[j] = a[j] / normA - b[j] / normB;
            sum[j] = a[j] / normA + b[j] / normB;
        }
        return 2 * Math.atan2(norm(difference), norm(sum));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
