/**
 * Files of a run: tensors in the safetensors format ({@link org.likelihood4j.training.io.Safetensors}), whose reader trusts
 * nothing in the file.
 */
package org.likelihood4j.training.io;
