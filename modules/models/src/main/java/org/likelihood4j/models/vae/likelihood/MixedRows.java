package org.likelihood4j.models.vae.likelihood;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.Noise;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.Renewal;
import org.likelihood4j.models.densities.Density;
import org.likelihood4j.models.densities.FactorizedDensity;
import org.likelihood4j.models.densities.SideBySide;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.StableOps;
import org.likelihood4j.models.rows.GivenColumns;
import org.likelihood4j.models.rows.RealLine;
import org.likelihood4j.models.rows.Support;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Rows of a table, a likelihood for each column:
 *
 * <pre>
 * real numbers    {@link RealColumns}: Gaussian with a learned variance, on the real line
 * whole numbers   {@link WholeColumns}: discretised logistic
 * one of two      {@link TruthColumns}: Bernoulli
 * one of K words  {@link WordColumns}: categorical
 * </pre>
 *
 * <p>log p(x|z) is the log of the probability of the whole numbers and words times the density of the real numbers in their own units: no
 * noise is added. x has a piece for each of these kinds, in this order.
 *
 * <p>Where cells may be missing, what is missing has no term in log p(x|z), which is then that of the cells that are there, and so is
 * the bound (Mattei and Frellsen 2019, "MIWAE"). In x missing cells are 0, and behind all else stands for each column
 * whether its cell is there.
 */
public final class MixedRows implements Likelihood {
    private final int size;
    private final boolean holes;
    private final Optional<GivenColumns> given;
    private final List<ColumnGroup> groups = new ArrayList<>();
    /** The table's columns in the order of the groups, and back. */
    private final int[] order;

    private final int[] back;
    private final int reals;

    /**
     * A likelihood of rows.
     *
     * @param supports of the columns, at least one
     * @param holes whether cells may be missing
     */
    public MixedRows(List<Support> supports, boolean holes) {
        this(supports, holes, Optional.empty());
    }

    /** The same of the columns that a model is not told. */
    public MixedRows(GivenColumns given, boolean holes) {
        this(given.others().supports(), holes, Optional.of(given));
    }

    private MixedRows(List<Support> supports, boolean holes, Optional<GivenColumns> given) {
        this.size = supports.size();
        this.holes = holes;
        this.given = given;
        List<Integer> places = new ArrayList<>();
        List<Support> real = take(supports, support -> !support.isDiscrete(), places);
        this.reals = real.size();
        if (!real.isEmpty()) {
            groups.add(new RealColumns(new RealLine(EventShape.row(real.size()), real)));
        }
        List<Support> whole = take(supports, Support.Integers.class::isInstance, places);
        if (!whole.isEmpty()) {
            groups.add(new WholeColumns(
                    whole.stream().map(Support.Integers.class::cast).toList()));
        }
        List<Support> pairs = take(supports, support -> words(support) == 2, places);
        if (!pairs.isEmpty()) {
            groups.add(new TruthColumns(pairs.size()));
        }
        List<Support> words = take(supports, support -> words(support) > 0 && words(support) != 2, places);
        if (!words.isEmpty()) {
            groups.add(new WordColumns(words.stream().map(MixedRows::words).toList()));
        }
        this.order = places.stream().mapToInt(Integer::intValue).toArray();
        this.back = IntStream.range(0, size).map(places::indexOf).toArray();
    }

    private static int words(Support support) {
        return support instanceof Support.Cells cells ? cells.count() : 0;
    }

    private static List<Support> take(List<Support> supports, Predicate<Support> which, List<Integer> places) {
        IntStream.range(0, supports.size())
                .filter(i -> which.test(supports.get(i)))
                .forEach(places::add);
        return supports.stream().filter(which).toList();
    }

    private int sum(ToIntFunction<ColumnGroup> number) {
        return groups.stream().mapToInt(number).sum();
    }

    private int width() {
        return sum(ColumnGroup::width);
    }

    @Override
    public EventShape observedShape(EventShape shape) {
        return EventShape.row(width() + (holes ? size : 0));
    }

    @Override
    public EventShape outputShape(EventShape shape) {
        return EventShape.row(sum(ColumnGroup::outputs));
    }

