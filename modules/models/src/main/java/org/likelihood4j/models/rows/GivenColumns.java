package org.likelihood4j.models.rows;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.likelihood4j.models.DataInitialization;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.bijectors.Standardization;
import org.likelihood4j.models.densities.Categorical;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.Outputs;
import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The columns c of a table that a model of p(x | c) is told; x are the others. Rows are stored whole, {@code [N, D]}, and so they are
 * shown: a row that is drawn has the c that was asked for in its place.
 *
 * <p>Networks see of c
 *
 * <pre>
 * real numbers        on the real line ({@link RealLine}), standardised
 * whole numbers       standardised
 * one of K words      K numbers, 1 for the one that it is, else 0
 * </pre>
 *
 * <p>c has no noise and no density, so that nothing of it counts in log p(x | c).
 */
public final class GivenColumns {
    private static final ParameterPath PATH = ParameterPath.root().child("given");
    /** Of a column that hardly varies: another value of it must not blow a network up. */
    private static final double SMALLEST_DEVIATION = 1e-6;

    private final EventShape.Row row;
    private final List<Support> supports;
    private final FunctionInput.Given given;
    /** Places in a row: of x, then of c. */
    private final int[] order;

    private final int[] back;
    /** Places in c: of numbers, then of words. */
    private final int[] kinds;

    private final List<Integer> words;
    private final RealLine line;
    private final Standardization standardization;

    /**
     * Columns that are told.
     *
     * @param supports of all D columns
     * @param places of those that are told, at least one and fewer than D
     * @throws IllegalArgumentException for other places
     */
    public GivenColumns(List<Support> supports, List<Integer> places) {
        List<Integer> told = places.stream().sorted().distinct().toList();
        if (told.isEmpty()
                || told.size() != places.size()
                || told.size() >= supports.size()
                || told.get(0) < 0
                || told.get(told.size() - 1) >= supports.size()) {
            throw new IllegalArgumentException(
                    "some but not all of " + supports.size() + " columns are told, not " + places);
        }
        this.supports = List.copyOf(supports);
        this.row = EventShape.row(supports.size());
        this.given = new FunctionInput.Given("given", told);
        int[] others = IntStream.range(0, supports.size())
                .filter(place -> !told.contains(place))
                .toArray();
        this.order = IntStream.concat(IntStream.of(others), told.stream().mapToInt(Integer::intValue))
                .toArray();
        this.back = inverse(order);
        List<Integer> numbers = new ArrayList<>();
        List<Integer> ofWords = new ArrayList<>();
        for (int i = 0; i < told.size(); i++) {
            (supports.get(told.get(i)) instanceof Support.Cells ? ofWords : numbers).add(i);
        }
        this.kinds = IntStream.concat(
                        numbers.stream().mapToInt(Integer::intValue),
                        ofWords.stream().mapToInt(Integer::intValue))
                .toArray();
        this.words = ofWords.stream()
                .map(i -> ((Support.Cells) supports.get(told.get(i))).count())
                .toList();
        EventShape.Row shape = EventShape.row(Math.max(1, numbers.size()));
        this.line = numbers.isEmpty()
                ? null
                : new RealLine(
                        shape,
                        numbers.stream()
                                .map(i -> withoutNoise(supports.get(told.get(i))))
                                .toList());
        this.standardization = new Standardization(PATH.child("standardization"), shape, SMALLEST_DEVIATION);
    }

    /** Whole numbers are no cells here: they stand where they are. */
    private static Support withoutNoise(Support support) {
        return support.isDiscrete() ? new Support.Line() : support;
    }

    private static int[] inverse(int... order) {
        int[] inverse = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            inverse[order[i]] = i;
        }
        return inverse;
    }

    private static SDVariable ordered(SDVariable x, int... order) {
        boolean same = IntStream.range(0, order.length).allMatch(i -> order[i] == i);
        return same ? x : StableOps.reorder(x, order);
    }

    /** The input by which c is told where there are no rows. */
    public FunctionInput.Given input() {
        return given;
    }

    /** Of a stored row. */
    public EventShape.Row row() {
        return row;
    }

    /** The columns x. */
    public RowColumns others() {
        return new RowColumns(
                IntStream.of(order).limit(count()).mapToObj(supports::get).toList());
    }

    /** How many columns x has. */
    private int count() {
        return order.length - given.columns().size();
    }

    /** How many numbers networks see of c. */
    public int size() {
        return numbers() + words.stream().mapToInt(Integer::intValue).sum();
    }

    private int numbers() {
        return given.columns().size() - words.size();
    }

    /** What is of x, {@code [N, D]} to {@code [N, columns of x]}: of stored rows, or of what stands for each of their cells. */
    public SDVariable ofOthers(SDVariable rows) {
        return StableOps.columns(ordered(rows, order), 0, count());
    }

    private SDVariable ofGiven(SDVariable rows) {
        return StableOps.columns(ordered(rows, order), count(), order.length);
    }

    /** The stored rows, of functions of data. */
    public SDVariable stored(GraphBuilder g) {
        return g.input(new FunctionInput.Data("values", row));
    }

    /** A builder of networks that are told c of the data. */
    public GraphBuilder tellingOfData(GraphBuilder g) {
        return telling(g, ofGiven(stored(g)));
    }

    /** A builder of networks that are told c by the caller. */
    public GraphBuilder tellingOfCaller(GraphBuilder g) {
        return telling(g, g.input(given));
    }

    private GraphBuilder telling(GraphBuilder g, SDVariable c) {
        SDVariable sorted = ordered(c, kinds);
        List<SDVariable> seen = new ArrayList<>();
        if (numbers() > 0) {
            seen.add(standardization.forward(g, onLine(g, sorted)).value());
        }
        if (!words.isEmpty()) {
            seen.add(Categorical.oneHot(g, words, StableOps.columns(sorted, numbers(), kinds.length)));
        }
        SDVariable numbers = seen.size() == 1 ? seen.get(0) : g.sameDiff().concat(1, seen.get(0), seen.get(1));
        return g.telling(numbers, size());
    }

    private SDVariable onLine(GraphBuilder g, SDVariable sorted) {
        return line.forward(g, StableOps.columns(sorted, 0, numbers())).value();
    }

    /** Whole rows of x as it is shown {@code [N, columns of x]}, with c of the data. */
    public SDVariable rowsOfData(GraphBuilder g, SDVariable others) {
        return rows(g, others, ofGiven(stored(g)));
    }

    /** The same with c of the caller. */
    public SDVariable rowsOfCaller(GraphBuilder g, SDVariable others) {
        return rows(g, others, g.input(given));
    }

    private SDVariable rows(GraphBuilder g, SDVariable others, SDVariable c) {
        return ordered(g.sameDiff().concat(1, others, c), back);
    }

    /** The statistics of c. */
    public List<Parameter> buffers() {
        return numbers() == 0 ? List.of() : standardization.buffers();
    }

    /** What sets them, before anything that networks make of the data. */
    public Optional<DataInitialization> initialization(DataType type) {
        if (numbers() == 0) {
            return Optional.empty();
        }
        GraphBuilder g = new GraphBuilder(type);
        Outputs outputs =
                new Outputs().matrix("given_numbers", numbers(), onLine(g, ordered(ofGiven(stored(g)), kinds)));
        return Optional.of(new DataInitialization(g.function(outputs), standardization::values));
    }
}
