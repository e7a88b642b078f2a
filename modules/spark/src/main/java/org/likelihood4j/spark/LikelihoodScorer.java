package org.likelihood4j.spark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.DefaultParamsReadable;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.TaskCompletionListener;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.io.RunException;
import org.likelihood4j.runs.Checkpoints;

/**
 * A trained run as a transformer of Spark ML: it adds what the run says of each row.
 *
 * <pre>
 * Dataset&lt;Row&gt; scored = new LikelihoodScorer()
 *         .setRun("runs/cardio")
 *         .setOutputs("log_prob", "p_value", "alarm")
 *         .transform(spark.read().parquet("patients.parquet"));
 * </pre>
 *
 * <p>The outputs are {@code log_prob}, {@code standard_error}, {@code elbo}, {@code elbo_error}, {@code bound}, {@code bound_error}, {@code
 * effective_draws} and {@code bits_per_dim} (double; those that the model has), {@code p_value} (double) and {@code alarm} (boolean) of a
 * calibrated run, {@code latent} (array of double) and {@code reconstruction} (of images an array of intensities, of tables a struct of the
 * columns). Each is a column of its name. They are the numbers that {@code ./run.sh score} and {@code OpenedModel} give, to the bit, whatever
 * partitions the rows are in.
 *
 * <p><b>Noise</b> (of a VAE's latents, of dequantisation) is a function of the run's seed, {@code split} and the row's number: that in the column {@code
 * idCol}, else one made of the row's values, so that equal rows get equal noise. Where {@code idCol} has the places of the rows in a file, the numbers are those of
 * {@code score --input} of that file.
 *
 * <p>The run goes to executors as bytes, read once on the driver from wherever Hadoop reads, and is opened once in each process. {@code save} keeps these bytes
 * beside the parameters, so that what is loaded needs the run's folder no more.
 */
public final class LikelihoodScorer extends Transformer implements DefaultParamsWritable {
    private static final String RUN_FOLDER = "run";
    private static final long serialVersionUID = 1;

    private final String uid;
    private final Param<String> run;
    private final Param<String> checkpoint;
    private final StringArrayParam inputCols;
    private final Param<String> idCol;
    private final Param<String> labelCol;
    private final StringArrayParam outputs;
    private final IntParam draws;
    private final LongParam seed;
    private final Param<String> split;
    private final Param<String> handleInvalid;
    /** Of a saved scorer, which may be saved where it was loaded from. */
    private transient RunBytes held;

    public LikelihoodScorer() {
        this(Identifiable$.MODULE$.randomUID("likelihood-scorer"));
    }

    /** @param uid of this stage of a pipeline; Spark makes one with it when it loads a saved one */
    public LikelihoodScorer(String uid) {
        // First: each parameter asks its parent for it.
        this.uid = uid;
        run = new Param<>(this, "run", "folder of a trained run, on a disk or wherever Hadoop reads");
        checkpoint = new Param<>(this, "checkpoint", "best, last or the name of a checkpoint");
        inputCols = new StringArrayParam(
                this, "inputCols", "columns of the run's, in its order; or one that holds whole examples");
        idCol = new Param<>(this, "idCol", "whole numbers of the rows, of which their noise is made");
        labelCol = new Param<>(this, "labelCol", "classes, of a model that is told them");
        outputs = new StringArrayParam(this, "outputs", "new columns: " + names());
        draws = new IntParam(this, "draws", "importance samples of an estimate; -1 for the run's own");
        seed = new LongParam(this, "seed", "of all noise; if not set the run's own");
        split = new Param<>(this, "split", "a name for the data, of which their noise is made");
        handleInvalid = new Param<>(
                this,
                "handleInvalid",
                "what becomes of rows that the model cannot take: error, skip, or keep with nulls");
        setDefault(checkpoint, Checkpoints.BEST);
        setDefault(inputCols, new String[0]);
        setDefault(labelCol, ColumnNames.LABEL);
        setDefault(outputs, new String[] {Output.LOG_PROB.toString()});
        setDefault(draws, -1);
        setDefault(split, "input");
        setDefault(handleInvalid, "error");
    }

    private static String names() {
        return Stream.of(Output.values()).map(Output::toString).collect(Collectors.joining(", "));
    }

    @Override
    public String uid() {
        return uid;
    }

    public Param<String> run() {
        return run;
    }

    public Param<String> checkpoint() {
        return checkpoint;
    }

