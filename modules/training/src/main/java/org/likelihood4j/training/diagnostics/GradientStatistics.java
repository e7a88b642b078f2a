package org.likelihood4j.training.diagnostics;

import java.util.List;
import java.util.stream.DoubleStream;
import org.likelihood4j.runs.statistics.Moments;
import org.likelihood4j.training.diagnostics.GradientReport.Component;

/** Collects one gradient {@code [M, latent]} over draws, beside that of a reference on the same draws. */
final class GradientStatistics {
    private final int images;
    private final int latent;
    private final Moments[] perElement;
    private final Moments[] differencePerDimension;
    private final Moments difference = new Moments();

    GradientStatistics(int images, int latent) {
        this.images = images;
        this.latent = latent;
        this.perElement = moments(images * latent);
        this.differencePerDimension = moments(latent);
    }

    private static Moments[] moments(int count) {
        Moments[] moments = new Moments[count];
        for (int i = 0; i < count; i++) {
            moments[i] = new Moments();
        }
        return moments;
    }

    void add(double[] gradient, double[] reference) {
        for (int m = 0; m < images; m++) {
            double sum = 0;
            for (int j = 0; j < latent; j++) {
                int element = m * latent + j;
                double apart = gradient[element] - reference[element];
                perElement[element].add(gradient[element]);
                differencePerDimension[j].add(apart);
                sum += apart;
            }
            // The dimensions of one draw are not independent of each other; their sums are.
            difference.add(sum);
        }
    }

    Component result() {
        double[] variances = new double[latent];
        double[] differences = new double[latent];
        double[] errors = new double[latent];
        double total = 0;
        for (int j = 0; j < latent; j++) {
            for (int m = 0; m < images; m++) {
                variances[j] += perElement[m * latent + j].sampleVariance() / images;
            }
            differences[j] = differencePerDimension[j].mean();
            errors[j] = differencePerDimension[j].standardError();
            total += variances[j];
        }
        return new Component(
                total,
                difference.mean(),
                difference.standardError(),
                boxed(variances),
                boxed(differences),
                boxed(errors));
    }

    private static List<Double> boxed(double[] values) {
        return DoubleStream.of(values).boxed().toList();
    }
}
