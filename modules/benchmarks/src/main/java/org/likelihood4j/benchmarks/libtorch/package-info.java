/** Contenders that compute with libtorch, in its forms. */
package org.likelihood4j.benchmarks.libtorch;
