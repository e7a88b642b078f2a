package org.likelihood4j.score;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.likelihood4j.score.files.Json;

/** Scores of held-out examples, by which a new one's becomes a p-value and a decision: what {@code ./run.sh calibrate} has found. */
final class Decision {
    /** By what an example is strange; larger is stranger. L(x) are the bits that a code which knows no data needs for an image. */
    private enum By {
        /** {@code -log p(x)}. */
        LIKELIHOOD,
        /** {@code |-log p(x) - mean|}. */
        TYPICALITY,
        /** {@code -log2 p(x) - L(x)}. */
        COMPLEXITY,
        /** The distance of {@code (-log p(x), L(x))} from their mean, by their covariance (Mahalanobis 1936). */
        JOINT_TYPICALITY
    }

    private static final String COVARIANCE = "typicalCovariance";

    private final String name;
    /** Empty of what is not known here. */
    private final Optional<By> known;

    private final double falseAlarms;
    private final int draws;
    private final double[] mean;
    /** The inverse of the covariance: of xx, xy, yy. */
    private final double[] precision;

    private final double[] sorted;

    Decision(Json json) {
        name = json.get("score").text();
        known = Stream.of(By.values())
                .filter(by -> by.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst();
        falseAlarms = json.get("falseAlarms").number();
        draws = json.get("draws").integer(1, 1_000_000);
        mean = json.has("typicalMean") ? json.get("typicalMean").numbers() : new double[0];
        if (is(By.TYPICALITY) && (mean.length == 0 || !Double.isFinite(mean[0]))) {
            throw json.unknown("a calibration by typicality with the mean that is typical");
        }
        precision = is(By.JOINT_TYPICALITY) && json.has(COVARIANCE) ? precision(json, mean) : new double[0];
        double[] finite = json.get("scores").numbers();
        sorted = Arrays.copyOf(finite, finite.length + json.get("overflows").integer(0, 1 << 20));
        if (sorted.length == 0) {
            throw json.get("scores").unknown("the score of at least one held-out example");
        }
        Arrays.fill(sorted, finite.length, sorted.length, Double.POSITIVE_INFINITY);
        Arrays.sort(sorted);
    }

    private static double[] precision(Json json, double... mean) {
        double[] covariance = json.get(COVARIANCE).numbers();
        if (mean.length == 2 && covariance.length == 4) {
            double determinant = covariance[0] * covariance[3] - covariance[1] * covariance[2];
            boolean usable = covariance[0] > 0 && determinant > 0 && Double.isFinite(determinant);
            if (usable && Double.isFinite(mean[0]) && Double.isFinite(mean[1])) {
                return new double[] {
                    covariance[3] / determinant, -covariance[1] / determinant, covariance[0] / determinant
                };
            }
        }
        throw json.unknown("a calibration by joint_typicality with a mean and a covariance of two numbers");
    }

    private boolean is(By by) {
        return known.equals(Optional.of(by));
    }

    /** Whether it counts the bits of an image. */
    boolean countsBits() {
        return is(By.COMPLEXITY) || is(By.JOINT_TYPICALITY);
    }

    /** What it is by. */
    String name() {
        return name;
    }

    /** Why it makes no decision of likelihoods of so many draws; empty if it does. */
    Optional<String> unfit(int used) {
        if (known.isEmpty() || (is(By.JOINT_TYPICALITY) && precision.length == 0)) {
            return Optional.of("the calibration is by " + name
                    + ", and this export has not got what that needs; export the run again");
        }
        return used == draws
                ? Optional.empty()
                : Optional.of("the calibration is of " + draws + " draws, not of " + used);
    }

    /**
     * {@code (1 + how many held-out examples are at least as strange) / (n + 1)}.
     *
     * @param logProb nats
     * @param bits of the image, if they count
     */
    double pValue(double logProb, double bits) {
        double score = Double.isFinite(logProb) ? score(-logProb, bits) : Double.POSITIVE_INFINITY;
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < score) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return (1.0 + sorted.length - low) / (sorted.length + 1.0);
    }

    private double score(double nats, double bits) {
        return switch (known.orElseThrow()) {
            case LIKELIHOOD -> nats;
            case TYPICALITY -> Math.abs(nats - mean[0]);
            case COMPLEXITY -> nats / Math.log(2) - bits;
            case JOINT_TYPICALITY -> {
                double x = nats - mean[0];
                double y = bits - mean[1];
                double square = precision[0] * x * x + 2 * precision[1] * x * y + precision[2] * y * y;
                yield Double.isFinite(square) ? Math.sqrt(Math.max(0, square)) : Double.POSITIVE_INFINITY;
            }
        };
    }

    double falseAlarms() {
        return falseAlarms;
    }
}
