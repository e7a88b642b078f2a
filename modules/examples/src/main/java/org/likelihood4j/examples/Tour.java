package org.likelihood4j.examples;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import org.likelihood4j.inference.Estimate;
import org.likelihood4j.inference.ImportanceEstimate;
import org.likelihood4j.inference.OpenedAutoencoder;
import org.likelihood4j.inference.OpenedFlow;
import org.likelihood4j.inference.OpenedModel;
import org.likelihood4j.inference.OpenedVae;
import org.likelihood4j.inference.Reconstructions;
import org.likelihood4j.inference.arrays.ArrayExamples;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Opens a run of images and asks it for everything that there is. */
final class Tour {
    private Tour() {}

    static void run(Path run, PrintStream out) {
        try (OpenedModel model = OpenedModel.open(run)) {
            INDArray samples = model.sample(16, 1.0, 7L); // count, temperature, seed: [16, C, H, W]
            INDArray pixels = ArrayExamples.pixels(samples); // UINT8, 0 to 255

            INDArray latents = model.encode(pixels); // [16, latentDimension]
            INDArray decoded = model.decode(latents); // [16, C, H, W], intensities
            Reconstructions pairs = model.reconstruct(pixels); // what it saw, and what it made of that

            out.println(
                    "samples " + Arrays.toString(samples.shape()) + ", latents " + Arrays.toString(latents.shape()));
            out.printf("decode(encode(x)) and the reconstruction differ by at most %.2g%n", differ(decoded, pairs));

            if (model instanceof OpenedFlow flow) {
                INDArray logProb = flow.logProb(pixels); // [16], nats, exact given the noise
                double bits = -logProb.meanNumber().doubleValue()
                        * flow.bitsPerDimension().orElseThrow();
                out.printf(
                        "log p(x) %.2f nats on average, %.3f bits/dim%n",
                        logProb.meanNumber().doubleValue(), bits);
            } else if (model instanceof OpenedVae vae) {
                Estimate elbo = vae.elbo(pixels, 10); // 10 draws of z for each image
                ImportanceEstimate logProb = vae.logProb(pixels, 100); // K = 100
                for (int i = 0; i < 3; i++) {
                    out.printf(
                            "image %d: ELBO %.2f +- %.2f, log p(x) %.2f +- %.2f nats (%.0f of 100 draws count)%n",
                            i,
                            elbo.value().getDouble(i),
                            elbo.standardError().getDouble(i),
                            logProb.logProb().getDouble(i),
                            logProb.standardError().getDouble(i),
                            logProb.effectiveDraws().getDouble(i));
                }
            } else if (model instanceof OpenedAutoencoder) {
                out.println("trained on unbinarised pixels: it has no likelihood");
            }
        }
    }

    private static double differ(INDArray decoded, Reconstructions pairs) {
        return decoded.sub(pairs.reconstructed()).amaxNumber().doubleValue();
    }
}
