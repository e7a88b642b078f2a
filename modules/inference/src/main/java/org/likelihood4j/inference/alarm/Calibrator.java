package org.likelihood4j.inference.alarm;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.io.RunException;
import org.likelihood4j.runs.AlarmScore;
import org.likelihood4j.runs.Calibration;
import org.likelihood4j.runs.statistics.ConformalScores;
import org.likelihood4j.runs.statistics.GaussianFit;

/** Makes a model's {@link Calibration} of held-out examples. */
public final class Calibrator {
    private static final int ROWS = 256;
    private static final int PICTURES = 16;

    /** One of so many examples tells what is typical. */
    private static final int APART = 5;

    private final LikelihoodScores scores;
    private final Calibration.Weights weights;

    /** @param weights that the model has */
    public Calibrator(LikelihoodScores scores, Calibration.Weights weights) {
        this.scores = scores;
        this.weights = weights;
    }

    /**
     * Scores the examples. Where the score is relative to what is typical, a part of them tells that, and has no score: else those that are held against it would have had
     * a say in it, which new ones have not, and the alarm's rate would not hold.
     *
     * @param data their name
     * @param score by which there is an alarm
     * @param rate of false alarms, above 0, below 1
     * @throws RunException if they are too few or too many for that rate, or the model has no such score; one line
     */
    public Calibration calibrate(Examples set, String data, AlarmScore score, double rate, ProgressListener progress) {
        requireScore(score);
        requireSize(set, score, rate);
        double[][] statistics = OutlierScores.statistics(scores, set, progress);
        Optional<GaussianFit> typical =
                OutlierScores.fit(score.isFitted() ? some(statistics, i -> i % APART == 0) : statistics);
        if (score.isFitted() && typical.isEmpty()) {
            throw new RunException("what is typical cannot be told of a fifth of these " + set.size() + " held-out "
                    + set.shape().noun()
                    + ": it is too few, they are all alike, or too far from the training data; give others,"
                    + " or take --score " + AlarmScore.LIKELIHOOD);
        }
        double[] all = new OutlierScores(scores, typical, Optional.empty())
                .each(score, some(statistics, i -> !score.isFitted() || i % APART != 0));
        Arrays.sort(all);
        double[] finite = Arrays.stream(all).filter(Double::isFinite).toArray();
        int overflows = all.length - finite.length;
        if (finite.length < 2
                || Double.isInfinite(new ConformalScores(all).threshold(rate).score())) {
            throw new RunException(String.format(
                    Locale.ROOT,
                    "%,d of %,d %s are so far from the training data that their log-likelihood overflows, more than the"
                            + " rate of false alarms, so that there is no threshold for it: they are not like the training"
                            + " data, or the model is no good",
                    overflows,
                    all.length,
                    set.shape().noun()));
        }
        return new Calibration(
                Calibration.FORMAT_VERSION,
                weights,
                new Calibration.Source(data, scores.draws(), scores.seed()),
                score.toString(),
                typical.orElse(null),
                rate,
                finite,
                overflows,
                set.shape() instanceof VectorShape ? quantiles(set) : some(set));
    }

    private void requireScore(AlarmScore score) {
        if (score == AlarmScore.LIKELIHOOD_RATIO) {
            throw new RunException("there is no alarm by " + score
                    + ", which is of two models; evaluate --against --background compares it with others");
        } else if (score.countsBits() && !ShownBits.isFor(scores.model())) {
            throw new RunException("there is no alarm by " + score + ": the model's likelihood of "
                    + scores.model().shape().noun()
                    + " is a density, and no probability that a compressor's bits can be held against; take "
                    + AlarmScore.LIKELIHOOD + " or " + AlarmScore.TYPICALITY);
        }
    }

    private static double[][] some(double[][] statistics, IntPredicate chosen) {
        return IntStream.range(0, statistics.length)
                .filter(chosen)
                .mapToObj(i -> statistics[i])
                .toArray(double[][]::new);
    }

    /** How many of n examples have scores. */
    private static int scored(int n, AlarmScore score) {
        return score.isFitted() ? n - (n + APART - 1) / APART : n;
    }

    private static void requireSize(Examples set, AlarmScore score, double rate) {
        long least = Math.max(2, ConformalScores.least(rate));
        String noun = set.shape().noun();
        if (scored(set.size(), score) < least) {
            throw new RunException(String.format(
                    Locale.ROOT,
                    "%,d %s are too few for a rate of false alarms of %s, which takes at least %,d%s; give more with --input FILE%s",
                    set.size(),
                    noun,
                    rate,
                    least,
                    score.isFitted()
                            ? String.format(Locale.ROOT, " beside the fifth that tells what is typical for %s", score)
                            : "",
                    suggested(scored(set.size(), score))));
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
