package org.likelihood4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.io.AtomicFiles;

/** What a person gets wrong is told in one line that names it: exit code 1, or 2 for the command line itself. */
class BadInputTest {
    @TempDir
    private static Path folder;

    private static Path runs;
    private static Path vae;

    /**
     * A command line that must fail. {@code @NAME} in an argument or an expected text stands for a path in the test's folder.
     *
     * @param named what the message must contain
     */
    record Case(int exit, List<String> named, List<String> arguments) {
        @Override
        public String toString() {
            return String.join(" ", arguments);
        }
    }

    private static Case fails(List<String> named, String... arguments) {
        return new Case(1, named, List.of(arguments));
    }

    private static Case misused(List<String> named, String... arguments) {
        return new Case(2, named, List.of(arguments));
    }

    @BeforeAll
    static void prepare() throws IOException {
        vae = Program.train(folder, Program.VAE);
        Program.train(folder, Program.FLOW);
        runs = folder.resolve("runs");
        Program.run(
                        "train",
                        folder.resolve("vae.yaml"),
                        "--runs",
                        runs,
                        "--name",
                        "reference",
                        "--set",
                        "engine=reference",
                        "--set",
                        "training.epochs=1")
                .succeeded();
        Files.writeString(folder.resolve("typo.yaml"), Program.VAE.replace("latent:", "latnt:"));
        Files.writeString(folder.resolve("syntax.yaml"), "name: [a\nmodel: }");
        Files.writeString(folder.resolve("empty.yaml"), "");
        Files.writeString(folder.resolve("file"), "mine");
        Files.createDirectory(folder.resolve("folder"));
        Files.createDirectory(folder.resolve("folder.csv"));
        Files.createDirectory(folder.resolve("folder.png"));
        damage("cut", weights -> Files.write(weights, Arrays.copyOf(Files.readAllBytes(weights), 5000)));
        damage("nothing", Files::delete);
        damage("text", weights -> Files.writeString(weights, "these are not weights"));
        damage("reshaped", weights -> {
            Path config = config(weights);
            Files.writeString(config, Files.readString(config).replace("latent: 4", "latent: 5"));
        });
        damage("wider", weights -> {
            Path config = config(weights);
            Files.writeString(config, Files.readString(config).replace("float32", "float64"));
        });
        Path learned = Files.writeString(
                folder.resolve("learned.yaml"),
                Program.VAE.replace("latent: 4", "latent: 4\n  prior: {type: mixture}")
                        + "loss: {kl: {estimator: sampled}}\n");
        Program.run("train", learned, "--runs", folder, "--name", "learned").succeeded();
        damage("badconfig", weights -> Files.writeString(config(weights), "name: x\nmodel: {type: gan}\n"));
        damage("badstate", weights -> Files.writeString(weights.resolveSibling("state.json"), "{\"formatVersion\": "));
        damage(
                "badpointer",
                weights -> Files.writeString(weights.resolveSibling("../best").normalize(), "epoch-0077"));
        damage(
                "escape",
                weights -> Files.writeString(weights.resolveSibling("../best").normalize(), "\u001b[2J"));
        damage("nometrics", weights -> Files.delete(metrics(weights)));
        damage("emptymetrics", weights -> Files.writeString(metrics(weights), ""));
        damage("textmetrics", weights -> Files.writeString(metrics(weights), "these are no metrics\n[1]\n"));
        damage("foldermetrics", weights -> {
            Files.delete(metrics(weights));
            Files.createDirectory(metrics(weights));
        });
        damage(
                "widemetrics",
                weights -> Files.writeString(
                        metrics(weights), "{\"event\":\"step\",\"x\":[" + "0,".repeat(100_000) + "0]}\n"));
        damage("linked", weights -> {
            Path samples = config(weights).resolveSibling("samples");
            AtomicFiles.delete(samples);
            Files.createSymbolicLink(samples, folder.resolve("folder"));
        });
        damage("huge", weights -> {
            Path config = config(weights);
            Files.writeString(
                    config,
                    Files.readString(config)
                            .replace("latent: 4", "latent: 1048576")
                            .replaceFirst("- 16", "- 2000"));
        });
        damage(
                "nocheckpoints",
                weights -> AtomicFiles.delete(weights.getParent().getParent()));
    }

    private interface Damage {
        void to(Path weights) throws IOException;
    }

    private static Path metrics(Path weights) {
        return config(weights).resolveSibling("metrics.jsonl");
    }

    private static Path config(Path weights) {
        return weights.resolve("../../../config.yaml").normalize();
    }

