package org.likelihood4j.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.spi.ToolProvider;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.likelihood4j.random.CounterRandom;
import org.likelihood4j.score.files.ExampleException;
import org.likelihood4j.score.files.ExportException;
import org.likelihood4j.score.files.Json;

/**
 * An export made by hand, whose scores have a closed form: {@code log w = x . v + u} with u ~ N(0, 1) drawn, so that
 * {@code log E[w] = x . v + 1/2}.
 */
class ScorerTest {
    private static final double[] V = {0.5, -2};
    private static final String MODEL = """
            {"format": "likelihood4j-export", "formatVersion": 3, "run": "by-hand", "precision": "float64",
             "data": {"columns": [{"name": "a", "kind": "number"}, {"name": "b", "kind": "number"}]},
             "functions": {"log_weight": {"inputs": [{"name": "x", "kind": "data", "columns": 2},
               {"name": "u", "kind": "noise", "columns": 1, "distribution": "normal", "renewal": "draw"}]}},
             "noise": {"seed": 3, "runSeed": 4}, "score": {"exact": false, "draws": 200},
             "calibration": {"score": "likelihood", "falseAlarms": 0.25, "draws": 200, "overflows": 1, "scores": [-1, 0, 2]}}
            """;
    private static final String PROGRAM = """
            {"format": "likelihood4j-program", "formatVersion": 3, "functions": {"log_weight": {"values": [
            {"op": "input", "name": "x", "shape": ["N", 2]},
            {"op": "input", "name": "u", "shape": ["N", 1]},
            {"op": "tensor", "name": "v", "shape": [2, 1]},
            {"op": "product", "transposeA": false, "transposeB": false, "of": [0, 2], "shape": ["N", 1]},
            {"op": "add", "of": [3, 1], "shape": ["N", 1]},
            {"op": "view", "of": [4], "shape": [1, "N"]}],
            "outputs": {"log_weight": {"value": 5, "shape": ["N"]}}}}}
            """;

    private static byte[] tensors() {
        byte[] header = "{\"v\": {\"dtype\": \"F64\", \"shape\": [2, 1], \"data_offsets\": [0, 16]}}"
                .getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + header.length + 16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .putDouble(V[0])
                .putDouble(V[1])
                .array();
    }

    private static Scorer scorer(String model, String program) {
        return Scorer.of(model.getBytes(StandardCharsets.UTF_8), program.getBytes(StandardCharsets.UTF_8), tensors());
    }

    private static Scorer scorer() {
        return scorer(MODEL, PROGRAM);
    }

    private static double[][] rows(int count) {
        Random random = new Random(1);
        double[][] rows = new double[count][2];
        for (double[] row : rows) {
            Arrays.setAll(row, j -> random.nextGaussian());
        }
        return rows;
    }

    /** Also where the product is computed once a row and only the rest for each draw. */
    @Test
    void scoresAreThoseOfTheFormulaAtTheFrameworksNoise() {
        double[][] rows = rows(5);
        Score[] scores = scorer().score(Rows.of(rows).from(7).ofData("mine"), 50);
        for (int i = 0; i < rows.length; i++) {
            double[] logWeights = new double[50];
            for (int draw = 0; draw < 50; draw++) {
                double[] u = new double[1];
                long key = CounterRandom.key(CounterRandom.key(CounterRandom.key(3, "evaluate/mine/u"), 7 + i), draw);
                CounterRandom.fillNormal(key, u, 0, 1);
                logWeights[draw] = rows[i][0] * V[0] + rows[i][1] * V[1] + u[0];
            }
            double mean = Arrays.stream(logWeights).average().orElseThrow();
            double weight = Arrays.stream(logWeights).map(Math::exp).average().orElseThrow();
            assertThat(scores[i].logProb()).isCloseTo(Math.log(weight), within(1e-12));
            assertThat(scores[i].bound()).isCloseTo(mean, within(1e-12));
            double variance = Arrays.stream(logWeights)
                    .map(x -> Math.pow(Math.exp(x) / weight - 1, 2))
                    .sum();
            assertThat(scores[i].standardError()).isCloseTo(Math.sqrt(variance / 49 / 50), within(1e-9));
            assertThat(scores[i].effectiveDraws()).isCloseTo(50 * 50 / (variance + 50), within(1e-6));
            // E[exp u] = exp(1/2).
            double expected = rows[i][0] * V[0] + rows[i][1] * V[1] + 0.5;
            assertThat(scores[i].logProb()).isCloseTo(expected, within(5 * scores[i].standardError()));
        }
    }

