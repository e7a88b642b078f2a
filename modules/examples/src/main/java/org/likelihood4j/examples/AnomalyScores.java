package org.likelihood4j.examples;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ImageSet;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.inference.OpenedFlow;
import org.likelihood4j.inference.OpenedModel;
import org.likelihood4j.inference.OpenedVae;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.io.RunException;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The log-likelihood as an anomaly score: test images of a run against the same images damaged in several ways. AUC is the
 * probability that a damaged image has the lower log-likelihood of a random pair: 1 is perfect, 0.5 is a coin.
 */
final class AnomalyScores {
    private static final int MOST = 1000;
    private static final int DRAWS = 10;

    private AnomalyScores() {}

    /** What is done to an image of unsigned bytes. */
    @FunctionalInterface
    interface Damage {
        void apply(byte[] image, ImageShape shape, Random random);
    }

    static Map<String, Damage> damages() {
        Map<String, Damage> damages = new LinkedHashMap<>();
        damages.put("inverted", (image, shape, random) -> {
            for (int i = 0; i < image.length; i++) {
                image[i] = (byte) (255 - (image[i] & 0xff));
            }
        });
        damages.put("upside down", (image, shape, random) -> {
            byte[] copy = image.clone();
            int rows = shape.channels() * shape.height();
            for (int row = 0; row < rows; row++) {
                int channel = row / shape.height();
                int mirrored = channel * shape.height() + shape.height() - 1 - row % shape.height();
                System.arraycopy(copy, mirrored * shape.width(), image, row * shape.width(), shape.width());
            }
        });
        damages.put("pixels shuffled", (image, shape, random) -> {
            for (int i = image.length - 1; i > 0; i--) {
                int j = random.nextInt(i + 1);
                byte swapped = image[i];
                image[i] = image[j];
                image[j] = swapped;
            }
        });
        damages.put("a tenth is noise", (image, shape, random) -> {
            for (int i = 0; i < image.length; i++) {
                image[i] = random.nextInt(10) == 0 ? (byte) random.nextInt(256) : image[i];
            }
        });
        damages.put("a black bar", (image, shape, random) -> {
            int thickness = shape.height() / 7;
            int row = (shape.height() - thickness) / 2;
            Arrays.fill(image, row * shape.width(), (row + thickness) * shape.width(), (byte) 0);
        });
        damages.put("all black", (image, shape, random) -> Arrays.fill(image, (byte) 0));
        return damages;
    }

    static void run(Path run, PrintStream out) {
        try (OpenedModel model = OpenedModel.open(run)) {
            Path datasets = Path.of(System.getProperty("likelihood4j.home", "."), "datasets");
            Examples test = DataSources.source(model.config().data(), datasets)
                    .load(ProgressListener.none())
                    .test();
            if (!(test instanceof ImageSet images)) {
                throw new RunException(run + ": this example is about images, and these data are rows");
            }
            images = images.slice(0, Math.min(MOST, images.size()));
            double[] usual = score(model, images);
            out.printf("%-17s mean log-likelihood %10.1f nats%n", "test images", mean(usual));
            for (Map.Entry<String, Damage> damage : damages().entrySet()) {
                double[] scores = score(model, damaged(images, damage.getValue()));
                out.printf(
                        "%-17s mean log-likelihood %10.1f nats   AUC %.3f%n",
                        damage.getKey(), mean(scores), areaUnderCurve(usual, scores));
            }
        }
    }

    static ImageSet damaged(ImageSet images, Damage damage) {
        Random random = new Random(1);
        int size = images.shape().size();
        byte[] pixels = new byte[images.size() * size];
        for (int i = 0; i < images.size(); i++) {
            byte[] image = images.image(i);
            damage.apply(image, images.shape(), random);
            System.arraycopy(image, 0, pixels, i * size, size);
        }
        return new ImageSet(images.shape(), pixels, new int[images.size()]);
    }

    /** The log-likelihood of each image, nats: exact given the noise of a flow, estimated with 10 draws of a VAE. */
    static double[] score(OpenedModel model, Examples images) {
        INDArray logProb;
        if (model instanceof OpenedFlow flow) {
            logProb = flow.logProb(images, flow.noise());
        } else if (model instanceof OpenedVae vae) {
            logProb = vae.logProb(images, DRAWS, vae.noise()).logProb();
        } else {
            throw new RunException("this model has no likelihood to score by");
        }
        return logProb.toDoubleVector();
    }

    /** P(damaged below usual) + P(equal)/2 over all pairs (Mann and Whitney 1947). */
    static double areaUnderCurve(double[] usual, double[] damaged) {
        double wins = 0;
        for (double score : damaged) {
            for (double other : usual) {
                wins += score < other ? 1 : score == other ? 0.5 : 0;
            }
        }
        return wins / ((double) usual.length * damaged.length);
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(Double.NaN);
    }
}
