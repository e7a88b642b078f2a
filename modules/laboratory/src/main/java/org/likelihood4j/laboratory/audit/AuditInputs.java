package org.likelihood4j.laboratory.audit;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.random.RandomGenerator;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.data.columns.ColumnKind;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.models.Noise;
import org.likelihood4j.models.Renewal;
import org.likelihood4j.runs.statistics.Moments;

/**
 * The same images for any of a model's functions: noise that defines the data (binarisation) is drawn once, the rest at each
 * call.
 */
final class AuditInputs {
    private static final int LEVELS = 256;

    private final double[][] data;
    /** Of rows of a table. */
    private final Optional<VectorShape> table;

    private final RandomGenerator random;
    private final Map<String, double[][]> kept = new HashMap<>();

    AuditInputs(double[][] data, RandomGenerator random) {
        this(data, Optional.empty(), random);
    }

    private AuditInputs(double[][] data, Optional<VectorShape> table, RandomGenerator random) {
        this.data = data;
        this.table = table;
        this.random = random;
    }

    static AuditInputs of(Examples set, RandomGenerator random) {
        double[][] data = new double[set.size()][];
        Arrays.setAll(data, set::values);
        Optional<VectorShape> table = set.shape() instanceof VectorShape rows ? Optional.of(rows) : Optional.empty();
        return new AuditInputs(data, table, random);
    }

    /** Images of one grey. */
    static AuditInputs constant(int rows, int dimension, double grey, RandomGenerator random) {
        double[][] data = new double[rows][dimension];
        for (double[] image : data) {
            Arrays.fill(image, grey);
        }
        return new AuditInputs(data, random);
    }

    /** Independent pixels of every grey. */
    static AuditInputs random(int rows, int dimension, RandomGenerator random) {
        double[][] data = new double[rows][dimension];
        for (double[] image : data) {
            Arrays.setAll(image, i -> random.nextInt(LEVELS));
        }
        return new AuditInputs(data, random);
    }

    /**
     * One row, so many standard deviations of each column from its mean; where the column cannot hold that, as its nearest datum
     * does.
     */
    AuditInputs at(double deviations) {
        double[] row = new double[data[0].length];
        double[] scale = deviations();
        for (int i = 0; i < row.length; i++) {
            row[i] = held(i, moments(i).mean() + deviations * scale[i]);
        }
        return new AuditInputs(new double[][] {row}, random);
    }

    private double held(int column, double wanted) {
        if (table.isEmpty()) {
            return wanted;
        }
        ColumnKind kind = table.get().columns().get(column).kind();
        double stored = kind.stored(wanted);
        return kind.holds(stored)
                ? stored
                : Arrays.stream(data)
                        .map(row -> row[column])
                        .filter(datum -> !Double.isNaN(datum))
                        .min(Comparator.comparingDouble(datum -> Math.abs(datum - wanted)))
                        .orElse(Double.NaN);
    }

    /** The standard deviation of each column. */
    double[] deviations() {
        double[] deviations = new double[data[0].length];
        Arrays.setAll(deviations, i -> Math.sqrt(moments(i).variance()));
        return deviations;
    }

    private Moments moments(int column) {
        Moments moments = new Moments();
        for (double[] row : data) {
            if (!Double.isNaN(row[column])) {
                moments.add(row[column]);
            }
        }
        return moments;
    }

    int rows() {
        return data.length;
    }

    /** One array {@code [rows][size]} for each input. */
    Map<String, double[][]> inputs(ModelFunction function) {
        Map<String, double[][]> inputs = new HashMap<>();
        for (FunctionInput input : function.inputs()) {
            inputs.put(input.name(), values(input));
        }
        return inputs;
    }

    private double[][] values(FunctionInput input) {
        if (input instanceof FunctionInput.Data) {
            return each(datum -> Double.isNaN(datum) ? 0 : datum);
        } else if (input instanceof FunctionInput.Present) {
            return each(datum -> Double.isNaN(datum) ? 0 : 1);
        } else if (input instanceof FunctionInput.Given told) {
            return columns(told.columns());
        }
        boolean keeps = input instanceof FunctionInput.Condition
                || (input instanceof FunctionInput.NoiseInput noise && noise.renewal() != Renewal.DRAW);
        return keeps ? kept.computeIfAbsent(input.name(), name -> draw(input)) : draw(input);
    }

    /** Missing cells are NaN here, and 0 to a model, which is told where they are. */
    private double[][] each(DoubleUnaryOperator made) {
        return Arrays.stream(data)
                .map(row -> Arrays.stream(row).map(made).toArray())
                .toArray(double[][]::new);
    }

    /** What the data have in some columns. */
    private double[][] columns(List<Integer> places) {
        return Arrays.stream(data)
                .map(row -> places.stream().mapToDouble(place -> row[place]).toArray())
                .toArray(double[][]::new);
    }

    private double[][] draw(FunctionInput input) {
        double[][] values = new double[rows()][input.size()];
        for (double[] row : values) {
            if (input instanceof FunctionInput.Condition condition) {
                row[random.nextInt(condition.classes())] = 1;
            } else {
                Arrays.setAll(row, i -> one(input));
            }
        }
        return values;
    }

    private double one(FunctionInput input) {
        if (input instanceof FunctionInput.Weight) {
            return 1;
        }
        boolean uniform = input instanceof FunctionInput.NoiseInput noise && noise.distribution() == Noise.UNIFORM;
        // A float below 1: a double could be rounded up to 1. Values are latents, drawn from N(0, 1).
        return uniform ? random.nextFloat() : random.nextGaussian();
    }
}
