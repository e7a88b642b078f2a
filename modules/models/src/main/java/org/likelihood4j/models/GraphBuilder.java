package org.likelihood4j.models;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.autodiff.samediff.array.SingleThreadArrayHolder;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ops.impl.controlflow.compat.StopGradient;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Builds one {@link ModelFunction}: a SameDiff graph with its declared inputs, and the few operations that are easily got
 * wrong in SameDiff, each in its stable form.
 */
public final class GraphBuilder {
    private final SameDiff graph = SameDiff.create();
    private final Declared declared = new Declared();
    private final DataType type;
    private final Map<String, FunctionInput> inputs = new LinkedHashMap<>();

    /**
     * A builder of one function.
     *
     * @param type FLOAT or DOUBLE: the type of every input, parameter and result
     */
    public GraphBuilder(DataType type) {
        if (type != DataType.FLOAT && type != DataType.DOUBLE) {
            throw new IllegalArgumentException("the type must be FLOAT or DOUBLE, was " + type);
        }
        this.type = type;
        // SameDiff's own holders keep a copy of each array for each device.
        graph.setArrayHolders(new SingleThreadArrayHolder(), new SingleThreadArrayHolder(), false);
    }

    public SameDiff sameDiff() {
        return graph;
    }

    public DataType type() {
        return type;
    }

    /** The placeholder {@code [N, size]} of an input, declared at its first use. */
    public SDVariable input(FunctionInput input) {
        FunctionInput known = inputs.putIfAbsent(input.name(), input);
        if (known == null) {
            return graph.placeHolder(input.name(), type, -1, input.size());
        }
        if (!known.equals(input)) {
            throw new IllegalArgumentException("input " + input.name() + " is declared twice: " + known + ", " + input);
        }
        return graph.getVariable(input.name());
    }

    /** The variable of a trained parameter, made at its first use. */
    public SDVariable parameter(Parameter parameter) {
        return graph.hasVariable(parameter.name())
                ? graph.getVariable(parameter.name())
                : graph.var(parameter.name(), VariableType.VARIABLE, declared, type, shape(parameter));
    }

    /** The constant of a buffer, made at its first use. */
    public SDVariable buffer(Parameter parameter) {
        return graph.hasVariable(parameter.name())
                ? graph.getVariable(parameter.name())
                : graph.constant(parameter.name(), Nd4j.zeros(type, shape(parameter)));
    }

    private static long[] shape(Parameter parameter) {
        return parameter.shape().stream().mapToLong(Long::longValue).toArray();
    }

    /** {@code [N, D]} to {@code [N]}: the sum over the D columns. (SameDiff's sum over an axis of size 1 can throw.) */
    public SDVariable sumPerExample(SDVariable x, int size) {
        return size == 1 ? x.reshape(-1) : x.sum(1);
    }

    /** {@code [N]} zeros, with the N of {@code x [N, D]}. */
    public SDVariable zerosPerExample(SDVariable x, int size) {
        return graph.zerosLike(sumPerExample(x, size));
    }

    /**
     * log(1 + exp(x)) = max(x, 0) + log1p(exp(-|x|)): finite for every finite x, unlike SameDiff's softplus. max(x, 0) is
     * written as (x + |x|)/2, because with a rectifier's slope of 0 at x = 0 the whole would have the slope 0 there, not 1/2.
     */
    public SDVariable softplus(SDVariable x) {
        SDVariable size = graph.math().abs(x);
        SDVariable tail = graph.math().log1p(graph.math().exp(size.neg()));
        return x.add(size).mul(0.5).add(tail);
    }

    /**
     * The columns {@code [from, to)} of {@code x [N, D]}. (The gradient of SameDiff's strided slice, which {@code get} builds,
     * is wrong for N = 1.)
     */
    public SDVariable columns(SDVariable x, int from, int to) {
        return graph.slice(x, new int[] {0, from}, -1, to - from);
    }

