package org.likelihood4j.inference;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.likelihood4j.data.Batch;
import org.likelihood4j.data.Batches;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.inference.runtime.NoiseKeys;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.Model;

/**
 * What a trained model computes, on plain numbers: under the command line's {@code TrainedModel}, which makes pictures and rows of
 * them, and under Java's {@code OpenedModel}, which makes arrays. Results go batch after batch to a sink, row after row.
 */
final class ModelCalls {
    private final FunctionRunner runner;
    private final ExampleShape shape;
    /** The columns of a row that the model is told. */
    private final List<Integer> told;

    /** @param shape of the examples */
    ModelCalls(FunctionRunner runner, ExampleShape shape, Model model) {
        this.runner = runner;
        this.shape = shape;
        this.told = model.given().map(FunctionInput.Given::columns).orElse(List.of());
    }

    /** Rows as they are stored: what a model draws of whole numbers comes with a fraction. What it was told stays what it is. */
    private double[] stored(double... rows) {
        if (!(shape instanceof VectorShape table)) {
            return rows;
        }
        double[] stored = table.stored(rows);
        for (int start = 0; start < rows.length; start += shape.size()) {
            for (int column : told) {
                stored[start + column] = rows[start + column];
            }
        }
        return stored;
    }

    /** The same with what the model was told as the caller has it: the model's own precision may be another. */
    private double[] stored(double[] rows, List<double[]> conditions) {
        double[] stored = stored(rows);
        for (int row = 0; row < conditions.size(); row++) {
            for (int i = 0; i < told.size(); i++) {
                stored[row * shape.size() + told.get(i)] = conditions.get(row)[i];
            }
        }
        return stored;
    }

    /**
     * Draws an example for each condition; example i is the same whatever is drawn beside it.
     */
    void sample(Conditions conditions, double temperature, long seed, Consumer<double[]> sink) {
        int count = conditions.size();
        runner.use(ServedFunction.SAMPLE, program -> {
            for (int first = 0; first < count; first += program.rows()) {
                int some = Math.min(program.rows(), count - first);
                List<double[]> own = conditions.rows(first, first + some);
                sink.accept(stored(program.sample(first, some, temperature, seed, own), own));
            }
            return null;
        });
    }

    /** The latents of a whole set. */
    void encode(Examples set, NoiseKeys keys, Consumer<double[]> sink) {
        encode(set, IntStream.range(0, set.size()).toArray(), keys, sink);
    }

    /** The latents of chosen examples of a set. */
    void encode(Examples set, int[] chosen, NoiseKeys keys, Consumer<double[]> sink) {
        runner.use(ServedFunction.ENCODE, program -> {
            for (int start = 0; start < chosen.length; start += program.rows()) {
                int[] some = Arrays.copyOfRange(chosen, start, Math.min(start + program.rows(), chosen.length));
                sink.accept(program.overBatch(Batches.of(set, some, program.rows()), keys)
                        .only());
            }
            return null;
        });
    }

    /** Some rows of many. */
    @FunctionalInterface
    interface RowSource {
        List<double[]> rows(int from, int to);
    }

    /** The data of latents, one for each condition. */
    void decode(RowSource latents, Conditions conditions, Consumer<double[]> sink) {
        int count = conditions.size();
        runner.use(ServedFunction.DECODE, program -> {
            for (int start = 0; start < count; start += program.rows()) {
                int end = Math.min(start + program.rows(), count);
                List<double[]> own = conditions.rows(start, end);
                sink.accept(
                        stored(program.overValues(latents.rows(start, end), own).only(), own));
            }
            return null;
        });
    }

    /** What the model was shown of a set, and what it makes of it. */
    void reconstruct(Examples set, NoiseKeys keys, BiConsumer<double[], double[]> sink) {
        runner.use(ServedFunction.RECONSTRUCT, program -> {
            program.overSet(
                    set,
                    keys,
                    (batch, outputs) -> sink.accept(
                            holed(stored(outputs.get("seen")), batch), stored(outputs.get("reconstruction"))));
            return null;
        });
    }

    /** NaN where the data have no value: what the model sees there means nothing. */
    private static double[] holed(double[] seen, Batch batch) {
        float[] present = batch.values().present();
        double[] shown = seen.clone();
        for (int i = 0; i < shown.length; i++) {
            shown[i] = present[i] == 0 ? Double.NaN : shown[i];
        }
        return shown;
    }

    /** The log-weight of each example at one draw of the noise, nats. */
    double[] logWeights(Examples set, NoiseKeys keys) {
        double[] values = new double[set.size()];
        runner.use(ServedFunction.LOG_WEIGHT, program -> {
            program.overSet(set, keys, (batch, outputs) -> {
                double[] logWeights = outputs.only();
                for (int row = 0; row < batch.size(); row++) {
                    values[batch.indices()[row]] = logWeights[row];
                }
            });
            return null;
        });
        return values;
    }
}
