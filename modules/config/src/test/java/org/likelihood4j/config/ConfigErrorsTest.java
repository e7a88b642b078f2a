package org.likelihood4j.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.config.yaml.ConfigLoader;

public class ConfigErrorsTest {
    private static final String VAE = "model: {type: vae}\n";

    /** YAML, then the message without its "c/x.yaml" in front. */
    public static Stream<Arguments> problemsInAFile() {
        return Stream.of(
                // Keys.
                arguments(VAE + "sed: 1", ":2: sed: unknown key; did you mean 'seed'?"),
                arguments(VAE + "training:\n  epocs: 5", ":3: training.epocs: unknown key; did you mean 'epochs'?"),
                arguments(
                        VAE + "training:\n  batch_size: 5",
                        ":3: training.batch_size: unknown key; did you mean 'batchSize'?"),
                arguments(
                        VAE + "evaluation:\n  zzz: 5",
                        ":3: evaluation.zzz: unknown key; allowed: importanceSamples, repeats, batchSize, seed"),
                arguments(
                        "model:\n  type: vae\n  couplings: 3",
                        ":3: model.couplings: unknown key; allowed: type, latent, encoder, decoder, likelihood,"
                                + " posterior, prior, condition, conditionColumns, classes"),
                arguments(
                        VAE + "training:\n  schedule: {type: constant, factor: 1}",
                        ":3: training.schedule.factor: unknown key; allowed: type"),
                arguments(
                        VAE + "\"a.b\": 5",
                        ":2: a.b: unknown key; allowed: name, seed, device, engine, precision, data,"
                                + " model, loss, training, diagnostics, evaluation, tensorboard"),
                arguments("seed: 1", ": model: required, but missing; for example model: {type: vae}"),
                arguments("model:", ":1: model: required, but missing; for example model: {type: vae}"),
                arguments("\nmodel: {latent: 3}", ":2: model.type: required, but missing; allowed: vae, realnvp"),
                arguments("model: {type: }", ":1: model.type: required, but missing; allowed: vae, realnvp"),
                arguments(VAE + "seed: 1\nseed: 2", ":3: seed: duplicate key, already at c/x.yaml:2"),
                arguments(
                        "model:\n  type: vae\n  encoder: {hidden: [1], hidden: [2]}",
                        ":3: model.encoder.hidden: duplicate key, already at c/x.yaml:3"),
                // Kinds of value.
                arguments(VAE + "training: {epochs: ten}", ":2: training.epochs: expected a whole number, was \"ten\""),
                arguments(VAE + "training: {epochs: '5'}", ":2: training.epochs: expected a whole number, was \"5\""),
                arguments(VAE + "training: {epochs: 1.5}", ":2: training.epochs: expected a whole number, was 1.5"),
                arguments(VAE + "training: {epochs: 10.0}", ":2: training.epochs: expected a whole number, was 10.0"),
                arguments(VAE + "training: {epochs: true}", ":2: training.epochs: expected a whole number, was true"),
                arguments(VAE + "training: {clipNorm: {}}", ":2: training.clipNorm: expected a number, was a mapping"),
                arguments(VAE + "training: 5", ":2: training: expected a mapping of keys to values, was 5"),
                arguments(VAE + "training: ''", ":2: training: expected a mapping of keys to values, was \"\""),
                arguments("model: vae", ":1: model: expected a mapping of keys to values, was \"vae\""),
                arguments(
                        "model:\n  type: vae\n  encoder:\n    hidden: 400",
                        ":4: model.encoder.hidden: expected a list such as [400, 400], was 400"),
                arguments(
                        "model:\n  type: realnvp\n  scales: 4",
                        ":3: model.scales: expected a list such as [{channel: ...}, ...], was 4"),
                arguments(
                        "data:\n  type: csv\n  path: x.csv\n  missing: mask\nmodel:\n  type: realnvp",
                        ":4: data.missing: mask is for a VAE with model.likelihood {type: columns}, whose bound can leave"
                                + " cells out; a flow's density is one of whole rows: use drop, or such a VAE"),
                arguments(
                        "data:\n  type: csv\n  path: x.csv\n  missing: mask\nmodel:\n  type: vae",
                        ":4: data.missing: mask is for a VAE with model.likelihood {type: columns}, whose bound can leave"
                                + " cells out; use that likelihood, or drop"),
                arguments(
                        "data:\n  type: csv\n  path: x.csv\n  allow: ties\nmodel:\n  type: realnvp",
                        ":4: data.allow: expected a list such as [dependence], was \"ties\""),
                arguments(
                        "model:\n  type: vae\n  encoder:\n    hidden:\n      - 400\n      - x",
                        ":6: model.encoder.hidden[1]: expected a whole number, was \"x\""),
                arguments(
                        "model: {type: vae, encoder: {hidden: [1, null]}}",
                        ":1: model.encoder.hidden[1]: expected a whole number, was null"),
                arguments(VAE + "name: 123", ":2: name: expected text (in quotes if need be), was 123"),
                arguments(VAE + "name: true", ":2: name: expected text (in quotes if need be), was true"),
                arguments(
                        VAE + "seed: 9223372036854775808",
                        ":2: seed: must be at most 9223372036854775807, was" + " 9223372036854775808"),
                arguments(
                        VAE + "training: {epochs: 3000000000}",
                        ":2: training.epochs: must be at most 2147483647, was 3000000000"),
                arguments(
                        VAE + "training: {clipNorm: .nan}", ":2: training.clipNorm: must be a finite number, was .nan"),
                arguments(
                        VAE + "training: {clipNorm: -.inf}",
                        ":2: training.clipNorm: must be a finite number, was -.inf"),
                arguments(
                        VAE + "training: {clipNorm: 1e400}",
                        ":2: training.clipNorm: must be a finite number, was 1e400"),
                arguments(VAE + "seed: " + "1".repeat(200), ":2: seed: a number of more than 100 characters"),
                // Choices.
                arguments("model: {type: vea}", ":1: model.type: unknown value \"vea\"; allowed: vae, realnvp"),
                arguments(
                        "model: {type: realnvpp}",
                        ":1: model.type: unknown value \"realnvpp\"; did you mean 'realnvp'? allowed: vae, realnvp"),
                arguments("model: {type: 5}", ":1: model.type: expected one of vae, realnvp, was 5"),
                arguments(
                        VAE + "training:\n  optimizer:\n    type: adan",
                        ":4: training.optimizer.type: unknown value \"adan\"; did you mean 'adam'? allowed: adam, sgd"),
                arguments(
                        "model: {type: vae, encoder: {activation: RELU}}",
                        ":1: model.encoder.activation: unknown value \"RELU\"; did you mean 'relu'? allowed: relu,"
                                + " tanh, elu, softplus, sigmoid, swish, identity"),
                arguments(
                        "model: {type: vae, encoder: {activation: ''}}",
                        ":1: model.encoder.activation: unknown value \"\"; allowed: relu, tanh, elu, softplus,"
                                + " sigmoid, swish, identity"),
                arguments(
                        VAE + "precision: 32", ":2: precision: expected one of float32, tf32, mixed, float64, was 32"),
                arguments(
                        VAE + "engine: reference\nprecision: mixed",
                        ":3: precision: mixed is a way of the compiled engine; use engine: compiled, or precision:"
                                + " float32"),
                arguments(
                        VAE + "device: cuda\nprecision: float64",
                        ":3: precision: float64 is for the CPU; with device: cuda use float32, tf32 or mixed"),
                arguments(
                        VAE + "device: cuda\nengine: reference",
                        ":3: engine: reference computes on the CPU; with device: cuda use engine: compiled"),
                arguments(
                        VAE + "device: CUDA",
                        ":2: device: unknown value \"CUDA\"; did you mean 'cuda'? allowed: cpu, cuda"),
                arguments(
                        VAE + "precision: tf32",
                        ":2: precision: tf32 is for NVIDIA GPUs; with device: cpu use float32 or mixed"),
                arguments(VAE + "device: 0", ":2: device: expected one of cpu, cuda, was 0"),
                arguments(
                        VAE + "device: gpu",
                        ":2: device: unknown value \"gpu\"; did you mean 'cuda'? allowed: cpu, cuda"),
                arguments(
                        VAE + "tensorboard: yes please", ":2: tensorboard: expected true or false, was \"yes please\""),
                arguments(VAE + "tensorboard: 1", ":2: tensorboard: expected true or false, was 1"),
                arguments(
                        VAE + "device: tpu",
                        ":2: device: unknown value \"tpu\"; did you mean 'cpu'? allowed: cpu, cuda"),
                // Ranges.
                arguments(VAE + "training:\n  epochs: 0", ":3: training.epochs: must be at least 1, was 0"),
                arguments(
                        VAE + "training: {optimizer: {learningRate: 0}}",
                        ":2: training.optimizer.learningRate: must be positive, was 0.0"),
                arguments(
                        VAE + "training: {optimizer: {beta1: 1}}",
                        ":2: training.optimizer.beta1: must be at least 0 and below 1, was 1.0"),
                arguments(
                        VAE + "training: {optimizer: {type: sgd, weightDecay: -1e-3}}",
                        ":2: training.optimizer.weightDecay: must not be negative, was -0.001"),
                arguments(
                        VAE + "training: {schedule: {type: step, factor: 2}}",
                        ":2: training.schedule.factor: must be above 0 and at most 1, was 2.0"),
                arguments(
                        VAE + "training: {schedule: {type: cosine, finalFraction: -1}}",
                        ":2: training.schedule.finalFraction: must be at least 0 and at most 1, was -1.0"),
                arguments(
                        VAE + "training: {schedule: {type: stages, epochs: []}}",
                        ":2: training.schedule.epochs: must name the epochs of at least one stage, such as [1, 3, 9]"),
                arguments(
                        VAE + "training: {schedule: {type: stages, epochs: [1, 0]}}",
                        ":2: training.schedule.epochs[1]: must be at least 1, was 0"),
                arguments(
                        VAE + "training: {only: prior}",
                        ":2: training.only: needs training.startFrom, the run that has the rest of the model"),
                arguments(
                        VAE + "training: {only: prior, startFrom: runs/a}",
                        ":2: training.only: prior is for a VAE with a learned one: model.prior {type: mixture} or {type: realnvp}"),
                arguments(
                        VAE + "training: {emaDecay: 1}", ":2: training.emaDecay: must be above 0 and below 1, was 1.0"),
                arguments(VAE + "training: {clipNorm: 0}", ":2: training.clipNorm: must be positive, was 0.0"),
                arguments(
                        VAE + "training: {earlyStopping: {metric: ' '}}",
                        ":2: training.earlyStopping.metric: must not be blank"),
                arguments(
                        "model:\n  type: vae\n  encoder:\n    hidden: [5,\n      0]",
                        ":5: model.encoder.hidden[1]: must be at least 1, was 0"),
                arguments(
                        "model: {type: vae, likelihood: {type: gaussian, sigma: 0}}",
                        ":1: model.likelihood.sigma: must be at least 1.0E-6, was 0.0"),
                arguments(
                        "model: {type: realnvp, architecture: flat, alpha: 0.5}",
                        ":1: model.alpha: must be at least 1.0E-12 and below 0.5, was 0.5"),
                arguments(
                        "model: {type: realnvp, architecture: flat, alpha: 1e-13}",
                        ":1: model.alpha: must be at least 1.0E-12 and below 0.5, was 1.0E-13"),
                arguments(
                        "model:\n  type: realnvp\n  standardizationFloor: 1e-30\n",
                        ":3: model.standardizationFloor: must be at least 1.0E-6, was 1.0E-30"),
                arguments(
                        "model:\n  type: realnvp\n  architecture: flat\n  family: additive\n  logScaleBound: 1\n",
                        ":5: model.logScaleBound: has no meaning with family additive, whose couplings do not scale; leave"
                                + " it out, was 1.0"),
                arguments(
                        "model:\n  type: realnvp\n  architecture: flat\n  family: spline\n  logScaleBound: 1\n",
                        ":5: model.logScaleBound: has no meaning with family spline, whose couplings leave large numbers"
                                + " as they are; leave it out, was 1.0"),
                arguments(
                        "model:\n  type: realnvp\n  architecture: autoregressive\n  mask: halves\n",
                        ":4: model.mask: has no meaning with architecture autoregressive; leave it out, or choose"
                                + " architecture: flat, was halves"),
                arguments(
                        "model:\n  type: realnvp\n  architecture: autoregressive\n  family: derived\n",
                        ":4: model.family: has no meaning with architecture autoregressive, whose steps have no other half;"
                                + " choose affine, additive or spline, was derived"),
                arguments(
                        "model:\n  type: realnvp\n  architecture: flat\n  conditioner: {width: 9}\n",
                        ":4: model.conditioner.width: has no meaning with type dense; leave it out, or choose type:"
                                + " residual, was 9"),
                arguments(
                        "model:\n  type: realnvp\n  architecture: flat\n  conditioner: {type: residual, hidden: [9]}\n",
                        ":4: model.conditioner.hidden: has no meaning with type residual; leave it out, or choose type:"
                                + " dense, was [9]"),
                arguments(
                        "model:\n  type: realnvp\n  architecture: flat\n  conditioner: {dropout: 1}\n",
                        ":4: model.conditioner.dropout: must be at least 0 and below 1, was 1.0"),
                arguments(
                        "model:\n  type: realnvp\n  architecture: flat\n  couplings: 10\n  mixing: lu\n  logScaleBound: 2\n",
                        ":6: model.logScaleBound: the bounds of the flow's 20 log-scales must be at most 29.8 together with"
                                + " this alpha and standardizationFloor, or the squares of the latents could leave float32,"
                                + " was 20 * 2.0 = 40.0"),
                arguments(
                        "model:\n  type: realnvp\n  architecture: flat\n  divergence: reverse\n  condition: label\n",
                        ":5: model.condition: has no meaning with divergence: reverse, which is of a density without one; leave"
                                + " one of them out, was label"),
                arguments(
                        "model:\n  type: realnvp\n  architecture: multiscale\n  divergence: reverse\n",
                        ":4: model.divergence: has no meaning with architecture multiscale; leave it out, or choose"
                                + " architecture: flat, was reverse"),
                arguments(
                        "model:\n  type: realnvp\n  architecture: multiscale\n  base: classes\n",
                        ":4: model.base: of classes needs condition: label; add that, or use learned, was classes"),
                arguments(
                        "training:\n  imagesTemperature: 0\n",
                        ":2: training.imagesTemperature: must be above 0 and at most 2, was 0.0"),
                arguments(
                        "model:\n  type: realnvp\n  bins: 4\n",
                        ":3: model.bins: has no meaning with family derived; leave it out, or choose family: spline,"
                                + " was 4"),
                arguments(
                        "model:\n  type: realnvp\n  family: affine\n  tailBound: 4\n",
                        ":4: model.tailBound: has no meaning with family affine; leave it out, or choose family: spline,"
                                + " was 4.0"),
                arguments(
                        "model:\n  type: realnvp\n  family: spline\n  bins: 101\n",
                        ":4: model.bins: must be at most 100, was 101"),
                arguments(
                        "model:\n  type: realnvp\n  architecture: flat\n  couplings: 41\n",
                        ":1: model.logScaleBound: couplings * logScaleBound must be at most 29.8 with this alpha and"
                                + " standardizationFloor, or the squares of the latents could leave float32, was 41 * 2.0 = 82.0"),
                arguments(
                        "data: {}\nmodel:\n  type: realnvp\n  mask: columns\n",
                        ":4: model.mask: belongs to a flat flow, but of images a realnvp is multi-scale unless it says"
                                + " otherwise; add architecture: flat beside type: realnvp, or leave this key out"),
                arguments(
                        "data: {}\nmodel:\n  type: realnvp\n  conditioner: {hidden: [256]}\n",
                        ":4: model.conditioner.hidden: belongs to a flat flow, but of images a realnvp is multi-scale"
                                + " unless it says otherwise; add architecture: flat beside type: realnvp, or leave this"
                                + " key out"),
                arguments(
                        "model:\n  type: realnvp\n  architecture: flat\n  actNorm: true\n",
                        ":4: model.actNorm: has no meaning with architecture flat; leave it out, or choose architecture:"
                                + " multiscale, was true"),
                arguments(
                        "model:\n  type: realnvp\n  architecture: multiscale\n  conditioner: {type: dense}\n",
                        ":4: model.conditioner.type: has no meaning with architecture multiscale; leave it out, or choose"
                                + " architecture: flat, was dense"),
                arguments(
                        "data: {}\nmodel:\n  type: realnvp\n  scales: [{}, {}]\n",
                        ":4: model.scales: must have a coupling, such as {checkerboard: 4} at the first scale, was none"),
                arguments(
                        "model:\n  type: realnvp\n  scales: [{checkerboard: 101}]\n",
                        ":3: model.scales[0].checkerboard: must be at most 100, was 101"),
                arguments(
                        "data: {}\nmodel:\n  type: realnvp\n  scales: []\n",
                        ":4: model.scales: must have a coupling, such as {checkerboard: 4} at the first scale, was none"),
                arguments(
                        "model:\n  type: realnvp\n  scales: [{},{},{},{},{},{},{},{},{},{},{}]\n",
                        ":3: model.scales: must have at most 10 scales, was 11"),
                arguments(
                        "data: {}\nmodel:\n  type: realnvp\n  conditioner: {channels: 3000}\n",
                        ":4: model.conditioner.channels: doubles at each scale, and must be at most 4096 at each; give the"
                                + " scales channels of their own, was 3000"),
                arguments(
                        "data: {}\nmodel:\n  type: realnvp\n  logScaleBound: 4\n",
                        ":4: model.logScaleBound: the bounds of the flow's 12 log-scales must be at most 36.9 together with"
                                + " this alpha and standardizationFloor, or the squares of the latents could leave float32,"
                                + " was 12 * 4.0 = 48.0"),
                arguments(
                        VAE + "name: ../up",
                        ":2: name: must be a plain folder name (letters, digits, '.', '_', '-'; at most 100; not"
                                + " starting with '.' or '-'; no '..'), was \"../up\""),
                // Rules across sections.
                arguments(
                        VAE + "data: {train: 50}\ntraining:\n  batchSize: 60",
                        ":4: training.batchSize: must be at most the 50 training images, was 60"),
                arguments(
                        VAE + "data: {type: mnist, validation: 59990}\ntraining: {batchSize: 100}",
                        ":3: training.batchSize: must be at most the 10 training images, was 100"),
                arguments(
                        "model: {type: vae, classes: 3}",
                        ":1: model.classes: has no meaning without condition: label; leave it out, was 3"),
                arguments(
                        "model: {type: vae, condition: label, classes: 1}",
                        ":1: model.classes: must be at least 2, was 1"),
                arguments(
                        "model: {type: realnvp, condition: label}\ndata: {type: csv, path: x.csv}",
                        ":1: model.classes: required with condition label: how many classes these data have is not known"
                                + " before they are read"),
                arguments(
                        VAE + "data: {type: cifar-10, validation: 50000}",
                        ":2: data.validation: must be below 50000, was 50000"),
                arguments(
                        VAE + "data: {type: mnist, validation: 60000}",
                        ":2: data.validation: must be below 60000, was 60000"),
                arguments(
                        VAE + "data: {validation: 0}\ntraining:\n  earlyStopping: {}",
                        ":4: training.earlyStopping: needs validation images, but data.validation is 0"),
                arguments(
                        VAE + "training: {shards: 2}",
                        ":2: training.shards: must be a power of two that divides training.batchSize, which must be given,"
                                + " was 2"),
                arguments(
                        VAE + "training:\n  batchSize: 30\n  shards: 3",
                        ":4: training.shards: must be a power of two that divides training.batchSize 30, was 3"),
                arguments(
                        VAE + "training:\n  batchSize: 30\n  shards: 4",
                        ":4: training.shards: must be a power of two that divides training.batchSize 30, was 4"),
                arguments(
                        VAE + "training: {batchSize: 30,\n shards: 0}",
                        ":3: training.shards: must be at least 1, was 0"),
                arguments(
                        VAE + "training: {batchSize: 30,\n shards: 2}\nloss: {kl: {freeBits: 0.1}}",
                        ":3: training.shards: cannot be above 1 with loss.kl.freeBits: their floor is under the mean KL of"
                                + " the whole batch, and is no mean over its parts; leave one of the two out"),
                arguments(
                        VAE + "training:\n  batchSize: 30\n  shuffle: shards",
                        ":4: training.shuffle: shards needs training.shards, whose rows are shuffled each by themselves"),
                arguments(
                        VAE + "training:\n  batchSize: 30\n  local: {steps: 5}",
                        ":4: training.local: needs training.shards, whose replicas take the steps"),
                arguments(
                        VAE + "training: {batchSize: 30, shards: 2, epochs: 3,\n local: {after: 3}}",
                        ":3: training.local.after: must be below training.epochs 3, or no step is taken alone, was 3"),
                arguments(
                        VAE + "training: {batchSize: 30, shards: 2, local: {\n steps: 0}}",
                        ":3: training.local.steps: must be at least 1, was 0"),
                // The text itself.
                arguments("", ": the file is empty"),
                arguments("# nothing\n", ": the file is empty"),
                arguments("~", ": the file is empty"),
                arguments("- 1", ":1: expected a mapping of keys to values, was a list"),
                arguments("vae", ":1: expected a mapping of keys to values, was \"vae\""),
                arguments(VAE + "---\nseed: 1", ":2: more than one YAML document"),
                arguments(
                        VAE + "training: {epochs: 5\nseed: 1",
                        ":3: not valid YAML at column 5: expected ',' or '}', but got :"),
                arguments(
                        VAE + "\tseed: 1",
                        ":2: not valid YAML at column 1: found character '\\t(TAB)' that cannot start any token."
                                + " (Do not use \\t(TAB) for indentation)"),
                arguments(VAE + "name: \"x", ":2: not valid YAML at column 9: found unexpected end of stream"),
                arguments(VAE + "seed: 1\n\u0000", ":3: not valid YAML: the character U+0000 is not allowed"),
                arguments("%YAML 3.0\n---\n" + VAE, ":1: not valid YAML: only version 1 documents can be read"),
                arguments(VAE + "data: &d {train: 500}\ntraining: *d", ":3: training: aliases (*d) are not supported"),
                arguments(VAE + "seed: !!int '5'", ":2: seed: tags (tag:yaml.org,2002:int) are not supported"),
                arguments("? [a]\n: b", ":1: a key must be plain text"),
                arguments("a: " + "[".repeat(5000), ":1: a" + "[0]".repeat(16) + ": nested deeper than 16 levels"),
                arguments("a: " + " ".repeat(1 << 20), ": larger than 1 MiB"));
    }

