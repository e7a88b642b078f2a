package org.likelihood4j.inference;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Data and what a model makes of them, of one shape: intensities {@code [N, C, H, W]} of images, {@code [N, D]} of rows in the data's
 * own units.
 *
 * @param seen what the model was shown: binarised or dequantised, where it does so
 * @param reconstructed what it makes of that
 */
public record Reconstructions(INDArray seen, INDArray reconstructed) {}
