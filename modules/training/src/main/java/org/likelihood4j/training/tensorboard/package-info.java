/**
 * The records of TensorBoard's files: checksummed, each a protocol buffer of a few fields. Knows nothing of
 * trainings.
 */
package org.likelihood4j.training.tensorboard;
