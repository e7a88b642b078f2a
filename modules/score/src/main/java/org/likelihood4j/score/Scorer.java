package org.likelihood4j.score;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
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
import org.likelihood4j.score.ScorerFunction.Input;
import org.likelihood4j.score.ScorerFunction.Kind;
import org.likelihood4j.score.files.ExportException;
import org.likelihood4j.score.files.Json;
import org.likelihood4j.score.files.Tensors;
import org.likelihood4j.score.program.DrawnProgram;
import org.likelihood4j.score.program.ExportProgram;

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

    private static final int MOST_BYTES = Integer.MAX_VALUE - 8;

    /** As the framework calls the data of a file. */
    private static final String INPUT = "input";

    private static final String MODEL = "model.json";
    private static final String PROGRAM = "program.json";
    private static final String WEIGHTS = "weights.safetensors";

    private final String run;
    private final boolean single;
    private final List<ExportColumn> columns;
    private final int dimension;
    private final List<String> classes;
    private final int conditionClasses;
    private final Map<String, ScorerFunction> functions = new LinkedHashMap<>();
    private final boolean exact;
    private final int draws;
    private final long seed;
    private final long runSeed;
    private final OptionalDouble bitsPerDim;
    private final Optional<Decision> calibration;

    private Scorer(Json model, Json program, Tensors tensors) {
        requireFormat(model, "likelihood4j-export");
        requireFormat(program, "likelihood4j-program");
        run = model.get("run").text();
        single = model.get("precision").text().equals("float32");
        Json data = model.get("data");
        columns = data.has("columns")
                ? data.get("columns").list().stream().map(ExportColumn::read).toList()
                : List.of();
        dimension = columns.isEmpty()
                ? (int) Arrays.stream(data.get("shape").integers(1, 1 << 16))
                        .asLongStream()
                        .reduce(1, (a, b) -> Math.min(1L << 28, a * b))
                : columns.size();
        classes = model.has("classes") ? model.get("classes").texts() : List.of();
        conditionClasses =
                model.has("conditionClasses") ? model.get("conditionClasses").integer(1, 1 << 20) : 0;
        Map<String, Json> programs = program.get("functions").entries();
        model.get("functions").entries().forEach((name, signature) -> {
            if (!programs.containsKey(name)) {
                throw signature.unknown("a function that the program has");
            }
            ScorerFunction function =
                    ScorerFunction.read(name, signature, ExportProgram.read(programs.get(name), tensors), single);
            function.check(signature, dimension, conditionClasses);
            functions.put(name, function);
        });
        exact = model.has("score") && model.get("score").get("exact").truth();
        draws = model.has("score") ? model.get("score").get("draws").integer(1, 1_000_000) : 1;
        bitsPerDim = model.has("score") && model.get("score").has("bitsPerDim")
                ? OptionalDouble.of(model.get("score").get("bitsPerDim").number())
                : OptionalDouble.empty();
        seed = model.get("noise").get("seed").whole();
        runSeed = model.get("noise").get("runSeed").whole();
        calibration = model.has("calibration") ? Optional.of(new Decision(model.get("calibration"))) : Optional.empty();
    }

    private static void requireFormat(Json json, String format) {
        if (!json.get("format").text().equals(format)) {
            throw json.get("format").unknown(format);
        }
        if (json.get("formatVersion").integer(1, Integer.MAX_VALUE) != FORMAT_VERSION) {
            throw json.get("formatVersion").unknown("format version " + FORMAT_VERSION + "; export the run again");
        }
    }

    // ---- opening
    // -------------------------------------------------------------------------------------------------------

    /**
     * Opens an export's folder.
     *
     * @throws ExportException if it is none that can be used; one line
     */
    public static Scorer open(Path folder) {
        return of(read(folder.resolve(MODEL)), read(folder.resolve(PROGRAM)), read(folder.resolve(WEIGHTS)));
    }

    private static byte[] read(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new ExportException(file + ": too large");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new ExportException(
                    file + ": cannot be read; an export has " + MODEL + ", " + PROGRAM + " and " + WEIGHTS, e);
        }
    }

    /**
     * Opens an export that is a folder of the class path.
     *
     * @param owner a class of the jar that has it
     * @param folder such as {@code "/model"}, or without the slash beside the class
     * @throws ExportException if it is none that can be used; one line
     */
    public static Scorer open(Class<?> owner, String folder) {
        return of(read(owner, folder, MODEL), read(owner, folder, PROGRAM), read(owner, folder, WEIGHTS));
    }

    private static byte[] read(Class<?> owner, String folder, String file) {
        try (InputStream in = owner.getResourceAsStream(folder + "/" + file)) {
            if (in == null) {
                throw new ExportException("the class path has no " + folder + "/" + file);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new ExportException(folder + "/" + file + ": cannot be read", e);
        }
    }

    /**
     * Opens the contents of an export's files.
     *
     * @throws ExportException if they are none that can be used; one line
     */
    public static Scorer of(byte[] model, byte[] program, byte[] weights) {
        return new Scorer(json(MODEL, model), json(PROGRAM, program), Tensors.read(WEIGHTS, weights));
    }

    private static Json json(String name, byte[] bytes) {
        try {
            return Json.parse(
                    name,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .toString());
        } catch (CharacterCodingException e) {
            throw new ExportException(name + ": is no text in UTF-8", e);
        }
    }

    // ---- what it is of
    // -------------------------------------------------------------------------------------------------

    /** The name of the run. */
    public String run() {
        return run;
    }

    /** Numbers of an example. */
    public int dimension() {
        return dimension;
    }

    /** The columns of rows; empty of images. */
    public List<ExportColumn> columns() {
        return columns;
    }

    /** The names of the labels 0, 1, ... of the run's data; empty where they have none. */
    public List<String> classes() {
        return classes;
    }

    /** How many classes the model is told examples to be of; 0 of most. */
    public int conditionClasses() {
        return conditionClasses;
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
     * @throws ExportException if a column is missing or unknown, or cannot hold its cell
     */
    public double[] row(Map<String, String> cells) {
        double[] row = new double[columns.size()];
        Set<String> unknown = new TreeSet<>(cells.keySet());
        for (int i = 0; i < row.length; i++) {
            ExportColumn column = columns.get(i);
            unknown.remove(column.name());
            String cell = cells.get(column.name());
            if (leavesOut() && ExportColumn.isMissing(cell)) {
                row[i] = Double.NaN;
            } else if (cell == null) {
                throw new ExportException(
                        "column '" + column.name() + "' is missing, and this model needs all of them");
            } else {
                row[i] = column.read(cell);
            }
        }
        if (!unknown.isEmpty()) {
            throw new ExportException("there is no column " + unknown.iterator().next());
        }
        return row;
    }

    /** Whether the model can leave missing cells out. */
    public boolean leavesOut() {
        return functions.values().stream().anyMatch(function -> function.has(Kind.PRESENT));
    }

    // ---- likelihoods
    // ---------------------------------------------------------------------------------------------------

    /**
     * log p(x) of one row, nats. Where there is noise, it is that of number 0 of the data {@code input}: of the first row of a file that {@code score --input} reads.
     */
    public double logProb(double... row) {
        return logProb(Rows.of(row).ofData(INPUT))[0];
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
     * @throws ExportException if a row is not what the model takes, or there is no likelihood
     */
    public Score[] score(Rows rows, int wanted) {
        if (wanted < 1) {
            throw new IllegalArgumentException("draws must be at least 1, were " + wanted);
        }
        ScorerFunction function = function("log_weight");
        check(function, rows);
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
                                    fill(function.inputs().get(input), rows, 1, from, count, into, at),
                            (input, row, from, count, into, at) ->
                                    fill(function.inputs().get(input), rows, each, row * each + from, count, into, at),
                            function.program().outputs().get(0),
                            (row, from, count, numbers) ->
                                    System.arraycopy(numbers, 0, logWeights, row * each + from, count));
        } else {
            // The draws of a row follow each other.
            function.program()
                    .run(
                            logWeights.length,
                            (input, from, count, into, at) ->
                                    fill(function.inputs().get(input), rows, each, from, count, into, at),
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
        int some = Math.max(1, function("log_weight").program().most() / (exact ? 1 : draws));
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
                    ready = score(
                            Rows.of(part.toArray(double[][]::new)).from(read).ofData(INPUT));
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
     * @param logProb with {@link #draws} draws, as many as the held-out ones were scored with
     * @throws ExportException if the run has not been calibrated, or with other draws than the export has
     */
    public double pValue(double logProb) {
        return decision().pValue(logProb);
    }

    /** Whether the p-value is at most the rate of false alarms that the run was calibrated for. */
    public boolean isAlarm(double logProb) {
        return pValue(logProb) <= decision().falseAlarms();
    }

    /** Whether {@link #pValue} and {@link #isAlarm} have a calibration to go by. */
    public boolean isCalibrated() {
        return calibration.isPresent()
                && calibration.get().unfit(exact ? 1 : draws).isEmpty();
    }

    private Decision decision() {
        Decision own = calibration.orElseThrow(() -> new ExportException(
                "the run '" + run + "' was not calibrated: ./run.sh calibrate, then export it again"));
        own.unfit(exact ? 1 : draws).ifPresent(problem -> {
            throw new ExportException(problem);
        });
        return own;
    }

    // ---- latents and samples
    // -------------------------------------------------------------------------------------------

    /** The latents of rows: of a VAE the mean of q(z|x), of a flow f(x). */
    public double[][] encode(Rows rows) {
        return overRows("encode", rows, "latent", false);
    }

    /** What the model makes of rows: of a VAE the mean of p(x|z) at their latents, of a flow the rows again; images as intensities, 0 to 1. */
    public double[][] reconstruct(Rows rows) {
        return overRows("reconstruct", rows, "reconstruction", true);
    }

    private double[][] overRows(String name, Rows rows, String output, boolean stored) {
        ScorerFunction function = function(name);
        check(function, rows);
        return results(
                function,
                rows.size(),
                output,
                stored,
                (input, from, count, into, at) -> fill(function.inputs().get(input), rows, 1, from, count, into, at));
    }

    /**
     * The data of latents: images as intensities, nominally 0 to 1; rows as they are stored.
     *
     * @throws ExportException if the model is told something of each example: that is not done here
     */
    public double[][] decode(double[][] latents) {
        ScorerFunction function = function("decode");
        requireUntold(function);
        return results(
                function, latents.length, function.program().outputs().get(0), true, (input, from, count, into, at) -> {
                    int width = function.inputs().get(input).columns();
                    for (int i = 0; i < count; i++) {
                        if (latents[from + i].length != width) {
                            throw new ExportException(
                                    "a latent has " + width + " numbers, was " + latents[from + i].length);
                        }
                        System.arraycopy(latents[from + i], 0, into, at + i * width, width);
                    }
                });
    }

    /**
     * Draws from the model: those that {@code ./run.sh sample} draws with the same seed.
     *
     * @param temperature scales the prior's normal noise: 1 for the model itself
     * @return images as intensities, nominally 0 to 1; rows as they are stored
     * @throws ExportException if the model is told something of each example: see {@link #sample(int[], double, long)}
     */
    public double[][] sample(int count, double temperature, long samplingSeed) {
        requireUntold(function("sample"));
        return sampled(new int[count], temperature, samplingSeed);
    }

    /** The same of a model that is told a class of each example. */
    public double[][] sample(int[] labels, double temperature, long samplingSeed) {
        if (conditionClasses == 0) {
            throw new ExportException("the model is told no class");
        }
        for (int label : labels) {
            requireClass(label);
        }
        return sampled(labels, temperature, samplingSeed);
    }

    private double[][] sampled(int[] labels, double temperature, long samplingSeed) {
        if (!(temperature >= 0) || Double.isInfinite(temperature)) {
            throw new IllegalArgumentException("temperature must be finite and at least 0, was " + temperature);
        }
        ScorerFunction function = function("sample");
        return results(
                function, labels.length, function.program().outputs().get(0), true, (name, from, count, into, at) -> {
                    Input input = function.inputs().get(name);
                    for (int i = 0; i < count; i++) {
                        int place = at + i * input.columns();
                        if (input.kind() == Kind.CONDITION) {
                            tell(labels[from + i], input.columns(), into, place);
                        } else {
                            NoiseFill noise = input.noise()
                                    .orElseThrow(() -> new ExportException(
                                            "the model is told columns of each row, which is not done here"));
                            noise.fill(
                                    noise.sampleKey(samplingSeed, input.first(), from + i), temperature, into, place);
                        }
                    }
                });
    }

    private static void requireUntold(ScorerFunction function) {
        if (function.has(Kind.CONDITION) || function.has(Kind.GIVEN)) {
            throw new ExportException("the model is told something of each example: "
                    + function.inputs().keySet());
        }
    }

    private double[][] results(
            ScorerFunction function, int count, String output, boolean stored, ExportProgram.Filler filler) {
        double[][] results = new double[count][];
        function.program().run(count, filler, List.of(output), (name, from, n, numbers) -> {
            int width = numbers.length / n;
            if (stored && width != dimension) {
                throw new ExportException(
                        "the function makes " + width + " numbers of an example, expected " + dimension);
            }
            for (int i = 0; i < n; i++) {
                double[] row = Arrays.copyOfRange(numbers, i * width, (i + 1) * width);
                for (int j = 0; stored && j < columns.size(); j++) {
                    row[j] = columns.get(j).stored(row[j]);
                }
                results[from + i] = row;
            }
        });
        return results;
    }

    // ---- inputs
    // --------------------------------------------------------------------------------------------------------

    private ScorerFunction function(String name) {
        ScorerFunction function = functions.get(name);
        if (function == null) {
            throw new ExportException("the model of run '" + run + "' has no function " + name
                    + (name.equals("log_weight") ? ": it has no likelihood" : ""));
        }
        return function;
    }

    private void check(ScorerFunction function, Rows rows) {
        if (function.has(Kind.CONDITION) && !rows.isLabelled()) {
            throw new ExportException("the model is told each example's class: give labels");
        }
        for (int i = 0; i < rows.size(); i++) {
            double[] row = rows.values(i);
            if (row.length != dimension) {
                throw new ExportException(
                        "row " + rows.number(i) + ": " + row.length + " numbers, expected " + dimension);
            }
            for (int j = 0; j < dimension; j++) {
                checkCell(rows, i, j, row[j]);
            }
            if (function.has(Kind.CONDITION)) {
                requireClass(rows.label(i));
            }
        }
    }

    private void checkCell(Rows rows, int i, int j, double value) {
        boolean missing = Double.isNaN(value) && leavesOut();
        if (columns.isEmpty() && !(value >= 0 && value <= 255 && value == Math.rint(value))) {
            throw new ExportException(
                    "image " + rows.number(i) + ", number " + j + ": expected a pixel, 0 to 255, was " + value);
        }
        if (!columns.isEmpty() && !missing && !columns.get(j).holds(value)) {
            throw new ExportException("row " + rows.number(i) + ", "
                    + columns.get(j).refused(Double.toString(value)).getMessage());
        }
    }

    private void requireClass(int label) {
        if (label < 0 || label >= conditionClasses) {
            throw new ExportException("a class is a number from 0 to " + (conditionClasses - 1) + ", was " + label);
        }
    }

    /** Of rows of which each is there {@code each} times in turn, a draw after the other. */
    private void fill(Input input, Rows rows, int each, int from, int count, double[] into, int at) {
        int width = input.columns();
        for (int i = 0; i < count; i++) {
            int row = (from + i) / each;
            int place = at + i * width;
            switch (input.kind()) {
                case DATA -> {
                    for (int j = 0; j < width; j++) {
                        into[place + j] = shown(rows.values(row)[j]);
                    }
                }
                case PRESENT -> {
                    for (int j = 0; j < width; j++) {
                        into[place + j] = Double.isNaN(rows.values(row)[j]) ? 0 : 1;
                    }
                }
                case NOISE -> {
                    NoiseFill noise = input.noise().orElseThrow();
                    long key = noise.key(seed, runSeed, rows.split(), rows.number(row), (from + i) % each);
                    noise.fill(key, 1, into, place);
                }
                case CONDITION -> tell(rows.label(row), width, into, place);
                case GIVEN -> {
                    for (int j = 0; j < width; j++) {
                        into[place + j] = shown(rows.values(row)[input.places().get(j)]);
                    }
                }
                case WEIGHT -> Arrays.fill(into, place, place + width, 1);
                case VALUE -> throw new ExportException("the function wants " + input.name() + ", which no row has");
            }
        }
    }

    /** As the model sees a number in its own precision; missing ones are 0. */
    private double shown(double value) {
        if (Double.isNaN(value)) {
            return 0;
        }
        return single ? (float) value : value;
    }

    private static void tell(int label, int width, double[] into, int place) {
        Arrays.fill(into, place, place + width, 0);
        into[place + label] = 1;
    }
}
