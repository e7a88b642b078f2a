package org.likelihood4j.data.parquet;

import java.util.List;

/** Rows that lie together, a chunk for each column. */
record RowGroup(long rows, List<Chunk> chunks) {}
