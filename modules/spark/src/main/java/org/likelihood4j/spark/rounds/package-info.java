/** Training on Apache Spark: rounds of steps as jobs, and the sums of gradients between their workers. */
package org.likelihood4j.spark.rounds;
