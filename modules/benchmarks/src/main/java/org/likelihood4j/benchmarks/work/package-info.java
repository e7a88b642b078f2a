/** Workloads that are measured, the inputs that all contenders share, and what a contender has to be. */
package org.likelihood4j.benchmarks.work;
