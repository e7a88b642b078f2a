package org.likelihood4j.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Supplier;
import org.likelihood4j.engine.compiled.CompiledEngine;
import org.likelihood4j.engine.cpu.CpuDevice;
import org.likelihood4j.engine.cpu.arithmetic.Arithmetic;
import org.likelihood4j.engine.plan.ConvolutionShape;
import org.likelihood4j.engine.plan.Layout;
import org.likelihood4j.engine.plan.Layout.Narrowing;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.controlflow.compat.StopGradient;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A small graph that can be made in either type, and compared: the reference engine's float64 results on the same numbers are the
 * truth for the compiled engine in float32, with vector and with plain arithmetic.
 */
final class GraphCase {
    static final List<Engine> COMPILED = List.of(Engines.best(), new CompiledEngine(new CpuDevice(Arithmetic.plain())));

    /** Products of all sizes, also of those that no device is faster with. */
    static final Narrowing EVERYTHING = new Narrowing() {
        @Override
        public boolean ofProduct(int rows, int columns, int inner) {
            return true;
        }

        @Override
        public boolean ofConvolution(ConvolutionShape shape, ConvolutionShape.Direction direction) {
            // Of others oneDNN writes a part only.
            return direction != ConvolutionShape.Direction.WEIGHTS || shape.readsAtEveryPlace();
        }
    };

    static final Engine MIXED = new CompiledEngine(new CpuDevice(), EVERYTHING);

    private static final UpdateRule PLAIN = UpdateRule.of(new Optimizer.Momentum(0, 0));

    static final Layout LAYOUT = new Layout(16, 256, false);
    private static final InterpretedEngine INTERPRETED = new InterpretedEngine(LAYOUT, Narrowing.NONE, x -> x);

    /**
     * Of float64 in another order: sums of 7 x 6,000 numbers at most, each off by 1.1e-16 of its size, are off by 5e-12 of their
     * terms' size, which some thirty operations may make twenty times as much.
     */
    private static final double EXACT = 1e-10;

    /** Of one number computed in float32: half a last digit, or for an elementary function 2e-7, which is four times as much. */
    private static final double DISTURBANCE = 0x1p-22;

    private static final int DISTURBANCES = 2;
    /** The larger of two random errors may be so much smaller than another one. */
    private static final double TIMES = 8;
    /** Of numbers that are stored in float32. */
    private static final double STORED = 0x1p-22;

    private final Consumer<Sketch> graph;
    private final double tolerance;

    /** A case with a tolerance relative to an output's largest number. */
    GraphCase(double tolerance, Consumer<Sketch> graph) {
        this.graph = graph;
        this.tolerance = tolerance;
    }

    /** Compares forward passes, trainings, and gradients of the marked intermediate values. */
    static void check(Consumer<Sketch> graph) {
        new GraphCase(1e-5, graph).check(new LinkedHashMap<>());
    }

    /** What a graph is written with. */
    static final class Sketch {
        final SameDiff sd = SameDiff.create();
        final DataType type;
        private final List<Input> inputs = new ArrayList<>();
        private final List<Slot> parameters = new ArrayList<>();
        private final List<String> outputs = new ArrayList<>();
        private final List<String> inner = new ArrayList<>();
        private final Map<String, String> terms = new LinkedHashMap<>();
        private long length;

        Sketch(DataType type) {
            this.type = type;
        }

        SDVariable input(String name, long... shape) {
            inputs.add(new Input(name, type, Arrays.stream(shape).boxed().toList()));
            return sd.placeHolder(name, type, shape);
        }

        SDVariable parameter(String name, long... shape) {
            Slot slot = new Slot(name, Arrays.stream(shape).boxed().toList(), length, true);
            parameters.add(slot);
            length += slot.length();
            return sd.var(name, type, shape);
        }

        /** Chosen numbers, in C order. */
        SDVariable constant(double[] values, long... shape) {
            return sd.constant(Nd4j.createFromArray(values).castTo(type).reshape('c', shape));
        }

        /** Random numbers. */
        SDVariable constant(long seed, long... shape) {
            int size = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
            Random random = new Random(seed);
            return constant(random.doubles(size).map(v -> (float) (2 * v - 1)).toArray(), shape);
        }

        /** A differentiable output. */
        SDVariable output(SDVariable value) {
            outputs.add(value.name());
            terms.putIfAbsent(value.name(), value.name());
            return value;
        }

        /** An output that the loss leaves out. */
        void plainOutput(SDVariable value) {
            outputs.add(value.name());
        }

