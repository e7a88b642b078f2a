/** Internals of a training: from the first values to the last step, with checkpoints and returns to them. */
package org.likelihood4j.training.loop;
