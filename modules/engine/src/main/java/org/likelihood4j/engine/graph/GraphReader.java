package org.likelihood4j.engine.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.plan.Graph;
import org.likelihood4j.engine.plan.Graph.Origin;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.BaseReduceOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.ScalarOp;

/** Reads what a recorded run of a SameDiff graph did into plain data. */
public final class GraphReader {
    private final SameDiff graph;
    private final Recording recording;
    private final DataType type;
    private final Set<String> vectors = new HashSet<>();

    private GraphReader(SameDiff graph, Recording recording, DataType type, FlatVector[] bound) {
        this.graph = graph;
        this.recording = recording;
        this.type = type;
        for (FlatVector vector : bound) {
            vector.slots().forEach(slot -> vectors.add(slot.name()));
        }
    }

    public static Graph read(SameDiff graph, Recording recording, DataType type, FlatVector... bound) {
        return new GraphReader(graph, recording, type, bound).read();
    }

    private Graph read() {
        Map<String, Graph.Variable> variables = new HashMap<>();
        Map<String, Graph.Operation> operations = new HashMap<>();
        for (SDVariable variable : graph.variables()) {
            VariableType kind = variable.getVariableType();
            boolean stored = kind == VariableType.VARIABLE || kind == VariableType.CONSTANT;
            if (stored || recording.touched(variable.name())) {
                variables.put(variable.name(), variable(variable.name(), kind));
            }
        }
        for (SameDiffOp op : graph.getOps().values()) {
            if (op.getOutputsOfOp().stream().allMatch(recording::touched)) {
                Graph.Operation operation = operation(op);
                operation.outputs().forEach(output -> operations.put(output, operation));
            }
        }
        return new Graph(variables, operations);
    }

    private Graph.Variable variable(String name, VariableType kind) {
        INDArray array = recording.array(name);
        List<Long> shape = LongStream.of(array.shape()).boxed().toList();
        Origin origin = switch (kind) {
            case PLACEHOLDER -> Origin.INPUT;
            case VARIABLE, CONSTANT -> vectors.contains(name) ? Origin.VECTOR : Origin.LITERAL;
            default -> Origin.OPERATION;
        };
        double[] values = origin == Origin.LITERAL && array.dataType().isNumerical() && !array.isEmpty()
                ? array.dup('c').reshape(array.length()).toDoubleVector()
                : new double[0];
        return new Graph.Variable(name, origin, shape, array.dataType() == type, values);
    }

    private Graph.Operation operation(SameDiffOp op) {
        DifferentialFunction function = op.getOp();
        List<Long> integers = new ArrayList<>();
        List<Double> reals = new ArrayList<>();
        List<Boolean> booleans = new ArrayList<>();
        List<Integer> dimensions = new ArrayList<>();
        if (function instanceof DynamicCustomOp custom) {
            LongStream.of(custom.iArgs()).forEach(integers::add);
            Arrays.stream(custom.tArgs()).forEach(reals::add);
            for (boolean flag : custom.bArgs()) {
                booleans.add(flag);
            }
        } else if (function instanceof ScalarOp scalar && scalar.scalar() != null) {
            reals.add(scalar.scalar().getDouble(0));
        } else if (function instanceof BaseReduceOp reduce) {
            booleans.add(reduce.isKeepDims());
            int rank = recording.array(op.getInputsToOp().get(0)).rank();
            for (int d : reduce.getDimensions() == null ? new int[0] : reduce.getDimensions()) {
                if (d != Integer.MAX_VALUE) {
                    dimensions.add(d < 0 ? d + rank : d);
                }
            }
        }
        return new Graph.Operation(
                op.getName(),
                function.opName(),
                op.getInputsToOp() == null ? List.of() : op.getInputsToOp(),
                op.getOutputsOfOp(),
                integers,
                reals,
                booleans,
                dimensions);
    }
}