    private static void damage(String name, Damage damage) throws IOException {
        Path copy = folder.resolve(name);
        try (var paths = Files.walk(vae)) {
            for (Path path : paths.toList()) {
                Files.copy(path, copy.resolve(vae.relativize(path)));
            }
        }
        String best = Files.readString(copy.resolve("checkpoints/best")).strip();
        damage.to(copy.resolve("checkpoints").resolve(best).resolve("weights.safetensors"));
    }

    static Stream<Case> configurations() {
        String train = "train";
        String vae = "@vae.yaml";
        return Stream.of(
                fails(List.of("@none.yaml", "no such file"), train, "@none.yaml"),
                fails(List.of("@none.yaml", "no such file"), "validate", vae, "@none.yaml"),
                fails(List.of("@folder", "is a folder"), train, "@folder"),
                fails(List.of("@typo.yaml:5", "latnt", "latent"), train, "@typo.yaml"),
                fails(List.of("@typo.yaml:5", "latnt", "latent"), "validate", "@typo.yaml"),
                fails(List.of("@syntax.yaml:"), train, "@syntax.yaml"),
                fails(List.of("@empty.yaml", "empty"), "validate", "@empty.yaml"),
                fails(List.of("training.epoch", "epochs"), train, vae, "--set", "training.epoch=3"),
                fails(List.of("novalue"), train, vae, "--set", "novalue"),
                fails(List.of("training.epochs", "at least 1", "0"), train, vae, "--set", "training.epochs=0"),
                fails(List.of("training.epochs", "whole number", "many"), train, vae, "--set", "training.epochs=many"),
                fails(List.of("model.type", "vea", "vae"), "validate", vae, "--set", "model.type=vea"),
                fails(List.of("training.batchSize", "200"), train, vae, "--set", "training.batchSize=201"),
                fails(List.of("couplings", "30.9"), "validate", "@flow.yaml", "--set", "model.couplings=41"),
                fails(List.of("data.train"), train, vae, "--set", "data.train=3000000000"),
                fails(List.of("digits", "2800000"), train, vae, "--set", "data.train=2800000"),
                fails(List.of("--name must be a plain folder name", "../up"), train, vae, "--name", "../up"),
                fails(List.of("--name must be a plain folder name", "it's"), train, vae, "--name", "it's"),
                fails(List.of("--name must be a plain folder name", "/up"), train, vae, "--name", "/up"),
                fails(List.of("--name must be a plain folder name", "\\u001b[2J"), train, vae, "--name", "\u001b[2J"),
                fails(List.of("--name must be a plain folder name", "aaa..."), train, vae, "--name", "a".repeat(300)),
                fails(List.of("name"), "compare", vae, "--vary", "model.latent=2,3", "--name", ".."),
                // What would not fit is said before anything is made.
                fails(
                        List.of("model", "1,000,794,013,416 parameters", "16,012.7 GB", "at most 536,870,911"),
                        train,
                        vae,
                        "--set",
                        "model.encoder.hidden=[1000000, 1000000]"),
                fails(
                        List.of("model", "GB of memory to train", "LIKELIHOOD4J_OFFHEAP"),
                        "validate",
                        vae,
                        "--set",
                        "model.encoder.hidden=[20000, 20000]"),
                fails(
                        List.of("training.batchSize", "GB of memory"),
                        train,
                        vae,
                        "--set",
                        "loss.importanceSamples=1000000"),
                fails(
                        List.of("training.batchSize", "GB of memory", "LIKELIHOOD4J_OFFHEAP"),
                        train,
                        vae,
                        "--set",
                        "loss.importanceSamples=100000"),
                fails(
                        List.of("training.earlyStopping.metric", "fid", "elbo"),
                        train,
                        vae,
                        "--set",
                        "training.earlyStopping={metric: fid}"),
                fails(
                        List.of("training.earlyStopping.metric", "fid", "elbo"),
                        "validate",
                        vae,
                        "--resolved",
                        "--set",
                        "training.earlyStopping={metric: fid}"),
                fails(
                        List.of("earlyStopping", "data.validation"),
                        "validate",
                        "@flow.yaml",
                        "--set",
                        "training.earlyStopping={}"),
                fails(List.of("@file", "--runs"), train, vae, "--runs", "@file"),
                fails(List.of("@file/below", "--runs"), train, vae, "--runs", "@file/below"),
                fails(List.of("device: cuda", "use cpu"), train, vae, "--set", "device=cuda"),
                fails(
                        List.of("device: cuda", "use cpu"),
                        "compare",
                        vae,
                        "--vary",
                        "model.latent=2,3",
                        "--set",
                        "device=cuda"),
                fails(
                        List.of("engine: reference computes on the CPU", "engine: compiled"),
                        "validate",
                        vae,
                        "--set",
                        "device=cuda",
                        "--set",
                        "engine=reference"),
                fails(
                        List.of("--device cuda: the run's engine: reference computes on the CPU: use cpu"),
                        "sample",
                        "@runs/reference",
                        "--device",
                        "cuda"),
                fails(List.of("device", "opencl", "cpu, cuda"), "validate", vae, "--set", "device=opencl"),
                fails(List.of("tensorboard", "true or false", "on"), train, vae, "--set", "tensorboard=on"),
                fails(List.of("tensorbord", "tensorboard"), train, vae, "--set", "tensorbord=true"),
                fails(
                        List.of("diverged at step 2", "elbo", "learningRate"),
                        train,
                        vae,
                        "--runs",
                        "@diverged",
                        "--set",
                        "training.optimizer={type: sgd, learningRate: 1e30}"));
    }

