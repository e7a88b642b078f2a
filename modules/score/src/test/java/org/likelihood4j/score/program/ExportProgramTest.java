package org.likelihood4j.score.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.likelihood4j.score.files.ExportException;
import org.likelihood4j.score.files.Json;
import org.likelihood4j.score.files.Tensors;

/** Operations by what docs/export.md says of them, in programs of a few lines; and programs that are none. */
class ExportProgramTest {
    /** w = [[1, 2, 3], [4, 5, 6]]. */
    private static Tensors tensors() {
        byte[] header = "{\"w\": {\"dtype\": \"F64\", \"shape\": [2, 3], \"data_offsets\": [0, 48]}}"
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + header.length + 48).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(header.length).put(header);
        for (int i = 1; i <= 6; i++) {
            bytes.putDouble(i);
        }
        return Tensors.read("w.safetensors", bytes.array());
    }

    private static ExportProgram program(int output, String... values) {
        return ExportProgram.read(
                Json.parse(
                        "program.json",
                        ("{\"values\": [" + String.join(",", values) + "], \"outputs\": {\"y\": {\"value\": " + output
                                        + ", \"shape\": []}}}")
                                .replace('\'', '"')),
                tensors());
    }

    private static final String X = "{'op': 'input', 'name': 'x', 'shape': ['N', 2]}";
    private static final String W = "{'op': 'tensor', 'name': 'w', 'shape': [2, 3]}";

    /** Rows (1, 10), (2, 20), ... */
    private static double[] run(ExportProgram program, int examples) {
        List<double[]> parts = new ArrayList<>();
        program.run(
                examples,
                (input, from, count, into, at) -> {
                    for (int i = 0; i < count; i++) {
                        into[at + 2 * i] = from + i + 1;
                        into[at + 2 * i + 1] = 10 * (from + i + 1);
                    }
                },
                List.of("y"),
                (output, from, count, numbers) -> parts.add(numbers));
        return parts.stream().flatMapToDouble(Arrays::stream).toArray();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {'op': 'product', 'transposeA': false, 'transposeB': false, 'of': [0, 1], 'shape': ['N', 3]} | 41, 52, 63, 82, 104, 126
            {'op': 'sum', 'over': 'columns', 'each': 1, 'of': [0], 'shape': [1, 'N']} | 11, 22
            {'op': 'largest', 'over': 'columns', 'each': 1, 'of': [0], 'shape': [1, 'N']} | 10, 20
            {'op': 'view', 'of': [0], 'shape': ['2N', 1]} | 1, 10, 2, 20
            {'op': 'transpose', 'of': [0], 'shape': [2, 'N']} | 1, 2, 10, 20
            {'op': 'repeat', 'each': 2, 'of': [0], 'shape': ['2N', 2]} | 1, 10, 1, 10, 2, 20, 2, 20
            {'op': 'repeat', 'each': 1, 'of': [0], 'shape': ['2N', 2]} | 1, 10, 2, 20, 1, 10, 2, 20
            {'op': 'sum', 'over': 'groups', 'each': 1, 'of': [0], 'shape': ['N', 2]} | 1, 10, 2, 20
            {'op': 'select', 'columns': [1, -1, 0], 'of': [0], 'shape': ['N', 3]} | 10, 0, 1, 20, 0, 2
            {'op': 'window', 'from': 1, 'of': [0], 'shape': ['N', 1]} | 10, 20
            {'op': 'neg', 'of': [0], 'shape': ['N', 2]} | -1, -10, -2, -20
            {'op': 'add', 'of': [0, 0], 'shape': ['N', 2]} | 2, 20, 4, 40
            {'op': 'less', 'of': [0, 0], 'shape': ['N', 2]} | 0, 0, 0, 0
            """)
    void operationsAreWhatThePageSays(String value, String expected) {
        double[] numbers = Arrays.stream(expected.split(", ", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
        assertThat(run(program(2, X, W, value), 2)).containsExactly(numbers);
    }

    @Test
    void zerosAreJoinedAndWindowsAreLooks() {
        ExportProgram program = program(
                4,
                X,
                "{'op': 'window', 'from': 1, 'of': [0], 'shape': ['N', 1]}",
                "{'op': 'number', 'value': 0, 'shape': [1, 1]}",
                "{'op': 'mul', 'of': [1, 0], 'shape': ['N', 2]}",
                "{'op': 'join', 'widths': [2, 1, 1], 'of': [3, 2, 1], 'shape': ['N', 4]}");
        assertThat(run(program, 2)).containsExactly(10, 100, 0, 10, 40, 400, 0, 20);
    }

    /** More examples than are computed at once are computed in parts, and none changes another's result. */
    @Test
    void partsAreAsOne() {
        ExportProgram program = program(
                3,
                X,
                W,
                "{'op': 'product', 'transposeA': false, 'transposeB': false, 'of': [0, 1], 'shape': ['N', 3]}",
                "{'op': 'exp', 'of': [2], 'shape': ['N', 3]}");
        double[] all = run(program, 1000);
        assertThat(all).hasSize(3000);
        for (int i = 0; i < 3; i++) {
            assertThat(all[i]).isEqualTo(run(program, 1)[i]);
        }
    }

    /** Two looks at a tensor are two matrices. */
    @Test
    void aTensorMayBeMultipliedInTwoShapes() {
        ExportProgram program = program(
                4,
                X,
                W,
                "{'op': 'product', 'transposeA': false, 'transposeB': false, 'of': [0, 1], 'shape': ['N', 3]}",
                "{'op': 'view', 'of': [1], 'shape': [3, 2]}",
                "{'op': 'product', 'transposeA': false, 'transposeB': false, 'of': [2, 3], 'shape': ['N', 2]}");
        // (41, 52, 63) times ((1, 2), (3, 4), (5, 6)).
        assertThat(run(program, 1)).containsExactly(41 + 156 + 315, 82 + 208 + 378);
    }

    /** What is repeated one after the other, or all of it again, before what each draw has: as if all were computed for each draw. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {'op': 'repeat', 'each': 2, 'of': [4], 'shape': ['2N', 1]}
            {'op': 'repeat', 'each': 1, 'of': [4], 'shape': ['2N', 1]}
            """)
    void whatIsComputedOnceIsThatOfItsExample(String repeat) {
        ExportProgram program = program(
                7,
                X,
                "{'op': 'input', 'name': 'u', 'shape': ['N', 1]}",
                "{'op': 'tensor', 'name': 'w', 'shape': [2, 3]}",
                "{'op': 'product', 'transposeA': false, 'transposeB': false, 'of': [0, 2], 'shape': ['N', 3]}",
                "{'op': 'window', 'from': 1, 'of': [3], 'shape': ['N', 1]}",
                repeat,
                "{'op': 'repeat', 'each': 2, 'of': [1], 'shape': ['2N', 1]}",
                "{'op': 'mul', 'of': [5, 6], 'shape': ['2N', 1]}");
        int draws = 3;
        double[] divided = new double[2 * 2 * draws];
        DrawnProgram.of(program, Set.of("u"))
                .orElseThrow()
                .run(
                        2,
                        draws,
                        (input, from, count, into, at) -> fillX(from, count, into, at),
                        (input, example, from, count, into, at) -> fillU(example * draws + from, count, into, at),
                        "y",
                        (example, from, count, numbers) ->
                                System.arraycopy(numbers, 0, divided, 2 * (example * draws + from), numbers.length));
        // Each example alone: what a program repeats in another order would stand between others.
        double[] expected = new double[divided.length];
        for (int example = 0; example < 2; example++) {
            double[] alone = new double[2 * draws];
            int first = example;
            program.run(
                    draws,
                    (input, from, count, into, at) -> {
                        if (input.equals("x")) {
                            for (int i = 0; i < count; i++) {
                                fillX(first, 1, into, at + 2 * i);
                            }
                        } else {
                            fillU(first * draws + from, count, into, at);
                        }
                    },
                    List.of("y"),
                    (output, from, count, numbers) -> System.arraycopy(numbers, 0, alone, 2 * from, numbers.length));
            System.arraycopy(alone, 0, expected, 2 * draws * example, 2 * draws);
        }
        assertThat(divided).containsExactly(expected);
    }

    private static void fillX(int from, int count, double[] into, int at) {
        for (int i = 0; i < count; i++) {
            into[at + 2 * i] = 1 + from + i;
            into[at + 2 * i + 1] = 10 * (1 + from + i);
        }
    }

    private static void fillU(int from, int count, double[] into, int at) {
        for (int i = 0; i < count; i++) {
            into[at + i] = 1 + 0.25 * (from + i);
        }
    }

    /** Sums of constants are made once; a program of constants alone gives nothing of examples. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {'op': 'sum', 'over': 'rows', 'each': 1, 'of': [0], 'shape': [1, 2]} | the shape that sum makes
            {'op': 'sum', 'over': 'all', 'each': 1, 'of': [0], 'shape': [1, 1]} | the shape that sum makes
            {'op': 'product', 'transposeA': true, 'transposeB': false, 'of': [0, 0], 'shape': [2, 2]} | the shape that product makes
            {'op': 'sum', 'over': 'groups', 'each': 'N', 'of': [0], 'shape': ['N', 2]} | the shape that sum makes
            {'op': 'window', 'from': 1, 'of': [0], 'shape': ['N', 2]} | the shape that window makes
            {'op': 'select', 'columns': [2], 'of': [0], 'shape': ['N', 1]} | the shape that select makes
            {'op': 'select', 'columns': [-2], 'of': [0], 'shape': ['N', 1]} | expected a whole number from -1
            {'op': 'view', 'of': [0], 'shape': ['N', 3]} | the shape that view makes
            {'op': 'join', 'widths': [1], 'of': [0], 'shape': ['N', 1]} | the shape that join makes
            {'op': 'add', 'of': [0, 1], 'shape': ['N', 2]} | the shape that add makes
            {'op': 'add', 'of': [0], 'shape': ['N', 2]} | expected a value of 2 others
            {'op': 'neg', 'of': [2], 'shape': ['N', 2]} | expected a whole number from 0 to 1
            {'op': 'neg', 'of': [-1], 'shape': ['N', 2]} | expected a whole number from 0 to 1
            {'op': 'gamma', 'of': [0], 'shape': ['N', 2]} | expected an operation of format version 3, was gamma
            {'op': 'repeat', 'each': '67108864N', 'of': [0], 'shape': ['2N', 2]} | the shape that repeat makes
            {'op': 'repeat', 'each': 3, 'of': [0], 'shape': ['2N', 2]} | the shape that repeat makes
            {'op': 'convolution', 'images': 'N', 'image': [1, 1, 65535], 'made': [220, 149, 1], 'kernel': [65535, 65535], 'strides': [1, 1], 'padding': [0, 0], 'of': [0, 1], 'shape': ['32780N', 1]} | the shape that convolution makes
            {'op': 'neg', 'of': [0], 'shape': ['N', 'N']} | expected fewer numbers
            {'op': 'neg', 'of': [0], 'shape': ['0N', 2]} | expected a number, or a multiple of N
            {'op': 'neg', 'of': [0], 'shape': [99999999999, 2]} | expected a whole number from 1
            {'op': 'view', 'of': [0], 'shape': ['99999999N', 99999999]} | expected fewer numbers
            {'op': 'copy', 'of': [1], 'shape': [2, 3]} | expected a value of examples
            {'op': 'input', 'name': 'x', 'shape': ['N', 2]} | the program has the input 'x' twice
            {'op': 'convolution', 'images': 'N', 'image': [1, 1, 2], 'made': [1, 1, 3], 'kernel': [2, 1], 'strides': [1, 1], 'padding': [0, 0], 'of': [0, 1], 'shape': ['N', 3]} | the shape that convolution makes
            {'op': 'convolution', 'images': 'N', 'image': [65536, 65536, 65536], 'made': [65536, 65536, 65536], 'kernel': [65536, 65536], 'strides': [1, 1], 'padding': [0, 0], 'of': [0, 1], 'shape': ['N', 3]} | the shape that convolution makes
            """)
    void whatIsNoProgramIsRefusedInALine(String value, String message) {
        assertThatExceptionOfType(ExportException.class)
                .isThrownBy(() -> program(2, X, W, value))
                .withMessageContaining(message)
                .withMessageNotContaining("\n");
    }

    @Test
    void tensorsAreThereAndFit() {
        assertThatExceptionOfType(ExportException.class)
                .isThrownBy(() -> program(0, X, "{'op': 'tensor', 'name': 'v', 'shape': [2, 3]}"))
                .withMessage("w.safetensors: has no tensor 'v'");
        assertThatExceptionOfType(ExportException.class)
                .isThrownBy(() -> program(0, X, "{'op': 'tensor', 'name': 'w', 'shape': [2, 4]}"))
                .withMessage("tensor 'w' has 6 numbers, and the program wants 2 x 4");
    }

    /** A pointwise convolution is a product, and its transpose one with the weights turned. */
    @Test
    void convolutionsAreThoseOfTheirSizes() {
        String sizes =
                "'images': 'N', 'image': [1, 1, 2], 'made': [1, 1, 3], 'kernel': [1, 1], 'strides': [1, 1], 'padding': [0, 0]";
        ExportProgram program = program(
                3,
                X,
                W,
                "{'op': 'convolution', " + sizes + ", 'of': [0, 1], 'shape': ['N', 3]}",
                "{'op': 'transposed_convolution', " + sizes + ", 'of': [2, 1], 'shape': ['N', 2]}");
        // (1, 10) w = (41, 52, 63), and that times the transpose of w.
        assertThat(run(program, 1)).containsExactly(41 + 104 + 189, 164 + 260 + 378);
    }
}
