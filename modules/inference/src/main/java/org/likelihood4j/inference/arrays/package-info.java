/** The way between ND4J arrays and the sets of {@code data}. */
package org.likelihood4j.inference.arrays;