    static Stream<Case> commandLines() {
        return Stream.of(
                misused(List.of("CONFIG"), "train"),
                misused(List.of("RUN"), "sample"),
                misused(List.of("CONFIG"), "validate"),
                misused(List.of("unknown command 'smaple'", "'sample'"), "smaple", "@runs/tiny-vae"),
                misused(List.of("unknown option '--epochs'"), "train", "@vae.yaml", "--epochs", "3"),
                misused(List.of("--count", "some"), "sample", "@runs/tiny-vae", "--count", "some"),
                misused(List.of("--count", "99999999999"), "sample", "@runs/tiny-vae", "--count", "99999999999"),
                misused(List.of("--temperature", "hot"), "sample", "@runs/tiny-vae", "--temperature", "hot"),
                misused(List.of("--split", "tset"), "evaluate", "@runs/tiny-vae", "--split", "tset"),
                misused(List.of("--out"), "reconstruct", "@runs/tiny-vae", "--out"),
                misused(List.of("RUN"), "metrics"),
                misused(List.of("--event", "batch", "step, epoch"), "metrics", "@runs/tiny-vae", "--event", "batch"),
                misused(List.of("--output"), "metrics", "@runs/tiny-vae", "--output"),
                misused(List.of("unknown option '--out'", "--output"), "metrics", "@runs/tiny-vae", "--out", "@x.csv"),
                misused(List.of("more"), "sample", "@runs/tiny-vae", "more"),
                misused(List.of("RUN"), "report"),
                fails(List.of("--count", "1 to 10000", "0"), "sample", "@runs/tiny-vae", "--count", "0"),
                fails(List.of("--count", "10001"), "sample", "@runs/tiny-vae", "--count", "10001"),
                fails(List.of("--count", "-3"), "reconstruct", "@runs/tiny-vae", "--count", "-3"),
                fails(List.of("--temperature", "NaN"), "sample", "@runs/tiny-vae", "--temperature", "NaN"),
                fails(List.of("--temperature", "-0.5"), "sample", "@runs/tiny-vae", "--temperature", "-0.5"),
                fails(List.of("--temperature", "Infinity"), "sample", "@runs/tiny-vae", "--temperature", "Infinity"),
                fails(List.of("--images", "0"), "evaluate", "@runs/tiny-vae", "--images", "0"),
                fails(List.of("--repeats", "0"), "evaluate", "@runs/tiny-vae", "--repeats", "0"),
                fails(List.of("--batch-size", "-1"), "evaluate", "@runs/tiny-vae", "--batch-size", "-1"),
                fails(List.of("--importance-samples", "0"), "evaluate", "@runs/tiny-vae", "--importance-samples", "0"));
    }

