package org.likelihood4j.inference.export;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import ai.onnxruntime.TensorInfo;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A function in ONNX Runtime. */
final class OnnxRuns implements AutoCloseable {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;

    /** Of a file; with all that the runtime makes simpler before it runs, or with nothing. */
    OnnxRuns(byte[] file, OptLevel level) {
        try (SessionOptions options = new SessionOptions()) {
            options.setOptimizationLevel(level);
            options.setIntraOpNumThreads(1);
            session = environment.createSession(file, options);
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    Set<String> inputs() {
        return session.getInputNames();
    }

    Set<String> outputs() {
        return session.getOutputNames();
    }

    Map<String, String> metadata() {
        try {
            return session.getMetadata().getCustomMetadata();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The outputs' numbers in C order, for so many examples. */
    Map<String, double[]> run(Map<String, double[]> inputs, int examples) {
        Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
        Map<String, double[]> results = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, NodeInfo> input : session.getInputInfo().entrySet()) {
                tensors.put(input.getKey(), tensor(input.getValue(), inputs.get(input.getKey()), examples));
            }
            try (OrtSession.Result result = session.run(tensors)) {
                for (Map.Entry<String, ?> output : result) {
                    results.put(output.getKey(), numbers((OnnxTensor) output.getValue()));
                }
            }
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        } finally {
            tensors.values().forEach(OnnxTensor::close);
        }
        return results;
    }

    private OnnxTensor tensor(NodeInfo input, double[] numbers, int examples) throws OrtException {
        TensorInfo info = (TensorInfo) input.getInfo();
        assertThat(info.getShape()[0]).as("N is open").isEqualTo(-1);
        long[] shape = {examples, info.getShape()[1]};
        assertThat(numbers).hasSize((int) (shape[0] * shape[1]));
        if (info.type == OnnxJavaType.DOUBLE) {
            return OnnxTensor.createTensor(environment, DoubleBuffer.wrap(numbers), shape);
        }
        float[] narrowed = new float[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            narrowed[i] = (float) numbers[i];
        }
        return OnnxTensor.createTensor(environment, FloatBuffer.wrap(narrowed), shape);
    }

    private static double[] numbers(OnnxTensor tensor) {
        if (tensor.getInfo().type == OnnxJavaType.DOUBLE) {
            double[] numbers = new double[(int) tensor.getInfo().getNumElements()];
            tensor.getDoubleBuffer().get(numbers);
            return numbers;
        }
        FloatBuffer buffer = tensor.getFloatBuffer();
        double[] numbers = new double[buffer.remaining()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = buffer.get();
        }
        return numbers;
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }
}
