/** Scoring on Apache Spark. */
package org.likelihood4j.spark;
