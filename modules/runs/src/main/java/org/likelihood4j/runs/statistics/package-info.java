/** Means, variances and errors of samples, gathered without keeping them. */
package org.likelihood4j.runs.statistics;
