package org.likelihood4j.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.likelihood4j.engine.cuda.FakeCuda.Streams;
import org.likelihood4j.engine.cuda.source.KernelSource;
import org.likelihood4j.engine.cuda.source.NoiseKernels;
import org.likelihood4j.engine.cuda.source.Tiles;
import org.likelihood4j.engine.cuda.toolkit.CudaException;
import org.likelihood4j.engine.plan.ConvolutionShape;
import org.likelihood4j.engine.plan.ConvolutionShape.Direction;
import org.likelihood4j.engine.plan.Elementwise;
import org.likelihood4j.engine.plan.Plan.Fold;
import org.likelihood4j.engine.plan.Plan.Kernel;
import org.likelihood4j.engine.plan.Plan.Reduction;
import org.likelihood4j.engine.plan.Plan.Region;
import org.likelihood4j.engine.plan.Plan.Step;
import org.likelihood4j.engine.plan.Plan.Storage;

/** Each kind of kernel, on a CPU, against what the plan means; and the same bits whatever comes first. */
@ExtendWith(OnFakeCuda.class)
class KernelsTest {
    /** Sums of some hundred products of float32. */
    private static final double ROUNDING = 2e-6;

    /** Images, height, width, in, out, kernel, stride, padding. */
    private static final int[][] CONVOLUTIONS = {
        {1, 1, 1, 1, 1, 3, 1, 1},
        {2, 5, 7, 3, 4, 3, 1, 1},
        {3, 6, 5, 1, 9, 3, 1, 1},
        {2, 9, 4, 17, 3, 5, 1, 2},
        {3, 3, 2, 5, 3, 2, 1, 3},
        {2, 9, 8, 3, 6, 4, 2, 1},
        {3, 9, 7, 3, 5, 5, 3, 2},
        {2, 6, 8, 2, 6, 1, 2, 0},
        {3, 9, 10, 5, 6, 2, 3, 0},
        {2, 4, 4, 18, 20, 3, 1, 1},
        {1, 12, 12, 2, 33, 3, 1, 1},
    };

    private static ConvolutionShape shape(int... s) {
        int outHeight = (s[1] + 2 * s[7] - s[5]) / s[6] + 1;
        int outWidth = (s[2] + 2 * s[7] - s[5]) / s[6] + 1;
        return new ConvolutionShape(
                s[0], s[1], s[2], s[3], outHeight, outWidth, s[4], s[5], s[5], s[6], s[6], s[7], s[7]);
    }

    /** All directions, some with what finishes them, one with zeros on one side only. */
    static HandmadePlan convolutions() {
        HandmadePlan plan = new HandmadePlan(1);
        List<ConvolutionShape> shapes = new ArrayList<>();
        for (int[] sizes : CONVOLUTIONS) {
            shapes.add(shape(sizes));
        }
        shapes.add(new ConvolutionShape(3, 8, 6, 5, 4, 3, 7, 3, 4, 2, 2, 0, 1));
        boolean finished = false;
        for (ConvolutionShape shape : shapes) {
            addConvolutions(plan, shape, finished);
            finished = !finished;
        }
        return plan;
    }

    private static void addConvolutions(HandmadePlan plan, ConvolutionShape shape, boolean finished) {
        Region x = plan.input(shape.rows(), shape.in());
        Region w = plan.input(shape.taps(), shape.out());
        Region y = plan.input(shape.outRows(), shape.out());
        Region bias = finished ? plan.input(1, shape.out()) : null;
        plan.add(new Kernel.Convolution(
                shape, Direction.FORWARD, false, x, w, bias, finished, plan.output(shape.outRows(), shape.out())));
        plan.add(new Kernel.Convolution(
                shape, Direction.DATA, false, y, w, null, finished, plan.output(shape.rows(), shape.in())));
        plan.add(new Kernel.Convolution(
                shape, Direction.WEIGHTS, false, x, y, null, false, plan.destination(shape.taps(), shape.out())));
    }

    @ParameterizedTest
    @EnumSource
    void convolutionsAreTheSums(Streams streams) {
        try (Card card = FakeCuda.card(streams, 1)) {
            convolutions().check(card, streams == Streams.LATE ? FakeCuda.TINY : Tiles.USUAL, ROUNDING);
        }
    }