        /** A value whose gradient {@link Engine#compileGradient} is asked for. */
        SDVariable inner(SDVariable value) {
            inner.add(value.name());
            return value;
        }

        /** The loss: all differentiable outputs, each position with a weight of its own, and a bit of every parameter. */
        private String loss() {
            SDVariable loss = null;
            long seed = 100;
            List<String> all = new ArrayList<>(terms.keySet());
            parameters.forEach(slot -> all.add(slot.name()));
            for (String name : all) {
                SDVariable value = sd.getVariable(name);
                boolean parameter =
                        parameters.stream().anyMatch(slot -> slot.name().equals(name));
                long[] shape = parameter ? value.getShape() : sizes.get(name);
                SDVariable weights = shape.length == 0 ? sd.constant(Nd4j.scalar(type, 0.5)) : constant(seed++, shape);
                SDVariable term = value.mul(weights).sum();
                loss = loss == null ? term : loss.add(term);
            }
            return loss.mul(0.5).name();
        }

        private Map<String, long[]> sizes = Map.of();

        /** Of the parameters, zeros. */
        FlatVector vector() {
            return FlatVector.zeros(parameters, type);
        }

        /** Of the sketch's inputs. */
        Computation computation(String... wanted) {
            return new Computation(sd, inputs, List.of(wanted));
        }
    }

    /** SameDiff has no method for it. */
    static SDVariable stopGradient(SameDiff sd, SDVariable x) {
        return new StopGradient(sd, x).outputVariable();
    }

    private Sketch build(DataType type) {
        Sketch builder = new Sketch(type);
        graph.accept(builder);
        return builder;
    }

    /** Numbers that float32 has. */
    private static void fill(INDArray flat, long seed) {
        Random random = new Random(seed);
        for (long i = 0; i < flat.length(); i++) {
            flat.putScalar(i, (float) random.nextGaussian());
        }
    }

    private static List<INDArray> inputs(Sketch builder, long seed) {
        List<INDArray> arrays = new ArrayList<>();
        for (Input input : builder.inputs) {
            long[] shape = input.shape().stream().mapToLong(Long::longValue).toArray();
            INDArray array = Nd4j.zeros(builder.type, shape);
            fill(array.reshape(array.length()), seed * 31 + arrays.size());
            arrays.add(array);
        }
        return arrays;
    }

    /** What one run of a program returns. */
    private record Results(List<String> names, List<double[]> values) {}

    /** The reference engine cannot run a graph, so that nothing is known of it. */
    static final class NoReferenceException extends RuntimeException {
        private static final long serialVersionUID = 1;

        NoReferenceException(RuntimeException cause) {
            super("the reference cannot run this graph", cause);
        }
    }

    /** The reference engine's, in float64. */
    private List<Results> truth(Map<String, long[]> sizes) {
        try {
            return results(DataType.DOUBLE, Engines.reference(), sizes);
        } catch (RuntimeException e) {
            throw new NoReferenceException(e);
        }
    }

    /** Compares, and gives what the compiled engines made of it; puts the outputs' shapes into a map. */
    private List<List<Results>> check(Map<String, long[]> sizes) {
        List<Results> truth = truth(sizes);
        compare(truth, results(DataType.DOUBLE, Engines.best(), sizes), EXACT, () -> truth);
        compare(truth, results(DataType.DOUBLE, INTERPRETED, sizes), EXACT, () -> truth);
        List<List<Results>> all = new ArrayList<>();
        for (Engine engine : COMPILED) {
            List<Results> found = results(DataType.FLOAT, engine, sizes);
            compare(truth, found, tolerance, () -> results(DataType.FLOAT, Engines.reference(), sizes));
            all.add(found);
        }
        return all;
    }

    /** Checks, and that the compiled engine is as exact as float32's arithmetic lets it be, by the plan's interpreter. */
    void checkArithmetic() {
        Map<String, long[]> sizes = new LinkedHashMap<>();
        List<List<Results>> found = check(sizes);
        arithmetic(LAYOUT, Narrowing.NONE, DISTURBANCE, sizes).requireAsExact(found);
    }

    /** Checks in the same way another device's engine, which plans for a layout. */
    void checkArithmetic(Engine engine, Layout layout) {
        Map<String, long[]> sizes = new LinkedHashMap<>();
        List<Results> truth = truth(sizes);
        List<Results> found = results(DataType.FLOAT, engine, sizes);
        compare(truth, found, tolerance, () -> results(DataType.FLOAT, Engines.reference(), sizes));
        arithmetic(layout, Narrowing.NONE, DISTURBANCE, sizes).requireAsExact(List.of(found));
    }

