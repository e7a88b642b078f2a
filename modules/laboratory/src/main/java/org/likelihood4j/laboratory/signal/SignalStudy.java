package org.likelihood4j.laboratory.signal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.likelihood4j.config.LossConfig;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.data.Batch;
import org.likelihood4j.data.Batches;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.Slot;
import org.likelihood4j.engine.TrainingProgram;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.inference.runtime.InputArrays;
import org.likelihood4j.inference.runtime.MemoryNeed;
import org.likelihood4j.inference.runtime.ModelBuilder;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.inference.runtime.NoiseKeys;
import org.likelihood4j.inference.runtime.StepCompiler;
import org.likelihood4j.laboratory.signal.GradientSums.Ratio;
import org.likelihood4j.models.Model;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.runs.RunDirectory;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How much of a gradient of the importance-weighted bound is signal, for trained parameters and chosen images, whose binarisation stays the same, over
 * many draws of the latents.
 *
 * <p>With K draws the bound is tighter, and the gradient of the decoder clearer, as sqrt(K); that of the encoder by the plain estimator vanishes faster than its
 * noise, as 1/sqrt(K) (Rainforth et al. 2018, Tighter variational bounds are not necessarily better), and the doubly reparameterised one's does not (Tucker et al.
 * 2019).
 *
 * @param run whose weights are taken
 * @param checkpoint of them
 * @param data of which the first are taken
 * @param images how many of these a gradient is the mean over
 * @param draws of each gradient, at least 20
 */
public record SignalStudy(RunDirectory run, String checkpoint, Examples data, int images, int draws) {
    private static final int LEAST_DRAWS = 20;

    public SignalStudy {
        if (images < 1 || images > data.size()) {
            throw new IllegalArgumentException("there are " + data.size() + " examples, and not " + images);
        }
        if (draws < LEAST_DRAWS) {
            throw new IllegalArgumentException("needs at least " + LEAST_DRAWS + " draws, had " + draws);
        }
    }

    /**
     * Measures each estimator with each number of draws in the bound.
     *
     * @param progress in draws of gradients
     * @throws org.likelihood4j.config.rules.ConfigException if the model has no such estimator, or so many draws do not fit into memory
     */
    public SignalReport measure(List<LossConfig.Estimator> estimators, List<Integer> ks, ProgressListener progress) {
        ModelValues trained = TrainedModel.open(run, checkpoint, data.shape(), RunConfig.Device.CPU)
                .values();
        List<SignalReport.Row> rows = new ArrayList<>();
        long done = 0;
        long all = (long) estimators.size() * ks.size() * draws;
        for (LossConfig.Estimator estimator : estimators) {
            for (int k : ks) {
                long before = done;
                ratios(trained, estimator, k, draw -> progress.progress("gradients", before + draw, all))
                        .forEach((part, ratio) -> rows.add(new SignalReport.Row(
                                part,
                                estimator.toString(),
                                k,
                                ratio.signal(),
                                ratio.noise(),
                                ratio.value(),
                                ratio.standardError())));
                done += draws;
            }
        }
        return new SignalReport(run.path().getFileName().toString(), checkpoint, images, draws, rows);
    }

    private Map<String, Ratio> ratios(ModelValues trained, LossConfig.Estimator estimator, int k, IntConsumer told) {
        RunConfig config = run.readConfig(List.of(
                        "loss={importanceSamples: " + k + ", kl: {estimator: " + estimator + "}}",
                        "training.batchSize=" + images,
                        "training.shards=null",
                        "training.shuffle=all",
                        "training.local=null",
                        "training.only=null",
                        "diagnostics={everyStep: false}"))
                .withDevice(RunConfig.Device.CPU);
        Model model = ModelBuilder.create(config, data.shape());
        MemoryNeed.checkTraining(config, model);
        ModelValues values = copied(trained, model);
        ModelFunction loss = model.trainingLoss();
        Batch batch = Batches.evaluation(data.slice(0, images), images, 0);
        try (TrainingProgram program = StepCompiler.compile(config, loss, values)) {
            Map<String, List<Slot>> parts = parts(program.gradient().slots());
            Map<String, GradientSums> sums = new LinkedHashMap<>();
            parts.forEach((part, slots) -> sums.put(part, new GradientSums(elements(slots))));
            for (int draw = 0; draw < draws; draw++) {
                NoiseKeys keys =
                        NoiseKeys.evaluation(config.seed(), config.evaluation().seed(), "signal", draw);
                List<INDArray> inputs = InputArrays.of(loss.inputs(), values.type(), batch, keys);
                program.evaluate(inputs);
                inputs.forEach(INDArray::close);
                parts.forEach((part, slots) -> {
                    GradientSums.Draw one = sums.get(part).draw();
                    slots.forEach(slot -> one.add(numbers(program.gradient().view(slot.name()))));
                });
                told.accept(draw + 1);
            }
            Map<String, Ratio> ratios = new LinkedHashMap<>();
            sums.forEach((part, sum) -> ratios.put(part, sum.ratio()));
            return ratios;
        }
    }

    /** Parameters by what their names begin with. */
    private static Map<String, List<Slot>> parts(List<Slot> slots) {
        Map<String, List<Slot>> parts = new LinkedHashMap<>();
        for (Slot slot : slots) {
            String name = slot.name();
            parts.computeIfAbsent(name.substring(0, name.indexOf('/')), any -> new ArrayList<>())
                    .add(slot);
        }
        return parts;
    }

    private static int elements(List<Slot> slots) {
        return Math.toIntExact(slots.stream().mapToLong(Slot::length).sum());
    }

    private static double[] numbers(INDArray view) {
        try (INDArray copy = view.dup('c')) {
            return copy.reshape(copy.length()).toDoubleVector();
        }
    }

    /** A model's values by their names, whatever of them another one trains. */
    private static ModelValues copied(ModelValues from, Model model) {
        ModelValues values = ModelValues.zeros(model, from.type());
        Map<String, INDArray> all = new LinkedHashMap<>();
        for (FlatVector vector : from.vectors()) {
            vector.slots().forEach(slot -> all.put(slot.name(), vector.view(slot.name())));
        }
        for (FlatVector vector : values.vectors()) {
            vector.slots().forEach(slot -> vector.view(slot.name()).assign(all.get(slot.name())));
        }
        return values;
    }
}
