/**
 * What models are trained on: sets of 8-bit images or of rows of real numbers ({@link org.likelihood4j.data.Examples}), batches of
 * them, and how they are split.
 *
 * <p>Everything here is plain Java arrays. Nothing knows a model, a tensor library or a training loop. Pixels stay
 * integers on this side of the border, and rows keep their units: scaling, binarisation, dequantisation and standardisation belong to the model, because they are
 * part of the likelihood that it reports.
 */
package org.likelihood4j.data;
