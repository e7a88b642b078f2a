package org.likelihood4j.score;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.likelihood4j.score.codes.BinaryCode;
import org.likelihood4j.score.codes.ImageComplexity;
import org.likelihood4j.score.files.ExampleException;
import org.likelihood4j.score.files.ExportException;
import org.likelihood4j.score.files.Json;
import org.likelihood4j.score.program.DrawnProgram;

/**
 * A trained model that {@code ./run.sh export RUN} has written: likelihoods, p-values, latents, samples.
 *
 * <pre>
 * Scorer scorer = Scorer.open(Path.of("export"));
 * double nats = scorer.logProb(scorer.row(Map.of("amount", "12.5", "country", "NO")));
 * boolean strange = scorer.isAlarm(nats);
 * </pre>
 *
 * <p>It computes in float64 what the framework computes in the run's precision, of the same noise: the numbers are the same but for rounding. Any number of
 * threads may use it at once; there is nothing to close.
 */
public final class Scorer {
    /** Of the files of an export. */
    public static final int FORMAT_VERSION = 3;

    /** Extents of an image's shape. */
    private static final int IMAGE = 3;

    private final FunctionTable functions;
    private final ExampleInputs inputs;
    private final Mappings mappings;
    /** Of images: channels, height, width. */
    private final int[] shape;

    private final List<String> classes;
    private final boolean exact;
    private final int draws;
    private final OptionalDouble bitsPerDim;
    private final Optional<Decision> calibration;
    /** Whether the model sees images binarised, where the export says it. */
    private final Optional<Boolean> binary;

    private Scorer(ExportFiles files) {
        Json model = files.model();
        Json data = model.get("data");
        List<ExportColumn> columns = data.has("columns")
                ? data.get("columns").list().stream().map(ExportColumn::read).toList()
                : List.of();
        shape = data.has("shape") ? data.get("shape").integers(1, 1 << 16) : new int[0];
        int dimension = columns.isEmpty()
                ? (int) Arrays.stream(shape).asLongStream().reduce(1, (a, b) -> Math.min(1L << 28, a * b))
                : columns.size();
        classes = model.has("classes") ? model.get("classes").texts() : List.of();
        int conditionClasses =
                model.has("conditionClasses") ? model.get("conditionClasses").integer(1, 1 << 20) : 0;
        functions = FunctionTable.read(files, dimension, conditionClasses);
        inputs = new ExampleInputs(
                columns,
                dimension,
                conditionClasses,
                functions.leavesOut(),
                model.get("precision").text().equals("float32"),
                model.get("noise").get("seed").whole(),
                model.get("noise").get("runSeed").whole());
        mappings = new Mappings(functions, inputs);
        exact = model.has("score") && model.get("score").get("exact").truth();
        draws = model.has("score") ? model.get("score").get("draws").integer(1, 1_000_000) : 1;
        bitsPerDim = model.has("score") && model.get("score").has("bitsPerDim")
                ? OptionalDouble.of(model.get("score").get("bitsPerDim").number())
                : OptionalDouble.empty();
        calibration = model.has("calibration") ? Optional.of(new Decision(model.get("calibration"))) : Optional.empty();
        binary = model.has("score") && model.get("score").has("binary")
                ? Optional.of(model.get("score").get("binary").truth())
                : Optional.empty();
    }

    // ---- opening
    // -------------------------------------------------------------------------------------------------------

    /**
     * Opens an export's folder.
     *
     * @throws ExportException if it is none that can be used; one line
     */
    public static Scorer open(Path folder) {
        return new Scorer(ExportFiles.of(folder));
    }

    /**
     * Opens an export that is a folder of the class path.
     *
     * @param owner a class of the jar that has it
     * @param folder such as {@code "/model"}, or without the slash beside the class
     * @throws ExportException if it is none that can be used; one line
     */
    public static Scorer open(Class<?> owner, String folder) {
        return new Scorer(ExportFiles.of(owner, folder));
    }

    /**
     * Opens the contents of an export's files.
     *
     * @throws ExportException if they are none that can be used; one line
     */
    public static Scorer of(byte[] model, byte[] program, byte[] weights) {
        return new Scorer(ExportFiles.of(model, program, weights));
    }

    // ---- what it is of
    // -------------------------------------------------------------------------------------------------

