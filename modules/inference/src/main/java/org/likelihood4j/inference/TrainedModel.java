package org.likelihood4j.inference;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.RunConfig.Device;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.data.columns.Column;
import org.likelihood4j.inference.runtime.CheckpointTensors;
import org.likelihood4j.inference.runtime.CompiledFunction;
import org.likelihood4j.inference.runtime.ComputeDevice;
import org.likelihood4j.inference.runtime.DivergenceException;
import org.likelihood4j.inference.runtime.MemoryNeed;
import org.likelihood4j.inference.runtime.ModelBuilder;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.inference.runtime.NoiseKeys;
import org.likelihood4j.inference.runtime.OutputValues;
import org.likelihood4j.io.RunException;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.LatentGeometry;
import org.likelihood4j.models.Model;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.runs.CheckpointFolder;
import org.likelihood4j.runs.Checkpoints;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.runs.RunState;

/**
 * A model with its trained values: samples and reconstructs.
 *
 * @param config the run's configuration
 * @param shape of the examples it was trained on
 * @param values the moving average of the parameters where the run keeps one, else the parameters
 * @param classes the names of the labels 0, 1, ... of its data; empty where they have none, or the run does not keep them
 */
public record TrainedModel(RunConfig config, ExampleShape shape, ModelValues values, List<String> classes) {
    /** Rows computed at once, where they are no larger than usual. */
    private static final int ROWS = 64;

    /** Of data whose classes have no names. */
    public TrainedModel(RunConfig config, ExampleShape shape, ModelValues values) {
        this(config, shape, values, List.of());
    }

    /**
     * The shape of the images it was trained on.
     *
     * @throws RunException if they were rows of numbers
     */
    public ImageShape imageShape() {
        if (shape instanceof ImageShape images) {
            return images;
        }
        throw new RunException("this run's data are rows of numbers: there are no images to draw");
    }

    /**
     * What its latent space is like.
     *
     * @throws RunException if it has none
     */
    public LatentGeometry latents() {
        return values.model()
                .latentGeometry()
                .orElseThrow(() -> new RunException("the model of the run '" + config.name()
                        + "' has no latent space: it cannot encode, decode, reconstruct, interpolate or traverse"));
    }

    /** Opens a checkpoint of a run on the run's own device; where that cannot be used, on the processor. */
    public static TrainedModel open(RunDirectory run, String checkpoint, ExampleShape shape) {
        return open(
                run, checkpoint, shape, ComputeDevice.usable(run.readConfig()).device());
    }

    /**
     * Opens a checkpoint of a run.
     *
     * @param checkpoint {@code last}, {@code best} or a checkpoint's name
     * @param shape of the run's examples
     * @param device where it computes, wherever it was trained
     * @throws RunException if the run or the checkpoint is missing, damaged, or not of this model
     * @throws org.likelihood4j.config.rules.ConfigException if the device cannot be used here, or not for this run
     */
    public static TrainedModel open(RunDirectory run, String checkpoint, ExampleShape shape, Device device) {
        RunConfig config = ComputeDevice.on(run.readConfig(), device);
        Path folder = new Checkpoints(run).locate(checkpoint);
        RunState state = CheckpointFolder.readState(folder);
        Model model = ModelBuilder.create(config, shape);
        MemoryNeed.checkOpening(config, model);
        ModelValues values = ModelValues.zeros(model, ModelBuilder.type(config.precision()), ComputeDevice.of(config));
        CheckpointTensors.readWeights(folder, values);
        return new TrainedModel(config, shape, values, state.classes());
    }

    /**
     * Checks examples of which something is to be computed.
     *
     * @param labelled whether the model is told each example's class
     * @throws RunException if they are not of the model's shape, columns and their order included
     */
    void requireShape(Examples set, boolean labelled) {
        if (!set.shape().equals(shape)) {
            throw new RunException("the data are " + set.shape().noun() + " of " + set.shape() + ", but the run '"
                    + config.name() + "' was trained on " + shape.noun() + " of " + shape
                    + (set.shape().toString().equals(shape.toString()) ? " with other names or in another order" : ""));
        }
        if (set.hasHoles() && !config.data().hasHoles()) {
            throw new RunException("these " + set.shape().noun() + " have missing cells, which the model of the run '"
                    + config.name() + "' cannot leave out: it was not trained with data.missing mask");
        }
        given().ifPresent(columns -> Conditions.requireGiven(List.of(set), columns.columns()));
        if (labelled && !set.labelled()) {
            throw new RunException("the run '" + config.name() + "' is of a model that is told each example's class"
                    + " (model.condition), but these " + set.shape().noun() + " have no labels");
        }
    }

