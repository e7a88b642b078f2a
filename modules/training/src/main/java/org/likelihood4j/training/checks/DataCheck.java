package org.likelihood4j.training.checks;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.data.TableFiles;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.Splits;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.inference.Conditions;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.io.Printable;
import org.likelihood4j.runs.statistics.Moments;

/** What only the data can tell of whether a model can be trained on them. */
public final class DataCheck {
    /** Steps of float32 in a standard deviation: fewer would show in densities. */
    static final double LEAST_STEPS = 1000;

    private static final int MOST_NAMED = 5;

    private DataCheck() {}

    /**
     * Checks that the training set has a batch, and that the columns of rows vary, and do so within what the precision can tell
     * apart.
     *
     * @throws ConfigException if the configuration has to change for that
     * @throws DataException if a column is always the same
     */
    public static void check(RunConfig config, Splits data) {
        Examples train = data.train();
        RunConfig.requireBatch(train.size(), train.shape().noun(), config.training());
        if (config.model().tellsClasses()) {
            requireClasses(config, data);
        }
        if (train.shape() instanceof VectorShape shape) {
            columns(config, train, shape);
            Conditions.requireGiven(List.of(train, data.validation(), data.test()), told(config, shape));
        }
    }

    /** The places of the columns that the model is told. */
    static List<Integer> told(RunConfig config, VectorShape shape) {
        List<String> names = config.model().conditionColumns();
        return names == null
                ? List.of()
                : names.stream()
                        .map(name -> shape.names().indexOf(name))
                        .filter(place -> place >= 0)
                        .toList();
    }

    /** A model that is told classes needs labels, and no class more than it has been made for. */
    private static void requireClasses(RunConfig config, Splits data) {
        int largest = -1;
        for (Examples part : List.of(data.train(), data.validation(), data.test())) {
            if (part.size() > 0 && !part.labelled()) {
                requireClasses(config, part.shape(), 0);
            }
            for (int i = 0; i < part.size(); i++) {
                largest = Math.max(largest, part.label(i));
            }
        }
        requireClasses(
                config,
                data.train().shape(),
                Math.max(largest + 1, data.classes().size()));
    }

    /**
     * The same where no more is known than how many classes the data have.
     *
     * @param config of a model with a condition
     * @param classes 0 for data without labels
     * @throws ConfigException if there are none, or more than the model knows
     */
    public static void requireClasses(RunConfig config, ExampleShape shape, int classes) {
        if (classes == 0) {
            throw new ConfigException(
                    "model.condition",
                    config.model().condition() + " needs data with labels, and these " + shape.noun() + " have none");
        }
        if (classes > config.model().classes()) {
            throw new ConfigException(
                    "model.classes",
                    "must be at least the data's " + classes + ", was "
                            + config.model().classes());
        }
    }

    private static void columns(RunConfig config, Examples train, VectorShape shape) {
        Moments[] moments = new Moments[shape.size()];
        double[] largest = new double[shape.size()];
        for (int j = 0; j < moments.length; j++) {
            moments[j] = new Moments();
        }
        for (int i = 0; i < train.size(); i++) {
            double[] row = train.values(i);
            for (int j = 0; j < row.length; j++) {
                if (!Double.isNaN(row[j])) {
                    moments[j].add(row[j]);
                    largest[j] = Math.max(largest[j], Math.abs(row[j]));
                }
            }
        }
        requireVarying(config, train, shape, moments);
        for (int j = 0; j < moments.length; j++) {
            double deviation = Math.sqrt(moments[j].variance());
            String column = "column '" + Printable.shorten(shape.names().get(j)) + "'";
            if (!(deviation >= 1e-30 && largest[j] <= 1e30)) {
                throw new DataException(String.format(
                        Locale.ROOT,
                        "%s varies by %.3g, up to %.3g, in the %,d training rows: a density needs sizes from 1e-30 to 1e30;"
                                + " change its unit, or %s",
                        column,
                        deviation,
                        largest[j],
                        train.size(),
                        advice(config, List.of(shape.names().get(j)))));
            }
            if (config.precision().outsideOfSteps() == RunConfig.Precision.FLOAT32
                    && deviation < LEAST_STEPS * Math.ulp((float) largest[j])) {
                throw new ConfigException(
                        "precision",
                        String.format(
                                Locale.ROOT,
                                "%s varies by %.3g around %.9g, which float32 tells apart in steps of %.3g only; use"
                                        + " float64, or take a constant off the column",
                                column,
                                deviation,
                                moments[j].mean(),
                                Math.ulp((float) largest[j])));
            }
        }
    }

    private static void requireVarying(RunConfig config, Examples train, VectorShape shape, Moments[] moments) {
        List<Integer> constant = IntStream.range(0, moments.length)
                .filter(j -> !(moments[j].variance() > 0))
                .boxed()
                .toList();
        if (constant.isEmpty()) {
            return;
        }
        List<String> names = constant.stream().map(shape.names()::get).toList();
        String which = constant.stream()
                .limit(MOST_NAMED)
                .map(j -> "'" + Printable.line(Printable.shorten(shape.names().get(j))) + "' is "
                        + (moments[j].count() == 0 ? "missing" : "always " + moments[j].mean()))
                .collect(Collectors.joining(", "));
        String more = names.size() > MOST_NAMED ? " and " + (names.size() - MOST_NAMED) + " more likewise" : "";
        throw new DataException(
                String.format(
                        Locale.ROOT,
                        "column %s%s in the %,d training rows: a density needs numbers that vary; %s",
                        which,
                        more,
                        train.size(),
                        advice(config, names)),
                config.data() instanceof TableFiles table
                        ? DataSources.choice(table).without(names)
                        : null);
    }

    private static String advice(RunConfig config, List<String> names) {
        return config.data() instanceof TableFiles table
                ? DataSources.choice(table).advice(names)
                : "leave " + (names.size() == 1 ? "it" : "them") + " out of the data";
    }
}