    /**
     * {@code y[:, i] = x[:, order[i]]} of {@code x [N, D]}, for a permutation of the D columns. Rows of the transpose are scattered
     * onto zeros, because that is the only selection of which SameDiff has a working gradient: its gather has none along
     * columns, and a product with a matrix of zeros and ones needs D x D numbers.
     */
    public SDVariable reorder(SDVariable x, int[] order) {
        int[] place = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            place[order[i]] = i;
        }
        SDVariable columns = graph.transpose(x);
        SDVariable zeros = graph.zerosLike(stopGradient(columns));
        return graph.transpose(graph.scatterAdd(zeros, graph.constant(Nd4j.createFromArray(place)), columns));
    }

    /**
     * x, through which no gradient flows. (Both the name and the gradient of 0 are ND4J's own; a subclass of another
     * operation would lose its overridden gradient, because SameDiff builds the gradient graph from serialised copies.)
     */
    public SDVariable stopGradient(SDVariable x) {
        return new StopGradient(graph, x).outputVariable();
    }

    /**
     * x, but at least {@code low} and at most {@code high}, with the gradient of x itself: within the bounds nothing changes,
     * and what lies beyond them, where the true gradient is 0, can still be drawn back. (Built from comparisons: a sum such as
     * {@code low + max(x - low, 0)} would round every x.)
     */
    public SDVariable clamp(SDVariable x, double low, double high) {
        SDVariable zeros = graph.zerosLike(x);
        SDVariable below = graph.lt(x, zeros.add(low)).castTo(type);
        SDVariable above = graph.lt(zeros.add(high), x).castTo(type);
        SDVariable inside = below.add(above).rsub(1);
        SDVariable clamped = x.mul(inside).add(below.mul(low)).add(above.mul(high));
        // x minus itself is 0, and its gradient is that of x.
        return stopGradient(clamped).add(x.sub(stopGradient(x)));
    }

    /** {@code [N, size]} to {@code [N * times, size]}: each row {@code times} times, one after the other. */
    public SDVariable repeatRows(SDVariable x, int size, int times) {
        if (times == 1) {
            return x;
        }
        SDVariable ones = graph.constant(Nd4j.ones(type, 1, times, 1));
        return x.reshape(-1, 1, size).mul(ones).reshape(-1, size);
    }

    /**
     * {@code log sum of exp(x)} over the columns of {@code x [N, size]}, to {@code [N]}: {@code m + log sum of exp(x - m)}
     * with the row's largest m, so that it neither overflows nor vanishes. (SameDiff's own has no working gradient.)
     */
    public SDVariable logSumExp(SDVariable x, int size) {
        if (size == 1) {
            return x.reshape(-1);
        }
        // The gradient with respect to m is 0, whatever m is.
        SDVariable largest = stopGradient(graph.max(x, true, 1));
        SDVariable sum = graph.math().exp(x.sub(largest)).sum(1);
        return graph.math().log(sum).add(largest.reshape(-1));
    }

    /**
     * {@code [N, D]} to {@code [1, D]}: the mean over the N rows. (SameDiff's sum over an axis of size 1 can throw, and so does
     * the gradient of its product of two 1 x 1 matrices.)
     */
    public SDVariable meanOverExamples(SDVariable x, int size) {
        if (size == 1) {
            return x.mean().reshape(1, 1);
        }
        SDVariable ones = zerosPerExample(x, size).add(1).reshape(1, -1);
        return ones.mmul(x).div(ones.sum());
    }

    /** Finishes the function; each output gets the name under which it is declared. */
    public ModelFunction function(Map<String, SDVariable> outputs) {
        // By identity: a variable's hash changes with its name.
        Set<SDVariable> named = Collections.newSetFromMap(new IdentityHashMap<>());
        outputs.forEach((name, variable) -> {
            // An input, a parameter or another output keeps its own name, so it is copied by an operation. (SameDiff's
            // identity would pass the array itself on, and then recycle it under whoever holds the output.)
            boolean free = variable.getVariableType() == VariableType.ARRAY && named.add(variable);
            (free ? variable : variable.mul(1.0)).rename(name);
        });
        return new ModelFunction(graph, new ArrayList<>(inputs.values()), new ArrayList<>(outputs.keySet()));
    }

    /** Outputs in order, from alternating names and variables. */
    public static Map<String, SDVariable> outputs(Object... namesAndVariables) {
        Map<String, SDVariable> outputs = new LinkedHashMap<>();
        for (int i = 0; i < namesAndVariables.length; i += 2) {
            outputs.put((String) namesAndVariables[i], (SDVariable) namesAndVariables[i + 1]);
        }
        if (outputs.size() * 2 != namesAndVariables.length) {
            throw new IllegalArgumentException("outputs need distinct names: " + Arrays.toString(namesAndVariables));
        }
        return outputs;
    }

    /** The inputs declared so far. */
    public List<FunctionInput> inputs() {
        return new ArrayList<>(inputs.values());
    }
}
