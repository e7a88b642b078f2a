package org.likelihood4j.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.cli.Program;
import org.likelihood4j.io.safetensors.Safetensors;
import org.likelihood4j.io.safetensors.Tensor;

/** {@code verify} without and with a run. */
class VerifyCommandTest {
    @TempDir
    private Path folder;

    /** The rows of the table: what ends in a verdict. */
    private static List<String> rows(Program.Result result) {
        return result.out().stream()
                .filter(line -> line.matches(".* (ok|FAILED|none)"))
                .toList();
    }

    @Test
    void theDerivationsHoldAndASeedRepeatsThem() {
        Program.Result first = Program.run("verify").succeeded();
        assertThat(rows(first)).hasSizeGreaterThan(20).allMatch(row -> row.endsWith(" ok"));
        assertThat(first.out()).allMatch(line -> line.length() <= 120);
        assertThat(first.text()).contains("all " + rows(first).size() + " checks passed");
        String seed = first.out().get(0).replaceFirst(".*seed ", "");
        Program.Result again = Program.run("verify", "--seed", seed).succeeded();
        assertThat(again.out()).isEqualTo(first.out());
    }

    @Test
    void ownFormulasAreVerifiedExerciseByExercise() throws IOException {
        Path mine = Files.writeString(folder.resolve("Mine.java"), """
                class Mine implements org.likelihood4j.laboratory.exercises.OwnFormulas {
                    public double kl(double mu, double sigma) {
                        return 0.5 * (sigma * sigma + mu * mu - 1) - Math.log(sigma);
                    }
                }
                """);
        assertThat(Program.run("verify", "--with", mine).succeeded().text())
                .contains("2 checks passed, 10 are of exercises that are not written yet");
        Files.writeString(
                mine,
                Files.readString(mine)
                        .replace("class Mine implements", "class Mine extends Base implements")
                        .concat("class Base { public double logMeanExp(double... w) { return w[0]; } }\n"));
        Program.run("verify", "--with", mine, "--seed", 1).toldInOneLine(1, List.of("2 of 12 checks failed; --seed 1"));
        Program.run("verify", folder, "--with", mine).toldInOneLine(1, List.of("--with is for your own formulas"));
    }

    @Test
    void aTrainedFlowPasses() throws IOException {
        assertPasses(Program.train(folder, Program.FLOW));
    }

    @Test
    void aTrainedVaePassesUntilItIsDamaged() throws IOException {
        Path run = Program.train(folder, Program.VAE);
        int checks = assertPasses(run);
        poison(run);
        Program.Result damaged = Program.run("verify", run, "--seed", 1, "--images", 3);
        assertThat(damaged.exit()).isEqualTo(1);
        assertThat(damaged.err())
                .singleElement()
                .asString()
                .containsPattern("error: \\d+ of " + checks + " checks failed");
        assertThat(rows(damaged)).hasSize(checks).anyMatch(row -> row.matches("parameters are finite .* 1 +0 FAILED"));
    }

    /** A run with a moving average uses that, and still its own weights are looked at. */
    @Test
    void weightsBehindAMovingAverageAreSeenToo() throws IOException {
        Path config = Files.writeString(folder.resolve("average.yaml"), Program.VAE);
        Program.run(
                        "train",
                        config,
                        "--runs",
                        folder,
                        "--name",
                        "average",
                        "--set",
                        "training.emaDecay=0.9",
                        "--set",
                        "training.epochs=1")
                .succeeded();
        Path run = folder.resolve("average");
        poison(run);
        Program.Result damaged = Program.run("verify", run, "--seed", 1, "--images", 3);
        assertThat(damaged.exit()).isEqualTo(1);
        assertThat(rows(damaged).stream().filter(row -> row.endsWith("FAILED")))
                .singleElement()
                .matches(row -> row.matches("saved tensors are finite .* 1 +0 FAILED"));
    }

    private static int assertPasses(Path run) {
        Program.Result result =
                Program.run("verify", run, "--seed", 1, "--checkpoint", "last").succeeded();
        assertThat(result.out().get(0)).contains(run.toString(), "(last)", "30 test images", "seed 1");
        assertThat(rows(result)).hasSizeGreaterThan(8).allMatch(row -> row.endsWith(" ok"));
        assertThat(result.out()).allMatch(line -> line.startsWith("verifying") || line.length() <= 120);
        return rows(result).size();
    }

    /** Makes the first weight of every checkpoint NaN. */
    private static void poison(Path run) throws IOException {
        try (Stream<Path> files = Files.walk(run)) {
            for (Path file :
                    files.filter(f -> f.endsWith("weights.safetensors")).toList()) {
                Safetensors.Contents contents = Safetensors.read(file);
                List<Tensor> tensors = contents.tensors().stream()
                        .map(tensor -> tensor.equals(contents.tensors().get(0)) ? poisoned(tensor) : tensor)
                        .toList();
                Safetensors.write(file, tensors, contents.metadata());
                Files.delete(file.resolveSibling("SHA256SUMS")); // or it would be refused as damaged
            }
        }
    }

    private static Tensor poisoned(Tensor tensor) {
        float[] values = tensor.toFloats();
        values[0] = Float.NaN;
        return Tensor.ofFloats(
                tensor.name(),
                values,
                tensor.shape().stream().mapToLong(Long::longValue).toArray());
    }

    @Test
    void mistakesAreOneLine() {
        assertFails("no such run directory", "verify", folder.resolve("none"));
        assertFails("not a run directory", "verify", folder);
        assertFails("are for a RUN", "verify", "--images", 5);
        assertFails("are for a RUN", "verify", "--checkpoint", "last");
        assertFails("--images must be 1 to 1000, was 0", "verify", folder, "--images", 0);
    }

    private static void assertFails(String message, Object... arguments) {
        Program.Result result = Program.run(arguments);
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .singleElement()
                .asString()
                .startsWith("error: ")
                .contains(message);
    }
}