    public StringArrayParam inputCols() {
        return inputCols;
    }

    public Param<String> idCol() {
        return idCol;
    }

    public Param<String> labelCol() {
        return labelCol;
    }

    public StringArrayParam outputs() {
        return outputs;
    }

    public IntParam draws() {
        return draws;
    }

    public LongParam seed() {
        return seed;
    }

    public Param<String> split() {
        return split;
    }

    public Param<String> handleInvalid() {
        return handleInvalid;
    }

    /** The folder of a trained run: a path, or an address such as {@code s3a://...}. */
    public LikelihoodScorer setRun(String folder) {
        set(run, folder);
        return this;
    }

    /** {@code best} unless set; {@code last}, or the name of a folder in {@code RUN/checkpoints}. */
    public LikelihoodScorer setCheckpoint(String name) {
        set(checkpoint, name);
        return this;
    }

    /**
     * The columns of the examples' values, in the run's order, or one column that holds whole examples: an array, a vector, or the bytes of an image.
     * Unless set the run's own names; of images {@code pixels}.
     */
    public LikelihoodScorer setInputCols(String... names) {
        set(inputCols, names);
        return this;
    }

    /** A column of whole numbers, of which the rows' noise is made; unless set it is made of their values. */
    public LikelihoodScorer setIdCol(String name) {
        set(idCol, name);
        return this;
    }

    /** The column of classes, of a model that is told them; {@code label} unless set. */
    public LikelihoodScorer setLabelCol(String name) {
        set(labelCol, name);
        return this;
    }

    /** The new columns; {@code log_prob} unless set. */
    public LikelihoodScorer setOutputs(String... names) {
        set(outputs, names);
        return this;
    }

    /** K of an estimate; the run's own unless set. */
    public LikelihoodScorer setDraws(int count) {
        set(draws, count);
        return this;
    }

    /** Of all noise; the run's own unless set. */
    public LikelihoodScorer setSeed(long value) {
        set(seed, value);
        return this;
    }

    /** A name for the data, of which their noise is made; {@code input} unless set, as of {@code score --input}. */
    public LikelihoodScorer setSplit(String name) {
        set(split, name);
        return this;
    }

    /** What becomes of rows that the model cannot take: {@code error} (unless set), {@code skip}, or {@code keep} with nulls. */
    public LikelihoodScorer setHandleInvalid(String word) {
        set(handleInvalid, word);
        return this;
    }

    private String text(Param<String> param) {
        return getOrDefault(param);
    }

    /** The run: that which came with a saved scorer, as long as no other is set. */
    private RunBytes bytes() {
        return held != null && held.name().equals(folder()) && held.checkpoint().equals(text(checkpoint))
                ? held
                : RunBytes.read(folder(), text(checkpoint), hadoop());
    }

    private String folder() {
        if (!isDefined(run)) {
            throw new RunException("the scorer has no run: setRun(\"runs/NAME\")");
        }
        return text(run);
    }

