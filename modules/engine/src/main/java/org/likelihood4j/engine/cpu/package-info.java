/**
 * The processor as a device: oneDNN's products, tiles in the nearest caches, threads that share kernels, and the optimiser's pass.
 *
 * <p>Internal to the engine, but for {@link org.likelihood4j.engine.cpu.Host}.
 */
package org.likelihood4j.engine.cpu;