    /** Checks mixed precision of another device's engine, in which every product multiplies bfloat16s. */
    void checkMixed(Engine engine, Layout layout) {
        Map<String, long[]> sizes = new LinkedHashMap<>();
        truth(sizes);
        arithmetic(layout, EVERYTHING, 16 * DISTURBANCE, sizes)
                .requireAsExact(List.of(results(DataType.FLOAT, engine, sizes)));
    }

    /** Checks mixed precision, in which every product multiplies bfloat16s, against the plan's interpreter, which rounds as exactly. */
    void checkMixed() {
        checkMixed(MIXED, LAYOUT);
    }

    /**
     * Runs the plans' interpreter for a device's layout. Where a number is near the middle of two bfloat16s, rounding makes of any
     * difference one of 2^-8: in larger disturbances that happens often enough to be seen.
     */
    private Arithmetic32 arithmetic(Layout layout, Narrowing narrowing, double disturbance, Map<String, long[]> sizes) {
        Rounding rounding = new Rounding();
        try (Programs programs =
                new Programs(DataType.FLOAT, new InterpretedEngine(layout, narrowing, rounding), sizes)) {
            List<Results> exact = programs.run();
            List<List<Results>> disturbed = new ArrayList<>();
            int seeds = narrowing == Narrowing.NONE ? DISTURBANCES : 2 * DISTURBANCES;
            for (int seed = 0; seed < seeds; seed++) {
                Random random = new Random(seed);
                rounding.now = x -> x * (1 + disturbance * (2 * random.nextDouble() - 1));
                disturbed.add(programs.run());
            }
            return new Arithmetic32(exact, disturbed);
        }
    }

    /** None at first, and then another one from run to run of the same plans. */
    private static final class Rounding implements DoubleUnaryOperator {
        private DoubleUnaryOperator now = x -> x;

        @Override
        public double applyAsDouble(double x) {
            return now.applyAsDouble(x);
        }
    }

    /**
     * What a device may be off by: what comes out where each number that is computed is off by a random part of what one is. So its
     * error must be no more than a few times the largest of some such results'.
     */
    private record Arithmetic32(List<Results> exact, List<List<Results>> disturbed) {
        void requireAsExact(List<List<Results>> devices) {
            devices.forEach(this::requireAsExactOne);
        }

        private void requireAsExactOne(List<Results> found) {
            for (int run = 0; run < exact.size(); run++) {
                for (int i = 0; i < exact.get(run).values().size(); i++) {
                    double[] expected = exact.get(run).values().get(i);
                    double allowed = STORED;
                    for (List<Results> other : disturbed) {
                        allowed = Math.max(
                                allowed,
                                TIMES * error(expected, other.get(run).values().get(i)));
                    }
                    double error = error(expected, found.get(run).values().get(i));
                    if (!(error <= allowed)) {
                        throw new AssertionError(exact.get(run).names().get(i) + " of run " + run
                                + " has a relative error of " + error + ", where arithmetic explains " + allowed);
                    }
                }
            }
        }
    }

    /** Where numbers cancel float32 itself, {@code usual}, may be no better. */
    private static void compare(
            List<Results> truth, List<Results> found, double tolerance, Supplier<List<Results>> usual) {
        for (int run = 0; run < truth.size(); run++) {
            for (int i = 0; i < truth.get(run).values().size(); i++) {
                double[] expected = truth.get(run).values().get(i);
                double[] actual = found.get(run).values().get(i);
                double error = error(expected, actual);
                if (error > tolerance) {
                    double other = error(expected, usual.get().get(run).values().get(i));
                    if (!(error <= 20 * other)) {
                        throw new AssertionError(truth.get(run).names().get(i) + " of run " + run
                                + " has a relative error of " + error + " (the reference engine's is " + other
                                + "): expected " + head(expected) + ", was " + head(actual));
                    }
                }
            }
        }
    }

    private static String head(double[] values) {
        return Arrays.toString(Arrays.copyOf(values, Math.min(values.length, 12)));
    }

    /** What is smaller is left of larger numbers that cancel: only its rounding. */
    private static final double NOTHING = 1e-3;

