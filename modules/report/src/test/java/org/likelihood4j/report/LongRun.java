package org.likelihood4j.report;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A run as long as anyone's: metrics as a VAE's training writes them, of made-up numbers. */
final class LongRun {
    private static final int STEPS = 100;

    private LongRun() {}

    /** Writes a folder with so many epochs, two lines of steps in each. */
    static Path write(Path folder, int epochs, int latent) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(
                folder.resolve("config.yaml"),
                "name: long\nmodel: {type: vae, latent: " + latent + "}\ntraining: {epochs: " + epochs + "}\n");
        Random random = new Random(1);
        try (BufferedWriter out = Files.newBufferedWriter(folder.resolve("metrics.jsonl"))) {
            out.write("{\"event\":\"start\",\"steps_per_epoch\":" + STEPS
                    + ",\"parameters\":540448,\"provenance\":{\"data\":\"made-up numbers\"}}\n");
            for (int epoch = 1; epoch <= epochs; epoch++) {
                for (int half = 1; half <= 2; half++) {
                    out.write(step(random, epoch, (epoch - 1) * STEPS + half * STEPS / 2));
                }
                out.write(epoch(random, epoch, latent));
            }
            out.write("{\"event\":\"end\",\"reason\":\"completed\",\"epoch\":" + epochs + ",\"step\":" + epochs * STEPS
                    + "}\n");
        }
        return folder;
    }

    private static String step(Random random, int epoch, int step) {
        return "{\"event\":\"step\",\"step\":" + step + ",\"epoch\":" + epoch + "," + means(random, epoch) + ",\"kl\":"
                + agreement(random) + ",\"gradient_norm\":" + (30 + 5 * random.nextGaussian())
                + ",\"learning_rate\":" + 0.002 / epoch + ",\"blocks\":[{\"name\":\"encoder\",\"gradient_norm\":"
                + (20 + random.nextGaussian()) + "},{\"name\":\"decoder\",\"gradient_norm\":"
                + (10 + random.nextGaussian())
                + "}]}\n";
    }

    private static String epoch(Random random, int epoch, int latent) {
        return "{\"event\":\"epoch\",\"epoch\":" + epoch + ",\"step\":" + epoch * STEPS + ",\"training\":{"
                + means(random, epoch) + "},\"validation\":{" + means(random, epoch)
                + "},\"best\":false,\"seconds\":1.5,\"kl\":"
                + agreement(random) + ",\"latents\":{\"images\":1000,\"active\":" + latent / 2
                + ",\"mutual_information_cap\":6.9,\"kl_analytic\":" + values(random, latent) + ",\"kl_sampled\":"
                + values(random, latent) + ",\"mean_variance\":" + values(random, latent) + ",\"mutual_information\":"
                + values(random, latent) + ",\"marginal_kl\":" + values(random, latent)
                + "},\"gradients\":{\"images\":50,\"draws\":32,\"kl\":" + gradients(random) + ",\"loss\":"
                + gradients(random)
                + "}}\n";
    }

    private static String means(Random random, int epoch) {
        double loss = 100 + 100.0 / epoch + random.nextGaussian();
        return String.format(
                Locale.ROOT,
                "\"loss\":%s,\"elbo\":%s,\"reconstruction\":%s,\"kl_analytic\":%s,\"kl_sampled\":%s",
                loss,
                -loss,
                15 - loss,
                15 + 0.01 * random.nextGaussian(),
                15 + 0.1 * random.nextGaussian());
    }

    private static String agreement(Random random) {
        double z = random.nextGaussian();
        return String.format(
                Locale.ROOT,
                "{\"examples\":1000,\"analytic\":15.0,\"sampled\":%s,\"difference\":%s,\"standard_error\":0.0625,\"z\":%s,"
                        + "\"detectable_bias\":0.3125}",
                15 + 0.0625 * z,
                0.0625 * z,
                z);
    }

    private static String gradients(Random random) {
        return IntStream.range(0, 3)
                .mapToObj(i -> new String[] {"analytic", "sampled", "path"}[i])
                .map(name -> "\"" + name + "\":{\"mu\":{\"variance\":" + Math.exp(random.nextGaussian())
                        + "},\"sigma\":{\"variance\":" + Math.exp(random.nextGaussian()) + "}}")
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String values(Random random, int count) {
        return IntStream.range(0, count)
                .mapToObj(j -> String.valueOf(3.0 * (count - j) / count * (0.9 + 0.1 * random.nextDouble())))
                .collect(Collectors.joining(",", "[", "]"));
    }
}
