package org.likelihood4j.training.checks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.data.ExternalConfig;
import org.likelihood4j.config.data.OwnFiles;
import org.likelihood4j.config.data.TableFiles;
import org.likelihood4j.config.data.TableFlaw;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.Setting;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.data.columns.Column;
import org.likelihood4j.data.columns.ColumnKind;
import org.likelihood4j.data.tables.ColumnChoice;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.io.Printable;
import org.likelihood4j.runs.statistics.Moments;

/**
 * Looks at the columns of a table for what has no density, or one that a model in float32 cannot find: a flow's log-likelihood then
 * climbs without end and means nothing. It looks at the first 20,000 training rows (fewer of wide tables: 16 million numbers), which
 * stand in a random order; for far values at all of them.
 */
public final class ColumnCheck {
    private static final int MOST_ROWS = 20_000;
    private static final int MOST_VALUES = 1 << 24;

    /** Deviations of a normal density that has the column's quartiles. */
    private static final double FAR = 50;
    /** Between the quartiles of a normal density, in deviations. */
    private static final double QUARTILES = 1.349;

    private static final double REPEATED_ROWS = 0.05;
    private static final int LEAST_REPEATED = 10;
    private static final double MORE = 2;
    /** Named in a line. */
    private static final int MOST_NAMED = 5;

    private final RunConfig config;
    private final Examples train;
    private final List<String> names;
    private final List<ColumnKind> kinds;
    /** Columns that the model is told: they need no density. */
    private final List<Integer> told;

    private final Set<TableFlaw> allowed;
    private final List<String> warnings = new ArrayList<>();
    private final List<String> refusals = new ArrayList<>();
    private final Set<TableFlaw> flaws = new LinkedHashSet<>();
    private final Set<Integer> culprits = new TreeSet<>();

    private ColumnCheck(RunConfig config, Examples train, VectorShape shape) {
        this.config = config;
        this.train = train;
        this.names = shape.names();
        this.kinds = shape.columns().stream().map(Column::kind).toList();
        this.told = DataCheck.told(config, shape);
        this.allowed = EnumSet.noneOf(TableFlaw.class);
        if (config.data() instanceof OwnFiles own) {
            allowed.addAll(own.allow());
        }
    }

    /**
     * Checks the columns of rows; nothing is said of images.
     *
     * @return what a user should know, a line each
     * @throws DataException if the log-likelihood would mean nothing, and {@code data.allow} does not say to go on; data that a
     *     program hands over are never refused
     */
    public static List<String> check(RunConfig config, Examples train) {
        if (!(train.shape() instanceof VectorShape shape) || train.size() == 0) {
            return List.of();
        }
        ColumnCheck check = new ColumnCheck(config, train, shape);
        check.look(config.model().hasExactDensity());
        return check.verdict();
    }

    private void look(boolean exactDensity) {
        int width = names.size();
        int rows = Math.min(train.size(), Math.min(MOST_ROWS, Math.max(1, MOST_VALUES / width)));
        double[][] columns = new double[width][rows];
        long[] hashes = new long[rows];
        for (int i = 0; i < rows; i++) {
            double[] row = train.values(i);
            long hash = 1;
            for (int j = 0; j < width; j++) {
                columns[j][i] = kinds.get(j).working(row[j]);
                // A zero of either sign is one number.
                hash = 1_000_003 * hash
                        + Long.rotateLeft(Double.doubleToLongBits(row[j] + 0.0) * 0x9E3779B97F4A7C15L, 31);
            }
            hashes[i] = hash;
        }
        if (exactDensity) {
            dependence(columns);
            ColumnTies[] ties = Arrays.stream(columns)
                    .map(column -> ColumnTies.of(column.clone()))
                    .toArray(ColumnTies[]::new);
            ties(ties);
            repeats(hashes, ties);
        }
        outliers(columns);
    }

    /** Whole numbers are dequantised, each with noise of its own: nothing determines them. */
    private void dependence(double[]... columns) {
        int[] dense = IntStream.range(0, columns.length)
                .filter(j -> !kinds.get(j).isDiscrete())
                .toArray();
        List<ColumnDependence> found = ColumnDependence.of(
                IntStream.of(dense).mapToObj(j -> columns[j]).toArray(double[][]::new), config.precision());
        dependence(found.stream()
                .map(one -> one.renumbered(dense))
                .filter(one -> !told.contains(one.column()) || !told.containsAll(one.by()))
                .toList());
    }