    static Stream<Case> latents() {
        String vae = "@runs/tiny-vae";
        String flow = "@runs/tiny-flow";
        return Stream.of(
                misused(
                        List.of("--path", "curved", "one of linear, spherical"),
                        "interpolate",
                        vae,
                        "--path",
                        "curved"),
                misused(List.of("--images", "x"), "interpolate", vae, "--images", "3,x"),
                misused(List.of("--range", "far"), "traverse", vae, "--range", "far"),
                fails(
                        List.of("--images", "no image 30", "30 test images, 0 to 29"),
                        "interpolate",
                        vae,
                        "--images",
                        "3,30"),
                fails(List.of("--images", "no image -1"), "interpolate", vae, "--images=-1,2"),
                fails(List.of("--images", "pairs", "3 numbers"), "interpolate", vae, "--images", "1,2,3"),
                fails(
                        List.of("--pairs", "--images", "not both"),
                        "interpolate",
                        vae,
                        "--images",
                        "1,2",
                        "--pairs",
                        "1"),
                fails(List.of("16 pairs need 32 images", "30 test", "--pairs"), "interpolate", vae, "--pairs", "16"),
                fails(List.of("--pairs", "1 to 10000", "0"), "interpolate", vae, "--pairs", "0"),
                fails(List.of("--steps", "2 to 10000", "1"), "interpolate", vae, "--steps", "1"),
                fails(List.of("10000 images", "18000"), "interpolate", vae, "--pairs", "6", "--steps", "3000"),
                fails(List.of("validation", "--split"), "interpolate", flow, "--split", "validation"),
                fails(List.of("--path", "prior", "linear"), "interpolate", "@learned", "--path", "spherical"),
                fails(List.of("--steps", "2 to 10000", "0"), "traverse", vae, "--steps", "0"),
                fails(
                        List.of("--dimensions", "no 4", "4 latent dimensions, 0 to 3"),
                        "traverse",
                        vae,
                        "--dimensions",
                        "1,4"),
                fails(List.of("--dimensions", "no -1"), "traverse", vae, "--dimensions=-1"),
                fails(
                        List.of("--dimensions", "no 29", "29 principal components of these 30 images"),
                        "traverse",
                        flow,
                        "--dimensions",
                        "29"),
                fails(List.of("--rows", "at most 4", "5"), "traverse", vae, "--rows", "5"),
                fails(List.of("--rows", "1 to", "0"), "traverse", vae, "--rows", "0"),
                fails(
                        List.of("--rows", "--dimensions", "not both"),
                        "traverse",
                        vae,
                        "--rows",
                        "1",
                        "--dimensions",
                        "1"),
                fails(List.of("--image", "no image 99", "0 to 29"), "traverse", vae, "--image", "99"),
                fails(List.of("--range", "above 0", "-1"), "traverse", vae, "--range=-1"),
                fails(List.of("--range", "Infinity"), "traverse", vae, "--range", "Infinity"),
                fails(List.of("--range", "NaN"), "traverse", vae, "--range", "NaN"),
                // Beyond float32's range, but for the middle of each of 4 rows.
                fails(List.of("32 of 36 images", "not finite"), "traverse", vae, "--range", "1e300"),
                fails(List.of("@file", "is a file"), "sample", vae, "--each", "--out", "@file.png"),
                fails(List.of("@folder.png", "is a folder"), "interpolate", vae, "--out", "@folder.png"),
                fails(List.of("@runs/none", "no such run"), "traverse", "@runs/none"));
    }

