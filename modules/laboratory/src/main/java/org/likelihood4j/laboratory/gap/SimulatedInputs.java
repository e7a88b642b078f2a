package org.likelihood4j.laboratory.gap;

import org.likelihood4j.models.FunctionInput;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Other data in the place of true examples, whose classes and missing cells they have.
 *
 * @param like the true examples
 * @param data {@code [examples, size]}, as stored; 0 where a cell is missing
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SimulatedInputs(BatchInputs like, double[] data) implements GapInputs {
    @Override
    public INDArray array(FunctionInput input, DataType type) {
        return input instanceof FunctionInput.Data
                ? Nd4j.create(data, new long[] {data.length / input.size(), input.size()}, type)
                : like.array(input, type);
    }
}
