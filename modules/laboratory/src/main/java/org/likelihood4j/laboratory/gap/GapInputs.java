package org.likelihood4j.laboratory.gap;

import org.likelihood4j.models.FunctionInput;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a model's functions are told of some examples: their data, the noise that shows these, their classes. */
@FunctionalInterface
public interface GapInputs {
    /** A new array {@code [examples, size]} for an input that is no latent. */
    INDArray array(FunctionInput input, DataType type);
}
