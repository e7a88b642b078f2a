package org.likelihood4j.models;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.listeners.Operation;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.autodiff.samediff.array.SingleThreadArrayHolder;
import org.nd4j.autodiff.samediff.internal.InferenceSession;
import org.nd4j.autodiff.samediff.internal.memory.NoOpMemoryMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A graph under test with values for its parameters and buffers, run by SameDiff without any reuse
 * of arrays, so that nothing that a test holds is overwritten by a later run.
 */
public final class BoundGraph {
    static {
        // Tensors here are tiny, and threads that wait for each other on busy cores take most of
        // the time.
        Nd4j.getEnvironment().setMaxMasterThreads(1);
    }

    private final SameDiff graph;
    private final InferenceSession session;
    private final Map<String, INDArray> values = new HashMap<>();
    private InferenceSession backward;

    /**
     * Binds the values whose names the graph has; a variable without a value has a copy of the
     * array that it was made with.
     */
    public BoundGraph(SameDiff graph, Map<String, double[]> named) {
        this.graph = graph;
        graph.setArrayHolders(new SingleThreadArrayHolder(), new SingleThreadArrayHolder(), true);
        for (SDVariable variable : graph.variables()) {
            VariableType kind = variable.getVariableType();
            if (kind == VariableType.VARIABLE || kind == VariableType.CONSTANT) {
                INDArray array = variable.getArr();
                double[] value = named.get(variable.name());
                if (value != null) {
                    array = Nd4j.createFromArray(value)
                            .castTo(variable.dataType())
                            .reshape('c', array.shape());
                    graph.associateArrayWithVariable(array, variable);
                } else if (kind == VariableType.VARIABLE) {
                    // One zero repeated by strides of 0 is no matrix that a product can take.
                    array = array.dup('c');
                    graph.associateArrayWithVariable(array, variable);
                }
                values.put(variable.name(), array);
            }
        }
        this.session = session(graph);
    }

    private static InferenceSession session(SameDiff graph) {
        InferenceSession session = new InferenceSession(graph);
        session.setMmgr(new NoOpMemoryMgr());
        return session;
    }

    /** The live values of a variable: writing to them changes the next run. */
    public INDArray value(String name) {
        return values.get(name);
    }

    public INDArray run(String output, Map<String, INDArray> placeholders) {
        return run(List.of(output), placeholders).get(output);
    }

    public Map<String, INDArray> run(List<String> outputs, Map<String, INDArray> placeholders) {
        return run(session, outputs, placeholders);
    }

    private static Map<String, INDArray> run(
            InferenceSession session, List<String> outputs, Map<String, INDArray> placeholders) {
        return session.output(outputs, placeholders, null, List.of(), List.of(), At.defaultAt(Operation.INFERENCE));
    }

    /**
     * Gradients of a scalar; fails with the name of a variable that has none. The loss must be the
     * same at every call.
     */
    public Map<String, INDArray> gradients(String loss, List<String> names, Map<String, INDArray> placeholders) {
        if (backward == null) {
            graph.setLossVariables(loss);
            graph.createGradFunction();
            SameDiff gradient = graph.getFunction("grad");
            gradient.setArrayHolders(new SingleThreadArrayHolder(), new SingleThreadArrayHolder(), true);
            values.forEach((name, array) -> gradient.associateArrayWithVariable(array, name));
            backward = session(gradient);
        }
        List<String> gradientNames = new ArrayList<>();
        for (String name : names) {
            SDVariable gradient = graph.grad(name);
            if (gradient == null) {
                throw new AssertionError(name + " has no gradient");
            }
            gradientNames.add(gradient.name());
        }
        Map<String, INDArray> all = run(backward, gradientNames, placeholders);
        Map<String, INDArray> named = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            named.put(names.get(i), all.get(gradientNames.get(i)));
        }
        return named;
    }

    /**
     * Compares gradients of a float64 graph with central differences along random directions in the
     * space of each variable, so that a wrong element anywhere shows.
     */
    public void checkGradients(
            String loss, List<String> names, Map<String, INDArray> placeholders, int directions, long seed) {
        double h = 1e-5;
        Random random = new Random(seed);
        Map<String, INDArray> gradients = gradients(loss, names, placeholders);
        RepeatedRun forward = RepeatedRun.of(session, loss, placeholders);
        for (String name : names) {
            INDArray variable = values.get(name);
            INDArray gradient = gradients.get(name);
            if (!Arrays.equals(gradient.shape(), variable.shape())) {
                throw new AssertionError("the gradient of " + name + " has shape " + Arrays.toString(gradient.shape()));
            }
            if (gradient.amaxNumber().doubleValue() == 0) {
                throw new AssertionError("the gradient of " + name + " is 0 everywhere");
            }
            INDArray centre = variable.dup();
            for (int i = 0; i < directions; i++) {
                double[] elements = random.doubles(variable.length(), -1, 1).toArray();
                INDArray direction = Nd4j.createFromArray(elements).reshape('c', variable.shape());
                variable.assign(centre.add(direction.mul(h)));
                double above = forward.again().getDouble(0);
                variable.assign(centre.sub(direction.mul(h)));
                double below = forward.again().getDouble(0);
                variable.assign(centre);
                double expected = (above - below) / (2 * h);
                double actual = gradient.mul(direction).sumNumber().doubleValue();
                // Truncation is of the order h^2 times the size of the derivatives; rounding 1e-16
                // |loss| / h.
                double size = gradient.norm2Number().doubleValue();
                double tolerance = 1e-7 * (1 + size) + 1e-10 * Math.abs(above);
                if (!(Math.abs(actual - expected) <= tolerance)) {
                    throw new AssertionError("the slope of " + loss + " along " + name + " is " + actual
                            + ", by central differences " + expected);
                }
            }
        }
    }

    /**
     * The rows of {@code [N, D]}, read in one piece: toDoubleMatrix makes a view of every row,
     * which takes seconds.
     */
    public static double[][] matrix(INDArray array) {
        double[] flat = array.dup('c').data().asDouble();
        int columns = (int) array.size(1);
        double[][] rows = new double[(int) array.size(0)][];
        Arrays.setAll(rows, n -> Arrays.copyOfRange(flat, n * columns, (n + 1) * columns));
        return rows;
    }

    /**
     * Random values for every tensor, none of them near 0, where initial values are; the same for
     * every float type.
     */
    public static Map<String, double[]> perturbed(List<Parameter> parameters, double scale, long seed) {
        Random random = new Random(seed);
        Map<String, double[]> values = new LinkedHashMap<>();
        for (Parameter parameter : parameters) {
            double[] own = random.doubles(parameter.length(), -1, 1)
                    .map(u -> scale * (u + 0.3 * Math.signum(u)))
                    .toArray();
            if (parameter.initializer() instanceof Initializer.Rows rows) {
                // What rises from row to row by 1 goes on rising.
                int columns = own.length / rows.values().size();
                Arrays.setAll(own, i -> rows.values().get(i / columns) + Math.tanh(own[i]) / 3);
            }
            values.put(parameter.name(), own);
        }
        return values;
    }
}
