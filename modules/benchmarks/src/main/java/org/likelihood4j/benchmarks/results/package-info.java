/** Results of measuring, and their table. */
package org.likelihood4j.benchmarks.results;
