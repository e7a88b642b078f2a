package org.likelihood4j.inference.export;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.likelihood4j.score.files.Json;
import org.likelihood4j.score.files.Tensors;
import org.likelihood4j.score.program.ExportProgram;
import org.likelihood4j.training.CloseArrays;

/** Every function of an export by ONNX Runtime and by the small scorer, of the same data and the same noise. */
final class OnnxComparison {
    private final Path export;
    private final double[][] rows;
    private final Random random = new Random(5);
    private final Json model;
    private double largest;

    private OnnxComparison(Path export, double[][] rows) throws IOException {
        this.export = export;
        this.rows = rows;
        this.model = Json.parse("model.json", Files.readString(export.resolve("model.json")));
    }

    /**
     * For one row, and for all of them, from the same file.
     *
     * @return the largest difference of a number, relative to the largest of its kind
     */
    static double assertSame(Path export, double[][] rows, double tolerance) {
        try {
            Json functions = Json.parse("program.json", Files.readString(export.resolve("program.json")))
                    .get("functions");
            Tensors tensors = Tensors.read("weights", Files.readAllBytes(export.resolve("weights.safetensors")));
            OnnxComparison comparison = new OnnxComparison(export, rows);
            for (Map.Entry<String, Json> function : functions.entries().entrySet()) {
                ExportProgram program = ExportProgram.read(function.getValue(), tensors);
                comparison.assertSame(function.getKey(), program, tolerance);
            }
            try (var files = Files.list(export.resolve("onnx"))) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .containsExactlyInAnyOrderElementsOf(functions.entries().keySet().stream()
                                .map(name -> name + ".onnx")
                                .toList());
            }
            return comparison.largest;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void assertSame(String function, ExportProgram program, double tolerance) throws IOException {
        byte[] file = Files.readAllBytes(export.resolve("onnx/" + function + ".onnx"));
        try (OnnxRuns asItIs = new OnnxRuns(file, OptLevel.NO_OPT);
                OnnxRuns optimized = new OnnxRuns(file, OptLevel.ALL_OPT)) {
            assertThat(optimized.inputs())
                    .containsExactlyInAnyOrderElementsOf(program.inputs().keySet());
            assertThat(optimized.outputs()).containsExactlyElementsOf(program.outputs());
            assertThat(optimized.metadata())
                    .containsEntry("function", function)
                    .containsEntry("run", model.get("run").text())
                    .containsEntry("checkpoint", model.get("checkpoint").text());
            for (int n : new int[] {1, rows.length}) {
                Map<String, double[]> inputs = inputs(function, n);
                Map<String, double[]> expected = new LinkedHashMap<>();
                program.run(
                        n,
                        (input, from, examples, into, at) -> {
                            int columns = program.inputs().get(input);
                            System.arraycopy(inputs.get(input), from * columns, into, at, examples * columns);
                        },
                        program.outputs(),
                        (output, from, examples, numbers) -> expected.merge(output, numbers, OnnxComparison::joined));
                String what = function + ", N = " + n;
                note(assertSame(what, asItIs.run(inputs, n), expected, tolerance));
                note(assertSame(what + ", optimized", optimized.run(inputs, n), expected, tolerance));
            }
        }
    }

    private void note(double difference) {
        largest = Math.max(largest, difference);
    }

    private static double[] joined(double[] a, double[] b) {
        double[] all = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, all, a.length, b.length);
        return all;
    }

    static double assertSame(
            String what, Map<String, double[]> actual, Map<String, double[]> expected, double tolerance) {
        assertThat(actual).containsOnlyKeys(expected.keySet());
        double[] largest = {0};
        expected.forEach((output, numbers) -> {
            double size =
                    Math.max(1, Arrays.stream(numbers).map(Math::abs).max().orElse(0));
            double[] computed = actual.get(output);
            CloseArrays.assertWithin(computed, numbers, tolerance * size, what + ", " + output);
            for (int i = 0; i < numbers.length; i++) {
                largest[0] = Math.max(largest[0], Math.abs(computed[i] - numbers[i]) / size);
            }
        });
        return largest[0];
    }

    private Map<String, double[]> inputs(String function, int n) {
        Map<String, double[]> inputs = new LinkedHashMap<>();
        for (Json input : model.get("functions").get(function).get("inputs").list()) {
            int columns = input.get("columns").integer(1, 1 << 20);
            double[] numbers = new double[n * columns];
            for (int i = 0; i < n; i++) {
                double[] row = row(input, columns, i);
                System.arraycopy(row, 0, numbers, i * columns, columns);
            }
            inputs.put(input.get("name").text(), numbers);
        }
        return inputs;
    }

    /** Numbers that float32 has. */
    private double[] row(Json input, int columns, int i) {
        double[] row = new double[columns];
        switch (input.get("kind").text()) {
            case "data" -> Arrays.setAll(row, j -> Double.isNaN(rows[i][j]) ? 0 : rows[i][j]);
            case "present" -> Arrays.setAll(row, j -> Double.isNaN(rows[i][j]) || j % 4 == i % 4 ? 0 : 1);
            case "weight" -> Arrays.fill(row, 1);
            case "condition" -> row[i % columns] = 1;
            case "given" -> {
                int[] places = input.get("places").integers(0, rows[i].length - 1);
                Arrays.setAll(row, j -> rows[i][places[j]]);
            }
            case "noise" -> {
                boolean uniform = input.get("distribution").text().equals("uniform");
                Arrays.setAll(row, j -> uniform ? random.nextFloat() : random.nextGaussian());
            }
            default -> Arrays.setAll(row, j -> random.nextGaussian());
        }
        Arrays.setAll(row, j -> (float) row[j]);
        return row;
    }
}
