package org.likelihood4j.inference.alarm;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.io.RunException;

/**
 * Scores by which examples that are not the model's are told from its own; larger is stranger. A likelihood alone does not: it is higher of simpler
 * images (Nalisnick, Matsukawa, Teh, Gorur and Lakshminarayanan 2019). {@link Kind} lists them.
 */
public final class OutlierScores {
    /** A score. */
    public enum Kind {
        /** {@code -log p(x)}. */
        LIKELIHOOD("-log p(x)"),
        /** {@code |-log p(x) - its mean over held-out examples|} (Nalisnick, Matsukawa, Teh and Lakshminarayanan 2019, of batches of one). */
        TYPICALITY("|-log p(x) - the mean of held-out data|"),
        /**
         * {@code -log2 p(x) - L(x)}, L the bits of a lossless compressor (Serra, Alvarez, Gomez, Slizovskaia, Nunez and Luque 2020). Of
         * likelihoods of the stored integers only: bits of a picture do not count against those of a binarised one, or of a density.
         */
        COMPLEXITY("-log2 p(x) - bits of a lossless compressor"),
        /** {@code log p_0(x) - log p(x)}, p_0 a background model (Ren, Liu, Fertig, Snoek, Poplin, Depristo, Dillon and Lakshminarayanan 2019). */
        LIKELIHOOD_RATIO("log p(x) of the background - log p(x)");

        private final String formula;

        Kind(String formula) {
            this.formula = formula;
        }

        /** For people. */
        public String formula() {
            return formula;
        }
    }

    private final LikelihoodScores scores;
    private final OptionalDouble typical;
    private final Optional<LikelihoodScores> background;

    /**
     * Of a model.
     *
     * @param typical the mean of -log p(x) over held-out examples, nats; without it there is no typicality
     * @param background of the same examples; without it there is no ratio
     * @throws RunException if the background is of other examples
     */
    public OutlierScores(LikelihoodScores scores, OptionalDouble typical, Optional<LikelihoodScores> background) {
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

    /** Which there are. */
    public List<Kind> kinds() {
        return Stream.of(Kind.values())
                .filter(kind -> switch (kind) {
                    case LIKELIHOOD -> true;
                    case TYPICALITY -> typical.isPresent();
                    case COMPLEXITY -> scores.model().isOfStoredIntegers();
                    case LIKELIHOOD_RATIO -> background.isPresent();
                })
                .toList();
    }

    /** All scores of a set, one for each example; infinite where log p(x) overflows. */
    public Map<Kind, double[]> of(Examples set, ProgressListener progress) {
        double[] nats = strangeness(scores, set, progress);
        Map<Kind, double[]> all = new EnumMap<>(Kind.class);
        for (Kind kind : kinds()) {
            all.put(
                    kind,
                    switch (kind) {
                        case LIKELIHOOD -> nats;
                        case TYPICALITY -> typicality(nats);
                        case COMPLEXITY -> complexity(nats, set);
                        case LIKELIHOOD_RATIO -> ratio(nats, strangeness(background.orElseThrow(), set, progress));
                    });
        }
        return all;
    }

    private static double[] strangeness(LikelihoodScores scores, Examples set, ProgressListener progress) {
        double[] nats = scores.logLikelihoods(set, progress);
        for (int i = 0; i < nats.length; i++) {
            if (!Double.isFinite(nats[i])) {
                scores.requireFiniteWeights();
                nats[i] = Double.NEGATIVE_INFINITY;
            }
            nats[i] = -nats[i];
        }
        return nats;
    }

    private double[] typicality(double[] nats) {
        double[] distances = new double[nats.length];
        for (int i = 0; i < nats.length; i++) {
            distances[i] = Math.abs(nats[i] - typical.orElseThrow());
        }
        return distances;
    }

    private static double[] complexity(double[] nats, Examples set) {
        ImageComplexity compressor = new ImageComplexity((ImageShape) set.shape());
        double[] rest = new double[nats.length];
        for (int i = 0; i < nats.length; i++) {
            rest[i] = nats[i] / Math.log(2) - compressor.bits(set.values(i));
        }
        compressor.end();
        return rest;
    }

    /** What the background overflows at and the model does not is none of what is looked for. */
    private static double[] ratio(double[] nats, double[] background) {
        double[] ratios = new double[nats.length];
        for (int i = 0; i < nats.length; i++) {
            ratios[i] = Double.isInfinite(nats[i]) ? nats[i] : nats[i] - background[i];
        }
        return ratios;
    }
}
