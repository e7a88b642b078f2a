/**
 * Tables of text: finding out how a file is written, choosing columns, reading rows with a plain line for what
 * is wrong, writing them.
 */
package org.likelihood4j.data.csv;
