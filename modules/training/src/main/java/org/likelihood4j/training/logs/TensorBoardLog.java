package org.likelihood4j.training.logs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.Slot;
import org.likelihood4j.io.IoReasons;
import org.likelihood4j.io.SmallFiles;
import org.likelihood4j.runs.EndReason;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.runs.RunPicture;
import org.likelihood4j.runs.RunState;
import org.likelihood4j.runs.metrics.MetricsKeys;
import org.likelihood4j.training.diagnostics.KlDiagnostics;
import org.likelihood4j.training.events.TrainingListener;
import org.likelihood4j.training.tensorboard.EventRecord;
import org.likelihood4j.training.tensorboard.Histogram;
import org.likelihood4j.training.tensorboard.Png;
import org.likelihood4j.training.tensorboard.SummaryValue;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Tells TensorBoard what {@link MetricsLog} tells {@code metrics.jsonl}, and shows it the pictures and the weights as well.
 *
 * <pre>
 * every report   training/METRIC  training/{learning_rate, gradient_norm, ...}  training_kl/{analytic, sampled, z, ...}
 *                blocks/NAME/gradient_norm  blocks/NAME/log_scale/{mean, rms, ...}
 * every epoch    epoch/METRIC  validation/METRIC  validation_kl/...  latents/...  gradients/...
 *                histograms: weights/TENSOR, and those of latents/ and gradients/ that are per dimension
 * with pictures  samples  reconstructions  interpolations  traversals  scales
 * </pre>
 *
 * <p>Each process writes a file of its own. One that goes on from a checkpoint, or goes back to one, first says from which step on
 * earlier events no longer count.
 */
public final class TensorBoardLog implements TrainingListener {
    private static final int MOST_PNG_BYTES = 1 << 26;

    private final RunDirectory run;
    private final Consumer<String> warnings;
    private TensorBoardFile file;
    private FlatVector weights;
    private OptionalDouble bitsPerDimension;
    private long step;

    /** @param warnings what could not be written */
    public TensorBoardLog(RunDirectory run, Consumer<String> warnings) {
        this.run = run;
        this.warnings = warnings;
    }

    @Override
    public void started(Start start) {
        weights = start.weights();
        bitsPerDimension = start.bitsPerDimension();
        file = TensorBoardFile.create(run.tensorboard(), warnings);
        if (start.resumed()) {
            restart(start.from());
        }
    }

    @Override
    public void rolledBack(RunState state, RunState.Rollback rollback) {
        restart(state);
    }

    private void restart(RunState state) {
        step = state.step();
        file.append(EventRecord.restart(Instant.now(), step + 1));
    }

    @Override
    public void reported(Report report) {
        step = report.last().step();
        List<SummaryValue> values = new ArrayList<>();
        means("training", report.metrics(), values);
        add("training/learning_rate", report.last().learningRate(), values);
        add("training/gradient_norm", report.last().gradientNorm(), values);
        if (report.metrics().containsKey(MetricsKeys.WEIGHTED_LOSS)) {
            add("training/kl_weight", report.last().klWeight(), values);
        }
        if (report.kl() != null) {
            add("training_kl", report.kl().values(), values);
        }
        report.blocks().forEach(block -> add("blocks/" + block.name(), block.values(), values));
        write(values);
    }

    @Override
    public void epochEnded(Epoch epoch) {
        step = epoch.step();
        List<SummaryValue> values = new ArrayList<>();
        means("epoch", epoch.training(), values);
        add("epoch/seconds", epoch.seconds(), values);
        means("validation", epoch.validation(), values);
        KlDiagnostics kl = epoch.kl();
        if (kl != null && kl.agreement() != null) {
            add("validation_kl", kl.agreement().values(), values);
        }
        if (kl != null && kl.pooled() != null) {
            add("kl_pooled", kl.pooled().values(), values);
        }
        if (kl != null && kl.latents() != null) {
            add("latents", kl.latents().values(), values);
        }
        if (kl != null && kl.gradients() != null) {
            add("gradients", kl.gradients().values(), values);
        }
        write(values);
        for (Slot slot : weights.slots()) {
            List<SummaryValue> weight = new ArrayList<>();
            try (INDArray copy = weights.read(slot.name()).dup('c')) {
                distribution("weights/" + slot.name(), copy.data().asDouble(), weight);
            }
            write(weight);
        }
    }

    @Override
    public void imagesWritten(long epoch) {
        for (RunPicture kind : RunPicture.values()) {
            picture(kind.folder(), run.picture(kind, epoch));
        }
    }

    private void picture(String tag, Path png) {
        if (!Files.exists(png)) {
            // Not every model has it, and of a single image there is nothing between.
            return;
        }
        try {
            Png.of(SmallFiles.bytes(png, MOST_PNG_BYTES))
                    .ifPresent(picture -> write(List.of(new SummaryValue.Image(tag, picture))));
        } catch (IOException e) {
            warnings.accept(png + ": cannot be read for TensorBoard (" + IoReasons.of(e) + ")");
        }
    }

    @Override
    public void ended(EndReason reason, RunState state) {
        file.close();
    }

    private void means(String prefix, Map<String, Double> means, List<SummaryValue> values) {
        add(prefix, means, values);
        if (bitsPerDimension.isPresent() && means.containsKey(MetricsKeys.LOSS)) {
            add(prefix + "/bits_per_dim", means.get(MetricsKeys.LOSS) * bitsPerDimension.getAsDouble(), values);
        }
    }

    /** Numbers by their paths, and lists of numbers as distributions; texts are for others. */
    private static void add(String path, Object value, List<SummaryValue> values) {
        if (value instanceof Number number) {
            values.add(new SummaryValue.Scalar(path, number.doubleValue()));
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((key, child) -> add(path + "/" + key, child, values));
        } else if (value instanceof List<?> list && list.stream().allMatch(Number.class::isInstance)) {
            double[] numbers = list.stream()
                    .mapToDouble(number -> ((Number) number).doubleValue())
                    .toArray();
            distribution(path, numbers, values);
        }
    }

    private static void distribution(String tag, double[] numbers, List<SummaryValue> values) {
        Histogram.of(numbers).ifPresent(histogram -> values.add(new SummaryValue.Distribution(tag, histogram)));
    }

    private void write(List<SummaryValue> values) {
        if (!values.isEmpty()) {
            file.append(EventRecord.summary(Instant.now(), step, values));
        }
    }
}
