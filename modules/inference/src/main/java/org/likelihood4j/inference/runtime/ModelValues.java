package org.likelihood4j.inference.runtime;

import java.util.Arrays;
import java.util.List;
import org.likelihood4j.engine.Device;
import org.likelihood4j.engine.Devices;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.Slot;
import org.likelihood4j.models.Initializer;
import org.likelihood4j.models.Model;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterLayout;
import org.likelihood4j.random.CounterRandom;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A model with values for its parameters and buffers: what programs are bound to and checkpoints hold.
 *
 * @param parameters all trained tensors, views of one vector
 * @param buffers all other tensors of the model; {@code null} if it has none
 */
public record ModelValues(Model model, DataType type, FlatVector parameters, FlatVector buffers) {
    private static final int PIECE = 1 << 16;

    /** Values before any data has been seen, in the process's own memory; see {@link #initial(Model, DataType, long, Device)}. */
    public static ModelValues initial(Model model, DataType type, long seed) {
        return initial(model, type, seed, Devices.cpu());
    }

    /** Values before any data has been seen: a pure function of the seed and the parameters' names and shapes. */
    public static ModelValues initial(Model model, DataType type, long seed, Device device) {
        ModelValues values = zeros(model, type, device);
        values.fill(model.parameters(), values.parameters(), seed);
        if (values.buffers() != null) {
            values.fill(model.buffers(), values.buffers(), seed);
        }
        return values;
    }

    /** All zeros in the process's own memory. */
    public static ModelValues zeros(Model model, DataType type) {
        return zeros(model, type, Devices.cpu());
    }

    /** All zeros, to be filled from a checkpoint, for programs of a device. */
    public static ModelValues zeros(Model model, DataType type, Device device) {
        ParameterLayout buffers = model.buffers();
        return new ModelValues(
                model,
                type,
                FlatVector.zeros(device, slots(model.parameters()), type),
                buffers.length() == 0 ? null : FlatVector.zeros(device, slots(buffers), type));
    }

    /** The same model and buffers with other parameters, such as their moving average. */
    public ModelValues withParameters(FlatVector other) {
        return new ModelValues(model, type, other, buffers);
    }

    /** Everything that a program of this model is bound to. */
    public FlatVector[] vectors() {
        return buffers == null ? new FlatVector[] {parameters} : new FlatVector[] {parameters, buffers};
    }

    /** What a training program is bound to beside the parameters. */
    public FlatVector[] constants() {
        return buffers == null ? new FlatVector[0] : new FlatVector[] {buffers};
    }

    /** Sets a parameter or buffer by name. */
    public void set(String name, double[] values) {
        boolean trained =
                parameters.slots().stream().anyMatch(slot -> slot.name().equals(name));
        INDArray view = (trained ? parameters : buffers).view(name);
        try (INDArray array = Nd4j.create(values, view.shape(), type)) {
            view.assign(array);
        }
    }

    private void fill(ParameterLayout layout, FlatVector vector, long seed) {
        for (ParameterLayout.Entry entry : layout.entries()) {
            Parameter parameter = entry.parameter();
            if (parameter.initializer() instanceof Initializer.Constant constant) {
                vector.view(parameter.name()).assign(constant.value());
            } else if (parameter.initializer() instanceof Initializer.Uniform uniform) {
                fillUniform(
                        CounterRandom.key(seed, "initial/" + parameter.name()),
                        uniform.limit(),
                        vector.view(parameter.name()));
            } else if (parameter.initializer() instanceof Initializer.Rows rows) {
                INDArray view = vector.view(parameter.name());
                for (int k = 0; k < rows.values().size(); k++) {
                    view.getRow(k).assign(rows.values().get(k));
                }
            }
        }
    }

    /** Uniform on [-limit, limit), piece by piece: a layer may be larger than the heap. */
    private static void fillUniform(long key, double limit, INDArray view) {
        INDArray flat = view.reshape(view.length());
        double[] piece = new double[(int) Math.min(PIECE, view.length())];
        for (long first = 0; first < view.length(); first += piece.length) {
            int count = (int) Math.min(piece.length, view.length() - first);
            for (int i = 0; i < count; i++) {
                piece[i] = (2 * CounterRandom.uniform(key, first + i) - 1) * limit;
            }
            double[] some = count == piece.length ? piece : Arrays.copyOf(piece, count);
            try (INDArray values = Nd4j.create(some, new long[] {count}, view.dataType())) {
                flat.get(NDArrayIndex.interval(first, first + count)).assign(values);
            }
        }
    }

    private static List<Slot> slots(ParameterLayout layout) {
        return layout.entries().stream()
                .map(entry -> new Slot(
                        entry.parameter().name(),
                        entry.parameter().shape(),
                        entry.offset(),
                        entry.parameter().decay()))
                .toList();
    }
}
