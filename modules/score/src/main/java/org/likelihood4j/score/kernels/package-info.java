/** Loops over numbers, plain enough to be made into vector code. */
package org.likelihood4j.score.kernels;
