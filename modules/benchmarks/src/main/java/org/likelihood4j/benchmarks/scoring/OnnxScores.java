package org.likelihood4j.benchmarks.scoring;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.TensorInfo;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import org.likelihood4j.io.JsonFiles;
import org.likelihood4j.io.RunException;
import tools.jackson.databind.JsonNode;

/** log p(x) by ONNX Runtime, one thread, of what {@code export --onnx} has written: {@code log (1/K) sum over draws of exp(log_weight)}. */
final class OnnxScores {
    /** Numbers of an input at once: what is between an example and its score then stays near the processor. */
    private static final int MOST = 1 << 19;

    private static final int MOST_BYTES = 1 << 26;

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final int draws;
    private final Map<String, JsonNode> inputs = new HashMap<>();
    private final Map<String, double[]> noise = new ConcurrentHashMap<>();

    /**
     * Of an export.
     *
     * @param draws K
     */
    OnnxScores(Path export, int draws) {
        this.draws = draws;
        new JsonFiles.Source(export.resolve("model.json"), MOST_BYTES, "an export", "export the run again")
                .read(JsonNode.class, any -> {})
                .path("functions")
                .path("log_weight")
                .path("inputs")
                .forEach(input -> inputs.put(input.path("name").asString(), input));
        try (SessionOptions options = new SessionOptions()) {
            options.setIntraOpNumThreads(1);
            session = environment.createSession(
                    export.resolve("onnx/log_weight.onnx").toString(), options);
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    double sum(double[][] rows) {
        int widest = inputs.values().stream()
                .mapToInt(input -> input.path("columns").asInt())
                .max()
                .orElseThrow();
        int some = Math.max(1, MOST / widest / draws);
        double sum = 0;
        for (int from = 0; from < rows.length; from += some) {
            sum += part(rows, from, Math.min(some, rows.length - from));
        }
        return sum;
    }

    private double part(double[][] rows, int from, int count) {
        Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, NodeInfo> input : session.getInputInfo().entrySet()) {
                tensors.put(
                        input.getKey(),
                        tensor(input.getKey(), (TensorInfo) input.getValue().getInfo(), rows, from, count));
            }
            try (OrtSession.Result result = session.run(tensors)) {
                return meanWeights((OnnxTensor) result.get(0), count);
            }
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        } finally {
            tensors.values().forEach(OnnxTensor::close);
        }
    }

    private OnnxTensor tensor(String name, TensorInfo info, double[][] rows, int from, int count) throws OrtException {
        JsonNode input = inputs.get(name);
        int width = input.path("columns").asInt();
        int size = count * draws * width;
        double[] source;
        switch (input.path("kind").asString()) {
            case "data" -> {
                source = new double[size];
                for (int i = 0; i < count * draws; i++) {
                    System.arraycopy(rows[from + i / draws], 0, source, i * width, width);
                }
            }
            case "noise" ->
                source = noise.compute(
                        name, (any, before) -> before == null || before.length < size ? drawn(input, size) : before);
            default ->
                throw new RunException("the benchmark gives a model data and noise only; this one wants " + name);
        }
        long[] shape = {(long) count * draws, width};
        if (info.type == OnnxJavaType.DOUBLE) {
            return OnnxTensor.createTensor(environment, DoubleBuffer.wrap(source, 0, size), shape);
        }
        FloatBuffer narrowed = FloatBuffer.allocate(size);
        for (int i = 0; i < size; i++) {
            narrowed.put(i, (float) source[i]);
        }
        return OnnxTensor.createTensor(environment, narrowed, shape);
    }

    /** The same for every batch, so that drawing it is not in the time; what a draw does not renew, all draws of an example share. */
    private double[] drawn(JsonNode input, int size) {
        SplittableRandom random = new SplittableRandom(1);
        boolean normal = input.path("distribution").asString().equals("normal");
        DoubleSupplier draw = normal ? random::nextGaussian : random::nextDouble;
        int width = input.path("columns").asInt();
        int each = input.path("renewal").asString().equals("draw") ? 1 : draws;
        double[] numbers = new double[size];
        for (int row = 0; row < size / width; row++) {
            for (int i = row * width; i < (row + 1) * width; i++) {
                numbers[i] = row % each == 0 ? draw.getAsDouble() : numbers[i - width];
            }
        }
        return numbers;
    }

    private double meanWeights(OnnxTensor logWeights, int count) {
        boolean wide = logWeights.getInfo().type == OnnxJavaType.DOUBLE;
        DoubleBuffer doubles = wide ? logWeights.getDoubleBuffer() : null;
        FloatBuffer floats = wide ? null : logWeights.getFloatBuffer();
        double total = 0;
        for (int row = 0; row < count; row++) {
            double largest = Double.NEGATIVE_INFINITY;
            double sum = 0;
            for (int draw = 0; draw < draws; draw++) {
                int at = row * draws + draw;
                double each = wide ? doubles.get(at) : floats.get(at);
                double before = largest;
                largest = Math.max(largest, each);
                sum = sum * Math.exp(before - largest) + Math.exp(each - largest);
            }
            total += largest + Math.log(sum / draws);
        }
        return total;
    }
}