    private static SDVariable ordered(SDVariable x, int... order) {
        boolean same = IntStream.range(0, order.length).allMatch(i -> order[i] == i);
        return same ? x : StableOps.reorder(x, order);
    }

    private static SDVariable joined(GraphBuilder g, List<SDVariable> pieces) {
        return pieces.size() == 1 ? pieces.get(0) : g.sameDiff().concat(1, pieces.toArray(SDVariable[]::new));
    }

    /** What is made of each group's piece of a matrix, side by side. */
    private SDVariable each(
            GraphBuilder g,
            SDVariable x,
            ToIntFunction<ColumnGroup> size,
            BiFunction<ColumnGroup, SDVariable, SDVariable> make) {
        List<SDVariable> made = new ArrayList<>();
        int from = 0;
        for (ColumnGroup group : groups) {
            int count = size.applyAsInt(group);
            made.add(make.apply(group, StableOps.columns(x, from, from + count)));
            from += count;
        }
        return joined(g, made);
    }

    @Override
    public SDVariable observe(GraphBuilder g, SDVariable data, EventShape shape) {
        return seen(g, data, true);
    }

    @Override
    public SDVariable statistic(GraphBuilder g, SDVariable data) {
        return seen(g, data, false);
    }

    private SDVariable seen(GraphBuilder g, SDVariable data, boolean standardized) {
        Optional<SDVariable> there = holes ? Optional.of(ordered(present(g), order)) : Optional.empty();
        SDVariable cells = ordered(data, order);
        SDVariable filled = there.map(present -> filled(g, cells, present)).orElse(cells);
        SDVariable x = each(g, filled, ColumnGroup::columns, (group, own) -> {
            SDVariable statistic = group.statistic(g, own);
            return standardized ? group.standardized(g, statistic) : statistic;
        });
        return there.map(present -> g.sameDiff()
                        .concat(
                                1,
                                x.mul(each(g, present, ColumnGroup::columns, (group, own) -> group.spread(g, own))),
                                present))
                .orElse(x);
    }

    private SDVariable present(GraphBuilder g) {
        return given.map(told -> told.ofOthers(g.input(new FunctionInput.Present("present", told.row()))))
                .orElseGet(() -> g.input(new FunctionInput.Present("present", EventShape.row(size))));
    }

    /** Missing cells are 0, of which there may be no logarithm. */
    private SDVariable filled(GraphBuilder g, SDVariable cells, SDVariable there) {
        SDVariable joint = g.sameDiff().concat(1, cells, there);
        List<SDVariable> pieces = new ArrayList<>();
        int from = 0;
        for (ColumnGroup group : groups) {
            int to = from + group.columns();
            SDVariable own = StableOps.columns(joint, from, to);
            SDVariable present = StableOps.columns(joint, size + from, size + to);
            SDVariable kept = own.mul(present);
            pieces.add(group.neutral(g)
                    .map(neutral -> kept.add(present.rsub(1).mul(neutral)))
                    .orElse(kept));
            from = to;
        }
        return joined(g, pieces);
    }

    private SideBySide densities(GraphBuilder g, SDVariable output) {
        List<FactorizedDensity> densities = new ArrayList<>();
        int from = 0;
        for (ColumnGroup group : groups) {
            densities.add(group.density(g, StableOps.columns(output, from, from + group.outputs())));
            from += group.outputs();
        }
        return new SideBySide(g, densities);
    }

    @Override
    public Density density(GraphBuilder g, SDVariable output, EventShape shape) {
        return new OwnUnits(g, densities(g, output));
    }

    /** The density of x, whose log counts in the rows' own units, and of what is there alone. */
    private final class OwnUnits implements Density {
        private final GraphBuilder g;
        private final SideBySide densities;

        OwnUnits(GraphBuilder g, SideBySide densities) {
            this.g = g;
            this.densities = densities;
        }

        @Override
        public EventShape shape() {
            return EventShape.row(size);
        }

