/** Parquet files with flat columns: footers, pages and their encodings, read a page at a time. docs/adr/0007-parquet.md says why by hand. */
package org.likelihood4j.data.parquet;
