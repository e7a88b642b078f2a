package org.likelihood4j.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.io.AtomicFiles;
import org.likelihood4j.io.RunException;
import org.likelihood4j.io.safetensors.Safetensors;
import org.likelihood4j.io.safetensors.Tensor;
import org.likelihood4j.training.TinyRun;

/** A damaged checkpoint is refused in one line that names the file and what is wrong with it. */
class CheckpointDamageTest {
    private static final String BIAS = "decoder/layer0/bias";

    @TempDir
    private static Path runs;

    @TempDir
    private Path folder;

    private static RunDirectory whole;

    @BeforeAll
    static void train() {
        whole = TinyRun.train(runs, TinyRun.config(TinyRun.VAE, "training.epochs=1", "data.train=20"));
    }

    /** A copy to damage. */
    private RunDirectory copy() throws IOException {
        Path target = folder.resolve("copy");
        AtomicFiles.delete(target);
        try (var paths = Files.walk(whole.path())) {
            for (Path path : paths.toList()) {
                Files.copy(path, target.resolve(whole.path().relativize(path)));
            }
        }
        return RunDirectory.open(target);
    }

    private static String refusal(RunDirectory run, String checkpoint) {
        RunException refused = catchThrowableOfType(RunException.class, () -> TinyRun.open(run, checkpoint));
        assertThat(refused).as("a refusal").isNotNull();
        String message = refused.getMessage();
        assertThat(message)
                .doesNotContain("\n")
                .doesNotContain("Exception")
                .startsWith(run.path().toString());
        assertThat(message.split(run.path().toString(), -1))
                .as("the path, once: %s", message)
                .hasSizeLessThan(3);
        return message;
    }

    private String weights(UnaryOperator<List<Tensor>> damage) throws IOException {
        RunDirectory run = copy();
        Path file = TinyRun.checkpoint(run, "last").resolve("weights.safetensors");
        Safetensors.Contents contents = Safetensors.read(file);
        Safetensors.write(file, damage.apply(new ArrayList<>(contents.tensors())), contents.metadata());
        String message = refusal(run, "last");
        assertThat(message).contains("weights.safetensors");
        return message;
    }

    private static List<Tensor> replace(List<Tensor> tensors, Tensor by) {
        tensors.replaceAll(tensor -> tensor.name().equals(by.name()) ? by : tensor);
        return tensors;
    }

    @Test
    void theCopyItselfLoads() throws IOException {
        assertThat(TinyRun.open(copy(), "last").values().parameters().length()).isPositive();
    }

    @Test
    void tensorsMustBeTheModels() throws IOException {
        assertThat(weights(tensors -> {
                    tensors.removeIf(tensor -> tensor.name().equals(BIAS));
                    return tensors;
                }))
                .contains("no tensor '" + BIAS + "'");
        assertThat(weights(tensors -> {
                    tensors.add(Tensor.ofFloats("extra", new float[1], 1));
                    return tensors;
                }))
                .contains("'extra'");
        assertThat(weights(tensors -> replace(tensors, Tensor.ofFloats(BIAS, new float[17], 17))))
                .contains("'" + BIAS + "'", "[17]", "[16]");
        // As many elements in another shape are wrong as well.
        assertThat(weights(tensors -> replace(tensors, Tensor.ofFloats(BIAS, new float[16], 4, 4))))
                .contains("'" + BIAS + "'", "[4, 4]", "[16]");
        assertThat(weights(tensors -> replace(tensors, Tensor.ofDoubles(BIAS, new double[16], 16))))
                .contains("'" + BIAS + "'", "F64", "F32");
    }

    @Test
    void averagesMustBeComplete() throws IOException {
        assertThat(weights(tensors -> {
                    tensors.add(Tensor.ofFloats("ema/" + BIAS, new float[16], 16));
                    return tensors;
                }))
                .contains("no tensor 'ema/");
    }

    @Test
    void aFlippedBitOfAWeight() throws IOException {
        RunDirectory run = copy();
        Path file = TinyRun.checkpoint(run, "last").resolve("weights.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 3] ^= 4;
        Files.write(file, bytes);
        assertThat(refusal(run, "last"))
                .contains("damaged (weights.safetensors: its SHA-256 is not that of SHA256SUMS)");
    }

    @Test
    void aTruncatedFileOfWeights() throws IOException {
        RunDirectory run = copy();
        Path file = TinyRun.checkpoint(run, "last").resolve("weights.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 100));
        assertThat(refusal(run, "last")).contains("weights.safetensors");
        Files.write(file, new byte[0]);
        assertThat(refusal(run, "last")).contains("weights.safetensors", "0 bytes");
        Files.delete(file);
        assertThat(refusal(run, "last")).contains("weights.safetensors", "no such file");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "{",
                "[]",
                "7",
                "{\"formatVersion\": 1}",
                "{\"formatVersion\": 1, \"epoch\": \"three\"}",
                "{\"formatVersion\": 1, \"unheardOf\": 1}"
            })
    void aDamagedState(String content) throws IOException {
        RunDirectory run = copy();
        Files.writeString(TinyRun.checkpoint(run, "last").resolve("state.json"), content);
        assertThat(refusal(run, "last")).contains("state.json", "not a training state");
    }

    @Test
    void aStateOfAnotherFormat() throws IOException {
        RunDirectory run = copy();
        Path file = TinyRun.checkpoint(run, "last").resolve("state.json");
        Files.writeString(file, Files.readString(file).replaceFirst("\"formatVersion\" : 4", "\"formatVersion\" : 5"));
        assertThat(refusal(run, "last")).contains("state.json", "format version 5", "expected at most 4");
        Files.delete(file);
        assertThat(refusal(run, "last")).contains("state.json", "no such file");
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe});
        assertThat(refusal(run, "last")).contains("state.json", "not UTF-8");
    }

    @ParameterizedTest
    @CsvSource({
        "last, epoch-0009, names the checkpoint 'epoch-0009'",
        "last, ../../elsewhere, names the checkpoint '../../elsewhere'",
        "best, '', names the checkpoint ''"
    })
    void aPointerToNothing(String pointer, String target, String problem) throws IOException {
        RunDirectory run = copy();
        Files.writeString(run.path().resolve("checkpoints").resolve(pointer), target);
        assertThat(refusal(run, pointer)).contains(pointer, problem);
    }

    @Test
    void anUnknownNameListsWhatThereIs() throws IOException {
        RunDirectory run = copy();
        for (String name : Map.of("epoch-0007", 1, "newest", 2, "..", 3, "", 4, "epoch-0001/../epoch-0001", 5)
                .keySet()) {
            assertThat(refusal(run, name))
                    .contains("no checkpoint '" + name + "'", "best, epoch-0000, epoch-0001, last");
        }
        AtomicFiles.delete(run.path().resolve("checkpoints"));
        assertThat(refusal(run, "best")).contains("not saved any yet");
    }
}