    private void dependence(List<ColumnDependence> found) {
        List<ColumnDependence> exact =
                found.stream().filter(ColumnDependence::isExact).toList();
        List<ColumnDependence> near = found.stream().filter(d -> !d.isExact()).toList();
        if (!exact.isEmpty()) {
            exact.forEach(one -> culprits.add(one.column()));
            tell(
                    TableFlaw.DEPENDENCE,
                    true,
                    exact.stream().limit(MOST_NAMED).map(this::explained).collect(Collectors.joining("; "))
                            + more(exact.size()) + ": the rows lie in a plane, and have no density");
        }
        if (!near.isEmpty()) {
            tell(
                    TableFlaw.DEPENDENCE,
                    false,
                    near.stream()
                                    .limit(MOST_NAMED)
                                    .map(one -> explained(one)
                                            + String.format(
                                                    Locale.ROOT,
                                                    " but for %.2g of its deviation",
                                                    Math.sqrt(one.residual())))
                                    .collect(Collectors.joining("; "))
                            + more(near.size())
                            + ": much of the log-likelihood will be about this thin direction; is one of them rounded or a sum?");
        }
    }

    private String explained(ColumnDependence one) {
        if (one.by().size() == 1) {
            return "column " + name(one.column()) + " is a copy of "
                    + name(one.by().get(0)) + ", shifted and scaled";
        }
        return "column " + name(one.column()) + " is a sum of multiples of " + names(one.by());
    }

    private void ties(ColumnTies[] ties) {
        List<Integer> none = new ArrayList<>();
        List<Integer> notable = new ArrayList<>();
        for (int j = 0; j < ties.length; j++) {
            if (kinds.get(j).isDiscrete() || told.contains(j)) {
                continue;
            }
            if (ties[j].hasNoDensity()) {
                none.add(j);
            } else if (ties[j].isNotable()) {
                notable.add(j);
            }
        }
        if (!none.isEmpty()) {
            culprits.addAll(none);
            tell(TableFlaw.TIES, true, describe(none, ties) + ": such columns have no density");
        }
        if (!notable.isEmpty()) {
            tell(
                    TableFlaw.TIES,
                    false,
                    describe(notable, ties)
                            + ": the more a flow learns of them, the less its log-likelihood means; where numbers are"
                            + " rounded, add noise as wide as a step (dequantisation) to the file, which is done for those"
                            + " that are declared integer (data.columns)");
        }
    }

    private String describe(List<Integer> columns, ColumnTies[] ties) {
        return (columns.size() == 1 ? "column " : "columns ")
                + columns.stream()
                        .limit(MOST_NAMED)
                        .map(j -> String.format(
                                Locale.ROOT,
                                "%s (%,d values in %,d rows, %.0f%% are %s)",
                                name(j),
                                ties[j].different(),
                                ties[j].rows(),
                                100 * ties[j].topShare(),
                                number(ties[j].top())))
                        .collect(Collectors.joining(", "))
                + more(columns.size())
                + (columns.size() == 1 ? " repeats its values" : " repeat their values");
    }

    private void repeats(long[] hashes, ColumnTies[] ties) {
        // How many others a row would equal, if columns were independent: rounded numbers meet by chance.
        double chance = hashes.length
                * Arrays.stream(ties).mapToDouble(ColumnTies::agreement).reduce(1, (a, b) -> a * b);
        double expected = hashes.length * -Math.expm1(-chance);
        Arrays.sort(hashes);
        int repeats = (int) IntStream.range(1, hashes.length)
                .filter(i -> hashes[i] == hashes[i - 1])
                .count();
        if (repeats >= LEAST_REPEATED && repeats >= REPEATED_ROWS * hashes.length && repeats >= MORE * expected) {
            tell(
                    TableFlaw.TIES,
                    false,
                    String.format(
                            Locale.ROOT,
                            "%,d of %,d rows repeat another one exactly: what is held out for validation and test is partly"
                                    + " what is trained on",
                            repeats,
                            hashes.length));
        }
    }

