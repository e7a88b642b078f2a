/**
 * The files that TensorBoard reads: records with checksums, each a protocol buffer of a few fields. Knows nothing of trainings.
 */
package org.likelihood4j.training.tensorboard;