        @Override
        public SDVariable logProb(SDVariable x) {
            SDVariable own = holes ? StableOps.columns(x, 0, width()) : x;
            SDVariable logProbs = densities.logProbs(own);
            // Real columns come first.
            Optional<SDVariable> slopes = groups.get(0)
                    .logSlopes(g, StableOps.columns(own, 0, groups.get(0).width()));
            if (!holes) {
                return sum(logProbs, size, slopes);
            }
            SDVariable there = StableOps.columns(x, width(), width() + size);
            return sum(logProbs.mul(there), size, slopes.map(all -> all.mul(StableOps.columns(there, 0, reals))));
        }

        private SDVariable sum(SDVariable logProbs, int parts, Optional<SDVariable> slopes) {
            SDVariable sum = StableOps.sumPerExample(logProbs, EventShape.row(parts));
            return slopes.map(all -> sum.sub(StableOps.sumPerExample(all, EventShape.row(reals))))
                    .orElse(sum);
        }

        /** Noise of a column each: normal of real columns, which come first, and uniform of all others. */
        @Override
        public SDVariable sample(SDVariable noise) {
            return densities.sample(noise);
        }
    }

    @Override
    public SDVariable shown(GraphBuilder g, SDVariable x) {
        SDVariable cells = each(g, x, ColumnGroup::width, (group, own) -> group.shown(g, own));
        return ordered(cells, back);
    }

    /** Of discrete columns what is most probable. */
    @Override
    public SDVariable mean(GraphBuilder g, SDVariable output, EventShape shape) {
        return shown(g, each(g, output, ColumnGroup::outputs, (group, own) -> group.middle(g, own)));
    }

    /** A draw of p(x|z). */
    @Override
    public SDVariable draw(GraphBuilder g, SDVariable output, EventShape shape) {
        List<SDVariable> noise = new ArrayList<>();
        if (reals > 0) {
            noise.add(noise(g, "observation", Noise.NORMAL, reals));
        }
        if (reals < size) {
            noise.add(noise(g, "observation_choice", Noise.UNIFORM, size - reals));
        }
        return shown(g, densities(g, output).sample(joined(g, noise)));
    }

    private static SDVariable noise(GraphBuilder g, String name, Noise distribution, int columns) {
        return g.input(new FunctionInput.NoiseInput(name, EventShape.row(columns), distribution, Renewal.DRAW));
    }

    @Override
    public Map<String, double[]> initial(String outputBias, EventShape shape, double[] mean, double[] variance) {
        Map<String, double[]> values = new LinkedHashMap<>();
        DoubleStream bias = DoubleStream.empty();
        int from = 0;
        int column = 0;
        for (ColumnGroup group : groups) {
            int to = from + group.width();
            double[] ownMean = Arrays.copyOfRange(mean, from, to);
            double[] ownVariance = Arrays.copyOfRange(variance, from, to);
            if (holes) {
                double[] shares = Arrays.copyOfRange(mean, width() + column, width() + column + group.columns());
                ofPresent(ownMean, ownVariance, group.spread(shares));
            }
            values.putAll(group.buffers(ownMean, ownVariance));
            bias = DoubleStream.concat(bias, DoubleStream.of(group.bias(ownMean)));
            from = to;
            column += group.columns();
        }
        values.put(outputBias, bias.toArray());
        return values;
    }

    /**
     * From the moments of numbers that are 0 where they are missing to those of the others, of which there is a share p: {@code mean / p}, and
     * {@code (variance + mean^2)/p - (mean/p)^2}.
     */
    private static void ofPresent(double[] mean, double[] variance, double[] shares) {
        for (int i = 0; i < mean.length; i++) {
            if (shares[i] > 0) {
                double own = mean[i] / shares[i];
                double square = (variance[i] + mean[i] * mean[i]) / shares[i];
                variance[i] = Math.max(0, square - own * own);
                mean[i] = own;
            }
        }
    }

    @Override
    public List<Parameter> buffers() {
        return groups.stream().flatMap(group -> group.buffers().stream()).toList();
    }

    @Override
    public String measure() {
        if (reals == size) {
            return "the density in the columns' own units";
        }
        return reals == 0
                ? "the probability of all columns"
                : "the probability of the discrete columns times the density of the others in their own units";
    }

    @Override
    public boolean leavesOut() {
        return holes;
    }

    @Override
    public boolean isLikelihood() {
        return true;
    }

    @Override
    public boolean ofPixels() {
        return false;
    }
}
