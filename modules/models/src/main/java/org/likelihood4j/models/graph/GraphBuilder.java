package org.likelihood4j.models.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.FunctionOutput;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.models.Parameter;
import org.nd4j.autodiff.samediff.NameScope;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.autodiff.samediff.array.SingleThreadArrayHolder;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Builds one {@link ModelFunction}: declares a SameDiff graph's inputs, parameters and buffers, and
 * finishes it with its outputs. What is between is made of SameDiff's operations and of {@link
 * org.likelihood4j.models.graph.StableOps}.
 */
public final class GraphBuilder {
    private final SameDiff graph;
    private final Declared declared;
    private final DataType type;
    private final Map<String, FunctionInput> inputs;
    /** Rows of what is computed with for each example. */
    private final int draws;
    /** What networks see beside their input; null where there is nothing. */
    private final SDVariable context;
    /** What all networks are told of each example; null where they are told nothing. */
    private final Told told;

    private final boolean training;

    /**
     * A builder of one function.
     *
     * @param type FLOAT or DOUBLE: the type of every input, parameter and result
     */
    public GraphBuilder(DataType type) {
        if (type != DataType.FLOAT && type != DataType.DOUBLE) {
            throw new IllegalArgumentException("the type must be FLOAT or DOUBLE, was " + type);
        }
        this.graph = SameDiff.create();
        this.declared = new Declared();
        this.type = type;
        this.inputs = new LinkedHashMap<>();
        this.draws = 1;
        this.context = null;
        this.told = null;
        this.training = false;
        // SameDiff's own holders keep a copy of each array for each device.
        graph.setArrayHolders(new SingleThreadArrayHolder(), new SingleThreadArrayHolder(), false);
    }

    /** {@code [N, size]}. */
    private record Told(SDVariable numbers, int size) {}

    private GraphBuilder(GraphBuilder same, int draws, SDVariable context, Told told, boolean training) {
        this.graph = same.graph;
        this.declared = same.declared;
        this.type = same.type;
        this.inputs = same.inputs;
        this.draws = draws;
        this.context = context;
        this.told = told;
        this.training = training;
    }

    /** A builder of the same graph for what is trained: networks may do what they do nowhere else, such as dropping units. */
    public GraphBuilder training() {
        return new GraphBuilder(this, draws, context, told, true);
    }

    public boolean isTraining() {
        return training;
    }

    /**
     * A builder of the same graph for what has several rows for each example, one after the other:
     * draws of its latent.
     */
    public GraphBuilder repeated(int count) {
        return count == 1 ? this : new GraphBuilder(this, count, null, told, training);
    }

    /**
     * A builder of the same graph for networks that see something beside their input.
     *
     * @param seen of each row, {@code [N draws, size]}
     */
    public GraphBuilder seeing(SDVariable seen) {
        return new GraphBuilder(this, draws, seen, told, training);
    }

    /** What networks see beside their input. */
    public SDVariable context() {
        if (context == null) {
            throw new IllegalStateException("a network sees more than its input, but nobody has said what");
        }
        return context;
    }

    /**
     * A builder of the same graph for networks that are told something of each example.
     *
     * @param numbers {@code [N, size]}, as networks see them
     */
    public GraphBuilder telling(SDVariable numbers, int size) {
        return new GraphBuilder(this, draws, context, new Told(numbers, size), training);
    }

    /** What networks are told of each row, {@code [N draws, size]}. */
    public SDVariable told() {
        if (told == null) {
            throw new IllegalStateException("a network is told something of each example, but nobody has said what");
        }
        return StableOps.repeatRows(told.numbers(), told.size(), draws);
    }

    /** The class of each row {@code [N draws, classes]}, declared at its first use. */
    public SDVariable condition(FunctionInput.Condition condition) {
        return StableOps.repeatRows(input(condition), condition.classes(), draws);
    }

    /**
     * Builds a part whose operations have names of their own, below the scope's. For each operation SameDiff looks for a free name by going through
     * those of the same kind: of graphs of tens of thousands that would take nearly all of the time. Parameters and buffers must be
     * known before, since they would get such a name, too.
     */
    public <T> T named(String scope, Supplier<T> part) {
        NameScope own = graph.withNameScope(scope);
        try {
            return part.get();
        } finally {
            own.close();
        }
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

    /** Finishes the function; each output gets the name under which it is declared. */
    public ModelFunction function(Outputs outputs) {
        // By identity: a variable's hash changes with its name.
        Set<SDVariable> named = Collections.newSetFromMap(new IdentityHashMap<>());
        List<FunctionOutput> types = new ArrayList<>();
        outputs.forEach((type, variable) -> {
            // An input, a parameter or another output keeps its own name, so it is copied by an
            // operation. (SameDiff's identity would pass the array itself on, and then recycle it
            // under whoever holds the output.)
            boolean free = variable.getVariableType() == VariableType.ARRAY && named.add(variable);
            (free ? variable : variable.mul(1.0)).rename(type.name());
            types.add(type);
        });
        return new ModelFunction(graph, new ArrayList<>(inputs.values()), types);
    }

    /** The inputs declared so far. */
    public List<FunctionInput> inputs() {
        return new ArrayList<>(inputs.values());
    }
}
