package org.likelihood4j.engine;

import java.util.List;
import java.util.Random;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A linear regression whose loss, metrics and gradient are a few lines of plain Java: {@code r = x w + b - t}, metric
 * {@code sum(r^2)} of each row, loss {@code mean(metric)/2}.
 */
final class Graphs {
    static final int N = 4;
    static final int IN = 3;
    static final int OUT = 2;

    static {
        // Tensors here are tiny, and threads that wait for each other on busy cores take most of the time.
        Nd4j.getEnvironment().setMaxMasterThreads(1);
    }

    private Graphs() {}

    /** w decays, b does not. */
    static List<Slot> slots() {
        return List.of(
                new Slot("w", List.of((long) IN, (long) OUT), 0, true), new Slot("b", List.of((long) OUT), 6, false));
    }

    static FlatVector parameters(DataType type, long seed) {
        FlatVector vector = FlatVector.zeros(slots(), type);
        fill(vector.flat(), seed);
        return vector;
    }

    static void fill(INDArray array, long seed) {
        Random random = new Random(seed);
        INDArray flat = array.reshape(array.length());
        for (long i = 0; i < flat.length(); i++) {
            flat.putScalar(i, random.nextGaussian());
        }
    }

    static Computation regression(DataType type) {
        SameDiff sd = SameDiff.create();
        SDVariable x = sd.placeHolder("x", type, -1, IN);
        SDVariable t = sd.placeHolder("t", type, -1, OUT);
        SDVariable w = sd.var("w", type, IN, OUT);
        SDVariable b = sd.var("b", type, OUT);
        SDVariable r = x.mmul(w).add(b).sub(t);
        SDVariable metric = r.mul(r).sum("metric", 1);
        metric.mean().mul("loss", 0.5);
        return new Computation(sd, inputs(type), List.of("loss", "metric"));
    }

    static List<Input> inputs(DataType type) {
        return List.of(new Input("x", type, List.of((long) N, (long) IN)), new Input("t", type, List.of((long) N, (long)
                OUT)));
    }

    static List<INDArray> batch(DataType type, long seed) {
        INDArray x = Nd4j.zeros(type, N, IN);
        INDArray t = Nd4j.zeros(type, N, OUT);
        fill(x, seed);
        fill(t, seed + 1000);
        return List.of(x, t);
    }

    /** The residuals of the regression, from a flat parameter vector. */
    static double[][] residuals(double[] p, List<INDArray> batch) {
        double[][] r = new double[N][OUT];
        for (int n = 0; n < N; n++) {
            for (int j = 0; j < OUT; j++) {
                r[n][j] = p[IN * OUT + j] - batch.get(1).getDouble(n, j);
                for (int i = 0; i < IN; i++) {
                    r[n][j] += batch.get(0).getDouble(n, i) * p[i * OUT + j];
                }
            }
        }
        return r;
    }

    static double[] metric(double[] p, List<INDArray> batch) {
        double[] metric = new double[N];
        double[][] r = residuals(p, batch);
        for (int n = 0; n < N; n++) {
            for (double residual : r[n]) {
                metric[n] += residual * residual;
            }
        }
        return metric;
    }

    static double loss(double[] p, List<INDArray> batch) {
        return java.util.Arrays.stream(metric(p, batch)).average().orElseThrow() / 2;
    }

    static double[] gradient(double[] p, List<INDArray> batch) {
        double[][] r = residuals(p, batch);
        double[] gradient = new double[p.length];
        for (int n = 0; n < N; n++) {
            for (int j = 0; j < OUT; j++) {
                gradient[IN * OUT + j] += r[n][j] / N;
                for (int i = 0; i < IN; i++) {
                    gradient[i * OUT + j] += batch.get(0).getDouble(n, i) * r[n][j] / N;
                }
            }
        }
        return gradient;
    }
}
