/**
 * The processor as a device: oneDNN's products, tiles in the nearest caches, threads that share kernels, and the optimiser's pass.
 */
package org.likelihood4j.engine.cpu;
