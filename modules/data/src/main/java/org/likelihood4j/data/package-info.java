/**
 * What models are trained on: sets of 8-bit images, batches of them, the random numbers that go with them, and picture
 * grids of what came out.
 *
 * <p>Everything here is plain Java arrays. Nothing knows a model, a tensor library or a training loop. Pixels stay
 * integers on this side of the border: scaling, binarisation and dequantisation belong to the model, because they are
 * part of the likelihood that it reports.
 */
package org.likelihood4j.data;
