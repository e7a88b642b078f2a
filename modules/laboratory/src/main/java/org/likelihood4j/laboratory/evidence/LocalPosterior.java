package org.likelihood4j.laboratory.evidence;

import java.util.Arrays;

/**
 * The best Gaussian posterior of each example: Adam on {@code (mu, log sigma)} from where the encoder has it, with fresh noise at each step. What
 * it gives is the mean of the iterates of the last window, which has less noise than the last one.
 *
 * <p>Learning rates fall. With each an example goes on until the bound's mean over a window is not above that of the window before by more
 * than the tolerance; then it waits, at that mean, for the next rate. So one example's way depends on no other's.
 */
public final class LocalPosterior {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;

    private final LocalGradient gradient;
    private final Settings settings;

    public LocalPosterior(LocalGradient gradient, Settings settings) {
        this.gradient = gradient;
        this.settings = settings;
    }

    /**
     * When it ends.
     *
     * @param rates falling
     * @param window steps between two looks
     * @param windows at most of each rate
     * @param tolerance nats of the bound between two windows
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Settings(double[] rates, int window, int windows, double tolerance) {
        public static Settings usual() {
            return new Settings(new double[] {0.03, 0.01, 0.003}, 50, 12, 0.01);
        }

        public int mostSteps() {
            return rates.length * window * windows;
        }
    }

    /**
     * What was found.
     *
     * @param converged of each example: with the last rate the bound rose no more
     * @param steps that each example took
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Found(DiagonalPosteriors posteriors, boolean[] converged, int[] steps) {}

    public Found from(DiagonalPosteriors start, ChainNoise noise, Annealing.Watch watch) {
        double[] mean = start.mean().clone();
        double[] logSigma = start.logSigma().clone();
        DiagonalPosteriors now = new DiagonalPosteriors(start.latent(), mean, logSigma);
        int examples = start.examples();
        boolean[] done = new boolean[examples];
        int[] steps = new int[examples];
        for (int r = 0; r < settings.rates().length; r++) {
            double rate = settings.rates()[r];
            Arrays.fill(done, false);
            Adam means = new Adam(mean.length);
            Adam sigmas = new Adam(mean.length);
            double[] before = new double[examples];
            Arrays.fill(before, Double.NEGATIVE_INFINITY);
            for (int window = 0; window < settings.windows() && !all(done); window++) {
                double[] bound = new double[examples];
                double[] meanSum = new double[mean.length];
                double[] sigmaSum = new double[mean.length];
                // Its number says where it is, whenever others were done.
                long first = ((long) r * settings.windows() + window) * settings.window();
                for (int i = 0; i < settings.window(); i++) {
                    LocalGradient.Value value = gradient.at(now, noise.normal(first + i, start.latent()));
                    means.step(mean, value.mean(), rate, done);
                    sigmas.step(logSigma, value.logSigma(), rate, done);
                    for (int n = 0; n < examples; n++) {
                        bound[n] += value.bound()[n] / settings.window();
                        steps[n] += done[n] ? 0 : 1;
                    }
                    for (int j = 0; j < mean.length; j++) {
                        meanSum[j] += mean[j] / settings.window();
                        sigmaSum[j] += logSigma[j] / settings.window();
                    }
                    watch.moved();
                }
                for (int n = 0; n < examples; n++) {
                    boolean ended = !done[n] && bound[n] - before[n] <= settings.tolerance();
                    if (ended || (!done[n] && window == settings.windows() - 1)) {
                        done[n] = ended;
                        int from = n * start.latent();
                        System.arraycopy(meanSum, from, mean, from, start.latent());
                        System.arraycopy(sigmaSum, from, logSigma, from, start.latent());
                    }
                    before[n] = bound[n];
                }
            }
        }
        return new Found(now, done, steps);
    }

    private static boolean all(boolean... flags) {
        for (boolean flag : flags) {
            if (!flag) {
                return false;
            }
        }
        return true;
    }

    /** Upwards (Kingma and Ba 2015). */
    private static final class Adam {
        private final double[] first;
        private final double[] second;
        private int steps;

        Adam(int size) {
            first = new double[size];
            second = new double[size];
        }

        /** @param still of examples that are left as they are */
        void step(double[] values, double[] gradient, double rate, boolean... still) {
            steps++;
            int latent = values.length / still.length;
            double c1 = 1 - Math.pow(BETA1, steps);
            double c2 = 1 - Math.pow(BETA2, steps);
            for (int j = 0; j < values.length; j++) {
                if (!still[j / latent]) {
                    first[j] = BETA1 * first[j] + (1 - BETA1) * gradient[j];
                    second[j] = BETA2 * second[j] + (1 - BETA2) * gradient[j] * gradient[j];
                    values[j] += rate * first[j] / c1 / (Math.sqrt(second[j] / c2) + EPSILON);
                }
            }
        }
    }
}
