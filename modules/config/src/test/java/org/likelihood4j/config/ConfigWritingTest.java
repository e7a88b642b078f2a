package org.likelihood4j.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.likelihood4j.config.yaml.ConfigLoaderTest.EVERYTHING;
import static org.likelihood4j.config.yaml.ConfigLoaderTest.EVERYTHING_OF_A_VAE;
import static org.likelihood4j.config.yaml.ConfigLoaderTest.FREE_BITS;
import static org.likelihood4j.config.yaml.ConfigLoaderTest.IMPORTANCE_WEIGHTED;
import static org.likelihood4j.config.yaml.ConfigLoaderTest.VAE;
import static org.likelihood4j.config.yaml.ConfigLoaderTest.parse;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.config.yaml.ConfigLoader;

class ConfigWritingTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                VAE,
                EVERYTHING,
                EVERYTHING_OF_A_VAE,
                IMPORTANCE_WEIGHTED,
                FREE_BITS,
                "model: {type: vae, likelihood: {type: gaussian}, encoder: {hidden: []}}"
            })
    void whatIsWrittenReadsBackEqual(String yaml) {
        RunConfig config = parse(yaml);
        assertThat(ConfigLoader.parse(ConfigLoader.toYaml(config), "other.yaml", List.of()))
                .isEqualTo(config);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "NULL",
                "true",
                "no",
                "y",
                "1",
                "1e5",
                "1_0",
                "0x1F",
                "0o17",
                "010",
                "1.",
                "1.5",
                "2026-01-01",
                "_",
                "a-",
                "a.b",
                "123abc",
                "1e",
                "0b1"
            })
    void awkwardNamesReadBackEqual(String name) {
        RunConfig config = ConfigLoader.parse(VAE + "name: '" + name + "'", "x.yaml", List.of());
        assertThat(config.name()).isEqualTo(name);
        assertThat(ConfigLoader.parse(ConfigLoader.toYaml(config), "x.yaml", List.of()))
                .isEqualTo(config);
    }

    /** A run of images that a version recorded which knew no other flows. */
    @Test
    void whatAnOlderVersionRecordedMeansWhatItDid() {
        String older = """
                name: older
                data: {type: digits}
                model:
                  type: realnvp
                  couplings: 4
                  mask: checkerboard
                  conditioner: {hidden: [16], activation: relu}
                """;
        RunConfig read = ConfigLoader.parseRecorded(older, "config.yaml", List.of("model.couplings=3"));
        assertThat(read)
                .isEqualTo(ConfigLoader.parse(
                        older, "config.yaml", List.of("model.couplings=3", "model.architecture=flat")));
        // What this version writes says it itself.
        RunConfig now = ConfigLoader.parse("data: {type: digits}\nmodel: {type: realnvp}", "now.yaml", List.of());
        assertThat(ConfigLoader.parseRecorded(ConfigLoader.toYaml(now), "config.yaml", List.of()))
                .isEqualTo(now);
    }

    @Test
    void theWrittenFormIsOrderedAndComplete() {
        assertThat(ConfigLoader.toYaml(parse(VAE))).isEqualTo("""
                name: mnist-vae
                seed: 1
                device: cpu
                engine: compiled
                precision: float32
                data:
                  type: digits
                  train: 60000
                  validation: 1000
                  test: 10000
                  seed: 1
                model:
                  type: vae
                  latent: 20
                  encoder:
                    type: dense
                    hidden:
                    - 400
                    activation: relu
                    channels: null
                    blocks: null
                  decoder:
                    type: dense
                    hidden:
                    - 400
                    activation: relu
                    channels: null
                    blocks: null
                  likelihood:
                    type: bernoulli
                    binarization: dynamic
                  posterior:
                    type: gaussian
                  prior:
                    type: normal
                  condition: null
                  conditionColumns: null
                  classes: null
                loss:
                  importanceSamples: 1
                  kl:
                    estimator: analytic
                    beta: 1.0
                    warmup:
                      type: none
                    freeBits: 0.0
                    samples: 0
                training:
                  epochs: 10
                  batchSize: null
                  shards: null
                  shuffle: all
                  local: null
                  optimizer:
                    type: adam
                    learningRate: 0.001
                    beta1: 0.9
                    beta2: 0.999
                    epsilon: 1.0E-8
                    weightDecay: 0.0
                  schedule:
                    type: constant
                  warmupSteps: 0
                  clipNorm: null
                  emaDecay: null
                  earlyStopping: null
                  logEvery: 50
                  validateEvery: 1
                  imagesEvery: 1
                  imagesTemperature: 1.0
                  checkpointEvery: 1
                  checkpointUnit: epochs
                  checkpointKeep: 2
                  recovery: null
                  startFrom: null
                  only: null
                diagnostics:
                  everyStep: true
                  every: 1
                  images: 2000
                  gradientImages: 50
                  gradientDraws: 32
                evaluation:
                  importanceSamples: 100
                  repeats: 3
                  batchSize: 200
                  seed: 1
                tensorboard: false
                """);
    }
}
