package org.likelihood4j.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.likelihood4j.score.Rows;
import org.likelihood4j.score.Scorer;
import org.likelihood4j.score.files.ExportException;

/** An export: the texts of its model, its program and its tensors' header, one after the other. It is opened, and does all that it can. */
final class ExportTarget implements Target {
    private static final String BETWEEN = "\n---\n";
    private static final int TENSOR_BYTES = 256;
    private static final int LATENT = 2;

    private static final String IMAGES = """
            {"format": "likelihood4j-export", "formatVersion": 3, "run": "r", "precision": "float64", "data": {"shape": [1, 2, 2]}, "conditionClasses": 2,
            "functions": {"log_weight": {"inputs": [{"name": "x", "kind": "data", "columns": 4}]},
            "encode": {"inputs": [{"name": "x", "kind": "data", "columns": 4}]},
            "reconstruct": {"inputs": [{"name": "x", "kind": "data", "columns": 4}]},
            "decode": {"inputs": [{"name": "z", "kind": "value", "columns": 2}]},
            "sample": {"inputs": [{"name": "u", "kind": "noise", "columns": 2, "distribution": "uniform", "renewal": "draw"},
            {"name": "y", "kind": "condition", "columns": 2}]}},
            "noise": {"seed": 1, "runSeed": 2}, "score": {"exact": true, "draws": 1, "binary": true},
            "calibration": {"score": "joint_typicality", "falseAlarms": 0.1, "draws": 1, "seed": 1, "typicalMean": [1, 4],
            "typicalCovariance": [1, 0.5, 0.5, 2], "overflows": 1, "scores": [0.5, 1, 2]}}""";

    private static final String IMAGE_PROGRAM = """
            {"format": "likelihood4j-program", "formatVersion": 3, "functions": {
            "log_weight": {"values": [{"op": "input", "name": "x", "shape": ["N", 4]},
            {"op": "sum", "over": "columns", "each": 1, "of": [0], "shape": [1, "N"]}], "outputs": {"log_weight": {"value": 1, "shape": ["N"]}}},
            "encode": {"values": [{"op": "input", "name": "x", "shape": ["N", 4]}, {"op": "window", "from": 1, "of": [0], "shape": ["N", 2]}],
            "outputs": {"latent": {"value": 1, "shape": ["N", 2]}}},
            "reconstruct": {"values": [{"op": "input", "name": "x", "shape": ["N", 4]}, {"op": "tanh", "of": [0], "shape": ["N", 4]}],
            "outputs": {"seen": {"value": 0, "shape": ["N", 4]}, "reconstruction": {"value": 1, "shape": ["N", 4]}}},
            "decode": {"values": [{"op": "input", "name": "z", "shape": ["N", 2]}, {"op": "join", "widths": [2, 2], "of": [0, 0], "shape": ["N", 4]}],
            "outputs": {"data": {"value": 1, "shape": ["N", 4]}}},
            "sample": {"values": [{"op": "input", "name": "u", "shape": ["N", 2]}, {"op": "input", "name": "y", "shape": ["N", 2]},
            {"op": "join", "widths": [2, 2], "of": [0, 1], "shape": ["N", 4]}], "outputs": {"data": {"value": 2, "shape": ["N", 4]}}}}}""";

    @Override
    public String name() {
        return "export";
    }

    @Override
    public String description() {
        return "an export, opened by the small scorer, which scores, decides, encodes, decodes and samples";
    }

    @Override
    public List<String> words() {
        return List.of(
                "number",
                "input",
                "tensor",
                "add",
                "mul",
                "exp",
                "less",
                "sum",
                "largest",
                "product",
                "convolution",
                "window",
                "join",
                "view",
                "repeat",
                "transpose",
                "select",
                "shape",
                "of",
                "over",
                "columns",
                "rows",
                "groups",
                "all",
                "each",
                "widths",
                "from",
                "images",
                "image",
                "made",
                "kernel",
                "strides",
                "padding",
                "transposeA",
                "\"N\"",
                "\"2N\"",
                "\"99999999N\"",
                "268435456",
                "-1",
                "1e999",
                "null",
                "NaN",
                "data",
                "noise",
                "condition",
                "given",
                "present",
                "draws",
                "values",
                "outputs",
                "functions");
    }

    @Override
    public long mostAllocated() {
        return 600L << 20;
    }

