package org.likelihood4j.inference;

import org.likelihood4j.runs.Evaluation;
import org.likelihood4j.runs.statistics.Moments;

/** A per-image quantity measured several times: its mean, its error over images, its spread between repeats. */
final class RepeatedMean {
    private final double[] perImage;
    private final Moments[] perRepeat;

    RepeatedMean(int images, int repeats) {
        perImage = new double[images];
        perRepeat = new Moments[repeats];
        for (int i = 0; i < repeats; i++) {
            perRepeat[i] = new Moments();
        }
    }

    void add(int repeat, int image, double value) {
        perImage[image] += value / perRepeat.length;
        perRepeat[repeat].add(value);
    }

    /** The mean of one image's values. */
    double of(int image) {
        return perImage[image];
    }

    /**
     * The result.
     *
     * @param factor every value is multiplied by it: unit and sign
     */
    Evaluation.Quantity quantity(String name, String unit, String description, double factor) {
        Moments images = new Moments();
        for (double value : perImage) {
            images.add(value * factor);
        }
        Moments repeats = new Moments();
        long nonFinite = 0;
        for (Moments repeat : perRepeat) {
            repeats.add(repeat.mean() * factor);
            nonFinite += repeat.nonFinite();
        }
        double spread = repeats.standardError() * Math.sqrt(perRepeat.length);
        return new Evaluation.Quantity(
                name,
                unit,
                finiteOrNull(images.mean()),
                finiteOrNull(images.standardError()),
                finiteOrNull(spread),
                nonFinite,
                description);
    }

    static Double finiteOrNull(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