    private void outliers(double[][] columns) {
        int width = names.size();
        double[] middle = new double[width];
        double[] scale = new double[width];
        for (int j = 0; j < width; j++) {
            double[] sorted = Arrays.stream(columns[j])
                    .filter(value -> !Double.isNaN(value))
                    .sorted()
                    .toArray();
            if (sorted.length > 0) {
                middle[j] = sorted[sorted.length / 2];
                scale[j] = (sorted[3 * sorted.length / 4] - sorted[sorted.length / 4]) / QUARTILES;
            }
        }
        Moments[] moments = new Moments[width];
        Arrays.setAll(moments, j -> new Moments());
        int[] far = new int[width];
        double[] worst = middle.clone();
        for (int i = 0; i < train.size(); i++) {
            double[] row = train.values(i);
            for (int j = 0; j < width; j++) {
                if (Double.isNaN(row[j])) {
                    continue;
                }
                double value = kinds.get(j).working(row[j]);
                moments[j].add(value);
                double off = Math.abs(value - middle[j]);
                far[j] += scale[j] > 0 && off > FAR * scale[j] ? 1 : 0;
                worst[j] = off > Math.abs(worst[j] - middle[j]) ? value : worst[j];
            }
        }
        List<Integer> collapsed = new ArrayList<>();
        List<Integer> notable = new ArrayList<>();
        for (int j = 0; j < width; j++) {
            double mean = moments[j].mean();
            double step = Math.ulp((float) Math.max(Math.abs(mean), Math.abs(middle[j] - mean)));
            boolean lost = config.precision().outsideOfSteps() == RunConfig.Precision.FLOAT32
                    && scale[j] < DataCheck.LEAST_STEPS * step;
            if (far[j] > 0 && lost) {
                collapsed.add(j);
            } else if (far[j] > 0 || Math.abs(worst[j] - mean) > FAR * Math.sqrt(moments[j].variance())) {
                notable.add(j);
            }
        }
        if (!collapsed.isEmpty()) {
            culprits.addAll(collapsed);
            tell(
                    TableFlaw.OUTLIERS,
                    true,
                    far(collapsed, far, worst) + ": beside such values float32 does not tell the others apart");
        }
        if (!notable.isEmpty()) {
            tell(
                    TableFlaw.OUTLIERS,
                    false,
                    far(notable, far, worst)
                            + ": they decide the scale of all others; mend or remove slips, and declare positive numbers"
                            + " with such tails as log (data.columns)");
        }
    }

    private String far(List<Integer> columns, int[] far, double[] worst) {
        return "values more than " + (int) FAR + " deviations off (by the quartiles) in "
                + columns.stream()
                        .limit(MOST_NAMED)
                        .map(j -> String.format(
                                Locale.ROOT, "%s (%,d, up to %s)", name(j), Math.max(1, far[j]), number(worst[j])))
                        .collect(Collectors.joining(", "))
                + more(columns.size());
    }

    private void tell(TableFlaw flaw, boolean refused, String what) {
        boolean program = config.data() instanceof ExternalConfig;
        if (!refused) {
            if (!allowed.contains(flaw)) {
                warnings.add(what);
            }
        } else if (program || allowed.contains(flaw)) {
            warnings.add(what + ", so that the log-likelihood means little");
        } else {
            refusals.add(what);
            flaws.add(flaw);
        }
    }

    private List<String> verdict() {
        if (refusals.isEmpty()) {
            return warnings;
        }
        Set<TableFlaw> wanted = EnumSet.copyOf(flaws);
        wanted.addAll(allowed);
        Setting allow = new Setting("data.allow", wanted.toString());
        List<String> advice = new ArrayList<>();
        if (flaws.contains(TableFlaw.TIES)) {
            advice.add("add noise as wide as a step to such columns (dequantisation)");
            if (config.data() instanceof TableFiles) {
                advice.add("say which of them are integer, boolean or category, whose noise is drawn then"
                        + " (data.columns; init guesses)");
            }
        }
        if (flaws.contains(TableFlaw.OUTLIERS)) {
            advice.add("mend or remove values that are far off");
        }
        Setting remedy = null;
        if (config.data() instanceof TableFiles table && culprits.size() <= names.size() - 2) {
            ColumnChoice choice = DataSources.choice(table);
            List<String> out = culprits.stream().map(names::get).toList();
            advice.add(choice.advice(out));
            remedy = choice.without(out);
        } else if (flaws.contains(TableFlaw.DEPENDENCE)) {
            advice.add("leave dependent columns out of the file");
        }
        advice.add("go on all the same with " + allow.option());
        String either = String.join(", or ", advice);
        throw new DataException(
                String.join("; and ", refusals) + ". " + either.substring(0, 1).toUpperCase(Locale.ROOT)
                        + either.substring(1),
                remedy);
    }

    private String name(int column) {
        return "'" + Printable.line(Printable.shorten(names.get(column))) + "'";
    }

    private String names(List<Integer> columns) {
        return columns.stream().limit(2 * MOST_NAMED).map(this::name).collect(Collectors.joining(", "))
                + (columns.size() > 2 * MOST_NAMED ? " and " + (columns.size() - 2 * MOST_NAMED) + " more" : "");
    }

    private static String more(int count) {
        return count > MOST_NAMED ? " and " + (count - MOST_NAMED) + " more" : "";
    }

    static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e6
                ? String.valueOf((long) value)
                : String.format(Locale.ROOT, "%.4g", value);
    }
}
