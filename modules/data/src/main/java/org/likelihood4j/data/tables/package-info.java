/**
 * Tables whatever they are written in: choosing columns, what cells of text and cells with types hold, reading rows with a plain line for
 * what is wrong.
 */
package org.likelihood4j.data.tables;
