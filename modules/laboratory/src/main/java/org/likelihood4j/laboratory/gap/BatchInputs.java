package org.likelihood4j.laboratory.gap;

import java.util.List;
import org.likelihood4j.data.Batch;
import org.likelihood4j.inference.runtime.InputArrays;
import org.likelihood4j.inference.runtime.NoiseKeys;
import org.likelihood4j.models.FunctionInput;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Examples as an evaluation shows them, with the same binarisation. */
record BatchInputs(Batch batch, NoiseKeys keys) implements GapInputs {
    @Override
    public INDArray array(FunctionInput input, DataType type) {
        return InputArrays.of(List.of(input), type, batch, keys).get(0);
    }
}
