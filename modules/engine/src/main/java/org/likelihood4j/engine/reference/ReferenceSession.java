package org.likelihood4j.engine.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.listeners.Operation;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.InferenceSession;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * SameDiff's session, reused from run to run. The set in which the original remembers freed arrays would grow for ever,
 * so each run starts with an empty one.
 */
final class ReferenceSession extends InferenceSession {
    ReferenceSession(SameDiff graph) {
        super(graph);
        setMmgr(new SessionMemory());
    }

    List<INDArray> run(List<String> outputs, Map<String, INDArray> placeholders) {
        freedArrays.clear();
        Map<String, INDArray> values =
                output(outputs, placeholders, null, List.of(), List.of(), At.defaultAt(Operation.INFERENCE));
        List<INDArray> ordered = new ArrayList<>(outputs.size());
        for (String name : outputs) {
            ordered.add(values.get(name));
        }
        // Else the session keeps every intermediate value reachable until the next run.
        nodeValueOutputs.clear();
        return ordered;
    }

    /** Gives an output's memory back for the next run. */
    void recycle(INDArray output) {
        getMmgr().release(output);
    }
}
