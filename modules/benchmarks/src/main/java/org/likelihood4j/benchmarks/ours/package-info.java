/** Contenders that are our own engines, and the reference. */
package org.likelihood4j.benchmarks.ours;
