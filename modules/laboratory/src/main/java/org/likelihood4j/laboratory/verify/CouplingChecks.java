package org.likelihood4j.laboratory.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.likelihood4j.inference.runtime.OutputValues;
import org.likelihood4j.laboratory.verify.Formulas.Block;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.Initializer;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.bijectors.Bijector;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.Outputs;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The coupling block {@code y1 = exp(G(x2)) x1 + F(x2), y2 = exp(s) x2}: its inverse, its Jacobian, its log-determinant, and
 * that it does not preserve volume.
 */
final class CouplingChecks {
    /** Points at which each block is checked. */
    private static final int POINTS = 8;

    static final ParameterPath PATH = ParameterPath.root().child("block");

    /** Either half first, a split without runs, one and two hidden layers. */
    private static final List<Block> BLOCKS = List.of(
            new Block(List.of(false, false, true, true, true), List.of(6), 1.5),
            new Block(List.of(true, true, true, false, false, false), List.of(5, 4), 0.8),
            new Block(List.of(true, false, true, false, false), List.of(4), 1.2));

    private CouplingChecks() {}

    static Finding inverse(Formulas formulas, RandomGenerator random) {
        LargestError worst = new LargestError();
        for (Block block : BLOCKS) {
            Bijector bijector = formulas.coupling().apply(PATH, block);
            Map<String, double[]> values = formulas.values().draw(bijector.parameters(), 1, random);
            double[][] points = Draws.normal(POINTS, block.dimension(), 2, random);
            for (boolean forwardFirst : new boolean[] {true, false}) {
                worst.compare(roundTrip(bijector, values, points, forwardFirst), Matrices.flat(points));
            }
        }
        return Finding.atMost(
                1e-12, "coupling: inverse", "x -> y -> x and y -> x -> y, 3 splits", worst.cases(), worst.error());
    }

    /** The points, there and back, by the forward direction first or by the inverse. */
    static double[] roundTrip(
            Bijector bijector, Map<String, double[]> values, double[][] points, boolean forwardFirst) {
        return roundTrip(bijector, values, Map.of(), points, forwardFirst);
    }

    /** The same of a bijector that is told something, of each point one of these rows in turn. */
    static double[] roundTrip(
            Bijector bijector,
            Map<String, double[]> values,
            Map<String, double[][]> told,
            double[][] points,
            boolean forwardFirst) {
        GraphBuilder g = new GraphBuilder(DataType.DOUBLE);
        EventShape start = forwardFirst ? bijector.inputShape() : bijector.outputShape();
        SDVariable from = g.input(new FunctionInput.Value("from", start));
        SDVariable there = (forwardFirst ? bijector.forward(g, from) : bijector.inverse(g, from)).value();
        SDVariable back = (forwardFirst ? bijector.inverse(g, there) : bijector.forward(g, there)).value();
        ModelFunction function = g.function(new Outputs().events("back", start, back));
        Map<String, double[][]> inputs = inTurn(told, points.length, 1);
        inputs.put("from", points);
        return FormulaRun.run(function, values, inputs).get("back");
    }

    /** Each row so many times, one after the other. */
    private static Map<String, double[][]> inTurn(Map<String, double[][]> told, int rows, int times) {
        Map<String, double[][]> all = new LinkedHashMap<>();
        told.forEach((name, each) -> all.put(
                name,
                IntStream.range(0, rows)
                        .mapToObj(row -> each[row / times % each.length])
                        .toArray(double[][]::new)));
        return all;
    }

    static Finding zeros(Formulas formulas, RandomGenerator random) {
        LargestError worst = new LargestError();
        for (Block block : BLOCKS) {
            Bijector bijector = formulas.coupling().apply(PATH, block);
            Map<String, double[]> values = formulas.values().draw(bijector.parameters(), 1, random);
            for (double[][] jacobian :
                    forward(bijector, block.dimension(), values, random).jacobians()) {
                for (int i = 0; i < jacobian.length; i++) {
                    for (int j = 0; j < jacobian.length; j++) {
                        boolean shift =
                                !block.conditions().get(i) && block.conditions().get(j);
                        if (i != j && !shift) {
                            worst.add(Math.abs(jacobian[i][j]));
                        }
                    }
                }
            }
        }
        return Finding.atMost(
                0,
                "coupling: dy2/dx1 = 0, diagonal blocks",
                "zeros of the autodiff Jacobian, exactly",
                worst.cases(),
                worst.error());
    }

    static Finding diagonal(Formulas formulas, RandomGenerator random) {
        LargestError worst = new LargestError();
        for (Block block : BLOCKS) {
            Bijector bijector = formulas.coupling().apply(PATH, block);
            Map<String, double[]> values = formulas.values().draw(bijector.parameters(), 1, random);
            PlainScales scales = new PlainScales(PATH, block, values);
            Forward forward = forward(bijector, block.dimension(), values, random);
            for (int n = 0; n < POINTS; n++) {
                double[] expected = scales.at(forward.points()[n]);
                for (int i = 0; i < expected.length; i++) {
                    worst.compare(forward.jacobians().get(n)[i][i], Math.exp(expected[i]));
                }
            }
        }
        return Finding.atMost(
                1e-12,
                "coupling: diagonal exp(G(x2)), exp(s)",
                "autodiff Jacobian with G, s in plain Java",
                worst.cases(),
                worst.error());
    }

