package org.likelihood4j.laboratory.exercises;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.likelihood4j.laboratory.exercises.OwnFormulas.NotWrittenException;
import org.likelihood4j.laboratory.verify.Finding;
import org.likelihood4j.laboratory.verify.LargestError;
import org.likelihood4j.laboratory.verify.Matrices;
import org.likelihood4j.laboratory.verify.Quadrature;
import org.likelihood4j.random.CounterRandom;

/** Tells of {@link OwnFormulas} which identities hold: quadrature, finite differences, sums that must be 1, and exact sums are what they are held against. */
public final class Exercises {
    /** An identity: random numbers to the errors of its cases. */
    @FunctionalInterface
    private interface Identity {
        void run(OwnFormulas own, RandomGenerator random, LargestError error);
    }

    /**
     * One of them.
     *
     * @param formula what is claimed
     * @param compared with what
     * @param tolerance that rounding and the comparison itself need
     */
    private record Check(String formula, String compared, double tolerance, Identity identity) {}

    private static final int CASES = 50;
    private static final double STEP = 1e-5;
    private static final int HALF = 3;

    private static final List<Check> CHECKS = List.of(
            new Check("1 KL(N(mu, sigma^2) || N(0, 1))", "quadrature of q log(q/p)", 1e-9, Exercises::kl),
            new Check("1 KL(N(0, 1) || N(0, 1)) = 0", "0", 1e-12, Exercises::klAtPrior),
            new Check("2 dKL/dmu", "differences of the quadrature", 1e-6, gradient(0)),
            new Check("2 dKL/dsigma", "differences of the quadrature", 1e-6, gradient(1)),
            new Check("3 F = G = s = 0: y = x", "x", 1e-12, Exercises::identity),
            new Check("3 inverse(couple(x)) = x", "x", 1e-9, Exercises::inverse),
            new Check("3 dy2/dx1 = 0", "finite differences", 1e-8, Exercises::triangular),
            new Check("3 log|det J|", "determinant of finite differences", 1e-6, Exercises::logDet),
            new Check("4 a pixel's 256 probabilities sum to 1", "1, by quadrature over u", 1e-6, Exercises::pixels),
            new Check("5 log mean exp", "exact sums of integers", 1e-12, Exercises::logMeanExp),
            new Check("5 the same 1,000 nats up and down", "the same, shifted", 1e-9, Exercises::shifted),
            new Check("5 effective sample size", "exact sums of integers", 1e-9, Exercises::effective));

    private Exercises() {}

