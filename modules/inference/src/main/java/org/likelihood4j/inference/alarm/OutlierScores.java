package org.likelihood4j.inference.alarm;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.inference.OpenedModel;
import org.likelihood4j.inference.runtime.ExampleNumbers;
import org.likelihood4j.io.RunException;
import org.likelihood4j.runs.AlarmScore;
import org.likelihood4j.runs.statistics.GaussianFit;

/** The {@link AlarmScore}s of a model. */
public final class OutlierScores {
    private final LikelihoodScores scores;
    private final Optional<GaussianFit> typical;
    private final Optional<LikelihoodScores> background;

    /**
     * Of a model.
     *
     * @param typical of held-out examples, as {@link #fit} makes it; without it nothing is typical
     * @param background of the same examples; without it there is no ratio
     * @throws RunException if the background is of other examples
     */
    public OutlierScores(
            LikelihoodScores scores, Optional<GaussianFit> typical, Optional<LikelihoodScores> background) {
        this.scores = scores;
        this.typical = typical;
        this.background = background;
        background.ifPresent(other -> {
            if (!other.model().shape().equals(scores.model().shape())) {
                throw new RunException(
                        "the background model is of " + describe(other) + ", but the run's is of " + describe(scores));
            }
        });
    }

    private static String describe(LikelihoodScores scores) {
        return scores.model().shape().noun() + " of " + scores.model().shape();
    }

    /** The one by which most is told from a model's data, where nothing is known of what will come (docs/results.md). */
    public static AlarmScore recommended(OpenedModel model) {
        return ShownBits.isFor(model) ? AlarmScore.JOINT_TYPICALITY : AlarmScore.LIKELIHOOD;
    }

    /** Which there are. */
    public List<AlarmScore> kinds() {
        return Stream.of(AlarmScore.values()).filter(this::has).toList();
    }

    private boolean has(AlarmScore score) {
        return (!score.countsBits() || ShownBits.isFor(scores.model()))
                && (!score.isFitted() || typical.isPresent())
                && (score != AlarmScore.LIKELIHOOD_RATIO || background.isPresent());
    }

    /** All scores of a set, one for each example; infinite where log p(x) overflows. */
    public Map<AlarmScore, double[]> of(Examples set, ProgressListener progress) {
        double[][] statistics = statistics(scores, set, progress);
        Map<AlarmScore, double[]> all = new EnumMap<>(AlarmScore.class);
        for (AlarmScore score : kinds()) {
            all.put(
                    score,
                    score == AlarmScore.LIKELIHOOD_RATIO
                            ? ratio(statistics, background.orElseThrow().logLikelihoods(set, progress))
                            : each(score, statistics));
        }
        return all;
    }

    /**
     * A score of some examples of a set.
     *
     * @param logLikelihoods of them, nats
     * @param numbers of the examples, for their noise
     */
    public double[] of(AlarmScore score, double[] logLikelihoods, Examples part, ExampleNumbers numbers) {
        if (score == AlarmScore.LIKELIHOOD_RATIO || !has(score)) {
            throw new IllegalArgumentException("there is no " + score + " here");
        }
        return each(
                score, score.countsBits() ? statistics(scores, logLikelihoods, part, numbers) : nats(logLikelihoods));
    }

    /**
     * What the scores of a model without a background are made of.
     *
     * @return for each example -log p(x) in nats, infinite where it overflows, and of images that can be compressed their bits
     */
    static double[][] statistics(LikelihoodScores scores, Examples set, ProgressListener progress) {
        return statistics(scores, scores.logLikelihoods(set, progress), set, new ExampleNumbers.From(0));
    }

    /** What is typical of held-out examples; empty if they are too few, or all alike. */
    public static Optional<GaussianFit> fit(LikelihoodScores scores, Examples set, ProgressListener progress) {
        return fit(statistics(scores, set, progress));
    }

    /** The same of their statistics. */
    static Optional<GaussianFit> fit(double[][] statistics) {
        double[][] finite =
                Arrays.stream(statistics).filter(row -> Double.isFinite(row[0])).toArray(double[][]::new);
        try {
            return Optional.of(GaussianFit.of(finite));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static double[][] nats(double[] logLikelihoods) {
        return Arrays.stream(logLikelihoods)
                .mapToObj(value -> new double[] {Double.isFinite(value) ? -value : Double.POSITIVE_INFINITY})
                .toArray(double[][]::new);
    }

    private static double[][] statistics(
            LikelihoodScores scores, double[] logLikelihoods, Examples set, ExampleNumbers numbers) {
        double[][] nats = nats(logLikelihoods);
        if (Arrays.stream(nats).anyMatch(row -> Double.isInfinite(row[0]))) {
            scores.requireFiniteWeights();
        }
        if (!ShownBits.isFor(scores.model())) {
            return nats;
        }
        double[] bits = ShownBits.of(scores, set, numbers);
        double[][] both = new double[nats.length][];
        Arrays.setAll(both, i -> new double[] {nats[i][0], bits[i]});
        return both;
    }

    /** A score of examples with these statistics. */
    double[] each(AlarmScore score, double[][] statistics) {
        return Arrays.stream(statistics)
                .mapToDouble(row -> switch (score) {
                    case LIKELIHOOD -> row[0];
                    case TYPICALITY -> Math.abs(row[0] - typical.orElseThrow().mean()[0]);
                    case COMPLEXITY -> row[0] / Math.log(2) - row[1];
                    case JOINT_TYPICALITY -> typical.orElseThrow().distance(row);
                    case LIKELIHOOD_RATIO -> throw new IllegalArgumentException("of two models");
                })
                .toArray();
    }

    /** What the background overflows at and the model does not is none of what is looked for. */
    private static double[] ratio(double[][] statistics, double[] background) {
        double[] ratios = new double[statistics.length];
        for (int i = 0; i < ratios.length; i++) {
            double nats = statistics[i][0];
            ratios[i] = Double.isInfinite(nats)
                    ? nats
                    : Double.isFinite(background[i]) ? nats + background[i] : Double.NEGATIVE_INFINITY;
        }
        return ratios;
    }
}