    /** Of what a VAE minimises, its prior and its diagnostics. */
    public static Stream<Arguments> problemsOfAnObjective() {
        String noTerm =
                " has no meaning with loss.importanceSamples 5: the importance-weighted bound has no separate KL"
                        + " term";
        String many = VAE + "loss:\n  importanceSamples: 5\n  kl:\n    ";
        String mixture = "model:\n  type: vae\n  prior: {type: mixture}\nloss:\n  kl:\n    ";
        String flowPrior = "model:\n  type: vae\n  prior: {type: realnvp}\nloss:\n  kl:\n    ";
        String iaf = "model:\n  type: vae\n  posterior: {type: iaf}\nloss:\n  kl:\n    ";
        String closedForm =
                "loss.kl.estimator: analytic needs a KL in closed form, which only model.prior {type: normal} has;"
                        + " use sampled or path";
        String perDimension = "loss.kl.freeBits: are defined on the analytic KL of each dimension, ";
        return Stream.of(
                // k above 1.
                arguments(
                        many + "estimator: analytic",
                        ":5: loss.kl.estimator: analytic" + noTerm + "; use sampled or path"),
                arguments(many + "beta: 2", ":5: loss.kl.beta: a weight" + noTerm),
                arguments(many + "beta: 0", ":5: loss.kl.beta: a weight" + noTerm),
                arguments(many + "warmup:\n      type: linear", ":5: loss.kl.warmup: a weight" + noTerm),
                arguments(many + "freeBits: 0.1", ":5: loss.kl.freeBits: a floor" + noTerm),
                arguments(
                        "model: {type: vae, likelihood: {binarization: none}}\nloss:\n  importanceSamples: 5",
                        ":3: loss.importanceSamples: must be 1 with model.likelihood.binarization none: without a"
                                + " likelihood there is no bound to weight"),
                arguments(
                        VAE + "loss:\n  importanceSamples: 0", ":3: loss.importanceSamples: must be at least 1, was 0"),
                // The estimator, and what it needs.
                arguments(mixture + "estimator: analytic", ":6: " + closedForm),
                arguments(flowPrior + "estimator: analytic", ":6: " + closedForm),
                arguments(
                        mixture + "freeBits: 0.1", ":6: " + perDimension + "which only model.prior {type: normal} has"),
                arguments(
                        VAE + "loss: {kl: {estimator: sampled,\n freeBits: 0.1}}",
                        ":3: " + perDimension + "so they need estimator analytic"),
                arguments(
                        VAE + "loss: {kl: {freeBits: 0.1,\n estimator: path}}",
                        ":2: " + perDimension + "so they need estimator analytic"),
                arguments(
                        VAE + "loss: {kl: {estimator: pathwise}}",
                        ":2: loss.kl.estimator: unknown value \"pathwise\"; allowed: analytic, sampled, path"),
                // The weight.
                arguments(VAE + "loss: {kl: {beta: -1}}", ":2: loss.kl.beta: must not be negative, was -1.0"),
                arguments(VAE + "loss: {kl: {freeBits: -2}}", ":2: loss.kl.freeBits: must not be negative, was -2.0"),
                arguments(VAE + "loss: {kl: {samples: -1}}", ":2: loss.kl.samples: must be at least 0, was -1"),
                arguments(
                        VAE + "loss: {kl: {weight: 2}}",
                        ":2: loss.kl.weight: unknown key; allowed: estimator, beta, warmup, freeBits, samples"),
                arguments(
                        VAE + "loss:\n  kl:\n    warmup:\n      epochs: 3",
                        ":5: loss.kl.warmup.epochs: unknown key; allowed: type"),
                arguments(
                        VAE + "loss: {kl: {warmup: {type: linaer}}}",
                        ":2: loss.kl.warmup.type: unknown value \"linaer\"; did you mean 'linear'? allowed: none,"
                                + " linear, cyclical"),
                arguments(
                        VAE + "loss: {kl: {warmup: {type: linear, epochs: 0}}}",
                        ":2: loss.kl.warmup.epochs: must be positive, was 0.0"),
                arguments(
                        VAE + "loss: {kl: {warmup: {type: cyclical, cycles: 0}}}",
                        ":2: loss.kl.warmup.cycles: must be at least 1, was 0"),
                arguments(
                        VAE + "loss: {kl: {warmup: {type: cyclical, ramp: 0}}}",
                        ":2: loss.kl.warmup.ramp: must be above 0 and at most 1, was 0.0"),
                // The prior.
                arguments(
                        "model:\n  type: vae\n  latent: 1\n  prior: {type: realnvp}",
                        ":3: model.latent: must be at least 2 with prior {type: realnvp}, whose couplings need two"
                                + " halves, was 1"),
                arguments(
                        "model:\n  type: vae\n  prior: {type: mixtures}",
                        ":3: model.prior.type: unknown value \"mixtures\"; did you mean 'mixture'? allowed: normal,"
                                + " mixture, realnvp"),
                arguments(
                        "model:\n  type: vae\n  prior: {type: mixture, couplings: 2}",
                        ":3: model.prior.couplings: unknown key; allowed: type, components"),
                arguments(
                        "model:\n  type: vae\n  prior: {type: mixture, components: 1}",
                        ":3: model.prior.components: must be at least 2, was 1"),
                arguments(
                        "model:\n  type: vae\n  prior: {type: realnvp, couplings: 0}",
                        ":3: model.prior.couplings: must be at least 1, was 0"),
                arguments(
                        "model:\n  type: vae\n  prior:\n    type: realnvp\n    couplings: 16\n    logScaleBound: 5.5",
                        ":6: model.prior.logScaleBound: couplings * logScaleBound must be at most 28.0, or the squares of the"
                                + " latents could leave float32, was 16 * 5.5 = 88.0"),
                arguments(
                        "model:\n  type: vae\n  prior:\n    type: realnvp\n    conditioner: {hidden: [0]}",
                        ":5: model.prior.conditioner.hidden[0]: must be at least 1, was 0"),
                // The posterior.
                arguments(
                        iaf + "estimator: analytic",
                        ":6: loss.kl.estimator: analytic needs a KL in closed form, which only model.posterior {type:"
                                + " gaussian} has; use sampled"),
                arguments(
                        iaf + "estimator: path",
                        ":6: loss.kl.estimator: path needs the posterior's flow backwards, from z to z0; use sampled, or"
                                + " model.posterior {type: gaussian}"),
                arguments(
                        iaf + "freeBits: 0.1",
                        ":6: " + perDimension + "which only model.posterior {type: gaussian} has"),
                arguments(
                        "model:\n  type: vae\n  latent: 1\n  posterior: {type: coupling}",
                        ":3: model.latent: must be at least 2 with a posterior that is a flow, by which latents depend on"
                                + " each other, was 1"),
                arguments(
                        "model:\n  type: vae\n  posterior: {type: iaff}",
                        ":3: model.posterior.type: unknown value \"iaff\"; did you mean 'iaf'? allowed: gaussian, coupling,"
                                + " iaf"),
                arguments(
                        "model:\n  type: vae\n  posterior: {type: iaf, couplings: 2}",
                        ":3: model.posterior.couplings: unknown key; allowed: type, steps, family, bins, tailBound, conditioner, logScaleBound,"
                                + " context"),
                arguments(
                        "model:\n  type: vae\n  posterior: {type: iaf, family: derived}",
                        ":3: model.posterior.family: has no meaning in an inverse-autoregressive flow, whose steps have no"
                                + " other half; choose affine, additive or spline, was derived"),
                arguments(
                        "model:\n  type: vae\n  prior: {type: realnvp, family: spline, logScaleBound: 1}",
                        ":3: model.prior.logScaleBound: has no meaning with family spline, whose couplings leave large numbers"
                                + " as they are; leave it out, was 1.0"),
                arguments(
                        "model:\n  type: vae\n  prior: {type: realnvp, bins: 4}",
                        ":3: model.prior.bins: has no meaning with family derived; leave it out, or choose family: spline, was 4"),
                arguments(
                        "model:\n  type: vae\n  posterior: {type: iaf, steps: 0}",
                        ":3: model.posterior.steps: must be at least 1, was 0"),
                arguments(
                        "model:\n  type: vae\n  posterior: {type: iaf, context: -1}",
                        ":3: model.posterior.context: must be at least 0, was -1"),
                arguments(
                        "model:\n  type: vae\n  posterior:\n    type: iaf\n    steps: 15",
                        ":3: model.posterior.logScaleBound: steps * logScaleBound must be at most 28.0, or the squares of"
                                + " the latents could leave float32, was 15 * 2.0 = 30.0"),
                arguments(
                        "model:\n  type: vae\n  prior: {type: realnvp, couplings: 8}\n  posterior: {type: coupling,"
                                + " couplings: 7}",
                        ":4: model.posterior: couplings or steps * logScaleBound, with those of the prior, must be at most"
                                + " 28.0, or the squares of the latents could leave float32, was 30.0"),
                // The diagnostics.
                arguments(
                        VAE + "diagnostics:\n  gradientDraws: 1",
                        ":3: diagnostics.gradientDraws: must be 0 for none, or at least 2: one draw has no variance,"
                                + " was 1"),
                arguments(
                        VAE + "diagnostics:\n  gradientDraws: -1",
                        ":3: diagnostics.gradientDraws: must be at least 0, was -1"),
                arguments(VAE + "diagnostics: {images: 1}", ":2: diagnostics.images: must be at least 2, was 1"),
                arguments(VAE + "diagnostics: {every: 0}", ":2: diagnostics.every: must be at least 1, was 0"),
                arguments(
                        VAE + "diagnostics: {gradientImages: 0}",
                        ":2: diagnostics.gradientImages: must be at least 1, was 0"),
                arguments(
                        VAE + "diagnostics:\n  everyStep: 3",
                        ":3: diagnostics.everyStep: expected true or false, was 3"),
                arguments(
                        VAE + "diagnostics: {everyStep: 'true'}",
                        ":2: diagnostics.everyStep: expected true or false, was \"true\""),
                arguments(
                        VAE + "diagnostics: {everyStep: yes}",
                        ":2: diagnostics.everyStep: expected true or false, was \"yes\""),
                // A flow has none of this.
                arguments(
                        "model: {type: realnvp}\nloss:\n  importanceSamples: 1",
                        ":2: loss: is for a model with a KL, such as model.type vae, and this one has none"),
                arguments(
                        "model: {type: realnvp}\n\nloss: {}",
                        ":3: loss: is for a model with a KL, such as model.type vae, and this one has none"),
                arguments(
                        "model: {type: realnvp}\ndiagnostics: {every: 2}",
                        ":2: diagnostics: is for a model with a KL, such as model.type vae, and this one has none"));
    }

