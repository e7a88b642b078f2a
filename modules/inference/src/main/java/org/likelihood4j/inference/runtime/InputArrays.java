package org.likelihood4j.inference.runtime;

import java.util.ArrayList;
import java.util.List;
import org.likelihood4j.data.Batch;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.random.CounterRandom;
import org.likelihood4j.engine.Input;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.Noise;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Makes the arrays that a model's function is fed with. */
public final class InputArrays {
    private InputArrays() {}

    /** The engine's declaration of a function's inputs for N rows. */
    public static List<Input> declare(List<FunctionInput> inputs, DataType type, int rows) {
        return inputs.stream()
                .map(input -> new Input(input.name(), type, List.of((long) rows, (long) input.size())))
                .toList();
    }

    /** Data as numbers, noise from its keys, weights of 1: one array {@code [capacity, size]} for each input, in order. */
    public static List<INDArray> of(List<FunctionInput> inputs, DataType type, Batch batch, NoiseKeys keys) {
        return of(inputs, type, batch, keys, 1);
    }

    /** The same with another value for every weight. */
    public static List<INDArray> of(
            List<FunctionInput> inputs, DataType type, Batch batch, NoiseKeys keys, double weight) {
        List<INDArray> arrays = new ArrayList<>(inputs.size());
        for (FunctionInput input : inputs) {
            if (input instanceof FunctionInput.Data) {
                arrays.add(data(batch, input.size(), type));
            } else if (input instanceof FunctionInput.NoiseInput noise) {
                arrays.add(noise(noise, type, batch.capacity(), row -> keys.key(noise, batch, row)));
            } else if (input instanceof FunctionInput.Weight) {
                arrays.add(Nd4j.ones(type, batch.capacity(), 1).muli(weight));
            } else if (input instanceof FunctionInput.Condition condition) {
                arrays.add(conditions(condition, batch.labels(), type));
            } else {
                throw new IllegalArgumentException(
                        "input " + input.name() + " is not data, noise, a weight or a condition");
            }
        }
        return arrays;
    }

    /** The key of one row. */
    @FunctionalInterface
    public interface RowKey {
        public long of(int row);
    }

    /** Fills one row's values, from a key, starting at an offset. */
    @FunctionalInterface
    private interface RowFill {
        void fill(long key, int offset);
    }

    /** Noise {@code [rows, size]}; normal noise in float32 is the rounded float64 noise of the same keys. */
    public static INDArray noise(FunctionInput.NoiseInput input, DataType type, int rows, RowKey key) {
        int size = input.size();
        boolean normal = input.distribution() == Noise.NORMAL;
        long[] shape = {rows, size};
        if (type == DataType.DOUBLE) {
            double[] values = new double[rows * size];
            RowFill fill = normal
                    ? (k, offset) -> CounterRandom.fillNormal(k, values, offset, size)
                    : (k, offset) -> CounterRandom.fillUniform(k, values, offset, size);
            fillRows(rows, size, key, fill);
            return Nd4j.create(values, shape, 'c');
        }
        float[] values = new float[rows * size];
        RowFill fill = normal
                ? (k, offset) -> CounterRandom.fillNormal(k, values, offset, size)
                : (k, offset) -> CounterRandom.fillUniform(k, values, offset, size);
        fillRows(rows, size, key, fill);
        return Nd4j.create(values, shape, 'c');
    }

    private static void fillRows(int rows, int size, RowKey key, RowFill fill) {
        for (int row = 0; row < rows; row++) {
            fill.fill(key.of(row), row * size);
        }
    }

    /** For each row 1 in its class's column, {@code [rows, classes]}. */
    public static INDArray conditions(FunctionInput.Condition condition, int[] labels, DataType type) {
        double[] columns = new double[labels.length * condition.classes()];
        for (int row = 0; row < labels.length; row++) {
            if (labels[row] >= condition.classes()) {
                throw new DataException("an example is of class " + labels[row]
                        + ", but the model knows the classes 0 to " + (condition.classes() - 1) + " only");
            }
            columns[row * condition.classes() + labels[row]] = 1;
        }
        return Nd4j.create(columns, new long[] {labels.length, condition.classes()}, type);
    }

    private static INDArray data(Batch batch, int size, DataType type) {
        long[] shape = {batch.capacity(), size};
        return type == DataType.DOUBLE
                ? Nd4j.create(batch.values().doubles(), shape, 'c')
                : Nd4j.create(batch.values().floats(), shape, 'c');
    }
}
