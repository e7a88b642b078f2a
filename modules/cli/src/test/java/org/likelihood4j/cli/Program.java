package org.likelihood4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.likelihood4j.cli.terminal.Failures;
import org.likelihood4j.io.AtomicFiles;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs command lines of the whole program in this JVM, on digits and networks so small that a training takes a second. */
public final class Program {
    public static final String VAE = """
            name: tiny-vae
            data: {type: digits, train: 200, validation: 40, test: 30}
            model:
              type: vae
              latent: 4
              encoder: {hidden: [16]}
              decoder: {hidden: [16]}
            training: {epochs: 2, batchSize: 20, logEvery: 5}
            evaluation: {importanceSamples: 3, repeats: 2, batchSize: 16}
            """;
    public static final String FLOW = """
            name: tiny-flow
            data: {type: digits, train: 200, validation: 0, test: 30}
            model: {type: realnvp, architecture: flat, couplings: 2, conditioner: {hidden: [16]}, alpha: 0.01}
            training: {epochs: 2, batchSize: 20, logEvery: 5}
            evaluation: {repeats: 2, batchSize: 16}
            """;

    /** Of each configuration the run that others are copies of. */
    private static final Map<String, Path> TRAINED = new HashMap<>();

    private Program() {}

    /** The outcome of a command line. */
    public record Result(int exit, List<String> out, List<String> err) {
        public Result succeeded() {
            assertThat(err).isEmpty();
            assertThat(exit).isZero();
            return this;
        }

        /**
         * It failed as it should: one line on standard error, without class names or a stack trace, that says all of this.
         *
         * @param code 1, or 2 for a command line that is not understood, which a second line explains
         */
        public Result toldInOneLine(int code, List<String> named) {
            assertThat(exit).as("%s", this).isEqualTo(code);
            assertThat(err).as("%s", this).hasSize(code);
            assertThat(err.get(0))
                    .startsWith("error: ")
                    .doesNotContain("Exception")
                    .doesNotContain("org.likelihood4j")
                    .doesNotContain("at org.")
                    .contains(named);
            if (code == Failures.USAGE) {
                assertThat(err.get(1)).startsWith("Run './run.sh").contains("--help");
            }
            return this;
        }

        public String text() {
            return String.join("\n", out);
        }
    }

    public static Result run(Object... arguments) {
        Captured captured = new Captured(false);
        String[] strings = new String[arguments.length];
        for (int i = 0; i < strings.length; i++) {
            strings[i] = arguments[i].toString();
        }
        int exit = Main.run(captured.console(), strings);
        return new Result(exit, captured.outLines(), captured.errLines());
    }

    /**
     * A run in the folder {@code runs} under {@code folder}, which may be written to: a copy, with times of its own, of a run that is trained once for each
     * configuration.
     */
    public static Path train(Path folder, String yaml) throws IOException {
        String name = yaml.equals(VAE) ? "vae" : "flow";
        Files.writeString(folder.resolve(name + ".yaml"), yaml);
        Path trained = TRAINED.get(yaml);
        if (trained == null) {
            Path runs = temporary();
            run("train", folder.resolve(name + ".yaml"), "--runs", runs).succeeded();
            trained = runs.resolve("tiny-" + name);
            TRAINED.put(yaml, trained);
        }
        Path copy = Files.createDirectories(folder.resolve("runs")).resolve("tiny-" + name);
        try (Stream<Path> files = Files.walk(trained)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, copy.resolve(trained.relativize(file)));
            }
        }
        return copy;
    }

    /** A folder that is there as long as this process. */
    private static Path temporary() throws IOException {
        Path folder = Files.createTempDirectory("trained");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                AtomicFiles.delete(folder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }));
        return folder;
    }

    /** The numbers of an array in a file of JSON. */
    public static double[] json(Path file, String key) throws IOException {
        return new JsonMapper()
                .readTree(Files.readString(file))
                .get(key)
                .valueStream()
                .mapToDouble(JsonNode::doubleValue)
                .toArray();
    }

    /** The names in a folder, in order. */
    public static List<String> names(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (var children = Files.list(folder)) {
            return children.map(child -> child.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }
}