    @ParameterizedTest
    @MethodSource({"problemsInAFile", "problemsOfAnObjective"})
    void problemsInAFileNameLineAndKey(String yaml, String message) {
        assertThat(messageOf(yaml, List.of())).isEqualTo("c/x.yaml" + message);
    }

    /** An override of a valid file, then the message without its "--set override" in front. */
    static Stream<Arguments> problemsInAnOverride() {
        return Stream.of(
                arguments("training.epochs=0", ": training.epochs: must be at least 1, was 0"),
                arguments("training.epocs=3", ": training.epocs: unknown key; did you mean 'epochs'?"),
                arguments("trainin.epochs=3", ": trainin: unknown key; did you mean 'training'?"),
                arguments("training.epochs='3'", ": training.epochs: expected a whole number, was \"3\""),
                arguments("seed.x=1", ": seed: has no keys to set, it is 7"),
                arguments(
                        "model.encoder.hidden[0]=1",
                        ": model.encoder.hidden[0]: unknown key; allowed: type, hidden, activation,"
                                + " channels, blocks"),
                arguments("model.encoder.hidden=[1, 0]", ": model.encoder.hidden[1]: must be at least 1, was 0"),
                arguments("training={epochs: 0}", ": training.epochs: must be at least 1, was 0"),
                arguments(
                        "training={epochs: 5, epochs: 6}",
                        ": training.epochs: duplicate key, already at --set" + " training={epochs: 5, epochs: 6}"),
                arguments(
                        "model.type=realnpv",
                        ": model.type: unknown value \"realnpv\"; did you mean 'realnvp'?" + " allowed: vae, realnvp"),
                arguments("model=null", ": model: required, but missing; for example model: {type: vae}"),
                arguments(
                        "training.type=x",
                        ": training.type: unknown key; allowed: epochs, batchSize, shards, shuffle, local,"
                                + " optimizer, schedule, warmupSteps, clipNorm, emaDecay, earlyStopping, logEvery, validateEvery,"
                                + " imagesEvery, imagesTemperature, checkpointEvery, checkpointUnit, checkpointKeep, recovery, startFrom, only"),
                arguments(
                        "type=x",
                        ": type: unknown key; allowed: name, seed, device, engine, precision, data, model,"
                                + " loss, training, diagnostics, evaluation, tensorboard"),
                arguments(
                        "training.epochs=[1",
                        ": training.epochs: not valid YAML at column 3: expected ',' or ']',"
                                + " but got <stream end>"),
                arguments("loss.kl.freeBits=-1", ": loss.kl.freeBits: must not be negative, was -1.0"),
                arguments(
                        "loss={importanceSamples: 3, kl: {beta: 2}}",
                        ": loss.kl.beta: a weight has no meaning with loss.importanceSamples 3: the importance-weighted"
                                + " bound has no separate KL term"),
                arguments("diagnostics.everyStep=1", ": diagnostics.everyStep: expected true or false, was 1"),
                arguments("model.prior.components=5", ": model.prior.components: unknown key; allowed: type"),
                arguments("seed=", ": seed: has no value; null gives the default back"),
                arguments("seed", ": expected key=value, such as training.epochs=5"),
                arguments("=5", ": expected key=value, such as training.epochs=5"),
                arguments("training..epochs=5", ": expected key=value, such as training.epochs=5"),
                arguments("", ": expected key=value, such as training.epochs=5"));
    }