    static Stream<Case> runs() {
        return Stream.of(
                fails(List.of("@runs/none", "no such run"), "sample", "@runs/none"),
                fails(List.of("@file", "no run directory"), "evaluate", "@file"),
                fails(List.of("@folder", "not a run directory", "config.yaml"), "reconstruct", "@folder"),
                fails(List.of("@runs/none", "no such run"), "metrics", "@runs/none"),
                fails(List.of("@file", "no run directory"), "metrics", "@file"),
                fails(List.of("@nometrics/metrics.jsonl", "no such file"), "metrics", "@nometrics"),
                fails(List.of("@emptymetrics/metrics.jsonl", "no epoch lines yet"), "metrics", "@emptymetrics"),
                fails(List.of("no step lines yet", "training.logEvery"), "metrics", "@emptymetrics", "--event", "step"),
                fails(List.of("@textmetrics/metrics.jsonl", "no epoch lines"), "metrics", "@textmetrics"),
                fails(List.of("@foldermetrics/metrics.jsonl", "not a file"), "metrics", "@foldermetrics"),
                fails(
                        List.of("@widemetrics/metrics.jsonl", "more than 100000"),
                        "metrics",
                        "@widemetrics",
                        "--event",
                        "step"),
                fails(List.of("@linked/samples", "is a link"), "metrics", "@linked"),
                fails(
                        List.of("--output", ".csv", "@runs/tiny-vae/metrics.jsonl"),
                        "metrics",
                        "@runs/tiny-vae",
                        "--output",
                        "@runs/tiny-vae/metrics.jsonl"),
                fails(
                        List.of("--output must end in .png", "config.yaml"),
                        "sample",
                        "@runs/tiny-vae",
                        "--output",
                        "@runs/tiny-vae/config.yaml"),
                fails(
                        List.of("--output must end in .csv", "config.yaml"),
                        "score",
                        "@runs/tiny-vae",
                        "--output",
                        "@runs/tiny-vae/config.yaml"),
                fails(List.of("--output must end in .json"), "schema", "--output", "@file"),
                fails(List.of("--output", ".csv"), "metrics", "@runs/tiny-vae", "--output", "@file"),
                fails(List.of("@folder.csv", "is a folder"), "metrics", "@runs/tiny-vae", "--output", "@folder.csv"),
                fails(
                        List.of("@file/x.csv", "cannot be written"),
                        "metrics",
                        "@runs/tiny-vae",
                        "--output",
                        "@file/x.csv"),
                fails(List.of("@nocheckpoints", "best"), "sample", "@nocheckpoints"),
                fails(List.of("@runs/none", "no such run"), "report", "@runs/tiny-vae", "@runs/none"),
                fails(List.of("@folder", "not a run directory", "config.yaml"), "report", "@folder"),
                fails(List.of("@linked/samples", "is a link"), "report", "@linked"),
                fails(List.of("@file", "no report", "--output"), "report", "@runs/tiny-vae", "--output", "@file"),
                fails(List.of("@folder", "no report", "--output"), "report", "@runs/tiny-vae", "--output", "@folder"),
                fails(
                        List.of("@none/page.html", "cannot be written"),
                        "report",
                        "@runs/tiny-vae",
                        "--output",
                        "@none/page.html"),
                fails(
                        List.of("no checkpoint 'newest'", "best", "last"),
                        "sample",
                        "@runs/tiny-vae",
                        "--checkpoint",
                        "newest"),
                fails(List.of("no checkpoint '../x'"), "evaluate", "@runs/tiny-vae", "--checkpoint", "../x"),
                fails(List.of("@badpointer", "epoch-0077"), "evaluate", "@badpointer"),
                fails(List.of("@escape/checkpoints/best", "'\\u001b[2J'"), "evaluate", "@escape"),
                fails(List.of("@linked/samples", "is a link"), "sample", "@linked"),
                fails(List.of("model", "GB of memory to hold"), "sample", "@huge"),
                fails(List.of("weights.safetensors", "truncated"), "sample", "@cut"),
                fails(List.of("weights.safetensors", "no such file"), "evaluate", "@nothing"),
                fails(List.of("weights.safetensors", "not a safetensors file"), "reconstruct", "@text"),
                fails(List.of("encoder/output/weight", "[16, 8]", "[16, 10]"), "sample", "@reshaped"),
                fails(List.of("F32", "F64"), "sample", "@wider"),
                fails(List.of("@badconfig/config.yaml:2", "model.type", "gan"), "evaluate", "@badconfig"),
                fails(List.of("state.json"), "sample", "@badstate"),
                fails(List.of("validation", "--split"), "evaluate", "@runs/tiny-flow", "--split", "validation"),
                fails(List.of("validation", "--split"), "reconstruct", "@runs/tiny-flow", "--split", "validation"),
                fails(List.of("@file/x.png"), "sample", "@runs/tiny-vae", "--out", "@file/x.png"),
                fails(List.of("@folder.png", "is a folder"), "sample", "@runs/tiny-vae", "--out", "@folder.png"),
                fails(List.of("@folder.png", "is a folder"), "reconstruct", "@runs/tiny-vae", "--out", "@folder.png"));
    }

    @ParameterizedTest
    @MethodSource({"configurations", "commandLines", "latents", "runs"})
    void isToldInOneLine(Case bad) throws IOException {
        List<String> before = Program.names(runs);
        List<Object> arguments = bad.arguments.stream().<Object>map(this::path).toList();
        boolean choosesRuns = !bad.arguments.get(0).equals("train") || arguments.contains("--runs");
        Program.Result result = choosesRuns
                ? Program.run(arguments.toArray())
                : Program.run(Stream.concat(arguments.stream(), Stream.of("--runs", runs))
                        .toArray());

        result.toldInOneLine(bad.exit, bad.named.stream().map(this::path).toList());
        // A run that cannot start leaves no folder behind.
        assertThat(Program.names(runs)).isEqualTo(before);
        assertThat(folder.resolve("file")).hasContent("mine");
    }

    private String path(String text) {
        return text.startsWith("@") ? folder.resolve(text.substring(1)).toString() : text;
    }
}