    /** What is rounded where: images, weights or gradients may be bfloat16s already, and what is made may become some. */
    static HandmadePlan narrow() {
        HandmadePlan plan = new HandmadePlan(2);
        ConvolutionShape shape = shape(2, 5, 4, 3, 6, 3, 1, 1);
        Region x = plan.input(shape.rows(), shape.in());
        Region w = plan.input(shape.taps(), shape.out());
        Region y = plan.input(shape.outRows(), shape.out());
        Region narrow = narrowed(plan, x, shape.rows(), shape.in());
        plan.add(new Kernel.Convolution(
                shape, Direction.FORWARD, true, x, w, null, false, plan.output(shape.outRows(), shape.out())));
        plan.add(new Kernel.Convolution(
                shape, Direction.FORWARD, true, narrow, w, null, false, plan.output(shape.outRows(), shape.out())));
        plan.add(new Kernel.Convolution(
                shape, Direction.DATA, true, y, w, null, false, plan.output(shape.rows(), shape.in())));
        plan.add(new Kernel.Convolution(
                shape, Direction.WEIGHTS, true, narrow, y, null, false, plan.output(shape.taps(), shape.out())));
        Region a = narrowed(plan, plan.input(5, 7), 5, 7);
        Region b = narrowed(plan, plan.input(7, 3), 7, 3);
        plan.add(new Kernel.Product(false, false, true, 5, 3, 7, a, b, plan.output(5, 3)));
        Region out = plan.output(shape.outRows(), shape.out());
        Region made = plan.made(shape.outRows(), shape.out(), Storage.BFLOAT16);
        plan.add(new Kernel.Convolution(shape, Direction.FORWARD, true, narrow, w, null, true, made));
        plan.add(new Kernel.Fused(
                shape.outRows(), shape.out(), 1, List.of(new Step.Load(0, made), new Step.Store(0, out))));
        return plan;
    }

    @Test
    void narrowConvolutionsAndProductsMultiplyBfloat16s() {
        try (Card card = FakeCuda.card(Streams.LATE, 1)) {
            // Where a sum is near the middle of two bfloat16s, it may become the other one.
            narrow().check(card, FakeCuda.TINY, 0x1p-8);
        }
    }

    private static Region narrowed(HandmadePlan plan, Region x, int rows, int columns) {
        Region narrow = plan.made(rows, columns, Storage.BFLOAT16);
        plan.add(new Kernel.Fused(
                rows,
                columns,
                2,
                List.of(
                        new Step.Load(0, x),
                        new Step.Compute(Elementwise.BFLOAT16, 1, 0, -1),
                        new Step.Store(1, narrow))));
        return narrow;
    }

    /** All kinds of folds, over more than one kind of groups, in one kernel. */
    static HandmadePlan folds() {
        HandmadePlan plan = new HandmadePlan(3);
        for (int[] size : new int[][] {{1, 1}, {7, 5}, {12, 33}, {60, 3}, {300, 40}, {24, 200}}) {
            Region x = plan.input(size[0], size[1]);
            for (Fold fold : Fold.values()) {
                plan.add(folds(plan, x, size[0], size[1], fold));
            }
        }
        return plan;
    }

    private static Kernel folds(HandmadePlan plan, Region x, int rows, int columns, Fold fold) {
        List<Step> steps = new ArrayList<>(List.of(
                new Step.Load(0, x),
                new Step.Constant(1, 0.5),
                new Step.Compute(Elementwise.MUL, 2, 0, 1),
                new Step.Store(2, plan.output(rows, columns)),
                new Step.Reduce(2, fold, Reduction.COLUMNS, plan.output(rows, 1)),
                new Step.Reduce(0, fold, Reduction.ROWS, plan.output(1, columns)),
                new Step.Reduce(2, fold, Reduction.ALL, plan.output(1, 1))));
        for (int each : new int[] {1, 2, 3}) {
            for (int period : new int[] {1, 2, 4}) {
                if (rows % (each * period) == 0) {
                    Region to = plan.output(period, columns);
                    Region groups = new Region(to.buffer(), 0, columns, 1, each, period);
                    steps.add(new Step.Reduce(2, fold, Reduction.GROUPS, groups));
                }
            }
        }
        return new Kernel.Fused(rows, columns, 3, steps);
    }

    @ParameterizedTest
    @EnumSource
    void foldsAreTheSums(Streams streams) {
        try (Card card = FakeCuda.card(streams, 1)) {
            folds().check(card, streams == Streams.LATE ? FakeCuda.TINY : Tiles.USUAL, ROUNDING);
        }
    }

