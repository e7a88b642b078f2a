package org.likelihood4j.models;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.listeners.BaseListener;
import org.nd4j.autodiff.listeners.Operation;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.InferenceSession;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.api.ops.impl.transforms.same.Identity;
import org.nd4j.linalg.factory.Nd4j;

/**
 * SameDiff's way to one value from inputs that stay: its operations in the session's order, each with the arrays that the session
 * gave it. To find order and arrays takes the session several times as long as the operations themselves take.
 */
final class RepeatedRun {
    private final List<Runnable> operations;
    private final INDArray value;

    private RepeatedRun(List<Runnable> operations, INDArray value) {
        this.operations = operations;
        this.value = value;
    }

    /** Runs a graph once, in a session that gives each value an array of its own. */
    static RepeatedRun of(InferenceSession session, String output, Map<String, INDArray> placeholders) {
        Prepared prepared = new Prepared();
        INDArray value = session.output(
                        List.of(output),
                        placeholders,
                        null,
                        List.of(),
                        List.of(prepared),
                        At.defaultAt(Operation.INFERENCE))
                .get(output);
        return new RepeatedRun(prepared.operations, value);
    }

    /** The value with what the graph's variables hold now; the array is the same each time. */
    INDArray again() {
        operations.forEach(Runnable::run);
        return value;
    }

    private static final class Prepared extends BaseListener {
        private final List<Runnable> operations = new ArrayList<>();

        @Override
        public boolean isActive(Operation operation) {
            return true;
        }

        @Override
        public void preOpExecution(SameDiff graph, At at, SameDiffOp op, OpContext context) {
            // An identity hands its input on, so there is nothing to run.
            if (!(op.getOp() instanceof Identity)) {
                operations.add(prepared(op.getOp(), context));
            }
        }

        /** With a context of its own: the session empties its contexts after each operation. */
        private static Runnable prepared(Object operation, OpContext context) {
            OpContext copy = Nd4j.getExecutioner().buildContext();
            copy.setInputArrays(List.copyOf(context.getInputArrays()));
            copy.setOutputArrays(List.copyOf(context.getOutputArrays()));
            if (operation instanceof DynamicCustomOp custom) {
                copy.setIArguments(custom.iArgs());
                copy.setTArguments(custom.tArgs());
                copy.setBArguments(custom.bArgs());
                copy.setDArguments(custom.dArgs());
            }
            if (operation instanceof CustomOp custom) {
                return () -> Nd4j.exec(custom, copy);
            }
            Op op = (Op) operation;
            return () -> Nd4j.exec(op, copy);
        }
    }
}
