package org.likelihood4j.models.graph;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.weightinit.BaseWeightInitScheme;
import org.nd4j.weightinit.WeightInit;

/**
 * What a variable of a graph holds until an engine binds its values: one zero, repeated by strides
 * of 0. SameDiff wants an array of the variable's shape at once, and a model's functions each have
 * all of its parameters: with arrays of their own, defining them would take many times the memory
 * of the model.
 */
final class Declared extends BaseWeightInitScheme {
    @Override
    public INDArray create(DataType type, long... shape) {
        return Nd4j.create(Nd4j.scalar(type, 0).data(), shape, new long[shape.length], 0, 'c');
    }

    @Override
    public INDArray doCreate(DataType type, long[] shape, INDArray ignored) {
        return create(type, shape);
    }

    @Override
    public WeightInit type() {
        return WeightInit.ZERO;
    }
}
