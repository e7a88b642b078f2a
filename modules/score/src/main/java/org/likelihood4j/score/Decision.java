package org.likelihood4j.score;

import java.util.Arrays;
import java.util.Optional;
import org.likelihood4j.score.files.Json;

/** Scores of held-out examples, by which a new one's becomes a p-value and a decision: what {@code ./run.sh calibrate} has found. */
final class Decision {
    private final String kind;
    private final double falseAlarms;
    private final int draws;
    private final double mean;
    private final double[] sorted;

    Decision(Json json) {
        kind = json.get("score").text();
        falseAlarms = json.get("falseAlarms").number();
        draws = json.get("draws").integer(1, 1_000_000);
        double[] means = json.has("typicalMean") ? json.get("typicalMean").numbers() : new double[0];
        if (kind.equals("typicality") && (means.length == 0 || !Double.isFinite(means[0]))) {
            throw json.unknown("a calibration by typicality with the mean that is typical");
        }
        mean = means.length == 0 ? Double.NaN : means[0];
        double[] finite = json.get("scores").numbers();
        sorted = Arrays.copyOf(finite, finite.length + json.get("overflows").integer(0, 1 << 20));
        Arrays.fill(sorted, finite.length, sorted.length, Double.POSITIVE_INFINITY);
        Arrays.sort(sorted);
    }

    /** Why it makes no decision of likelihoods of so many draws; empty if it does. */
    Optional<String> unfit(int used) {
        if (!kind.equals("likelihood") && !kind.equals("typicality")) {
            return Optional.of(
                    "the calibration is by " + kind + ", which counts an image's bits: that is not computed here;"
                            + " calibrate the run with --score likelihood or typicality, and export it again");
        }
        return used == draws
                ? Optional.empty()
                : Optional.of("the calibration is of " + draws + " draws, not of " + used);
    }

    /** {@code (1 + how many held-out examples are at least as strange) / (n + 1)}. */
    double pValue(double logProb) {
        double score = !Double.isFinite(logProb)
                ? Double.POSITIVE_INFINITY
                : kind.equals("likelihood") ? -logProb : Math.abs(-logProb - mean);
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

    double falseAlarms() {
        return falseAlarms;
    }
}
