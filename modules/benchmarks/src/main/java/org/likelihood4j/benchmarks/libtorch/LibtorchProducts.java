package org.likelihood4j.benchmarks.libtorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.List;
import org.likelihood4j.benchmarks.work.Agreement;
import org.likelihood4j.benchmarks.work.Contender;
import org.likelihood4j.benchmarks.work.Phase;
import org.likelihood4j.benchmarks.work.Reference;
import org.likelihood4j.benchmarks.work.Workload;

/**
 * Only the matrix products that a step needs, by libtorch: those of all layers forwards, then those of all layers' gradients
 * backwards, each layer with weights of its own. Against libtorch's whole step this says which share of it products are.
 */
public final class LibtorchProducts implements Contender {
    public static final String NAME = "libtorch-products";

    /** Relative, of one number: what float32 leaves of a sum of a thousand products of about 1. */
    private static final double TOLERANCE = 1e-4;

    private final NDManager manager = NDManager.newBaseManager("PyTorch");
    private final List<Layer> layers = new ArrayList<>();

    /** {@code x [N, in]}, {@code weight [in, out]} and the output's gradient {@code [N, out]}. */
    private record Layer(NDArray x, NDArray weight, NDArray gradient, boolean inputGradient) {}

    public LibtorchProducts(Workload workload, int threads) {
        JniUtils.setNumThreads(threads);
        for (Workload.Product product : workload.products()) {
            layers.add(new Layer(
                    uniform(workload.batch(), product.in()),
                    uniform(product.in(), product.out()),
                    uniform(workload.batch(), product.out()),
                    product.inputGradient()));
        }
    }

    private NDArray uniform(long rows, long columns) {
        return manager.randomUniform(0.5f, 1.5f, new Shape(rows, columns));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean supports(Phase phase) {
        return phase == Phase.STEP;
    }

    @Override
    public void reset() {}

    @Override
    public void run(Phase phase, int steps) {
        for (int i = 0; i < steps; i++) {
            step().close();
        }
    }

    /** The results in order, which live as long as in a step: until all gradients are there. */
    private NDList step() {
        NDList results = new NDList();
        for (Layer layer : layers) {
            results.add(layer.x().matMul(layer.weight()));
        }
        for (int i = layers.size() - 1; i >= 0; i--) {
            Layer layer = layers.get(i);
            try (NDArray x = layer.x().transpose();
                    NDArray weight = layer.weight().transpose()) {
                results.add(x.matMul(layer.gradient()));
                if (layer.inputGradient()) {
                    results.add(layer.gradient().matMul(weight));
                }
            }
        }
        return results;
    }

    @Override
    public void requireAgreement(Reference reference) {
        Layer first = layers.get(0);
        float[] row = first.x().toFloatArray();
        float[] weight = first.weight().toFloatArray();
        int inner = Math.toIntExact(first.weight().getShape().get(0));
        int columns = Math.toIntExact(first.weight().getShape().get(1));
        double expected = 0;
        for (int i = 0; i < inner; i++) {
            expected += (double) row[i] * weight[i * columns];
        }
        try (NDList results = step()) {
            Agreement.loss(name(), expected, results.get(0).toFloatArray()[0], TOLERANCE);
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