    /** The name of the run. */
    public String run() {
        return functions.run();
    }

    /** Numbers of an example. */
    public int dimension() {
        return inputs.dimension();
    }

    /** The columns of rows; empty of images. */
    public List<ExportColumn> columns() {
        return inputs.columns();
    }

    /** The names of the labels 0, 1, ... of the run's data; empty where they have none. */
    public List<String> classes() {
        return classes;
    }

    /** How many classes the model is told examples to be of; 0 of most. */
    public int conditionClasses() {
        return inputs.conditionClasses();
    }

    /** Whether log p(x) is exact, so that there is one draw. */
    public boolean isExact() {
        return exact;
    }

    /** K of {@link #logProb}: as many as {@code ./run.sh score} takes. */
    public int draws() {
        return draws;
    }

    /** {@code bits/dim = logProb * this}, of integers as they are stored; empty of densities of other units. */
    public OptionalDouble bitsPerDim() {
        return bitsPerDim;
    }

    /**
     * A row of stored numbers.
     *
     * @param cells by the names of the columns, as texts of a file; all columns are needed, but where the model can leave cells out: there they may be missing, null or
     *     what says so in a file, such as an empty text and {@code NA}
     * @throws ExampleException if a column is missing or unknown, or cannot hold its cell
     */
    public double[] row(Map<String, String> cells) {
        if (inputs.columns().isEmpty()) {
            throw new ExampleException(
                    "the model of run '" + functions.run() + "' takes images, which have no columns");
        }
        double[] row = new double[inputs.columns().size()];
        Set<String> unknown = new TreeSet<>(cells.keySet());
        for (int i = 0; i < row.length; i++) {
            ExportColumn column = inputs.columns().get(i);
            unknown.remove(column.name());
            String cell = cells.get(column.name());
            if (leavesOut() && ExportColumn.isMissing(cell)) {
                row[i] = Double.NaN;
            } else if (cell == null) {
                throw new ExampleException(
                        "column '" + column.name() + "' is missing, and this model needs all of them");
            } else {
                row[i] = column.read(cell);
            }
        }
        if (!unknown.isEmpty()) {
            throw new ExampleException("the model has no column '"
                    + unknown.iterator().next() + "'; those it has: "
                    + ExportColumn.names(
                            inputs.columns().stream().map(ExportColumn::name).toList()));
        }
        return row;
    }

    /** Whether the model can leave missing cells out. */
    public boolean leavesOut() {
        return inputs.leavesOut();
    }

    // ---- likelihoods
    // ---------------------------------------------------------------------------------------------------

    /**
     * log p(x) of one row, nats. Where there is noise, it is that of number 0 of the data {@code input}: of the first row of a file that {@code score --input} reads.
     */
    public double logProb(double... row) {
        return logProb(Rows.of(row))[0];
    }

    /** log p(x) of each row, nats: with {@link #draws} draws. */
    public double[] logProb(Rows rows) {
        return Arrays.stream(score(rows, draws)).mapToDouble(Score::logProb).toArray();
    }

    /** {@link #score(Rows, int)} with {@link #draws} draws. */
    public Score[] score(Rows rows) {
        return score(rows, draws);
    }

    /**
     * What the model says of each row.
     *
     * @param wanted draws of the noise; of a density that is exact there is one, whatever this says
     * @throws ExampleException if a row is not what the model takes
     * @throws ExportException if there is no likelihood
     */
    public Score[] score(Rows rows, int wanted) {
        if (wanted < 1) {
            throw new IllegalArgumentException("draws must be at least 1, were " + wanted);
        }
        ScorerFunction function = functions.get("log_weight");
        inputs.check(function, rows);
        if (function.program().size(function.program().outputs().get(0)) != 1) {
            throw new ExportException("the log-weight must be one number of an example");
        }
        int each = exact ? 1 : wanted;
        int size = rows.size();
        double[] logWeights = new double[Math.multiplyExact(size, each)];
        Optional<DrawnProgram> drawn = each == 1 ? Optional.empty() : function.drawn();
        if (drawn.isPresent()) {
            drawn.get()
                    .run(
                            size,
                            each,
                            (input, from, count, into, at) ->
                                    inputs.fill(function.inputs().get(input), rows, 1, from, count, into, at),
                            (input, row, from, count, into, at) -> inputs.fill(
                                    function.inputs().get(input), rows, each, row * each + from, count, into, at),
                            function.program().outputs().get(0),
                            (row, from, count, numbers) ->
                                    System.arraycopy(numbers, 0, logWeights, row * each + from, count));
        } else {
            // The draws of a row follow each other.
            function.program()
                    .run(
                            logWeights.length,
                            (input, from, count, into, at) ->
                                    inputs.fill(function.inputs().get(input), rows, each, from, count, into, at),
                            List.of(function.program().outputs().get(0)),
                            (output, from, count, numbers) -> System.arraycopy(numbers, 0, logWeights, from, count));
        }
        Score[] scores = new Score[size];
        for (int i = 0; i < size; i++) {
            scores[i] = Score.of(Arrays.copyOfRange(logWeights, i * each, (i + 1) * each));
        }
        return scores;
    }