    /**
     * Runs all identities.
     *
     * @param seed of all random inputs
     * @param sink receives each finding as it is made; one without a rule is not written yet, and one that is NaN has failed in the class itself
     */
    public static List<Finding> check(OwnFormulas own, long seed, Consumer<Finding> sink) {
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < CHECKS.size(); i++) {
            RandomGenerator random = new SplittableRandom(CounterRandom.key(CounterRandom.key(seed, "exercises"), i));
            Finding finding = find(CHECKS.get(i), own, random);
            findings.add(finding);
            sink.accept(finding);
        }
        return findings;
    }

    private static Finding find(Check check, OwnFormulas own, RandomGenerator random) {
        LargestError error = new LargestError();
        try {
            check.identity().run(own, random, error);
        } catch (NotWrittenException e) {
            return Finding.none(check.formula(), "not written yet");
        } catch (RuntimeException | StackOverflowError e) {
            String at = Arrays.stream(e.getStackTrace())
                    .filter(frame -> !frame.getClassName().startsWith("java."))
                    .findFirst()
                    .map(frame -> ", " + frame.getFileName() + ":" + frame.getLineNumber())
                    .orElse("");
            return Finding.atMost(
                    check.tolerance(), check.formula(), "throws " + e.getClass().getSimpleName() + at, 0, Double.NaN);
        }
        return Finding.atMost(check.tolerance(), check.formula(), check.compared(), error.cases(), error.error());
    }

    // ---- 1 and 2
    // -----------------------------------------------------------------------------------------------------

    private static double quadrature(double mu, double sigma) {
        return Quadrature.integrate(
                eps -> {
                    double z = mu + sigma * eps;
                    double logRatio = 0.5 * z * z - 0.5 * eps * eps - Math.log(sigma);
                    return Math.exp(-0.5 * eps * eps) / Math.sqrt(2 * Math.PI) * logRatio;
                },
                -12,
                12,
                480);
    }

    private static void kl(OwnFormulas own, RandomGenerator random, LargestError error) {
        for (int i = 0; i < CASES; i++) {
            double mu = random.nextDouble(-3, 3);
            double sigma = random.nextDouble(0.1, 3);
            error.compare(own.kl(mu, sigma), quadrature(mu, sigma));
        }
    }

    private static void klAtPrior(OwnFormulas own, RandomGenerator random, LargestError error) {
        error.compare(own.kl(0, 1), 0);
    }

    private static Identity gradient(int which) {
        return (own, random, error) -> {
            for (int i = 0; i < CASES; i++) {
                double mu = random.nextDouble(-3, 3);
                double sigma = random.nextDouble(0.2, 3);
                double up = which == 0 ? quadrature(mu + STEP, sigma) : quadrature(mu, sigma + STEP);
                double down = which == 0 ? quadrature(mu - STEP, sigma) : quadrature(mu, sigma - STEP);
                double[] gradient = own.klGradient(mu, sigma);
                error.compare(gradient[which], (up - down) / (2 * STEP));
            }
        };
    }

    // ---- 3
    // -----------------------------------------------------------------------------------------------------------

    /** A smooth function of all elements. */
    private static UnaryOperator<double[]> network(RandomGenerator random) {
        double[][] weights = new double[HALF][];
        Arrays.setAll(weights, i -> random.doubles(HALF + 1, -1, 1).toArray());
        return x -> IntStream.range(0, HALF)
                .mapToDouble(i -> {
                    double sum = weights[i][HALF];
                    for (int j = 0; j < HALF; j++) {
                        sum += weights[i][j] * x[j];
                    }
                    return Math.tanh(sum);
                })
                .toArray();
    }

    /** A coupling at a place. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Case(double[] x1, double[] x2, UnaryOperator<double[]> f, UnaryOperator<double[]> g, double[] s) {
        static Case random(RandomGenerator random) {
            return new Case(
                    random.doubles(HALF, -2, 2).toArray(),
                    random.doubles(HALF, -2, 2).toArray(),
                    network(random),
                    network(random),
                    random.doubles(HALF, -1, 1).toArray());
        }

        double[] y(OwnFormulas own, double... x) {
            double[][] y = own.couple(Arrays.copyOf(x, HALF), Arrays.copyOfRange(x, HALF, 2 * HALF), f, g, s);
            return joined(y[0], y[1]);
        }

        /** {@code dy_i/dx_j} by central differences. */
        double[][] jacobian(OwnFormulas own) {
            double[] x = joined(x1, x2);
            double[][] jacobian = new double[2 * HALF][2 * HALF];
            for (int j = 0; j < x.length; j++) {
                double[] up = x.clone();
                double[] down = x.clone();
                up[j] += STEP;
                down[j] -= STEP;
                double[] high = y(own, up);
                double[] low = y(own, down);
                for (int i = 0; i < x.length; i++) {
                    jacobian[i][j] = (high[i] - low[i]) / (2 * STEP);
                }
            }
            return jacobian;
        }
    }

    private static double[] joined(double[] one, double... other) {
        double[] joined = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, joined, one.length, other.length);
        return joined;
    }

    private static void identity(OwnFormulas own, RandomGenerator random, LargestError error) {
        UnaryOperator<double[]> zero = x -> new double[HALF];
        for (int i = 0; i < CASES; i++) {
            Case some = Case.random(random);
            double[][] y = own.couple(some.x1.clone(), some.x2.clone(), zero, zero, new double[HALF]);
            error.compare(joined(y[0], y[1]), joined(some.x1, some.x2));
        }
    }

    private static void inverse(OwnFormulas own, RandomGenerator random, LargestError error) {
        for (int i = 0; i < CASES; i++) {
            Case some = Case.random(random);
            double[][] y = own.couple(some.x1.clone(), some.x2.clone(), some.f, some.g, some.s);
            double[][] x = own.decouple(y[0], y[1], some.f, some.g, some.s);
            error.compare(joined(x[0], x[1]), joined(some.x1, some.x2));
        }
    }

    private static void triangular(OwnFormulas own, RandomGenerator random, LargestError error) {
        for (int i = 0; i < CASES; i++) {
            double[][] jacobian = Case.random(random).jacobian(own);
            for (int row = HALF; row < 2 * HALF; row++) {
                error.compare(Arrays.copyOf(jacobian[row], HALF), new double[HALF]);
            }
        }
    }

    private static void logDet(OwnFormulas own, RandomGenerator random, LargestError error) {
        for (int i = 0; i < CASES; i++) {
            Case some = Case.random(random);
            error.compare(
                    own.coupleLogDet(some.x1.clone(), some.x2.clone(), some.f, some.g, some.s),
                    Matrices.logAbsDet(some.jacobian(own)));
        }
    }

    // ---- 4
    // -----------------------------------------------------------------------------------------------------------

    /** With any density of y the 256 values have probabilities, the means over u of the densities of k + u, which sum to 1. */
    private static void pixels(OwnFormulas own, RandomGenerator random, LargestError error) {
        int points = 200;
        for (double alpha : List.of(0.05, 1e-3)) {
            double mean = random.nextDouble(-1, 1);
            double sum = 0;
            for (int k = 0; k < 256; k++) {
                for (int i = 0; i < points; i++) {
                    double v = (k + (i + 0.5) / points) / 256;
                    double squeezed = alpha + (1 - 2 * alpha) * v;
                    double y = Math.log(squeezed) - Math.log1p(-squeezed);
                    // A normal density, but for the ends that v cannot reach.
                    double logDensity = -0.5 * (y - mean) * (y - mean) - 0.5 * Math.log(2 * Math.PI);
                    sum += Math.pow(2, -own.bitsOfPixel(logDensity, v, alpha)) / points;
                }
            }
            double end = Math.log1p(-alpha) - Math.log(alpha);
            double inside = Quadrature.integrate(
                    y -> Math.exp(-0.5 * (y - mean) * (y - mean)) / Math.sqrt(2 * Math.PI), -end, end, 20_000);
            error.compare(sum, inside);
        }
    }

    // ---- 5
    // -----------------------------------------------------------------------------------------------------------

    private static int[] integers(RandomGenerator random) {
        return random.ints(1 + random.nextInt(9), 1, 1000).toArray();
    }

    private static double[] logs(double shift, int... weights) {
        return IntStream.of(weights).mapToDouble(w -> Math.log(w) + shift).toArray();
    }

    private static double logMean(int... weights) {
        return Math.log((double) IntStream.of(weights).sum() / weights.length);
    }

    private static void logMeanExp(OwnFormulas own, RandomGenerator random, LargestError error) {
        for (int i = 0; i < CASES; i++) {
            int[] weights = integers(random);
            error.compare(own.logMeanExp(logs(0, weights)), logMean(weights));
        }
    }

    private static void shifted(OwnFormulas own, RandomGenerator random, LargestError error) {
        for (double shift : List.of(-1000.0, 1000.0)) {
            int[] weights = integers(random);
            error.compare(own.logMeanExp(logs(shift, weights)) - shift, logMean(weights));
        }
    }

    private static void effective(OwnFormulas own, RandomGenerator random, LargestError error) {
        for (double shift : List.of(0.0, -1000.0, 1000.0)) {
            int[] weights = integers(random);
            double sum = IntStream.of(weights).sum();
            double squares =
                    IntStream.of(weights).mapToDouble(w -> (double) w * w).sum();
            error.compare(own.effectiveSampleSize(logs(shift, weights)), sum * sum / squares);
        }
    }
}
