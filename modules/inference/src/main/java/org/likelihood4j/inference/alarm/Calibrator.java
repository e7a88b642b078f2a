package org.likelihood4j.inference.alarm;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.DoubleStream;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.io.RunException;
import org.likelihood4j.runs.Calibration;
import org.likelihood4j.runs.statistics.ConformalScores;

/** Makes a model's {@link Calibration} of held-out examples. */
public final class Calibrator {
    private static final int ROWS = 256;
    private static final int PICTURES = 16;

    private final LikelihoodScores scores;
    private final Calibration.Weights weights;

    /** @param weights that the model has */
    public Calibrator(LikelihoodScores scores, Calibration.Weights weights) {
        this.scores = scores;
        this.weights = weights;
    }

    /**
     * Scores the examples.
     *
     * @param data their name
     * @param rate of false alarms, above 0, below 1
     * @throws RunException if they are too few or too many for that rate; one line
     */
    public Calibration calibrate(Examples set, String data, double rate, ProgressListener progress) {
        requireSize(set, rate);
        double[] nats = scores.logLikelihoods(set, progress);
        double[] finite = Arrays.stream(nats)
                .filter(Double::isFinite)
                .map(logLikelihood -> -logLikelihood)
                .sorted()
                .toArray();
        int overflows = nats.length - finite.length;
        if (overflows > 0) {
            scores.requireFiniteWeights();
        }
        double[] all = Arrays.copyOf(finite, nats.length);
        Arrays.fill(all, finite.length, all.length, Double.POSITIVE_INFINITY);
        if (finite.length < 2
                || Double.isInfinite(new ConformalScores(all).threshold(rate).score())) {
            throw new RunException(String.format(
                    Locale.ROOT,
                    "%,d of %,d %s are so far from the training data that their log-likelihood overflows, more than the"
                            + " rate of false alarms, so that there is no threshold for it: they are not like the training"
                            + " data, or the model is no good",
                    overflows,
                    nats.length,
                    set.shape().noun()));
        }
        return new Calibration(
                Calibration.FORMAT_VERSION,
                weights,
                new Calibration.Source(data, scores.draws(), scores.seed()),
                rate,
                finite,
                overflows,
                set.shape() instanceof VectorShape ? quantiles(set) : some(set));
    }

    private static void requireSize(Examples set, double rate) {
        long least = ConformalScores.least(rate);
        String noun = set.shape().noun();
        if (set.size() < Math.max(2, least)) {
            throw new RunException(String.format(
                    Locale.ROOT,
                    "%,d %s are too few for a rate of false alarms of %s, which takes at least %,d; give more with --input FILE"
                            + "%s",
                    set.size(),
                    noun,
                    rate,
                    Math.max(2, least),
                    suggested(set.size())));
        }
        if (set.size() > Calibration.MOST_SCORES) {
            throw new RunException(String.format(
                    Locale.ROOT,
                    "%,d %s are more than a calibration keeps; take the first %,d with --images %d",
                    set.size(),
                    noun,
                    Calibration.MOST_SCORES,
                    Calibration.MOST_SCORES));
        }
    }

    /** The least round rate that so many examples are enough for. */
    private static String suggested(int size) {
        return DoubleStream.of(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
                .filter(rate -> size >= Math.max(2, ConformalScores.least(rate)))
                .mapToObj(rate -> ", or take --false-alarms " + rate)
                .findFirst()
                .orElse("");
    }

    /** Each column's values by itself, those that are there, at equal steps of probability. */
    private static double[][] quantiles(Examples set) {
        int width = set.shape().size();
        int count = Math.min(set.size(), Math.min(ROWS, Calibration.MOST_REFERENCE / width));
        double[][] quantiles = new double[count][width];
        double[][] rows = new double[set.size()][];
        Arrays.setAll(rows, set::values);
        for (int j = 0; j < width; j++) {
            int place = j;
            double[] column = Arrays.stream(rows)
                    .mapToDouble(row -> row[place])
                    .filter(value -> !Double.isNaN(value))
                    .sorted()
                    .toArray();
            if (column.length == 0) {
                throw new RunException(
                        "column '" + ((VectorShape) set.shape()).names().get(j)
                                + "' has no value in any of the rows; calibrate on rows that have some");
            }
            for (int k = 0; k < count; k++) {
                quantiles[k][j] = column[(int) ((k + 0.5) * column.length / count)];
            }
        }
        return quantiles;
    }

    /** Some pictures, from all over the set. */
    private static double[][] some(Examples set) {
        int count = Math.max(
                1,
                Math.min(
                        set.size(),
                        Math.min(
                                PICTURES,
                                Calibration.MOST_REFERENCE / set.shape().size())));
        double[][] some = new double[count][];
        Arrays.setAll(some, k -> set.values((int) ((k + 0.5) * set.size() / count)));
        return some;
    }
}
