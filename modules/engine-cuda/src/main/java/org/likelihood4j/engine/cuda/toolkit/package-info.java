/**
 * NVIDIA's libraries, bound by name when the program runs, so that nothing of one version of CUDA is on the class path: the driver,
 * NVRTC, which compiles kernels, and cuBLAS, which multiplies matrices. Of CUDA 12 or 13, whichever the machine has.
 */
package org.likelihood4j.engine.cuda.toolkit;
