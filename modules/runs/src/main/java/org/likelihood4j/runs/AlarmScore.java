package org.likelihood4j.runs;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Numbers by which examples that are not a model's are told from its own; larger is stranger. A likelihood alone does not: it is higher of simpler images
 * (Nalisnick, Matsukawa, Teh, Gorur and Lakshminarayanan 2019). L(x) are the bits that a lossless compressor needs for what the model is shown of an image.
 */
public enum AlarmScore {
    /** {@code -log p(x)}, nats. */
    LIKELIHOOD("-log p(x)"),
    /** {@code |-log p(x) - its mean over held-out examples|}, nats (Nalisnick, Matsukawa, Teh and Lakshminarayanan 2019, of batches of one). */
    TYPICALITY("|-log p(x) - the mean of held-out data|"),
    /**
     * {@code -log2 p(x) - L(x)}, bits (Serra, Alvarez, Gomez, Slizovskaia, Nunez and Luque 2020). Of probabilities of what is compressed only: bits of a picture do not
     * count against those of a binarised one, or of a density.
     */
    COMPLEXITY("-log2 p(x) - bits of a lossless compressor"),
    /**
     * The distance of {@code (-log p(x), L(x))} from their mean over held-out images, in their standard deviations and with their correlation (Mahalanobis 1936): a
     * density of two statistics as that of Morningstar et al. 2021, normal. What is likely for what it is, unlikely, too likely or too simple is far.
     */
    JOINT_TYPICALITY(
            "how far -log p(x) and the bits of a lossless compressor are from those of held-out data, together"),
    /** {@code log p_0(x) - log p(x)}, nats, p_0 a background model (Ren, Liu, Fertig, Snoek, Poplin, Depristo, Dillon and Lakshminarayanan 2019). */
    LIKELIHOOD_RATIO("log p(x) of the background - log p(x)");

    private final String formula;

    AlarmScore(String formula) {
        this.formula = formula;
    }

    /** For people. */
    public String formula() {
        return formula;
    }

    /** Whether it is relative to what is typical, which held-out examples have to tell first. */
    public boolean isFitted() {
        return this == TYPICALITY || this == JOINT_TYPICALITY;
    }

    /** Whether it counts the bits of images. */
    public boolean countsBits() {
        return this == COMPLEXITY || this == JOINT_TYPICALITY;
    }

    /** The score of that name; empty if there is none. */
    public static Optional<AlarmScore> of(String name) {
        return Arrays.stream(values())
                .filter(score -> score.toString().equals(name))
                .findFirst();
    }

    /** Its name in files and for people, such as {@code joint_typicality}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