    /** The class that its functions are given with each example, where there is one. */
    public Optional<FunctionInput.Condition> condition() {
        return values.model().condition();
    }

    /** The columns of a table that its functions are told, where there are any. */
    public Optional<FunctionInput.Given> given() {
        return values.model().given();
    }

    /**
     * What so many drawn examples are to be of: classes in turn, or what rows have in the columns that the model is told.
     *
     * @param rows at least one, where the model is told columns
     */
    public Conditions conditions(Examples rows, int count) {
        return given().map(columns -> Conditions.given(columns, rows, count))
                .orElseGet(() -> Conditions.inTurn(condition(), count));
    }

    /** The columns that it is told, none of a model that is told none. */
    public List<Column> givenColumns() {
        return given().map(FunctionInput.Given::columns).orElse(List.of()).stream()
                .map(place -> ((VectorShape) shape).columns().get(place))
                .toList();
    }

    /**
     * Compiles one of the model's functions for as many rows as are computed at once.
     *
     * @throws RunException if it needs a latent and the model has none
     */
    CompiledFunction compile(ServedFunction function) {
        if (function.needsLatent()) {
            latents();
        }
        ModelFunction graph = function.of(values.model());
        return compile(graph, function.outputs(graph));
    }

    private CompiledFunction compile(ModelFunction function, List<String> outputs) {
        int rows = MemoryNeed.rows(config, values.model(), ROWS);
        return CompiledFunction.compile(ModelBuilder.engine(config), function, outputs, values, rows);
    }

    private ModelCalls calls() {
        return new ModelCalls(new Fresh(this), shape, values.model());
    }

    /** Compiles a function for one call: values may change from call to call. */
    private record Fresh(TrainedModel trained) implements FunctionRunner {
        @Override
        public <T> T use(ServedFunction function, Function<CompiledFunction, T> body) {
            try (CompiledFunction program = trained.compile(function)) {
                return body.apply(program);
            }
        }
    }

    /**
     * Draws images from the model: its normal noise is scaled by the temperature; image i is the same whatever the count. Of a model
     * with a condition the classes take turns.
     *
     * @param temperature scales the noise: 1 for the model itself, below 1 for more typical images
     * @throws DivergenceException if an image has a pixel that is not a number
     */
    public List<byte[]> sample(int count, double temperature, long seed) {
        return sample(Conditions.inTurn(condition(), count), temperature, seed);
    }

    /** The same with a condition for each image. */
    public List<byte[]> sample(Conditions conditions, double temperature, long seed) {
        imageShape();
        List<byte[]> images = new ArrayList<>(conditions.size());
        calls().sample(
                        conditions,
                        temperature,
                        seed,
                        values -> images.addAll(Intensities.of(values, shape.size(), "sample")));
        return images;
    }

    /**
     * Draws rows of real numbers from the model, in the data's units; otherwise as {@link #sample}.
     *
     * @throws DivergenceException if a number is not one
     */
    public List<double[]> sampleRows(int count, double temperature, long seed) {
        requireUntold();
        return sampleRows(Conditions.inTurn(condition(), count), temperature, seed);
    }

    /** The same with a condition for each row; of a model that is told columns, these. */
    public List<double[]> sampleRows(Conditions conditions, double temperature, long seed) {
        requireRows();
        List<double[]> rows = new ArrayList<>(conditions.size());
        calls().sample(conditions, temperature, seed, values -> rows.addAll(rows(values, "sample")));
        return rows;
    }

    /**
     * Images and what the model makes of them.
     *
     * @param originals as the model was shown them (binarised, or dequantised and cut back)
     * @param largestError largest absolute difference of intensities between the two, 1 being white
     */
    public record Reconstruction(List<byte[]> originals, List<byte[]> reconstructions, double largestError) {}

    /**
     * Reconstructs the first images of a set: for a VAE the mean image at the encoding, for a flow the exact inversion of
     * the forward pass.
     *
     * @param split the set's name, for the noise that shows it to the model
     */
    public Reconstruction reconstruct(Examples set, int count, String split) {
        imageShape();
        List<byte[]> originals = new ArrayList<>();
        List<byte[]> reconstructions = new ArrayList<>();
        double[] largest = {0};
        reconstruct(set, count, split, (seen, back) -> {
            for (int i = 0; i < seen.length; i++) {
                largest[0] = Math.max(largest[0], Math.abs(seen[i] - back[i]));
            }
            originals.addAll(Intensities.of(seen, shape.size(), "original"));
            reconstructions.addAll(Intensities.of(back, shape.size(), "reconstruction"));
        });
        return new Reconstruction(originals, reconstructions, largest[0]);
    }

