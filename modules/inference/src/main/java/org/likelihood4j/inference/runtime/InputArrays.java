package org.likelihood4j.inference.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.likelihood4j.data.Batch;
import org.likelihood4j.data.DataException;
import org.likelihood4j.engine.Input;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.Noise;
import org.likelihood4j.random.CounterRandom;
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
            long[] shape = {batch.capacity(), input.size()};
            arrays.add(array(values(input, type, batch, keys, weight), shape));
        }
        return arrays;
    }

    /**
     * The same in arrays that another batch was in, of as many rows. Arrays in the process's own memory only.
     *
     * <p>A training needs that: closed arrays leave small pieces of native memory that live until the next collection of garbage, and
     * the room between two of them is then too small for the arrays of the next step.
     */
    public static void fill(
            List<INDArray> arrays,
            List<FunctionInput> inputs,
            DataType type,
            Batch batch,
            NoiseKeys keys,
            double weight) {
        for (int i = 0; i < arrays.size(); i++) {
            Pointer to = arrays.get(i).data().pointer();
            Object values = values(inputs.get(i), type, batch, keys, weight);
            if (values instanceof double[] doubles) {
                ((DoublePointer) to).put(doubles, 0, doubles.length);
            } else {
                float[] floats = (float[]) values;
                ((FloatPointer) to).put(floats, 0, floats.length);
            }
        }
    }

    /** Other numbers of an array in the process's own memory, all of them. */
    public static void put(INDArray to, double... values) {
        Pointer pointer = to.data().pointer();
        if (to.dataType() == DataType.DOUBLE) {
            ((DoublePointer) pointer).put(values, 0, values.length);
        } else {
            ((FloatPointer) pointer).put(narrowed(values), 0, values.length);
        }
    }

    /** Numbers of a type. */
    private static Object values(FunctionInput input, DataType type, Batch batch, NoiseKeys keys, double weight) {
        if (input instanceof FunctionInput.Data) {
            return type == DataType.DOUBLE
                    ? batch.values().doubles()
                    : batch.values().floats();
        }
        if (input instanceof FunctionInput.NoiseInput noise) {
            return noiseValues(noise, type, batch.capacity(), row -> keys.key(noise, batch, row));
        }
        double[] values;
        if (input instanceof FunctionInput.Present) {
            float[] present = batch.values().present();
            return type == DataType.DOUBLE ? widened(present) : present;
        } else if (input instanceof FunctionInput.Weight) {
            values = new double[batch.capacity()];
            Arrays.fill(values, weight);
        } else if (input instanceof FunctionInput.Condition condition) {
            values = conditions(condition, batch.labels());
        } else {
            throw new IllegalArgumentException(
                    "input " + input.name() + " is not data, noise, a weight or a condition");
        }
        return type == DataType.DOUBLE ? values : narrowed(values);
    }

    private static double[] widened(float... values) {
        double[] widened = new double[values.length];
        Arrays.setAll(widened, i -> values[i]);
        return widened;
    }

    private static float[] narrowed(double[] values) {
        float[] narrowed = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            narrowed[i] = (float) values[i];
        }
        return narrowed;
    }

    private static INDArray array(Object values, long... shape) {
        return values instanceof double[] doubles
                ? Nd4j.create(doubles, shape, 'c')
                : Nd4j.create((float[]) values, shape, 'c');
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
        return array(noiseValues(input, type, rows, key), rows, input.size());
    }

    private static Object noiseValues(FunctionInput.NoiseInput input, DataType type, int rows, RowKey key) {
        int size = input.size();
        boolean normal = input.distribution() == Noise.NORMAL;
        if (type == DataType.DOUBLE) {
            double[] values = new double[rows * size];
            RowFill fill = normal
                    ? (k, offset) -> CounterRandom.fillNormal(k, values, offset, size)
                    : (k, offset) -> CounterRandom.fillUniform(k, values, offset, size);
            fillRows(rows, size, key, fill);
            return values;
        }
        float[] values = new float[rows * size];
        RowFill fill = normal
                ? (k, offset) -> CounterRandom.fillNormal(k, values, offset, size)
                : (k, offset) -> CounterRandom.fillUniform(k, values, offset, size);
        fillRows(rows, size, key, fill);
        return values;
    }

    private static void fillRows(int rows, int size, RowKey key, RowFill fill) {
        for (int row = 0; row < rows; row++) {
            fill.fill(key.of(row), row * size);
        }
    }

    /** For each row 1 in its class's column, {@code [rows, classes]}. */
    private static double[] conditions(FunctionInput.Condition condition, int... labels) {
        double[] columns = new double[labels.length * condition.classes()];
        for (int row = 0; row < labels.length; row++) {
            if (labels[row] >= condition.classes()) {
                throw new DataException("an example is of class " + labels[row]
                        + ", but the model knows the classes 0 to " + (condition.classes() - 1) + " only");
            }
            columns[row * condition.classes() + labels[row]] = 1;
        }
        return columns;
    }
}
