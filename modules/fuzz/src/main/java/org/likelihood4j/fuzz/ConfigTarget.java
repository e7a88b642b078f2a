package org.likelihood4j.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.training.loop.PreflightCheck;

/** A YAML file to a configuration and its model, as {@code validate} does; what is read is written and read again. */
final class ConfigTarget implements Target {
    static final List<String> WORDS = List.of(
            "name",
            "seed",
            "device",
            "engine",
            "precision",
            "data",
            "model",
            "loss",
            "training",
            "diagnostics",
            "evaluation",
            "tensorboard",
            "type",
            "vae",
            "realnvp",
            "mnist",
            "digits",
            "latent",
            "encoder",
            "decoder",
            "hidden",
            "activation",
            "likelihood",
            "prior",
            "mixture",
            "components",
            "couplings",
            "family",
            "additive",
            "mask",
            "conditioner",
            "logScaleBound",
            "alpha",
            "importanceSamples",
            "kl",
            "estimator",
            "beta",
            "warmup",
            "freeBits",
            "samples",
            "epochs",
            "batchSize",
            "optimizer",
            "schedule",
            "clipNorm",
            "emaDecay",
            "earlyStopping",
            "metric",
            "adam",
            "sgd",
            "cosine",
            "linear",
            "cyclical",
            "repeats",
            "1e999999999",
            ".nan",
            ".inf",
            "2147483647",
            "9223372036854775807",
            "0x7fffffff",
            "!!java.net.URL",
            "&a",
            "*a",
            "<<",
            "---",
            "...",
            "%YAML 1.2",
            "? ",
            "|-\\x0a",
            "\\x1b[31m",
            "\\xef\\xbb\\xbf",
            "\\xe2\\x80\\xae");

    @Override
    public String name() {
        return "config";
    }

    @Override
    public String description() {
        return "a YAML file to a configuration, its model, and back";
    }

    @Override
    public List<String> words() {
        return WORDS;
    }

    @Override
    public List<byte[]> corpus() {
        return Stream.of(
                        "model: {type: vae}\n",
                        "model: {type: realnvp, architecture: flat, couplings: 2, conditioner: {hidden: [16, 16]}, mask: halves}\n",
                        """
                        name: x
                        data: {type: digits, train: 200, validation: 40, test: 30}
                        model:
                          type: vae
                          latent: 4
                          encoder: {hidden: [16], activation: tanh}
                          likelihood: {type: gaussian, sigma: 0.1}
                          prior: {type: mixture, components: 3}
                        loss: {importanceSamples: 2, kl: {estimator: path, samples: 3}}
                        """,
                        """
                        model: {type: vae, prior: {type: realnvp, couplings: 2}}
                        loss: {kl: {beta: 0.5, warmup: {type: cyclical, cycles: 2}}}
                        training:
                          epochs: 1
                          optimizer: {type: sgd, momentum: 0.5}
                          schedule: {type: step, every: 2, factor: 0.5}
                          clipNorm: 1.0
                          emaDecay: 0.9
                          earlyStopping: {metric: elbo, patience: 2}
                        """,
                        "a: &x [1, *x]\n",
                        "? [a]\n: !!java.util.Date b\n",
                        "\"name\": 'a\\u001b[31m'\nmodel: |\n  vae\n",
                        ConfigLoader.toYaml(ConfigLoader.parse("model: {type: vae}", "all.yaml", List.of())),
                        ConfigLoader.toYaml(ConfigLoader.parse("model: {type: realnvp}", "all.yaml", List.of())))
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    @Override
    public void run(byte[] input, Path folder) throws IOException {
        Path file = Files.write(folder.resolve("fuzzed.yaml"), input);
        String text = new String(input, StandardCharsets.UTF_8);
        RunConfig config;
        try {
            config = ConfigLoader.load(file, List.of());
        } catch (ConfigException e) {
            Refusals.check(e, file.toString(), text);
            return;
        }
        roundTrip(config);
        plan(config, text);
    }

    /** What is written reads as the same configuration. */
    static void roundTrip(RunConfig config) {
        String yaml = ConfigLoader.toYaml(config);
        RunConfig again = ConfigLoader.parse(yaml, "again.yaml", List.of());
        Refusals.require(again.equals(config), "does not read as it was written: " + yaml);
    }

    /** Everything that is decided before something is allocated; complaints name a key, the file is not known any more. */
    static void plan(RunConfig config, String text) {
        try {
            PreflightCheck.model(config, DataSources.shape(config.data()));
        } catch (ConfigException e) {
            Refusals.check(e, ": ", text);
        }
    }
}