    /** Rows of real numbers and what the model makes of them, in the data's units. */
    public record RowReconstruction(List<double[]> originals, List<double[]> reconstructions) {}

    /**
     * Reconstructs the first rows of a table; otherwise as {@link #reconstruct}.
     *
     * @throws DivergenceException if a number is not one
     */
    public RowReconstruction reconstructRows(Examples set, int count, String split) {
        requireRows();
        List<double[]> originals = new ArrayList<>();
        List<double[]> reconstructions = new ArrayList<>();
        reconstruct(set, count, split, (seen, back) -> {
            split(seen, shape.size(), originals);
            reconstructions.addAll(rows(back, "reconstruction"));
        });
        return new RowReconstruction(originals, reconstructions);
    }

    private void reconstruct(Examples set, int count, String split, BiConsumer<double[], double[]> sink) {
        calls().reconstruct(set.slice(0, Math.min(count, set.size())), keys(split), sink);
    }

    /**
     * The log-weight of each example at one draw of the noise, nats; of a flow over rows that is its exact log-density.
     *
     * @param split the set's name, for the noise
     */
    public double[] logWeights(Examples set, String split) {
        return calls().logWeights(set, keys(split));
    }

    /**
     * The latents {@code [latent]} of chosen images: of a VAE the posterior mean (or f(mu), where a flow f is behind the posterior), of a flow the forward pass.
     *
     * @param images places in the set
     * @param split the set's name, for the noise that shows it to the model: the same as in {@link #reconstruct}
     */
    public List<double[]> encode(Examples set, int[] images, String split) {
        List<double[]> latents = new ArrayList<>(images.length);
        calls().encode(
                        set,
                        images,
                        keys(split),
                        rows -> split(rows, values.model().latentShape().size(), latents));
        return latents;
    }

    /**
     * The images of latents, of a model of images.
     *
     * @param conditions one for each latent
     * @param what they are, for a message
     * @throws RunException if an image has a value that is not finite; says how many have
     */
    public List<byte[]> decode(List<double[]> latents, Conditions conditions, String what) {
        List<byte[]> images = new ArrayList<>(latents.size());
        int[] broken = {0};
        calls().decode(latents::subList, conditions, intensities -> {
            int bad = Intensities.countNotFinite(intensities, shape.size());
            broken[0] += bad;
            if (bad == 0) {
                images.addAll(Intensities.of(intensities, shape.size(), what));
            }
        });
        if (broken[0] > 0) {
            throw new RunException(what + ": " + broken[0] + " of " + latents.size()
                    + " images have values that are not finite, so nothing was drawn");
        }
        return images;
    }

    /** Some outputs of a function over a whole set, batch after batch. */
    public void overSet(
            ModelFunction function, List<String> outputs, Examples set, String split, Consumer<OutputValues> sink) {
        try (CompiledFunction program = compile(function, outputs)) {
            program.overSet(set, keys(split), (batch, values) -> sink.accept(values));
        }
    }

    private NoiseKeys keys(String split) {
        return NoiseKeys.evaluation(config.seed(), config.evaluation().seed(), split, 0);
    }

    private static void split(double[] rows, int width, List<double[]> into) {
        for (int start = 0; start < rows.length; start += width) {
            into.add(Arrays.copyOfRange(rows, start, start + width));
        }
    }

    private void requireUntold() {
        if (given().isPresent()) {
            throw new IllegalStateException("the model of the run '" + config.name() + "' is told the columns "
                    + givenColumns().stream().map(Column::name).collect(Collectors.joining(", ")) + ": say them");
        }
    }

    private void requireRows() {
        if (values.model().hasPixels()) {
            throw new IllegalStateException("this model is one of images");
        }
    }

    /** A broken row is never drawn as if it were one of numbers. */
    private List<double[]> rows(double[] numbers, String what) {
        List<double[]> rows = new ArrayList<>(numbers.length / shape.size());
        for (int start = 0; start < numbers.length; start += shape.size()) {
            double[] row = Arrays.copyOfRange(numbers, start, start + shape.size());
            for (int i = 0; i < row.length; i++) {
                if (!Double.isFinite(row[i])) {
                    throw new DivergenceException(
                            what + ": row " + start / shape.size() + ", column " + (i + 1) + " is " + row[i]);
                }
            }
            rows.add(row);
        }
        return rows;
    }
}