    /**
     * Scores of any number of rows, computed some at a time while the stream is read: those that {@code score --input} gives a file of these rows. The first one
     * has number 0 of the data {@code input}.
     */
    public Stream<Score> score(Stream<double[]> rows) {
        Iterator<double[]> source = rows.iterator();
        int some = Math.max(1, functions.get("log_weight").program().most() / (exact ? 1 : draws));
        Iterator<Score> scores = new Iterator<>() {
            private long read;
            private Score[] ready = new Score[0];
            private int next;

            @Override
            public boolean hasNext() {
                return next < ready.length || source.hasNext();
            }

            @Override
            public Score next() {
                if (next == ready.length) {
                    List<double[]> part = new ArrayList<>();
                    while (part.size() < some && (part.isEmpty() || source.hasNext())) {
                        part.add(source.next());
                    }
                    ready = score(Rows.of(part.toArray(double[][]::new)).from(read));
                    read += part.size();
                    next = 0;
                }
                return ready[next++];
            }
        };
        return StreamSupport.stream(
                        Spliterators.spliteratorUnknownSize(scores, Spliterator.ORDERED | Spliterator.NONNULL), false)
                .onClose(rows::close);
    }

    /**
     * The share of held-out examples that are at least as strange as one of this log p(x), by {@code ./run.sh calibrate}: from 1/(n + 1) to 1. Under the model's own
     * data it is at most a with a probability of at most a.
     *
     * @param logProb with {@link #draws} draws, as many as the held-out ones were scored with; a number, or minus infinity
     * @throws ExportException if the run has not been calibrated, or with other draws than the export has, or by a score that counts the bits of images: see
     *     {@link #pValues(Rows)}
     */
    public double pValue(double logProb) {
        if (Double.isNaN(logProb)) {
            throw new IllegalArgumentException("log p(x) must be a number, was NaN");
        }
        if (decision().countsBits()) {
            throw new ExportException("the calibration is by " + decision().name()
                    + ", which counts an image's bits: ask for pValues of the images");
        }
        return decision().pValue(logProb, Double.NaN);
    }

    /** Whether the p-value is at most the rate of false alarms that the run was calibrated for; otherwise as {@link #pValue(double)}. */
    public boolean isAlarm(double logProb) {
        return pValue(logProb) <= decision().falseAlarms();
    }

    /**
     * The p-values of examples, whatever the calibration is by; otherwise as {@link #pValue(double)}. What a calibration by {@code complexity} or
     * {@code joint_typicality} counts are the bits of an image in a code that knows no data.
     */
    public double[] pValues(Rows rows) {
        Decision own = decision();
        double[] logProbs = logProb(rows);
        double[] bits = own.countsBits() ? bits(rows) : new double[rows.size()];
        double[] values = new double[rows.size()];
        Arrays.setAll(values, i -> own.pValue(logProbs[i], bits[i]));
        return values;
    }

    /** Whether each p-value of {@link #pValues(Rows)} is at most the rate of false alarms that the run was calibrated for. */
    public boolean[] alarms(Rows rows) {
        double[] values = pValues(rows);
        boolean[] alarms = new boolean[values.length];
        for (int i = 0; i < alarms.length; i++) {
            alarms[i] = values[i] <= decision().falseAlarms();
        }
        return alarms;
    }

