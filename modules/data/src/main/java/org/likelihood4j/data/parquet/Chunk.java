package org.likelihood4j.data.parquet;

/**
 * Where the cells of a column are, of one group of rows.
 *
 * @param values how many, with those that are missing
 * @param start of the first page in the file
 * @param length of all pages
 * @param elsewhere whether they are in another file
 */
record Chunk(int stored, int codec, long values, long start, long length, boolean elsewhere) {}
