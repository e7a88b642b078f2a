/** Listeners that write: {@code metrics.jsonl} and TensorBoard's files. */
package org.likelihood4j.training.logs;
