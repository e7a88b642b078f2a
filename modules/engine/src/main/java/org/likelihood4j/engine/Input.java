package org.likelihood4j.engine;

import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A declared input of a compiled program: the placeholder's name and the exact type and shape of every array that will
 * be fed to it. (SameDiff would cast an array of another type, and then release the original under its owner.)
 */
public record Input(String name, DataType type, List<Long> shape) {
    public Input {
        shape = List.copyOf(shape);
    }

    /**
     * Checks what a run was handed.
     *
     * @throws IllegalArgumentException if the number of arrays, or the type or shape of one, is not the declared one
     */
    public static void check(List<Input> declared, List<INDArray> arrays) {
        if (arrays.size() != declared.size()) {
            throw new IllegalArgumentException(
                    "expected " + declared.size() + " inputs " + declared + ", was given " + arrays.size());
        }
        for (int i = 0; i < declared.size(); i++) {
            declared.get(i).check(arrays.get(i));
        }
    }

    private void check(INDArray array) {
        boolean same = array.dataType() == type && array.rank() == shape.size();
        for (int i = 0; same && i < shape.size(); i++) {
            same = array.size(i) == shape.get(i);
        }
        if (!same) {
            throw new IllegalArgumentException("input " + name + ": expected " + type + " " + shape + ", was "
                    + array.dataType() + " " + java.util.Arrays.toString(array.shape()));
        }
    }
}
