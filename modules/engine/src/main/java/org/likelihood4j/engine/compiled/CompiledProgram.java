package org.likelihood4j.engine.compiled;

import java.util.ArrayList;
import java.util.List;
import org.likelihood4j.engine.Computation;
import org.likelihood4j.engine.Input;
import org.likelihood4j.engine.Program;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A compiled computation without an update. */
record CompiledProgram(Computation computation, Body body) implements Program {
    @Override
    public List<INDArray> run(List<INDArray> inputs) {
        Input.check(computation.inputs(), inputs);
        body.run(inputs);
        List<INDArray> outputs = new ArrayList<>();
        for (int i = 0; i < computation.outputs().size(); i++) {
            outputs.add(body.copy(i));
        }
        return outputs;
    }

    @Override
    public void close() {
        body.close();
    }
}
