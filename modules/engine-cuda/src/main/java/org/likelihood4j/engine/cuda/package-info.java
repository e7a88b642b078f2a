/**
 * Plans on an NVIDIA card, of compute capability 7.5 or newer: their kernels as machine code for that card, and a run of all of them
 * as one graph that is captured once. What it needs of the machine is found when it is used.
 *
 * <p>All of this is tested without a card, by libraries that do on a CPU what the driver, NVRTC and cuBLAS do. It has never run on one.
 */
package org.likelihood4j.engine.cuda;