    @Test
    void oneDrawIsOneLogWeight() {
        Score score = scorer().score(Rows.of(rows(1)), 1)[0];
        assertThat(score.logProb()).isEqualTo(score.bound());
        assertThat(score.standardError()).isNaN();
        assertThat(score.effectiveDraws()).isEqualTo(1);
    }

    /** A row's score is the same in whatever company it comes, and as a part of a stream of any length. */
    @Test
    void aStreamGivesTheScoresOfItsRows() {
        double[][] rows = rows(1000);
        Scorer scorer = scorer();
        double[] together = scorer.logProb(Rows.of(rows));
        try (Stream<Score> scores = scorer.score(Stream.of(rows))) {
            assertThat(scores.mapToDouble(Score::logProb).toArray()).isEqualTo(together);
        }
        assertThat(scorer.logProb(Rows.of(rows[17]).from(17))[0]).isEqualTo(together[17]);
        assertThat(scorer.logProb(rows[0])).isEqualTo(together[0]);
        assertThat(scorer.logProb(Rows.ofFloats(new float[] {0.5f, -2}))).containsExactly(scorer.logProb(0.5, -2));
        assertThat(scorer.score(Stream.<double[]>empty())).isEmpty();
    }

    @Test
    void manyThreadsGetWhatOneGets() throws Exception {
        double[][] rows = rows(300);
        Scorer scorer = scorer();
        double[] alone = scorer.logProb(Rows.of(rows));
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<double[]>> results = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                int from = i;
                results.add(threads.submit(() -> scorer.logProb(
                        Rows.of(Arrays.copyOfRange(rows, from, 300)).from(from))));
            }
            for (int i = 0; i < 64; i++) {
                assertThat(results.get(i).get()).isEqualTo(Arrays.copyOfRange(alone, i, 300));
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void pValuesCountWhatIsAtLeastAsStrange() {
        Scorer scorer = scorer();
        assertThat(scorer.pValue(-2)).isEqualTo(3 / 5.0);
        assertThat(scorer.pValue(-3)).isEqualTo(2 / 5.0);
        assertThat(scorer.pValue(Double.NEGATIVE_INFINITY)).isEqualTo(2 / 5.0);
        assertThat(scorer.pValue(5)).isEqualTo(1);
        assertThat(scorer.isAlarm(-3)).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> scorer.pValue(Double.NaN));
        assertThat(scorer(MODEL.replace("0.25", "0.4"), PROGRAM).isAlarm(-3)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            "columns": 2            | "columns": 3            | expected the input 'x' of 2 columns
            "formatVersion": 3      | "formatVersion": 4      | expected format version 3; export the run again, was 4
            likelihood4j-export     | likelihood4j-other      | expected likelihood4j-export, was likelihood4j-other
            "kind": "data"          | "kind": "dates"         | expected a kind of input of format version 3, was dates
            "renewal": "draw"       | "renewal": "often"      | expected draw, epoch or never, was often
            {"name": "a", "kind": "number"}, |                 | expected an input x of the example's 1 columns
            "score": {"exact"       | "score": {"exakt"       | has no 'exact'
            "draws": 200}           | "draws": 0}             | expected a whole number from 1 to 1000000, was 0.0
            """)
    void aModelThatIsNoneIsRefusedInALine(String good, String bad, String message) {
        assertThat(MODEL).contains(good);
        assertThatExceptionOfType(ExportException.class)
                .isThrownBy(() -> scorer(
                        MODEL.replaceFirst(java.util.regex.Pattern.quote(good), bad == null ? "" : bad), PROGRAM))
                .withMessageContaining(message)
                .withMessageNotContaining("\n");
    }

    @Test
    void examplesThatAreNoneAreRefused() {
        Scorer scorer = scorer();
        assertThatExceptionOfType(ExampleException.class)
                .isThrownBy(() -> scorer.logProb(1))
                .withMessage("row 0: 1 numbers, expected 2");
        assertThatExceptionOfType(ExampleException.class)
                .isThrownBy(() -> scorer.logProb(Rows.ofImages(new byte[2])))
                .withMessage("the model takes rows, of the columns a, b, not images");
        assertThatExceptionOfType(ExampleException.class)
                .isThrownBy(() -> scorer.row(Map.of("a", "1", "b", "2", "c", "3")))
                .withMessage("the model has no column 'c'; those it has: a, b");
        assertThatNullPointerException()
                .isThrownBy(() -> Rows.of(new double[2], null))
                .withMessage("the example at place 1 is null");
        assertThatExceptionOfType(ExportException.class)
                .isThrownBy(() -> scorer.logProb(Rows.of(new double[] {1, 2}, new double[] {1, Double.NaN})
                        .from(5)))
                .withMessage("row 6, column 'b': expected a number, was NaN");
        assertThatExceptionOfType(ExportException.class)
                .isThrownBy(() -> scorer.logProb(1, -1e31))
                .withMessage(
                        "row 0, column 'b': expected a number, was -1.0E31, which is beyond 1e30, the largest that is"
                                + " computed with");
        assertThatExceptionOfType(ExportException.class)
                .isThrownBy(() -> scorer.encode(Rows.of(rows(1))))
                .withMessage("the model of run 'by-hand' has no function encode");
        assertThatExceptionOfType(ExportException.class)
                .isThrownBy(() -> scorer(
                                MODEL.replace("likelihood\", \"falseAlarms", "joint_typicality\", \"falseAlarms"),
                                PROGRAM)
                        .pValue(1))
                .withMessageContaining("the calibration is by joint_typicality");
    }

    /** Distances from the mean by the inverse of the covariance, worked out by hand; and what a calibration lacks is told. */
    @Test
    void aDecisionCountsTheBitsOfAnImage() {
        String start =
                "{\"score\": \"joint_typicality\", \"falseAlarms\": 0.1, \"draws\": 1, \"overflows\": 1, \"scores\": [0.5, 1, 2]";
        String typical = ", \"typicalMean\": [10, 100], \"typicalCovariance\": [4, 0, 0, 25]}";
        Decision decision = new Decision(Json.parse("d", start + typical));
        assertThat(decision.countsBits()).isTrue();
        assertThat(decision.unfit(1)).isEmpty();
        // At the mean; 1.5 of nats' deviations; 2 of bits' ones; infinitely far.
        assertThat(decision.pValue(-10, 100)).isEqualTo(1);
        assertThat(decision.pValue(-13, 100)).isEqualTo(3 / 5.0);
        assertThat(decision.pValue(-10, 90)).isEqualTo(3 / 5.0);
        assertThat(decision.pValue(-10, 89)).isEqualTo(2 / 5.0);
        assertThat(decision.pValue(Double.NEGATIVE_INFINITY, 100)).isEqualTo(2 / 5.0);
        assertThat(decision.pValue(-1e200, 1e3)).isEqualTo(2 / 5.0);
        Decision slanted = new Decision(Json.parse("d", start + typical.replace("4, 0, 0, 25", "4, 8, 8, 25")));
        // d^2 = (25 x^2 - 16 x y + 4 y^2) / 36 of x = 2, y = 5: 40/36, above 1.
        assertThat(slanted.pValue(-12, 105)).isEqualTo(3 / 5.0);
        assertThat(new Decision(Json.parse("d", start + "}")).unfit(1).orElseThrow())
                .endsWith("has not got what that needs; export the run again");
        assertThatExceptionOfType(ExportException.class)
                .isThrownBy(() -> new Decision(Json.parse("d", start + typical.replace("25", "0"))))
                .withMessageContaining("a mean and a covariance of two numbers");
        Decision complexity = new Decision(Json.parse("d", start.replace("joint_typicality", "complexity") + "}"));
        assertThat(complexity.pValue(-10 * Math.log(2), 8.5)).isEqualTo(3 / 5.0);
    }

    /** However long, and as the framework bounds numbers. */
    @Test
    void aCellTakesNoLongerThanItIsLong() {
        Scorer scorer = scorer();
        for (String cell : List.of("1".repeat(200_000) + "x", "1".repeat(500), "1e39", "1e-400", "NaN", "0x10", "")) {
            assertThatExceptionOfType(ExportException.class)
                    .isThrownBy(() -> scorer.row(Map.of("a", cell, "b", "1")))
                    .withMessageStartingWith("column 'a': expected a number, was '");
        }
        assertThat(scorer.row(Map.of("a", "-1.5e3", "b", " .5 "))).containsExactly(-1500, 0.5);
        assertThatExceptionOfType(ExampleException.class)
                .isThrownBy(() -> scorer.row(Map.of("a", "NA", "b", "1")))
                .withMessage("column 'a': expected a number, was 'NA', a missing cell");
    }

    @Test
    void tensorsThatShareBytesAreRefused() {
        byte[] header = ("{\"v\": {\"dtype\": \"F64\", \"shape\": [2, 1], \"data_offsets\": [0, 16]},"
                        + " \"w\": {\"dtype\": \"F64\", \"shape\": [2, 1], \"data_offsets\": [0, 16]}}")
                .getBytes(StandardCharsets.UTF_8);
        byte[] file = ByteBuffer.allocate(Long.BYTES + header.length + 16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .array();
        assertThatExceptionOfType(ExportException.class)
                .isThrownBy(() -> Scorer.of(
                        MODEL.getBytes(StandardCharsets.UTF_8), PROGRAM.getBytes(StandardCharsets.UTF_8), file))
                .withMessageContaining("expected tensors that share no bytes");
    }

    @Test
    void aCalibrationByTypicalityNeedsWhatIsTypical() {
        String typical = MODEL.replace("likelihood\", \"falseAlarms", "typicality\", \"falseAlarms");
        assertThatExceptionOfType(ExportException.class)
                .isThrownBy(() -> scorer(typical, PROGRAM))
                .withMessageContaining("expected a calibration by typicality with the mean that is typical");
        Scorer scorer = scorer(typical.replace("\"overflows", "\"typicalMean\": [1], \"overflows"), PROGRAM);
        // |-log p - 1| of 0.5 and 3: of scores -1, 0, 2 and infinity.
        assertThat(scorer.pValue(-0.5)).isEqualTo(3 / 5.0);
        assertThat(scorer.pValue(-4)).isEqualTo(2 / 5.0);
    }

    /** Whatever length a file was cut off at. */
    @Test
    void filesThatWereCutOffAreRefused() {
        byte[] tensors = tensors();
        byte[] model = MODEL.strip().getBytes(StandardCharsets.UTF_8);
        byte[] program = PROGRAM.strip().getBytes(StandardCharsets.UTF_8);
        IntStream.range(0, tensors.length)
                .forEach(length -> assertThatExceptionOfType(ExportException.class)
                        .isThrownBy(() -> Scorer.of(model, program, Arrays.copyOf(tensors, length))));
        IntStream.range(0, model.length)
                .forEach(length -> assertThatExceptionOfType(ExportException.class)
                        .isThrownBy(() -> Scorer.of(Arrays.copyOf(model, length), program, tensors)));
        IntStream.range(0, program.length)
                .forEach(length -> assertThatExceptionOfType(ExportException.class)
                        .isThrownBy(() -> Scorer.of(model, Arrays.copyOf(program, length), tensors)));
    }

    /** A bit of a weight, and a file of another export, which would be computed with all the same. */
    @Test
    void filesThatAreNotThoseThatWereWrittenAreRefused() throws Exception {
        byte[] tensors = tensors();
        byte[] program = PROGRAM.getBytes(StandardCharsets.UTF_8);
        String none = "0".repeat(64);
        String sums = "\"sha256\": {\"program.json\": \"" + sha256(program) + "\", \"weights.safetensors\": \""
                + sha256(tensors) + "\", \"model.json\": \"" + none + "\"}, ";
        String unsigned = MODEL.replace("\"formatVersion", sums + "\"formatVersion");
        String signed = unsigned.replace(none, sha256(unsigned.getBytes(StandardCharsets.UTF_8)));
        byte[] model = signed.getBytes(StandardCharsets.UTF_8);
        assertThat(Scorer.of(model, program, tensors).logProb(1, 2)).isFinite();
        byte[] flipped = tensors.clone();
        flipped[flipped.length - 1] ^= 1;
        assertThat(Scorer.of(MODEL.getBytes(StandardCharsets.UTF_8), program, flipped)
                        .logProb(1, 2))
                .isFinite();
        assertThatExceptionOfType(ExportException.class)
                .isThrownBy(() -> Scorer.of(model, program, flipped))
                .withMessageStartingWith("weights.safetensors: is not the file that was written for this export"
                        + " (SHA-256 " + sha256(flipped) + ", expected " + sha256(tensors) + ")");
        assertThatExceptionOfType(ExportException.class)
                .isThrownBy(() -> Scorer.of(model, (PROGRAM + " ").getBytes(StandardCharsets.UTF_8), tensors))
                .withMessageStartingWith("program.json: is not the file");
        byte[] edited = signed.replace("\"draws\": 200", "\"draws\": 201").getBytes(StandardCharsets.UTF_8);
        assertThat(edited).isNotEqualTo(model);
        assertThatExceptionOfType(ExportException.class)
                .isThrownBy(() -> Scorer.of(edited, program, tensors))
                .withMessageStartingWith("model.json: is not the file");
        byte[] half = MODEL.replace("\"formatVersion", "\"sha256\": {}, \"formatVersion")
                .getBytes(StandardCharsets.UTF_8);
        assertThatExceptionOfType(ExportException.class)
                .isThrownBy(() -> Scorer.of(half, program, tensors))
                .withMessageContaining("has no 'program.json'");
        byte[] empty =
                signed.replaceFirst("(model.json\": \")[0-9a-f]{64}", "$1").getBytes(StandardCharsets.UTF_8);
        assertThatExceptionOfType(ExportException.class)
                .isThrownBy(() -> Scorer.of(empty, program, tensors))
                .withMessageContaining("expected a SHA-256, 64 hexadecimal digits");
    }

    private static String sha256(byte[] bytes) throws Exception {
        return java.util.HexFormat.of()
                .formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    /** No library, no native code, and nothing that a native image would have to be told. */
    @Test
    void itNeedsTheBaseOfJavaAlone() {
        ToolProvider jdeps = ToolProvider.findFirst("jdeps").orElseThrow();
        java.io.StringWriter out = new java.io.StringWriter();
        java.io.PrintWriter writer = new java.io.PrintWriter(out);
        String classes =
                Scorer.class.getProtectionDomain().getCodeSource().getLocation().getPath();
        int exit = jdeps.run(
                writer, writer, "--ignore-missing-deps", "--multi-release", "17", "-verbose:package", classes);
        assertThat(exit).as(out.toString()).isZero();
        assertThat(out.toString())
                .contains("org.likelihood4j.score")
                .doesNotContain("java.lang.reflect", "java.logging", "java.desktop", "sun.misc", "jdk.internal");
    }
}