    /** The largest difference, relative to the largest number; infinite where one is finite and the other is not. */
    private static double error(double[] expected, double[] actual) {
        if (expected.length != actual.length) {
            return Double.POSITIVE_INFINITY;
        }
        double largest = NOTHING;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            if (Double.isFinite(expected[i]) && Math.abs(expected[i]) < Float.MAX_VALUE) {
                largest = Math.max(largest, Math.abs(expected[i]));
                double d = Math.abs(expected[i] - actual[i]);
                difference = Double.isFinite(d) ? Math.max(difference, d) : Double.POSITIVE_INFINITY;
            } else if (Float.compare((float) expected[i], (float) actual[i]) != 0) {
                return Double.POSITIVE_INFINITY;
            }
        }
        return difference / largest;
    }

    private List<Results> results(DataType type, Engine engine, Map<String, long[]> sizes) {
        try (Programs programs = new Programs(type, engine, sizes)) {
            return programs.run();
        }
    }

    /** What an engine makes of the graph: its values, a training, and gradients of the marked values where there are any. */
    private final class Programs implements AutoCloseable {
        private final Sketch forward;
        private final FlatVector vector;
        private final Program values;
        private Sketch training;
        private List<String> outputs;
        private FlatVector trained;
        private TrainingProgram steps;
        private Sketch gradient;
        private List<String> wanted;
        private Program gradients;

        /** @param sizes of the outputs, which are looked at, and put there if they are not known yet */
        Programs(DataType type, Engine engine, Map<String, long[]> sizes) {
            forward = build(type);
            vector = forward.vector();
            fill(vector.flat(), 7);
            values = engine.compile(new Computation(forward.sd, forward.inputs, forward.outputs), bound(vector));
            lookAt(values.run(inputs(forward, 1)), sizes);
            if (forward.parameters.isEmpty()) {
                return;
            }
            training = build(type);
            training.sizes = sizes;
            outputs = new ArrayList<>(List.of(training.loss()));
            // Metrics are vectors.
            training.outputs.stream()
                    .filter(name -> sizes.get(name).length == 1)
                    .forEach(outputs::add);
            trained = training.vector();
            steps = engine.compileTraining(new Computation(training.sd, training.inputs, outputs), trained, PLAIN);
            if (training.inner.isEmpty()) {
                return;
            }
            gradient = build(type);
            gradient.sizes = sizes;
            wanted = new ArrayList<>(List.of(gradient.loss()));
            wanted.addAll(gradient.inner);
            gradients = engine.compileGradient(new Computation(gradient.sd, gradient.inputs, wanted), bound(vector));
        }

        private void lookAt(List<INDArray> results, Map<String, long[]> sizes) {
            for (int i = 0; i < results.size(); i++) {
                String name = forward.outputs.get(i);
                long[] shape = results.get(i).shape();
                if (!Arrays.equals(sizes.computeIfAbsent(name, any -> shape), shape)) {
                    throw new AssertionError(name + " has the shape " + Arrays.toString(shape) + ", expected "
                            + Arrays.toString(sizes.get(name)));
                }
            }
        }

        /** Everything that they return, for two different inputs each; the same each time. */
        List<Results> run() {
            List<Results> all = new ArrayList<>();
            for (long seed : new long[] {1, 2, 1}) {
                all.add(new Results(forward.outputs, numbers(values.run(inputs(forward, seed)))));
            }
            if (training != null) {
                fill(trained.flat(), 7);
                for (long seed : new long[] {3, 4}) {
                    all.add(step(inputs(training, seed)));
                }
            }
            if (gradient != null) {
                List<String> names = new ArrayList<>(wanted);
                gradient.inner.forEach(name -> names.add("the gradient of " + name));
                for (long seed : new long[] {5, 6}) {
                    all.add(new Results(names, numbers(gradients.run(inputs(gradient, seed)))));
                }
            }
            return all;
        }

        private Results step(List<INDArray> inputs) {
            StepResult result = steps.step(1e-3, inputs);
            List<String> names = new ArrayList<>(outputs);
            List<double[]> found = new ArrayList<>();
            found.add(new double[] {result.loss()});
            result.metrics().forEach(metric -> found.add(metric.clone()));
            for (Slot slot : training.parameters) {
                names.add("the gradient of " + slot.name());
                found.add(GraphCase.values(steps.gradient().view(slot.name())));
            }
            return new Results(names, found);
        }

        private static List<double[]> numbers(List<INDArray> arrays) {
            return arrays.stream().map(GraphCase::values).toList();
        }

        @Override
        public void close() {
            values.close();
            if (steps != null) {
                steps.close();
            }
            if (gradients != null) {
                gradients.close();
            }
        }
    }

    private static FlatVector[] bound(FlatVector vector) {
        return vector.slots().isEmpty() ? new FlatVector[0] : new FlatVector[] {vector};
    }

    private static double[] values(INDArray array) {
        return array.castTo(DataType.DOUBLE).dup('c').reshape(array.length()).toDoubleVector();
    }
}
