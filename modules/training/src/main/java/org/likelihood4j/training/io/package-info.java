/**
 * Files of a run: written so that a crash leaves the old file or the new one
 * ({@link org.likelihood4j.training.io.AtomicFiles}), and tensors in the safetensors format
 * ({@link org.likelihood4j.training.io.Safetensors}), whose reader trusts nothing in the file.
 */
package org.likelihood4j.training.io;