    /** Of images as the model is shown them. */
    private double[] bits(Rows rows) {
        if (shape.length != IMAGE) {
            throw new ExportException("the calibration is by " + decision().name()
                    + ", which counts the bits of images, and examples are none");
        }
        int height = shape[IMAGE - 2];
        int width = shape[IMAGE - 1];
        double[] bits = new double[rows.size()];
        if (binary.orElseThrow()) {
            BinaryCode code = new BinaryCode(height, width);
            double[][] shown = mappings.shown(rows);
            Arrays.setAll(bits, i -> code.bits(shown[i]));
        } else {
            try (ImageComplexity code = new ImageComplexity(height, width)) {
                Arrays.setAll(bits, i -> code.bits(rows.values(i)));
            }
        }
        return bits;
    }

    /** Whether {@link #pValues} and {@link #alarms} have a calibration to go by. */
    public boolean isCalibrated() {
        return calibration.isPresent()
                && calibration.get().unfit(exact ? 1 : draws).isEmpty()
                && (!calibration.get().countsBits() || binary.isPresent());
    }

    /** Whether {@link #pValue} and {@link #isAlarm} have one: it counts no bits of images. */
    public boolean isCalibratedByLikelihood() {
        return isCalibrated() && !calibration.get().countsBits();
    }

    private Decision decision() {
        Decision own = calibration.orElseThrow(
                () -> new ExportException(
                        "the run '" + functions.run()
                                + "' was not calibrated before its export: ./run.sh calibrate RUN, then ./run.sh export RUN --output ANOTHER_FOLDER"));
        own.unfit(exact ? 1 : draws).ifPresent(problem -> {
            throw new ExportException(problem);
        });
        if (own.countsBits() && binary.isEmpty()) {
            throw new ExportException("the calibration is by " + own.name()
                    + ", and this export does not say whether the model sees images binarised; export the run again");
        }
        return own;
    }

    // ---- latents and samples
    // -------------------------------------------------------------------------------------------

    /** The latents of rows: of a VAE the mean of q(z|x), of a flow f(x). */
    public double[][] encode(Rows rows) {
        return mappings.encode(rows);
    }

    /** What the model makes of rows: of a VAE the mean of p(x|z) at their latents, of a flow the rows again; images as intensities, 0 to 1. */
    public double[][] reconstruct(Rows rows) {
        return mappings.reconstruct(rows);
    }

    /**
     * The data of latents: images as intensities, nominally 0 to 1; rows as they are stored.
     *
     * @throws ExportException if the model is told something of each example: see {@link #decode(double[][], Rows)}
     */
    public double[][] decode(double[][] latents) {
        return mappings.decode(latents, mappings.untold("decode", latents.length));
    }

    /**
     * The same of a model that is told something of each example.
     *
     * @param told a row for each latent: of its class, or with the columns that are given; whatever else it has is not looked at, and of a model that is told nothing all
     *     of it
     */
    public double[][] decode(double[][] latents, Rows told) {
        return mappings.decode(latents, told);
    }

    /**
     * Draws from the model: those that {@code ./run.sh sample} draws with the same seed.
     *
     * @param temperature scales the prior's normal noise: 1 for the model itself
     * @return images as intensities, nominally 0 to 1; rows as they are stored
     * @throws ExportException if the model is told something of each example: see {@link #sample(Rows, double, long)}
     */
    public double[][] sample(int count, double temperature, long samplingSeed) {
        if (count < 0) {
            throw new IllegalArgumentException("count must be at least 0, was " + count);
        }
        return mappings.sample(mappings.untold("sample", count), temperature, samplingSeed);
    }

    /** The same of a model that is told a class of each example. */
    public double[][] sample(int[] labels, double temperature, long samplingSeed) {
        if (conditionClasses() == 0) {
            throw new ExportException("the model is told no class");
        }
        return mappings.sample(inputs.blank(labels.length).labelled(labels), temperature, samplingSeed);
    }

    /**
     * The same of a model that is told something of each example.
     *
     * @param told a row for each one to be drawn: of its class, or with the columns that are given; whatever else it has is not looked at, and of a model that is told
     *     nothing all of it
     */
    public double[][] sample(Rows told, double temperature, long samplingSeed) {
        return mappings.sample(told, temperature, samplingSeed);
    }
}