    @ParameterizedTest
    @MethodSource("problemsInAnOverride")
    void problemsInAnOverrideNameTheOverride(String override, String message) {
        String yaml = "seed: 7\nmodel:\n  type: vae\n  encoder: {hidden: [5]}\ntraining: {epochs: 3}\n";
        assertThat(messageOf(yaml, List.of(override))).isEqualTo("--set " + override + message);
    }

    /** The line that cannot stand any more is named, not the override that made it so. */
    @Test
    void aRuleBetweenAnOverrideAndALineNamesTheLine() {
        assertThat(messageOf(VAE + "loss:\n  kl: {estimator: analytic}", List.of("model.prior.type=mixture")))
                .startsWith("c/x.yaml:3: loss.kl.estimator: analytic needs a KL in closed form");
        assertThat(messageOf(VAE + "diagnostics: {}", List.of("model.type=realnvp")))
                .startsWith("c/x.yaml:2: diagnostics: is for a model with a KL, such as model.type vae");
        assertThat(messageOf(VAE + "loss: {importanceSamples: 3}", List.of("loss.kl.warmup.type=linear")))
                .startsWith("--set loss.kl.warmup.type=linear: loss.kl.warmup: a weight has no meaning");
    }

    @Test
    void problemsWithAFile(@TempDir Path folder) throws IOException {
        assertThat(messageOf(folder.resolve("no.yaml"))).isEqualTo(folder.resolve("no.yaml") + ": no such file");
        assertThat(messageOf(folder)).isEqualTo(folder + ": is a folder, expected a YAML file");
        Path latin1 = Files.write(folder.resolve("l.yaml"), "name: caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(messageOf(latin1)).isEqualTo(latin1 + ": not UTF-8 text");
        Path large = Files.write(folder.resolve("large.yaml"), new byte[(1 << 20) + 1]);
        assertThat(messageOf(large)).isEqualTo(large + ": larger than 1 MiB");
    }

    /** A name that nobody wrote is never what is wrong. */
    @Test
    void anyFilesNameMakesARunsName() {
        Map<String, String> names = Map.of(
                "mnist-vae_2.1",
                "mnist-vae_2.1",
                "my run",
                "my-run",
                "v\u00e4 lu\u00e9 (2)",
                "va-lue-2",
                "cafe\u0301",
                "cafe",
                "\u0434\u0430\u043d\u043d\u044b\u0435",
                "run",
                "..a..b",
                "a.b",
                "-x-",
                "x",
                "\ud83d\ude00 7",
                "7",
                "x".repeat(150),
                "x".repeat(100),
                "",
                "run");
        names.forEach((file, name) -> assertThat(ConfigLoader.parse(VAE, "c/" + file + ".yaml", List.of())
                        .name())
                .isEqualTo(name));
    }

    @Test
    void linesStayOneLineWhateverAStrangerWrites() {
        assertThat(messageOf(VAE + "\"a\\nb\\e[31m\\u202e\": 1", List.of()))
                .contains("a b\\u001b[31m\\u202e: unknown key");
        assertThat(messageOf(VAE + "device: \"x\\r\\ny\"", List.of())).contains("unknown value \"x  y\"");
    }

    @Test
    void aBrokenFileGivesAConfigExceptionOrAConfig() {
        String yaml = ConfigLoader.toYaml(ConfigLoader.parse(VAE, "x.yaml", List.of()));
        String alphabet = "{}[]:,-?&*!|>'\"%@`# \n\t~0123456789.eExX_abc\u0000\u0085\u2028\ud83d\ude00";
        Random random = new Random(1);
        int refused = 0;
        for (int i = 0; i < 1500; i++) {
            StringBuilder text = new StringBuilder(yaml);
            for (int k = random.nextInt(4); k >= 0; k--) {
                int at = random.nextInt(text.length());
                text.replace(at, at + random.nextInt(2), "" + alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                ConfigLoader.parse(text.toString(), "x.yaml", List.of());
            } catch (ConfigException e) {
                assertReadable(e.getMessage());
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(500);
    }

    private static String messageOf(String yaml, List<String> overrides) {
        return message(
                catchThrowableOfType(ConfigException.class, () -> ConfigLoader.parse(yaml, "c/x.yaml", overrides)));
    }

    private static String messageOf(Path file) {
        return message(catchThrowableOfType(ConfigException.class, () -> ConfigLoader.load(file, List.of())));
    }

    private static String message(ConfigException e) {
        assertReadable(e.getMessage());
        return e.getMessage();
    }

    private static void assertReadable(String message) {
        assertThat(message)
                .doesNotContain("\n", "\r", "Exception", "tools.jackson", "snakeyaml", "java.", "Optional")
                .hasSizeLessThanOrEqualTo(1000);
    }
}
