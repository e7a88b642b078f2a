package org.likelihood4j.models.vae.likelihood;

/** How 8-bit pixels become the binary pixels of a Bernoulli likelihood. */
public enum Binarization {
    /** {@code P(x = 1) = pixel/255}, drawn anew each time an image is seen. */
    DYNAMIC,
    /** {@code P(x = 1) = pixel/255}, drawn once for each image. */
    STATIC,
    /**
     * {@code x = pixel/255}: the loss is a cross-entropy and no number of the model is a
     * likelihood.
     */
    NONE
}
