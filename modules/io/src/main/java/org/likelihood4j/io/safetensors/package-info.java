/**
 * Tensors in the safetensors format ({@link org.likelihood4j.io.safetensors.Safetensors}): the reader trusts
 * nothing in the file.
 */
package org.likelihood4j.io.safetensors;