    static Finding logDeterminant(Formulas formulas, RandomGenerator random) {
        LargestError worst = new LargestError();
        for (Block block : BLOCKS) {
            compareLogDet(formulas.coupling().apply(PATH, block), block.dimension(), formulas, random, worst);
        }
        List<Bijector> links = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            // Any two halves of 5 columns.
            Block block = BLOCKS.get(i == 1 ? 2 : 0);
            links.add(formulas.coupling().apply(PATH.child("link", i), block));
        }
        compareLogDet(formulas.chain().apply(links), 5, formulas, random, worst);
        return Finding.atMost(
                1e-10,
                "log|det J| = sum G + sum s",
                "autodiff Jacobian's LU; also 3 in a chain",
                worst.cases(),
                worst.error());
    }

    private static void compareLogDet(
            Bijector bijector, int dimension, Formulas formulas, RandomGenerator random, LargestError worst) {
        Map<String, double[]> values = formulas.values().draw(bijector.parameters(), 1, random);
        Forward forward = forward(bijector, dimension, values, random);
        for (int n = 0; n < POINTS; n++) {
            worst.compare(
                    forward.logDets()[n], Matrices.logAbsDet(forward.jacobians().get(n)));
        }
    }

    /** With all of s and G's biases drawn positive, and G's slopes small, so that the terms do not cancel by chance. */
    static Finding volume(Formulas formulas, RandomGenerator random) {
        double smallest = Double.POSITIVE_INFINITY;
        long cases = 0;
        for (Block block : BLOCKS) {
            Bijector bijector = formulas.coupling().apply(PATH, block);
            Map<String, double[]> values = formulas.values().draw(bijector.parameters(), 1, random);
            values.replaceAll((name, value) -> {
                boolean weight = name.endsWith("weight");
                return Arrays.stream(value)
                        .map(v -> weight ? 0.05 * v : Math.abs(v))
                        .toArray();
            });
            for (double logDet :
                    forward(bijector, block.dimension(), values, random).logDets()) {
                smallest = Math.min(smallest, Math.abs(logDet));
                cases++;
            }
        }
        return Finding.above(
                0.1, "coupling: volume is not preserved", "smallest |log det| where s, G > 0", cases, smallest);
    }

    /** A bijector's forward pass at random points. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Forward(double[][] points, double[][] values, double[] logDets, List<double[][]> jacobians) {}

    /**
     * Every point stands D times in the batch; the gradient of the sum of {@code y[n D + i, i]} is, at row {@code n D + i}, the
     * i-th row of the Jacobian at point n.
     */
    static Forward forward(Bijector bijector, int dimension, Map<String, double[]> parameters, RandomGenerator random) {
        return forward(bijector, dimension, parameters, Map.of(), random);
    }

    /** The same of a bijector that is told something, of each point one of these rows in turn. */
    static Forward forward(
            Bijector bijector,
            int dimension,
            Map<String, double[]> parameters,
            Map<String, double[][]> told,
            RandomGenerator random) {
        double[][] points = Draws.normal(POINTS, dimension, 1.5, random);
        int rows = POINTS * dimension;
        double[][] tiled = new double[rows][];
        INDArray selection = Nd4j.zeros(DataType.DOUBLE, rows, dimension);
        for (int row = 0; row < rows; row++) {
            tiled[row] = points[row / dimension];
            selection.putScalar(row, row % dimension, 1);
        }
        GraphBuilder g = new GraphBuilder(DataType.DOUBLE);
        SDVariable x =
                g.parameter(new Parameter("x", List.of((long) rows, (long) dimension), Initializer.zeros(), false));
        Bijector.Result y = bijector.forward(g, x);
        SDVariable sum = y.value().mul(g.sameDiff().constant(selection)).sum();
        ModelFunction function = g.function(new Outputs()
                .scalar("sum", sum)
                .perExample("log_det", y.logDet())
                .events("value", bijector.outputShape(), y.value()));
        Map<String, double[]> values = new LinkedHashMap<>(parameters);
        values.put("x", Matrices.flat(tiled));
        Map<String, double[][]> inputs = inTurn(told, rows, dimension);
        OutputValues outputs = FormulaRun.run(function, values, inputs);
        double[] logDets = outputs.get("log_det");
        double[][] tiledValues = Matrices.rows(outputs.get("value"), dimension);
        double[] gradient =
                FormulaRun.gradients(function, List.of("x"), values, inputs).get("x");
        double[][] all = Matrices.rows(gradient, dimension);
        List<double[][]> jacobians = new ArrayList<>();
        double[] perPoint = new double[POINTS];
        double[][] mapped = new double[POINTS][];
        for (int n = 0; n < POINTS; n++) {
            jacobians.add(Arrays.copyOfRange(all, n * dimension, (n + 1) * dimension));
            perPoint[n] = logDets[n * dimension];
            mapped[n] = tiledValues[n * dimension];
        }
        return new Forward(points, mapped, perPoint, jacobians);
    }
}