    /** A sum whose terms need 78 numbers at once, more than there are registers for four blocks of 256 threads. */
    static HandmadePlan manyNumbers() {
        HandmadePlan plan = new HandmadePlan(5);
        int many = 78;
        List<Step> steps = new ArrayList<>(List.of(new Step.Load(0, plan.input(9, 70))));
        for (int i = 1; i < many; i++) {
            steps.add(new Step.Compute(Elementwise.TANH, i, i - 1, -1));
        }
        for (int i = many - 1; i > 0; i--) {
            steps.add(new Step.Compute(Elementwise.MUL, many, i, i - 1));
            steps.add(new Step.Compute(Elementwise.ADD, i - 1, many, i - 1));
        }
        steps.add(new Step.Reduce(0, Fold.SUM, Reduction.COLUMNS, plan.output(9, 1)));
        plan.add(new Kernel.Fused(9, 70, many + 1, steps));
        return plan;
    }

    @Test
    void aSumOfManyNumbersIsTheSum() {
        try (Card card = FakeCuda.card(Streams.LATE, 1)) {
            manyNumbers().check(card, FakeCuda.TINY, ROUNDING);
        }
    }

    /** Each operation of numbers of all kinds, of which some are none. */
    static HandmadePlan operations() {
        HandmadePlan plan = new HandmadePlan(4);
        Region a = plan.input(9, 11);
        Region b = plan.input(9, 11);
        List<Step> steps = new ArrayList<>(List.of(
                new Step.Load(0, a),
                new Step.Load(1, b),
                new Step.Compute(Elementwise.ABS, 2, 0, -1),
                new Step.Constant(4, -1e-7)));
        for (Elementwise operation : Elementwise.values()) {
            boolean positive =
                    operation == Elementwise.LOG || operation == Elementwise.SQRT || operation == Elementwise.LOG1P;
            steps.add(new Step.Compute(operation, 3, positive ? 2 : 0, operation.arity() == 2 ? 1 : -1));
            steps.add(new Step.Store(3, plan.output(9, 11)));
        }
        steps.add(new Step.Compute(Elementwise.LESS, 3, 0, 4));
        steps.add(new Step.Store(3, plan.output(9, 11)));
        plan.add(new Kernel.Fused(9, 11, 5, steps));
        return plan;
    }

    @Test
    void operationsAreTheInterpreters() {
        try (Card card = FakeCuda.card(Streams.LATE, 1)) {
            operations().check(card, FakeCuda.TINY, ROUNDING);
        }
    }

