/** The way between ND4J's arrays and the project's examples. */
package org.likelihood4j.training.arrays;
