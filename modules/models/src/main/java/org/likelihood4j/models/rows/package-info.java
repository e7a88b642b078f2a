/** Rows of a table, of which columns are not all real numbers, on their way to the real line. */
package org.likelihood4j.models.rows;
