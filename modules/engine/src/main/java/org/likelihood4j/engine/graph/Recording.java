package org.likelihood4j.engine.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.listeners.Listener;
import org.nd4j.autodiff.listeners.Operation;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.config.ExecutionResult;
import org.nd4j.autodiff.samediff.config.SDValue;
import org.nd4j.autodiff.samediff.internal.FrameIter;
import org.nd4j.autodiff.samediff.internal.InferenceSession;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.api.ops.impl.shape.CreateView;
import org.nd4j.linalg.api.ops.impl.shape.tensorops.BaseTensorOp;
import org.nd4j.linalg.api.ops.impl.transforms.custom.Assign;
import org.nd4j.linalg.api.ops.impl.transforms.same.Identity;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One run of SameDiff's session, remembered: its operations in order, each with a context whose arguments and arrays are set, and
 * every value's array.
 *
 * <p>With the same arrays the operations can be run again and again without the session. Arrays of the program's type share
 * memory as the session's own do: from the operation that writes one to the last that reads it.
 */
public final class Recording extends InferenceSession {
    /** An operation that ran. */
    public record Entry(SameDiffOp op, LibraryOperation prepared) {}

    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, INDArray> arrays = new HashMap<>();
    private final RecordingMemory memory;

    private Recording(SameDiff graph, DataType type) {
        super(graph);
        memory = new RecordingMemory(type);
        setMmgr(memory);
    }

    /**
     * Runs a graph once.
     *
     * @param inputs arrays that belong to the recording from then on: whoever runs its operations again fills them first
     * @throws UnsupportedGraphException if it has operations that only a session can run, such as loops
     */
    public static Recording of(SameDiff graph, DataType type, Map<String, INDArray> inputs, List<String> outputs) {
        Recording recording = new Recording(graph, type);
        recording.arrays.putAll(inputs);
        recording.output(
                outputs, new LinkedHashMap<>(inputs), null, List.of(), List.of(), At.defaultAt(Operation.INFERENCE));
        return recording;
    }

    @Override
    public ExecutionResult getOutputs(
            Pair<SameDiffOp, OpContext> pair,
            FrameIter frame,
            Set<VarId> inputs,
            Set<VarId> allIterationInputs,
            Set<String> constantsAndPlaceholders,
            List<Listener> listeners,
            At at,
            MultiDataSet batch,
            Set<String> required,
            Map<String, SDValue> otherPlaceholders) {
        requireSupported(pair.getFirst());
        OpContext context = copy(pair.getFirst(), pair.getSecond());
        ExecutionResult result = super.getOutputs(
                pair,
                frame,
                inputs,
                allIterationInputs,
                constantsAndPlaceholders,
                listeners,
                at,
                batch,
                required,
                otherPlaceholders);
        SameDiffOp op = pair.getFirst();
        if (op.getOp() instanceof Identity) {
            // It hands its input on, so there is nothing to run.
            arrays.put(op.getOutputsOfOp().get(0), array(op.getInputsToOp().get(0)));
            return result;
        }
        for (int i = 0; i < op.getOutputsOfOp().size(); i++) {
            arrays.put(op.getOutputsOfOp().get(i), result.resultAt(i));
        }
        entries.add(new Entry(op, new LibraryOperation(op.getOp(), context)));
        return result;
    }

    /** The session empties its own contexts after each operation. */
    private static OpContext copy(SameDiffOp op, OpContext context) {
        if (context == null) {
            return null;
        }
        OpContext copy = Nd4j.getExecutioner().buildContext();
        copy.setInputArrays(List.copyOf(context.getInputArrays()));
        copy.setOutputArrays(List.copyOf(context.getOutputArrays()));
        if (op.getOp() instanceof DynamicCustomOp custom) {
            copy.setIArguments(custom.iArgs());
            copy.setTArguments(custom.tArgs());
            copy.setBArguments(custom.bArgs());
            copy.setDArguments(custom.dArgs());
        }
        return copy;
    }

    private static void requireSupported(SameDiffOp op) {
        Object function = op.getOp();
        boolean plain = function instanceof CustomOp || function instanceof Op || function instanceof Identity;
        if (!plain
                || function instanceof BaseTensorOp
                || function instanceof CreateView
                || function instanceof Assign
                || op.getOp()
                        .getClass()
                        .getSimpleName()
                        .matches("Enter|Exit|NextIteration|Merge|Switch|LoopCond|Invoke")) {
            throw new UnsupportedGraphException(
                    "operation " + op.getName() + " (" + op.getOp().opName() + ") needs SameDiff's own session");
        }
    }

    public List<Entry> entries() {
        return entries;
    }

    /** The array of a variable that the run touched. */
    public INDArray array(String name) {
        INDArray array = arrays.get(name);
        return array != null ? array : sameDiff.getArrForVarName(name);
    }

    boolean touched(String name) {
        return arrays.containsKey(name);
    }

    public void close() {
        memory.close();
    }
}
