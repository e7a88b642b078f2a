package org.likelihood4j.examples;

import java.io.PrintStream;
import java.nio.file.Path;
import org.likelihood4j.inference.ImportanceEstimate;
import org.likelihood4j.inference.OpenedFlow;
import org.likelihood4j.inference.OpenedModel;
import org.likelihood4j.inference.OpenedVae;
import org.likelihood4j.inference.arrays.ArrayExamples;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The front page's piece of Java: samples of a run of images, and what they are likely to be. */
final class Glance {
    private Glance() {}

    static void run(Path run, PrintStream out) {
        try (OpenedModel model = OpenedModel.open(run)) {
            INDArray samples = model.sample(16, 1.0, 7L); // count, temperature, seed: [16, C, H, W]
            INDArray pixels = ArrayExamples.pixels(samples); // UINT8, 0 to 255
            out.println("latents of the first: " + model.encode(pixels).getRow(0));
            if (model instanceof OpenedVae vae) {
                ImportanceEstimate logProb = vae.logProb(pixels, 100); // K = 100 draws of z
                out.println("log p(x), nats: " + logProb.logProb() + " +- " + logProb.standardError());
            } else if (model instanceof OpenedFlow flow) {
                out.println("log p(x), nats: " + flow.logProb(pixels)); // exact, given the dequantisation noise
            }
        }
    }
}