    private ScoringSettings settings() {
        List<Output> chosen = Arrays.stream(getOrDefault(outputs))
                .map(name -> Output.of(name)
                        .orElseThrow(() -> new RunException("there is no output '" + name + "'; there are " + names())))
                .distinct()
                .toList();
        if (chosen.isEmpty()) {
            throw new RunException("the scorer has no outputs; there are " + names());
        }
        String word = text(handleInvalid);
        ScoringSettings.Invalid invalid = Stream.of(ScoringSettings.Invalid.values())
                .filter(value -> value.name().equals(word.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new RunException("handleInvalid is error, skip or keep; was '" + word + "'"));
        int count = (Integer) getOrDefault(draws);
        if (count < 1 && count != -1) {
            throw new RunException("draws must be at least 1, or -1 for the run's own; were " + count);
        }
        return new ScoringSettings(
                chosen,
                count,
                isDefined(seed) ? (Long) getOrDefault(seed) : null,
                text(split),
                invalid,
                SparkSession.active().conf().get("spark.sql.session.timeZone"));
    }

    private ColumnNames names(boolean given) {
        return new ColumnNames(List.of(getOrDefault(inputCols)), given ? text(idCol) : null, text(labelCol));
    }

    private static Configuration hadoop() {
        return SparkSession.active().sparkContext().hadoopConfiguration();
    }

    /**
     * The columns of what is transformed, and behind them the outputs.
     *
     * @throws RunException if an output is there already, or there is none of that name
     */
    @Override
    public StructType transformSchema(StructType schema) {
        StructType all = schema;
        for (Output output : settings().outputs()) {
            String name = output.toString();
            if (List.of(schema.fieldNames()).contains(name)) {
                throw new DataException(
                        "the data set has a column '" + name + "' already; rename it, it would be in the way");
            }
            all = all.add(name, type(output));
        }
        return all;
    }

    private DataType type(Output output) {
        return switch (output) {
            case ALARM -> DataTypes.BooleanType;
            case LATENT -> DataTypes.createArrayType(DataTypes.DoubleType, false);
            case RECONSTRUCTION ->
                DataSources.shape(config().data()) instanceof VectorShape table
                        ? Reconstructed.type(table)
                        : DataTypes.createArrayType(DataTypes.DoubleType, false);
            default -> DataTypes.DoubleType;
        };
    }

    private RunConfig config() {
        byte[] text = held == null ? RunBytes.readConfig(folder(), hadoop()) : bytes().config();
        String yaml = new String(text, StandardCharsets.UTF_8);
        return ConfigLoader.parseRecorded(yaml, "config.yaml", List.of());
    }

    /**
     * Adds the outputs. The run is read, and all that can be wrong with it and the columns found, before this returns; the rows are scored when Spark
     * wants them.
     *
     * @throws RunException if the run cannot be opened, or has not got what is asked for; one line
     * @throws DataException if the data set has not got what the run takes; one line. A row that the model cannot take is told of
     *     by the job
     */
    @Override
    public Dataset<Row> transform(Dataset<?> data) {
        ScoringSettings settings = settings();
        ColumnNames names = names(isDefined(idCol));
        StructType in = data.schema();
        StructType out = transformSchema(in);
        RunBytes bytes = bytes();
        try (OpenRuns.Use use = OpenRuns.use(bytes)) {
            new RowScores(use.run(), settings, names, in);
        }
        Broadcast<RunBytes> sent = JavaSparkContext.fromSparkContext(
                        data.sparkSession().sparkContext())
                .broadcast(bytes);
        // What is given to Spark goes to executors: none of it may be this object's.
        MapPartitionsFunction<Row, Row> scoring = rows -> {
            OpenRuns.Use use = OpenRuns.use(sent.value());
            TaskContext.get().addTaskCompletionListener((TaskCompletionListener) task -> use.close());
            return new ScoredRows(rows, new RowScores(use.run(), settings, names, in));
        };
        return data.toDF().mapPartitions(scoring, Encoders.row(out));
    }

    @Override
    public LikelihoodScorer copy(ParamMap extra) {
        LikelihoodScorer copy = (LikelihoodScorer) defaultCopy(extra);
        copy.held = held;
        return copy;
    }

    /** Writes the parameters, and the run's bytes beside them. */
    @Override
    public MLWriter write() {
        return new Writer(this, bytes());
    }

    /** Reads what {@link #write} wrote. */
    public static MLReader<LikelihoodScorer> read() {
        return new Reader();
    }

    /** Reads what {@code save} wrote. */
    public static LikelihoodScorer load(String path) {
        return read().load(path);
    }

    private MLWriter parametersOnly() {
        return DefaultParamsWritable.super.write();
    }

    private static final class Writer extends MLWriter {
        private final LikelihoodScorer scorer;
        private final RunBytes bytes;

        Writer(LikelihoodScorer scorer, RunBytes bytes) {
            this.scorer = scorer;
            this.bytes = bytes;
        }

        @Override
        public void saveImpl(String path) {
            try {
                scorer.parametersOnly().save(path);
                bytes.write(new Path(path, RUN_FOLDER).toString(), hadoop());
            } catch (IOException e) {
                throw new RunException(path + ": cannot be written: " + e.getMessage(), e);
            }
        }
    }

    private static final class Reader extends MLReader<LikelihoodScorer> {
        private static final DefaultParamsReadable<LikelihoodScorer> PARAMETERS = new DefaultParamsReadable<>() {};

        @Override
        public LikelihoodScorer load(String path) {
            LikelihoodScorer scorer = PARAMETERS.read().load(path).setRun(new Path(path, RUN_FOLDER).toString());
            scorer.held = RunBytes.read(scorer.folder(), scorer.text(scorer.checkpoint), hadoop());
            return scorer;
        }
    }
}
