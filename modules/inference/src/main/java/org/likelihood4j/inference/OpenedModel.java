package org.likelihood4j.inference;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.RunConfig.Device;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.Table;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.data.columns.Column;
import org.likelihood4j.engine.Slot;
import org.likelihood4j.inference.arrays.ArrayExamples;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.inference.runtime.NoiseKeys;
import org.likelihood4j.io.RunException;
import org.likelihood4j.models.ExactDensityModel;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.Model;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.runs.statistics.LogMeanExp;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A trained model, opened from its run's folder: an {@link OpenedFlow}, an {@link OpenedVae}, or, if its loss is no likelihood, an
 * {@link OpenedAutoencoder}.
 *
 * <pre>
 * try (OpenedModel model = OpenedModel.open(Path.of("runs/quickstart-vae"))) {
 *     INDArray images = model.sample(16, 1.0, 1L);                    // [16, 1, 28, 28], intensities
 *     if (model instanceof OpenedVae vae) {
 *         Estimate bound = vae.elbo(images, 10);                      // [16], nats
 *     }
 * }
 * </pre>
 *
 * <p><b>Data</b> are {@code [N, C, H, W]} or {@code [N, D]}, D = C * H * W: integer types are pixels 0 to 255, floating-point types
 * intensities in [0, 1] ({@link ArrayExamples}). Models of rows take {@code [N, D]} in the data's own units. Where data come back, they
 * are {@code [N, C, H, W]} or {@code [N, D]} in the run's precision: intensities, nominally in [0, 1], which
 * {@link ArrayExamples#pixels} turns into pixels. Arguments are only read; results belong to the caller. A number that the model
 * makes and that is not finite is returned as it is.
 *
 * <p><b>Noise</b> (dequantisation, binarisation, latents) is a pure function of {@link NoiseSource} and the example's index. Without
 * one, a call uses {@link #noise}, so that the same call gives the same result, and the test set gets what {@code evaluate}
 * computes. What is computed together changes nothing: rows are independent but for float32's last bits.
 *
 * <p><b>Threads.</b> Any number of threads may call any methods at once and get what a single one would. As many calls run at once
 * as there are processors, each with memory of its own; further callers wait their turn. {@link #close} lets running calls end,
 * later ones throw {@link IllegalStateException}.
 */
public abstract sealed class OpenedModel implements AutoCloseable permits OpenedVae, OpenedFlow, OpenedAutoencoder {
    private final TrainedModel trained;
    private final ProgramPool programs;
    private final ModelCalls calls;
    /** Asked of the model once: it builds a graph to answer. */
    private final Optional<FunctionInput.Condition> condition;

    OpenedModel(TrainedModel trained) {
        this.trained = trained;
        this.condition = trained.condition();
        this.programs = new ProgramPool(trained);
        this.calls = new ModelCalls(programs, trained.shape(), trained.values().model());
    }

    /**
     * Opens a run's best checkpoint.
     *
     * @throws RunException as {@link #open(Path, String)}
     */
    public static OpenedModel open(Path run) {
        return open(run, "best");
    }

    /**
     * Opens a run: the moving average of its weights where it keeps one, else the weights.
     *
     * @param run the folder that {@code train} has made
     * @param checkpoint {@code best}, {@code last}, or the name of a folder in {@code RUN/checkpoints}
     * @throws RunException if the folder is not a run, or the checkpoint is missing, damaged or not of its model; one line
     */
    public static OpenedModel open(Path run, String checkpoint) {
        RunDirectory directory = RunDirectory.open(run);
        ExampleShape shape = DataSources.shape(directory.readConfig().data());
        return of(TrainedModel.open(directory, checkpoint, shape));
    }

    /**
     * Opens a run as {@link #open(Path, String)} does, to compute on one device, wherever it was trained. Without a device it is the run's
     * own, or where that cannot be used the processor.
     *
     * @throws RunException as {@link #open(Path, String)}
     * @throws org.likelihood4j.config.rules.ConfigException if the device cannot be used here
     */
    public static OpenedModel open(Path run, String checkpoint, Device device) {
        RunDirectory directory = RunDirectory.open(run);
        ExampleShape shape = DataSources.shape(directory.readConfig().data());
        return of(TrainedModel.open(directory, checkpoint, shape, device));
    }

    /** A model whose values nobody changes as long as it is open. */
    static OpenedModel of(TrainedModel trained) {
        Model model = trained.values().model();
        if (model instanceof ExactDensityModel) {
            return new OpenedFlow(trained);
        }
        return model.hasLikelihood() ? new OpenedVae(trained) : new OpenedAutoencoder(trained);
    }

    /** The run's configuration. */
    public final RunConfig config() {
        return trained.config();
    }

    /** Of one example. */
    public final ExampleShape shape() {
        return trained.shape();
    }

    /** The names of the labels 0, 1, ... of the run's data; empty where they have none, or an older run did not keep them. */
    public final List<String> classes() {
        return trained.classes();
    }

    /**
     * Size of a latent: D for a flow.
     *
     * @throws RunException if the model has no latent; then it cannot encode, decode or reconstruct
     */
    public final int latentDimension() {
        trained.latents();
        return model().latentShape().size();
    }

    /** The noise of calls that are given none: the run's evaluation seed, {@code test}, from the first example and draw on. */
    public final NoiseSource noise() {
        return new NoiseSource(config().evaluation().seed(), "test", 0, 0);
    }

    /**
     * Draws from the model: z from the prior, then its image (of a VAE of images the mean of p(x|z)). Example i is the same whatever
     * the count.
     *
     * @param count at least 1
     * @param temperature scales the prior's normal noise, at least 0: 1 for the model itself, below 1 for more typical examples
     * @return {@code [count, C, H, W]} intensities, or {@code [count, D]} rows
     * @throws IllegalArgumentException for another count or temperature, or if the model is told columns
     */
    public final INDArray sample(int count, double temperature, long seed) {
        programs.requireOpen();
        requireUntold("sampleGiven(given, temperature, seed)");
        if (count < 1) {
            throw new IllegalArgumentException("count must be at least 1, was " + count);
        }
        return sample(Conditions.inTurn(condition, count), temperature, seed);
    }

    /**
     * The same of a model with a condition: one example of each class that is listed.
     *
     * @param labels at least one, 0 to the number of classes - 1
     * @throws IllegalArgumentException for another label or temperature, or if the model has no condition
     */
    public final INDArray sample(int[] labels, double temperature, long seed) {
        programs.requireOpen();
        requireCondition();
        return sample(Conditions.of(condition, labels), temperature, seed);
    }

    /**
     * The same of a model that is told columns of a table ({@code model.condition} names them): one row for each of what is given.
     *
     * @param given {@code [N, G]}, the stored numbers of the {@link #givenColumns}
     * @return {@code [N, D]} rows, with what was given in its place
     * @throws IllegalArgumentException for another shape or temperature, or if the model is told no columns
     * @throws org.likelihood4j.data.DataException if a column cannot hold its number
     */
    public final INDArray sampleGiven(INDArray given, double temperature, long seed) {
        programs.requireOpen();
        return sample(conditions(given), temperature, seed);
    }

    private Conditions conditions(INDArray given) {
        FunctionInput.Given columns = trained.given()
                .orElseThrow(() ->
                        new IllegalArgumentException("the model of run '" + config().name() + "' is told no columns"));
        if (given.rank() != 2
                || given.size(0) < 1
                || given.size(1) != columns.size()
                || !given.dataType().isFPType()) {
            throw new IllegalArgumentException("what is given must be floating-point [N, " + columns.size() + "], was "
                    + given.dataType() + " " + Arrays.toString(given.shape()));
        }
        List<double[]> rows = doubles(given);
        VectorShape shape = new VectorShape(givenColumns());
        double[] all = rows.stream().flatMapToDouble(Arrays::stream).toArray();
        // Whoever makes a table checks it.
        new Table(shape, all, new int[rows.size()]);
        return Conditions.given(columns, rows);
    }

    /** The columns of a table that the model is told, in the order in which they are given; none of most models. */
    public final List<Column> givenColumns() {
        return trained.givenColumns();
    }

    private void requireUntold(String instead) {
        if (trained.given().isPresent()) {
            throw new IllegalArgumentException("the model of run '" + config().name() + "' is told the columns "
                    + givenColumns().stream().map(Column::name).collect(Collectors.joining(", ")) + ": say them, "
                    + instead);
        }
    }

    private INDArray sample(Conditions conditions, double temperature, long seed) {
        if (conditions.size() < 1) {
            throw new IllegalArgumentException("count must be at least 1, was " + conditions.size());
        }
        if (!(temperature >= 0) || Double.isInfinite(temperature)) {
            throw new IllegalArgumentException("temperature must be finite and at least 0, was " + temperature);
        }
        OutputRows rows = new OutputRows(conditions.size(), shape().size());
        calls.sample(conditions, temperature, seed, rows::add);
        return shown(rows);
    }

    private void requireCondition() {
        if (condition.isEmpty()) {
            throw new IllegalArgumentException("the model of run '" + config().name() + "' is told no class");
        }
    }

    /** How many classes the model is told examples to be of; 0 of a model without a condition. */
    public final int conditionClasses() {
        return condition.map(FunctionInput.Condition::classes).orElse(0);
    }

    /** {@link #encode(INDArray, NoiseSource)} with {@link #noise}. */
    public final INDArray encode(INDArray data) {
        return encode(data, noise());
    }

    /**
     * The latents of data: of a VAE the mean of q(z|x), of a flow the forward pass z = f(x).
     *
     * @return {@code [N, latentDimension]}
     * @throws org.likelihood4j.data.DataException if the data do not fit
     */
    public final INDArray encode(INDArray data, NoiseSource noise) {
        return encode(examples(data), noise);
    }

    /** The same of a set, whose labels a model with a condition is told. */
    public final INDArray encode(Examples data, NoiseSource noise) {
        Examples set = fitting(data);
        OutputRows rows = new OutputRows(set.size(), latentDimension());
        calls.encode(set, keys(noise, noise.draw()), rows::add);
        return rows.array(type());
    }

    /**
     * The data of latents: of a VAE the mean of p(x|z), of a flow the inverse x = f^-1(z).
     *
     * @param latents {@code [N, latentDimension]}, floating-point
     * @return intensities {@code [N, C, H, W]}, or rows {@code [N, D]}
     * @throws IllegalArgumentException if the shape or type is another
     */
    public final INDArray decode(INDArray latents) {
        programs.requireOpen();
        if (condition.isPresent()) {
            throw new IllegalArgumentException("the model of run '" + config().name()
                    + "' is told each example's class: say it, decode(latents, labels)");
        }
        requireUntold("decodeGiven(latents, given)");
        return decoded(latents, new int[Math.toIntExact(latents.size(0))]);
    }

    /**
     * The same of a model with a condition.
     *
     * @param labels of each latent, 0 to the number of classes - 1
     * @throws IllegalArgumentException if the shape or type is another, or the labels are
     */
    public final INDArray decode(INDArray latents, int... labels) {
        programs.requireOpen();
        requireCondition();
        return decoded(latents, labels);
    }

    /**
     * The same of a model that is told columns of a table.
     *
     * @param given {@code [N, G]} as in {@link #sampleGiven}
     * @throws IllegalArgumentException if a shape or type is another, or the model is told no columns
     * @throws org.likelihood4j.data.DataException if a column cannot hold its number
     */
    public final INDArray decodeGiven(INDArray latents, INDArray given) {
        programs.requireOpen();
        return decoded(latents, conditions(given), "rows of what is given");
    }

    private INDArray decoded(INDArray latents, int... labels) {
        return decoded(latents, Conditions.of(condition, labels), "labels");
    }

    private INDArray decoded(INDArray latents, Conditions conditions, String what) {
        long[] given = latents.shape();
        if (given.length != 2
                || given[1] != latentDimension()
                || given[0] < 1
                || !latents.dataType().isFPType()) {
            throw new IllegalArgumentException("latents must be floating-point [N, " + latentDimension() + "], were "
                    + latents.dataType() + " " + Arrays.toString(given));
        }
        int count = Math.toIntExact(given[0]);
        if (conditions.size() != count) {
            throw new IllegalArgumentException(count + " latents need as many " + what + ", were " + conditions.size());
        }
        OutputRows rows = new OutputRows(count, shape().size());
        calls.decode((from, to) -> doubles(latents.get(NDArrayIndex.interval(from, to))), conditions, rows::add);
        return shown(rows);
    }

    private static List<double[]> doubles(INDArray rows) {
        return List.of(rows.castTo(DataType.DOUBLE).toDoubleMatrix());
    }

    /** {@link #reconstruct(INDArray, NoiseSource)} with {@link #noise}. */
    public final Reconstructions reconstruct(INDArray data) {
        return reconstruct(data, noise());
    }

    /**
     * What the model was shown, and what it makes of it: of a VAE the mean of p(x|z) at the mean of q(z|x), of a flow the exact
     * inversion of its forward pass.
     *
     * @throws org.likelihood4j.data.DataException if the data do not fit
     */
    public final Reconstructions reconstruct(INDArray data, NoiseSource noise) {
        return reconstruct(examples(data), noise);
    }

    /** The same of a set, whose labels a model with a condition is told. */
    public final Reconstructions reconstruct(Examples data, NoiseSource noise) {
        Examples set = fitting(data);
        OutputRows seen = new OutputRows(set.size(), shape().size());
        OutputRows back = new OutputRows(set.size(), shape().size());
        calls.reconstruct(set, keys(noise, noise.draw()), (shown, made) -> {
            seen.add(shown);
            back.add(made);
        });
        return new Reconstructions(shown(seen), shown(back));
    }

    /** The names of all tensors, trained ones and constants, such as {@code encoder/layer0/weight}; {@code export} explains them. */
    public final List<String> weightNames() {
        return Stream.of(trained.values().vectors())
                .flatMap(vector -> vector.slots().stream())
                .map(Slot::name)
                .toList();
    }

    /**
     * A copy of a tensor: a matrix is {@code [in, out]}.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public final INDArray weight(String name) {
        programs.requireOpen();
        return Stream.of(trained.values().vectors())
                .filter(vector ->
                        vector.slots().stream().anyMatch(slot -> slot.name().equals(name)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "no tensor '" + name + "'; there are " + String.join(", ", weightNames())))
                .read(name)
                .dup();
    }

    /** Frees the compiled programs, now or when the last running call has ended. Closing twice is no mistake. */
    @Override
    public final void close() {
        programs.close();
    }

    final Model model() {
        return trained.values().model();
    }

    final ProgramPool programs() {
        return programs;
    }

    final ModelCalls calls() {
        return calls;
    }

    /** Data as the project keeps them. */
    final Examples examples(INDArray data) {
        programs.requireOpen();
        return fitting(ArrayExamples.of(data, shape()));
    }

    /** A set that came from elsewhere. */
    final Examples fitting(Examples set) {
        programs.requireOpen();
        trained.requireShape(set, condition.isPresent());
        return set;
    }

    final NoiseKeys keys(NoiseSource noise, long draw) {
        return NoiseKeys.evaluation(config().seed(), noise.seed(), noise.split(), draw, noise.numbers());
    }

    /** {@code log 1/K sum of w_k} over K draws of the log-weight. */
    final ImportanceEstimate importanceWeighted(Examples set, int draws, NoiseSource noise) {
        requireDraws(draws);
        double[][] results = new double[5][set.size()];
        programs.use(ServedFunction.LOG_WEIGHT, program -> {
            program.overDraws(set, drawn -> {
                LogMeanExp[] means = drawn.logMeanExp(draw -> keys(noise, draw), noise.draw(), draws);
                for (int row = 0; row < means.length; row++) {
                    int example = drawn.batch().indices()[row];
                    results[0][example] = means[row].value();
                    results[1][example] = means[row].standardError();
                    results[2][example] = means[row].effectiveCount();
                    results[3][example] = means[row].logs().mean();
                    results[4][example] = means[row].logs().standardError();
                }
            });
            return null;
        });
        return new ImportanceEstimate(
                vector(results[0]),
                vector(results[1]),
                vector(results[2]),
                new Estimate(vector(results[3]), vector(results[4])));
    }

    /** Whether the likelihood is that of the stored integers, so that it can be said in bits/dim. */
    public final boolean isOfStoredIntegers() {
        return model().hasBitsPerDimension();
    }

    /** Whether the likelihood is that of pixels that are 0 or 1, as which it is shown the stored ones. */
    public final boolean isOfBinaryPixels() {
        return model().isOfBinaryPixels();
    }

    /** Whether all weights are finite: then what is not finite in a result comes of the data. */
    public final boolean hasFiniteWeights() {
        programs.requireOpen();
        return Stream.of(trained.values().vectors()).allMatch(vector -> isFinite(vector.read()));
    }

    private static boolean isFinite(INDArray flat) {
        for (long i = 0; i < flat.length(); i++) {
            if (!Double.isFinite(flat.getDouble(i))) {
                return false;
            }
        }
        return true;
    }

    static void requireDraws(int draws) {
        if (draws < 1) {
            throw new IllegalArgumentException("draws must be at least 1, were " + draws);
        }
    }

    static INDArray vector(double[] values) {
        return Nd4j.createFromArray(values);
    }

    private DataType type() {
        return trained.values().type();
    }

    private INDArray shown(OutputRows rows) {
        INDArray array = rows.array(type());
        return shape() instanceof ImageShape image
                ? array.reshape(array.size(0), image.channels(), image.height(), image.width())
                : array;
    }
}