    @Override
    public List<byte[]> corpus() {
        List<byte[]> corpus = new ArrayList<>();
        String model =
                "{\"format\": \"likelihood4j-export\", \"formatVersion\": 3, \"run\": \"r\", \"precision\": \"float32\", \"data\":"
                        + " {\"columns\": [{\"name\": \"a\", \"kind\": \"number\"}, {\"name\": \"b\", \"kind\": \"category\", \"values\": [\"x\", \"y\"]}]},"
                        + " \"functions\": {\"log_weight\": {\"inputs\": [{\"name\": \"x\", \"kind\": \"data\", \"columns\": 2}, {\"name\": \"u\", \"kind\":"
                        + " \"noise\", \"columns\": 2, \"distribution\": \"normal\", \"renewal\": \"draw\"}]}}, \"noise\": {\"seed\": 1, \"runSeed\": 2},"
                        + " \"score\": {\"exact\": false, \"draws\": 3}}";
        String program =
                "{\"format\": \"likelihood4j-program\", \"formatVersion\": 3, \"functions\": {\"log_weight\": {\"values\": ["
                        + "{\"op\": \"input\", \"name\": \"x\", \"shape\": [\"N\", 2]}, {\"op\": \"input\", \"name\": \"u\", \"shape\": [\"N\", 2]},"
                        + "{\"op\": \"tensor\", \"name\": \"w\", \"shape\": [2, 3]},"
                        + "{\"op\": \"product\", \"transposeA\": false, \"transposeB\": false, \"of\": [%s, 2], \"shape\": [\"N\", 3]},"
                        + "%s"
                        + "{\"op\": \"sum\", \"over\": \"columns\", \"each\": 1, \"of\": [4], \"shape\": [1, \"N\"]}], \"outputs\": {\"log_weight\":"
                        + " {\"value\": 5, \"shape\": [\"N\"]}}}}}";
        String tensors = "{\"w\": {\"dtype\": \"F32\", \"shape\": [2, 3], \"data_offsets\": [0, 24]}}";
        for (String line : List.of(
                "{\"op\": \"tanh\", \"of\": [3], \"shape\": [\"N\", 3]},",
                "{\"op\": \"join\", \"widths\": [2, 3], \"of\": [1, 3], \"shape\": [\"N\", 5]},",
                "{\"op\": \"select\", \"columns\": [2, -1, 0, 0], \"of\": [3], \"shape\": [\"N\", 4]},",
                "{\"op\": \"window\", \"from\": 1, \"of\": [3], \"shape\": [\"N\", 2]},",
                "{\"op\": \"convolution\", \"images\": \"N\", \"image\": [1, 1, 2], \"made\": [1, 1, 3], \"kernel\": [1, 1], \"strides\": [1,"
                        + " 1], \"padding\": [0, 0], \"of\": [1, 2], \"shape\": [\"N\", 3]},",
                "{\"op\": \"repeat\", \"each\": 1, \"of\": [3], \"shape\": [\"N\", 3]},")) {
            for (String input : List.of("0", "1")) {
                corpus.add((model + BETWEEN + program.formatted(input, line) + BETWEEN + tensors)
                        .getBytes(StandardCharsets.UTF_8));
            }
        }
        corpus.add((IMAGES + BETWEEN + IMAGE_PROGRAM + BETWEEN + tensors).getBytes(StandardCharsets.UTF_8));
        return corpus;
    }

    @Override
    public void run(byte[] input, Path folder) {
        String text = new String(input, StandardCharsets.UTF_8);
        String[] parts = text.split(BETWEEN, 3);
        if (parts.length < 3) {
            return;
        }
        Scorer scorer;
        try {
            scorer = Scorer.of(bytes(parts[0]), bytes(parts[1]), tensors(bytes(parts[2])));
        } catch (ExportException e) {
            Refusals.check(e, "", text);
            return;
        }
        if (scorer.dimension() > 100 || scorer.draws() > 1000) {
            return;
        }
        double[] row = new double[scorer.dimension()];
        Rows rows = scorer.conditionClasses() > 0 ? Rows.of(row, row).labelled(0, 0) : Rows.of(row, row);
        List<Runnable> all = List.of(
                () -> scorer.score(rows),
                () -> scorer.pValues(rows),
                () -> scorer.encode(rows),
                () -> scorer.reconstruct(rows),
                () -> scorer.decode(new double[2][LATENT], rows),
                () -> scorer.sample(rows, 1, 1));
        for (Runnable each : all) {
            try {
                each.run();
            } catch (ExportException e) {
                Refusals.check(e, "", text);
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] tensors(byte[] header) {
        return ByteBuffer.allocate(Long.BYTES + header.length + TENSOR_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .array();
    }
}
