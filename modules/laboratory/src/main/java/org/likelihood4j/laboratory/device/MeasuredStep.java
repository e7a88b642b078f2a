package org.likelihood4j.laboratory.device;

import java.util.ArrayList;
import java.util.List;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.data.Batches;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.Shuffle;
import org.likelihood4j.data.Splits;
import org.likelihood4j.engine.Device;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.StepQueue;
import org.likelihood4j.engine.TrainingProgram;
import org.likelihood4j.inference.runtime.ComputeDevice;
import org.likelihood4j.inference.runtime.DataInitializer;
import org.likelihood4j.inference.runtime.InputArrays;
import org.likelihood4j.inference.runtime.ModelBuilder;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.inference.runtime.NoiseKeys;
import org.likelihood4j.inference.runtime.StepCompiler;
import org.likelihood4j.inference.runtime.StepFeeds;
import org.likelihood4j.models.Model;
import org.likelihood4j.models.ModelFunction;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A configuration's training step on its device, from values that are the same on all devices. */
final class MeasuredStep implements AutoCloseable {
    private static final double LEARNING_RATE = 1e-3;
    private static final int MOST_PASSES = 40;

    private final ModelValues values;
    private final TrainingProgram program;
    private final List<List<INDArray>> batches = new ArrayList<>();
    private final Examples train;
    private final int batch;
    private final int[] order;
    private final StepFeeds feeds;
    private boolean fed;

    /**
     * Compiles it.
     *
     * @param steps for how many of them there are batches in {@code data}
     */
    MeasuredStep(RunConfig config, Splits data, int steps) {
        Device device = ComputeDevice.of(config);
        Model model = ModelBuilder.create(config, data.train().shape());
        // What layers learn of the data before the first step is rounded otherwise on each device.
        ModelValues first = ModelValues.initial(model, ModelBuilder.type(config.precision()), config.seed());
        DataInitializer.run(config.withDevice(RunConfig.Device.CPU), first, data.train());
        values = ModelValues.zeros(model, first.type(), device);
        for (int i = 0; i < first.vectors().length; i++) {
            values.vectors()[i].flat().assign(first.vectors()[i].flat());
        }
        ModelFunction loss = model.trainingLoss();
        batch = config.training().microBatch();
        train = data.train();
        feeds = new StepFeeds(loss.inputs(), config.seed());
        order = Shuffle.permutation(data.train().size(), config.seed(), 1);
        for (int step = 0; step < steps; step++) {
            batches.add(InputArrays.of(
                    loss.inputs(),
                    values.type(),
                    Batches.training(data.train(), batch, order, step),
                    NoiseKeys.training(config.seed(), step)));
        }
        program = StepCompiler.compile(config, loss, values);
    }

    /** The first batch's loss, whose gradient is {@link #gradient} from then on. */
    double loss() {
        return program.evaluate(batches.get(0)).loss();
    }

    float[] gradient() {
        return numbers(program.gradient());
    }

    float[] weights() {
        return numbers(program.parameters());
    }

    /** Lets the device make inputs from now on, if it does. */
    void feed() {
        fed = program.feed(feeds.sources(train));
    }

    /** A step on each batch. */
    void train() {
        if (!fed) {
            batches.forEach(batch -> program.step(LEARNING_RATE, batch));
            return;
        }
        List<StepQueue.Step> steps = new ArrayList<>();
        for (int step = 0; step < batches.size(); step++) {
            steps.add(new StepQueue.Step(LEARNING_RATE, feeds.step(order, step, batch, step, 1)));
        }
        while (!steps.isEmpty()) {
            int taken = program.steps(steps).size();
            steps.subList(0, taken).clear();
        }
    }

    /** The median time of a step in milliseconds, of as many passes over the batches as take about so long, one at least; after some that warm up. */
    double milliseconds(double seconds) {
        times(seconds / 2);
        double[] sorted =
                times(seconds).stream().mapToDouble(time -> time).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private List<Double> times(double seconds) {
        List<Double> times = new ArrayList<>();
        long began = System.nanoTime();
        while (times.isEmpty() || (System.nanoTime() - began < seconds * 1e9 && times.size() < MOST_PASSES)) {
            long started = System.nanoTime();
            train();
            times.add((System.nanoTime() - started) / 1e6 / batches.size());
        }
        return times;
    }

    /** Without what stands between slots, which is no number of the model's. */
    private static float[] numbers(FlatVector vector) {
        float[] all = vector.flat().toFloatVector();
        float[] numbers = new float[Math.toIntExact(vector.length())];
        int end = 0;
        for (var slot : vector.slots()) {
            System.arraycopy(all, Math.toIntExact(slot.offset()), numbers, end, Math.toIntExact(slot.length()));
            end += Math.toIntExact(slot.length());
        }
        return numbers;
    }

    @Override
    public void close() {
        program.close();
        batches.forEach(batch -> batch.forEach(INDArray::close));
    }
}
