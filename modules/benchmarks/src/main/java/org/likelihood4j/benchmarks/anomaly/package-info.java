/** Densities of tables as detectors of anomalies, beside the nearest neighbours and a forest of random cuts. */
package org.likelihood4j.benchmarks.anomaly;
