/** Contenders that compute with Deeplearning4j and SameDiff as they are. */
package org.likelihood4j.benchmarks.dl4j;
