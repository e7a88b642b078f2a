package org.likelihood4j.engine;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.engine.ConvolutionCases.Sizes;
import org.likelihood4j.engine.GraphCase.NoReferenceException;
import org.likelihood4j.engine.GraphCase.Sketch;
import org.likelihood4j.engine.cpu.onednn.Isa;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.factory.Nd4j;

/** Random graphs of the operations that models are made of: both engines and the plan's interpreter agree. */
class RandomGraphsTest {
    /** They have some three hundred steps of twenty kinds. */
    private static final int FEW = 20;

    private static final int SEEDS = 40;

    private static IntStream few() {
        return IntStream.range(0, FEW);
    }

    private static IntStream more() {
        return IntStream.range(FEW, SEEDS);
    }

    @ParameterizedTest
    @MethodSource("few")
    void enginesAgree(int seed) {
        check(seed);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("more")
    void enginesAgreeOnMore(int seed) {
        check(seed);
    }

    @ParameterizedTest
    @MethodSource("few")
    void mixedPrecisionRoundsFactorsAndNothingElse(int seed) {
        assumeTrue(Isa.hasBfloat16(), "this CPU has no instructions for bfloat16");
        orLeftOut(graph(seed)::checkMixed);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("more")
    void mixedPrecisionRoundsNothingElseInMore(int seed) {
        mixedPrecisionRoundsFactorsAndNothingElse(seed);
    }

    static void check(int seed) {
        orLeftOut(graph(seed)::checkArithmetic);
    }

    /** Leaves the test out if its graph is one that the reference cannot run. */
    static void orLeftOut(Runnable check) {
        try {
            check.run();
        } catch (NoReferenceException e) {
            abort(e.getMessage());
        }
    }

    /** The same graph for the same number. */
    static GraphCase graph(int seed) {
        return new GraphCase(1e-4, builder -> new Grower(builder, new Random(seed)).grow());
    }

    /** A value and its shape. */
    private record Grown(SDVariable variable, long rows, long columns) {}

    /** Grows a graph, with the same choices for the same random numbers. */
    private static final class Grower {
        private final Sketch builder;
        private final Random random;
        private final int batch;
        /** Matrices. */
        private final List<Grown> values = new ArrayList<>();

        private int next;

        Grower(Sketch builder, Random random) {
            this.builder = builder;
            this.random = random;
            this.batch = 1 + random.nextInt(7);
        }

        void grow() {
            int inputs = 1 + random.nextInt(2);
            for (int i = 0; i < inputs; i++) {
                long width = width();
                values.add(new Grown(builder.input("x" + i, batch, width), batch, width));
            }
            parameter(batch, width());
            int steps = 5 + random.nextInt(25);
            for (int i = 0; i < steps; i++) {
                step();
            }
            int outputs = 1 + random.nextInt(4);
            builder.output(values.get(values.size() - 1).variable());
            for (int i = 0; i < outputs; i++) {
                builder.output(pick().variable());
            }
        }

        private long width() {
            return random.nextInt(25) == 0 ? 2000 + random.nextInt(3000) : 1 + random.nextInt(40);
        }

        private Grown pick() {
            // The newer ones more often, so that graphs are deep.
            int back = (int) (random.nextDouble() * random.nextDouble() * values.size());
            return values.get(values.size() - 1 - back);
        }

        private Grown parameter(long rows, long columns) {
            Grown grown = new Grown(builder.parameter("p" + next++, rows, columns), rows, columns);
            values.add(grown);
            return grown;
        }

        private void add(SDVariable variable, long rows, long columns) {
            Grown grown = new Grown(variable, rows, columns);
            values.add(grown);
            if (random.nextInt(12) == 0) {
                builder.output(variable);
            }
        }

        private void step() {
            Grown a = pick();
            switch (random.nextInt(20)) {
                case 0, 1 -> add(unary(a.variable()), a.rows(), a.columns());
                case 2, 3, 4 -> binary(a);
                case 5 -> add(scalar(a.variable()), a.rows(), a.columns());
                case 6, 7 -> reduction(a);
                case 8, 9 -> slice(a);
                case 10, 11 -> concat(a);
                case 12 -> product(a);
                case 13 -> selection(a);
                case 14 -> reshape(a);
                case 15, 16 -> blocks(a);
                case 17, 18 -> convolution(a);
                default -> rare(a);
            }
        }

        private SDVariable unary(SDVariable x) {
            return switch (random.nextInt(12)) {
                case 0 -> x.neg();
                case 1 -> builder.sd.math().abs(x);
                case 2 -> builder.sd.math().exp(builder.sd.math().tanh(x));
                case 3 -> builder.sd.math().log(builder.sd.math().abs(x).add(0.5));
                case 4 -> builder.sd.math().log1p(builder.sd.math().abs(x));
                case 5 -> builder.sd.math().sqrt(builder.sd.math().abs(x).add(0.5));
                case 6, 7 -> builder.sd.math().tanh(x);
                case 8 -> builder.sd.nn().sigmoid(x);
                case 9 -> builder.sd.nn().relu(x, 0);
                case 10 -> builder.sd.nn().elu(x);
                default -> builder.sd.identity(x);
            };
        }

        private SDVariable scalar(SDVariable x) {
            double c = Math.round(random.nextGaussian() * 4) / 4.0;
            return switch (random.nextInt(8)) {
                case 0 -> x.add(c);
                case 1 -> x.sub(c);
                case 2 -> x.mul(c);
                case 3 -> x.div(c == 0 ? 1 : c);
                case 4 -> x.rsub(c);
                case 5 -> builder.sd.math().abs(x).add(0.5).rdiv(c);
                case 6 -> x.mul(1.0);
                default -> x.add(0.0);
            };
        }

        /** A partner that broadcasts with a. */
        private Grown partner(Grown a) {
            List<Grown> fits = values.stream()
                    .filter(b -> (b.rows() == a.rows() || b.rows() == 1 || a.rows() == 1)
                            && (b.columns() == a.columns() || b.columns() == 1 || a.columns() == 1))
                    .toList();
            if (random.nextInt(3) > 0) {
                return fits.get(random.nextInt(fits.size()));
            }
            return switch (random.nextInt(4)) {
                case 0 -> parameter(1, a.columns());
                case 1 -> parameter(a.rows(), 1);
                case 2 -> parameter(1, 1);
                default -> parameter(a.rows(), a.columns());
            };
        }

        private void binary(Grown a) {
            Grown b = partner(a);
            if (random.nextInt(5) == 0 && b.rows() == 1) {
                // As a vector instead of a matrix of one row.
                SDVariable vector = builder.parameter("v" + next++, a.columns());
                add(combine(a.variable(), vector, a.columns() == 1), a.rows(), a.columns());
                return;
            }
            boolean swap = random.nextBoolean();
            SDVariable left = swap ? b.variable() : a.variable();
            SDVariable right = swap ? a.variable() : b.variable();
            boolean scalar = (swap ? a : b).rows() * (swap ? a : b).columns() == 1;
            add(combine(left, right, scalar), Math.max(a.rows(), b.rows()), Math.max(a.columns(), b.columns()));
        }

        /** ND4J's gradient of a division by one number is wrong: see {@link OperationsTest}. */
        private SDVariable combine(SDVariable a, SDVariable b, boolean scalar) {
            return switch (random.nextInt(scalar ? 4 : 5)) {
                case 0, 1 -> a.add(b);
                case 2 -> a.sub(b);
                case 3 -> builder.sd.math().tanh(a).mul(builder.sd.math().tanh(b));
                default -> a.div(builder.sd.math().abs(b).add(0.7));
            };
        }

        private void reduction(Grown a) {
            boolean mean = random.nextBoolean();
            double scale = 1 / Math.sqrt((double) (a.columns() * a.rows()));
            switch (random.nextInt(5)) {
                case 0 -> {
                    SDVariable all =
                            mean ? a.variable().mean() : a.variable().sum().mul(scale);
                    add(builder.sd.reshape(all, 1, 1), 1, 1);
                }
                case 1 ->
                    add(
                            mean
                                    ? a.variable().mean(true, 1)
                                    : a.variable().sum(true, 1).mul(scale),
                            a.rows(),
                            1);
                case 2 ->
                    add(
                            mean
                                    ? a.variable().mean(true, 0)
                                    : a.variable().sum(true, 0).mul(scale),
                            1,
                            a.columns());
                case 3 -> {
                    SDVariable vector =
                            mean ? a.variable().mean(1) : a.variable().sum(1).mul(scale);
                    builder.output(vector);
                    add(builder.sd.reshape(vector, a.rows(), 1), a.rows(), 1);
                }
                default -> {
                    SDVariable vector =
                            mean ? a.variable().mean(0) : a.variable().sum(0).mul(scale);
                    add(a.variable().sub(vector), a.rows(), a.columns());
                }
            }
        }

        private void slice(Grown a) {
            int parts = 1 + random.nextInt(3);
            for (int i = 0; i < parts; i++) {
                int from = random.nextInt((int) a.columns());
                int width = 1 + random.nextInt((int) a.columns() - from);
                add(part(a, from, width), a.rows(), width);
            }
        }

        private SDVariable part(Grown a, int from, int width) {
            return builder.sd.slice(a.variable(), new int[] {0, from}, (int) a.rows(), width);
        }

        private void concat(Grown a) {
            List<SDVariable> parts = new ArrayList<>(List.of(a.variable()));
            List<Grown> fits = values.stream().filter(b -> b.rows() == a.rows()).toList();
            long columns = a.columns();
            int others = 1 + random.nextInt(3);
            for (int i = 0; i < others; i++) {
                Grown b = fits.get(random.nextInt(fits.size()));
                if (columns + b.columns() < 6000) {
                    parts.add(random.nextInt(parts.size() + 1), b.variable());
                    columns += b.columns();
                }
            }
            if (parts.size() > 1) {
                add(builder.sd.concat(1, parts.toArray(SDVariable[]::new)), a.rows(), columns);
            }
        }

        private void product(Grown a) {
            boolean ta = random.nextInt(4) == 0;
            boolean tb = random.nextInt(3) == 0;
            long inner = ta ? a.rows() : a.columns();
            long rows = ta ? a.columns() : a.rows();
            if (rows > 100 || inner > 3000) {
                return;
            }
            long columns = 1L + random.nextInt(20);
            List<Grown> fits = values.stream()
                    .filter(b -> (tb ? b.columns() : b.rows()) == inner && (tb ? b.rows() : b.columns()) < 100)
                    .toList();
            Grown b = !fits.isEmpty() && random.nextBoolean()
                    ? fits.get(random.nextInt(fits.size()))
                    : tb ? parameter(columns, inner) : parameter(inner, columns);
            if (rows == 1 && (tb ? b.rows() : b.columns()) == 1) {
                // The reference is wrong: see OperationsTest.
                return;
            }
            SDVariable product =
                    builder.sd.mmul(a.variable(), b.variable(), ta, tb, false).mul(1 / Math.sqrt((double) inner));
            add(product, rows, tb ? b.rows() : b.columns());
        }

        /** Columns in another order, or scattered among columns of zeros. */
        private void selection(Grown a) {
            int columns = (int) a.columns();
            if (columns > 100) {
                return;
            }
            int wanted = columns + random.nextInt(3);
            List<Integer> places =
                    new ArrayList<>(IntStream.range(0, wanted).boxed().toList());
            Collections.shuffle(places, random);
            SDVariable rows = builder.sd.transpose(a.variable());
            SDVariable zeros = builder.sd.constant(Nd4j.zeros(builder.type, wanted, a.rows()));
            SDVariable to = builder.sd.constant(Nd4j.createFromArray(places.subList(0, columns).stream()
                    .mapToInt(Integer::intValue)
                    .toArray()));
            add(builder.sd.transpose(builder.sd.scatterAdd(zeros, to, rows)), a.rows(), wanted);
        }

        private void reshape(Grown a) {
            long size = a.rows() * a.columns();
            long rows = 1L + random.nextInt(7);
            if (size % rows == 0) {
                add(builder.sd.reshape(a.variable(), rows, size / rows), rows, size / rows);
            }
        }

        /** Each row with each row of another matrix, and sometimes folded again over one of the three dimensions. */
        private void blocks(Grown a) {
            long others = 1L + random.nextInt(4);
            if (a.rows() * others * a.columns() > 20_000 || a.columns() < 2) {
                return;
            }
            SDVariable x = builder.sd.reshape(a.variable(), a.rows(), 1, a.columns());
            boolean narrow = random.nextInt(4) == 0;
            SDVariable other = builder.parameter("p" + next++, 1, others, narrow ? 1 : a.columns());
            SDVariable blocks = random.nextBoolean()
                    ? x.add(other)
                    : other.mul(builder.sd.math().tanh(x));
            double scale = 1 / Math.sqrt((double) (a.columns() * others));
            switch (random.nextInt(7)) {
                case 0 -> add(blocks.sum(1).mul(scale), a.rows(), a.columns());
                case 1 -> add(blocks.mean(false, 0), others, a.columns());
                case 2 -> add(blocks.sum(2).mul(scale), a.rows(), others);
                case 3 -> {
                    SDVariable largest = GraphCase.stopGradient(builder.sd, blocks.max(true, 2));
                    add(builder.sd.math().exp(blocks.sub(largest)).mean(2), a.rows(), others);
                }
                // The gradients that come back are one number for a row, and one for a column.
                case 4 -> add(blocks.sum(2).mean(true, 1).mul(scale), a.rows(), 1);
                case 5 -> add(blocks.sum(2).mean(true, 0).mul(scale), 1, others);
                default ->
                    add(builder.sd.reshape(blocks, a.rows() * others, a.columns()), a.rows() * others, a.columns());
            }
        }

        /** Each row an image, convolved; the result a row for each image, or for each of its pixels. */
        private void convolution(Grown a) {
            int columns = (int) a.columns();
            int in = divisor(columns, 4);
            int height = divisor(columns / in, 7);
            int width = columns / in / height;
            int kh = 1 + random.nextInt(4);
            int kw = 1 + random.nextInt(3);
            Sizes sizes = new Sizes(
                    (int) a.rows(),
                    height,
                    width,
                    in,
                    1 + random.nextInt(5),
                    kh,
                    kw,
                    1 + random.nextInt(Math.min(kh, 2)),
                    1 + random.nextInt(Math.min(kw, 2)),
                    random.nextBoolean(),
                    random.nextInt((kh + 1) / 2),
                    random.nextInt((kw + 1) / 2));
            if (columns > 300 || a.rows() > 50 || !sizes.fits()) {
                return;
            }
            boolean transposed = random.nextInt(3) == 0;
            long down = transposed ? sizes.transposedHeight() : sizes.outHeight();
            long across = transposed ? sizes.transposedWidth() : sizes.outWidth();
            if (down < 1 || across < 1) {
                return;
            }
            SDVariable images = builder.sd.reshape(a.variable(), -1, height, width, in);
            SDVariable y = transposed
                    ? ConvolutionCases.transposed(
                            builder, images, builder.parameter("p" + next++, kh, kw, sizes.out(), in), sizes)
                    : ConvolutionCases.plain(
                            builder, images, builder.parameter("p" + next++, kh, kw, in, sizes.out()), sizes);
            long rows = random.nextBoolean() ? a.rows() : a.rows() * down * across;
            long size = a.rows() * down * across * sizes.out();
            double scale = 1 / Math.sqrt((double) kh * kw * in);
            add(builder.sd.reshape(y, rows, size / rows).mul(scale), rows, size / rows);
        }

        /** A divisor, up to some number. */
        private int divisor(int of, int most) {
            int[] divisors = IntStream.rangeClosed(1, Math.min(of, most))
                    .filter(i -> of % i == 0)
                    .toArray();
            return divisors[random.nextInt(divisors.length)];
        }

        private void rare(Grown a) {
            SDVariable x = a.variable();
            switch (random.nextInt(8)) {
                case 0 -> add(x.max(true, 1), a.rows(), 1);
                case 6 -> builder.plainOutput(x.min(1).mul(2));
                case 1 -> {
                    Grown b = partner(a);
                    if (b.rows() == a.rows() && b.columns() == a.columns()) {
                        add(builder.sd.math().max(x, b.variable()), a.rows(), a.columns());
                    }
                }
                case 2 -> {
                    SDVariable mask = x.lt(pick().variable().mean()).castTo(builder.type);
                    add(mask.mul(x), a.rows(), a.columns());
                }
                case 3 -> add(builder.sd.math().square(x).mul(0.1).rsub(1).mul(0.3), a.rows(), a.columns());
                case 4 -> add(builder.sd.transpose(x), a.columns(), a.rows());
                case 5 -> add(builder.sd.math().sign(x).mul(x), a.rows(), a.columns());
                default ->
                    builder.plainOutput(GraphCase.stopGradient(builder.sd, x).mul(2));
            }
        }
    }
}
