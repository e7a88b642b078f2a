package org.likelihood4j.engine.graph;

import java.util.stream.Stream;
import org.likelihood4j.engine.PlanBindings;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.factory.Nd4j;

/** An operation of ND4J with a context that is set once: its arguments, and the arrays it reads and writes. */
public final class LibraryOperation implements PlanBindings.Operation {
    private final DifferentialFunction operation;
    private final OpContext context;

    public LibraryOperation(DifferentialFunction operation, OpContext context) {
        this.operation = operation;
        this.context = context;
    }

    @Override
    public void run() {
        if (operation instanceof CustomOp custom) {
            Nd4j.exec(custom, context);
        } else {
            Nd4j.exec((Op) operation, context);
        }
    }

    /** What it reads and writes. */
    public long bytes() {
        return Stream.concat(context.getInputArrays().stream(), context.getOutputArrays().stream())
                .mapToLong(array -> array.length() * array.dataType().width())
                .sum();
    }

    @Override
    public long[] shape(int index, boolean input) {
        return (input ? context.getInputArray(index) : context.getOutputArray(index)).shape();
    }

    @Override
    public void bind(int index, boolean input, INDArray array) {
        if (input) {
            context.setInputArray(index, array);
        } else {
            context.setOutputArray(index, array);
        }
    }

    @Override
    public String toString() {
        return operation.opName();
    }
}
