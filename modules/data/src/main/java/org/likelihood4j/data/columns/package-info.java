/** What the columns of a table hold, and how it is told from their cells. */
package org.likelihood4j.data.columns;