    /** Each operation of each of some numbers and each other one. */
    @Test
    void operationsOfWhatIsNoNumberAreTheInterpreters() {
        float[] special = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0f, -0f, 1f, -1f, 0.5f};
        int n = special.length;
        HandmadePlan plan = new HandmadePlan(8);
        Region values = plan.input(1, n, special);
        List<Step> steps = new ArrayList<>(List.of(
                new Step.Load(0, new Region(values.buffer(), 0, 1, 0)),
                new Step.Load(1, new Region(values.buffer(), 0, 0, 1))));
        for (Elementwise operation : Elementwise.values()) {
            steps.add(new Step.Compute(operation, 2, 0, operation.arity() == 2 ? 1 : -1));
            steps.add(new Step.Store(2, plan.output(n, n)));
        }
        for (float constant : special) {
            steps.add(new Step.Constant(2, constant));
            steps.add(new Step.Store(2, plan.output(n, n)));
        }
        plan.add(new Kernel.Fused(n, n, 3, steps));
        try (Card card = FakeCuda.card(Streams.LATE, 1)) {
            plan.check(card, FakeCuda.TINY, ROUNDING);
        }
    }

    /** Columns with each of some numbers somewhere, so that some rows of a block have it and others have not. */
    @Test
    void foldsOfWhatIsNoNumberAreTheInterpreters() {
        int rows = 24;
        int columns = 40;
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 7 - 3;
        }
        values[5] = Float.NaN;
        values[3 * columns + 9] = Float.POSITIVE_INFINITY;
        values[20 * columns + 9] = Float.NEGATIVE_INFINITY;
        values[23 * columns + 39] = Float.POSITIVE_INFINITY;
        for (int row = 0; row < rows; row++) {
            values[row * columns + 11] = Float.NEGATIVE_INFINITY;
            values[row * columns + 12] = row % 2 == 0 ? 0f : -0f;
        }
        HandmadePlan plan = new HandmadePlan(9);
        Region x = plan.input(rows, columns, values);
        for (Fold fold : Fold.values()) {
            plan.add(folds(plan, x, rows, columns, fold));
        }
        try (Card card = FakeCuda.card(Streams.LATE, 1)) {
            plan.check(card, FakeCuda.TINY, ROUNDING);
        }
    }

    /** Whose parts the last block puts together by all of its threads. */
    @Test
    void longRowsAreSummedByManyBlocks() {
        HandmadePlan plan = new HandmadePlan(10);
        for (int columns : new int[] {20_000, 33}) {
            Region x = plan.input(1, columns);
            for (Fold fold : Fold.values()) {
                plan.add(new Kernel.Fused(
                        1,
                        columns,
                        1,
                        List.of(
                                new Step.Load(0, x),
                                new Step.Reduce(0, fold, Reduction.ALL, plan.output(1, 1)),
                                new Step.Reduce(0, fold, Reduction.COLUMNS, plan.output(1, 1)))));
            }
        }
        try (Card card = FakeCuda.card(Streams.LATE, 1)) {
            plan.check(card, FakeCuda.TINY, 1e-5);
        }
    }

    /** Which no thread could count. */
    @Test
    void whatIsTooLargeIsRefusedInOneLine() {
        HandmadePlan plan = new HandmadePlan(11);
        Region none = new Region(0, 0, 0, 0);
        for (Kernel kernel : List.of(
                new Kernel.Fused(50_000, 50_000, 1, List.of(new Step.Load(0, none))),
                new Kernel.Select(2_000_000_000, List.of(0, 1), none, none))) {
            plan.input(1, 1);
            plan.add(kernel);
            assertThatThrownBy(() -> new KernelSource(plan.plan(), Tiles.USUAL))
                    .isInstanceOf(CudaException.class)
                    .hasMessageMatching(
                            "cuda: a matrix would have \\d{10} numbers, and may have 2146435071 at most: use smaller"
                                    + " batches");
        }
        assertThatThrownBy(() -> new NoiseKernels(1 << 20, 1 << 12, Tiles.USUAL))
                .isInstanceOf(CudaException.class);
        assertThatThrownBy(() -> new Tiles(96, 1, 1, 8, 4, 1, 4))
                .hasMessage("threads of a block must be a power of 2, and 32 or more, were 96");
        assertThatThrownBy(() -> new Tiles(1024, 1, 2_000, 8, 4, 1, 4))
                .hasMessage("threads of all blocks must be 1048576 at most, were 1024 x 2000");
    }

    /** Rows that repeat, each and all again, columns that repeat, transposes and parts of wider matrices. */
    @Test
    void regionsAreReadWhereTheyAre() {
        HandmadePlan plan = new HandmadePlan(5);
        Region six = plan.input(6, 7);
        Region row = plan.input(1, 7);
        Region column = plan.input(24, 1);
        Region wide = plan.input(24, 20);
        Region turned = plan.input(7, 24);
        Region out = plan.output(24, 20);
        List<Region> reads = List.of(
                new Region(six.buffer(), 0, 7, 1, 4, 0),
                new Region(six.buffer(), 0, 7, 1, 2, 6),
                new Region(six.buffer(), 0, 7, 1, 1, 6),
                new Region(six.buffer(), 14, 7, 1, 6, 4),
                new Region(row.buffer(), 0, 0, 1),
                new Region(column.buffer(), 0, 1, 0),
                new Region(column.buffer(), 3, 0, 0),
                new Region(wide.buffer(), 5, 20, 1),
                turned.transposed());
        List<Step> steps = new ArrayList<>(List.of(new Step.Load(0, reads.get(0))));
        for (Region region : reads.subList(1, reads.size())) {
            steps.add(new Step.Load(1, region));
            steps.add(new Step.Compute(Elementwise.ADD, 0, 0, 1));
            steps.add(new Step.Store(0, plan.output(24, 7)));
        }
        steps.add(new Step.Store(0, new Region(out.buffer(), 0, 20, 1)));
        steps.add(new Step.Store(1, new Region(out.buffer(), 13, 20, 1)));
        plan.add(new Kernel.Fused(24, 7, 2, steps));
        plan.add(new Kernel.Fused(
                24,
                6,
                1,
                List.of(
                        new Step.Load(0, new Region(wide.buffer(), 0, 20, 1)),
                        new Step.Store(0, new Region(out.buffer(), 7, 20, 1)))));
        try (Card card = FakeCuda.card(Streams.LATE, 1)) {
            plan.check(card, FakeCuda.TINY, ROUNDING);
        }
    }

    @Test
    void columnsAreSelected() {
        HandmadePlan plan = new HandmadePlan(6);
        List<Integer> columns = new ArrayList<>(IntStream.range(-1, 70).boxed().toList());
        Collections.shuffle(columns, new Random(1));
        plan.add(new Kernel.Select(5, columns, plan.input(5, 70), plan.output(5, 71)));
        Region row = plan.input(1, 70);
        plan.add(new Kernel.Select(5, columns, new Region(row.buffer(), 0, 0, 1), plan.output(5, 71)));
        plan.add(new Kernel.Select(4, List.of(-1, -1), plan.input(4, 1), plan.output(4, 2)));
        try (Card card = FakeCuda.card(Streams.EAGER, 1)) {
            plan.check(card, Tiles.USUAL, 0);
        }
    }

    /** Products whose factors are transposed, have gaps behind their rows, or are one row. */
    @Test
    void productsAreTheSums() {
        HandmadePlan plan = new HandmadePlan(7);
        for (boolean a : new boolean[] {false, true}) {
            for (boolean b : new boolean[] {false, true}) {
                plan.add(new Kernel.Product(
                        a,
                        b,
                        false,
                        5,
                        4,
                        7,
                        a ? plan.input(7, 5) : plan.input(5, 7),
                        b ? plan.input(4, 7) : plan.input(7, 4),
                        plan.output(5, 4)));
            }
        }
        Region wide = plan.input(5, 20);
        plan.add(new Kernel.Product(
                false,
                false,
                false,
                5,
                4,
                7,
                new Region(wide.buffer(), 3, 20, 1),
                plan.input(7, 4),
                plan.destination(5, 4)));
        plan.add(new Kernel.Product(
                false, false, false, 1, 1, 7, plan.input(1, 7), plan.input(7, 1), plan.output(1, 1)));
        try (Card card = FakeCuda.card(Streams.LATE, 1)) {
            plan.check(card, FakeCuda.TINY, ROUNDING);
        }
    }

    /** Between graphs of the card's, the first and the last kernel; some write only what the caller has a place for. */
    @Test
    void operationsOfTheLibraryRunBetweenGraphs() {
        HandmadePlan plan = new HandmadePlan(12);
        Region x = plan.input(5, 4);
        Region made = plan.made(5, 4, Storage.FLOAT32);
        plan.twice(x, made);
        Region first = plan.destination(5, 4);
        plan.twice(made, first);
        // Right behind it, and on the second lane.
        plan.add(new Kernel.Product(true, false, false, 4, 4, 5, first, made, plan.destination(4, 4)));
        Region sum = plan.output(5, 4);
        plan.add(new Kernel.Fused(
                5,
                4,
                3,
                List.of(
                        new Step.Load(0, first),
                        new Step.Load(1, made),
                        new Step.Compute(Elementwise.ADD, 2, 0, 1),
                        new Step.Store(2, sum))));
        plan.twice(sum, plan.output(5, 4));
        plan.twice(sum, plan.destination(5, 4));
        for (Streams streams : Streams.values()) {
            try (Card card = FakeCuda.card(streams, 1)) {
                plan.check(card, FakeCuda.TINY, ROUNDING);
            }
        }
    }

    /** A plan without a kernel, as of an output that is an input. */
    @Test
    void resultsThatNoKernelMakesAreRead() {
        HandmadePlan plan = new HandmadePlan(13);
        plan.isOutput(plan.input(3, 4));
        try (Card card = FakeCuda.card(Streams.LATE, 1)) {
            plan.check(card, FakeCuda.TINY, 0);
        }
    }

    /** Whatever thread, block or lane comes first. */
    @Test
    void theBitsAreTheSameInAnyOrder() {
        List<List<float[]>> first = null;
        for (int seed = 1; seed <= 4; seed++) {
            try (Card card = FakeCuda.card(seed % 2 == 0 ? Streams.EAGER : Streams.LATE, seed)) {
                List<List<float[]>> found = folds().run(card, FakeCuda.TINY, 2);
                first = first == null ? found : first;
                for (int run = 0; run < found.size(); run++) {
                    for (int i = 0; i < found.get(run).size(); i++) {
                        assertThat(found.get(run).get(i)).isEqualTo(first.get(0).get(i));
                    }
                }
            }
        }
    }
}
