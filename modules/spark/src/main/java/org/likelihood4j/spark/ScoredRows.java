package org.likelihood4j.spark;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;

/** A partition's rows with their new columns, some at a time, so that a partition of any size fits. */
final class ScoredRows implements Iterator<Row> {
    /** As many as {@code score} takes at once. */
    private static final int PART = 512;

    private final Iterator<Row> rows;
    private final RowScores scores;
    private Iterator<Row> scored = Collections.emptyIterator();

    ScoredRows(Iterator<Row> rows, RowScores scores) {
        this.rows = rows;
        this.scores = scores;
    }

    @Override
    public boolean hasNext() {
        while (!scored.hasNext() && rows.hasNext()) {
            List<Row> part = new ArrayList<>(PART);
            while (rows.hasNext() && part.size() < PART) {
                part.add(rows.next());
            }
            scored = scores.of(part).iterator();
        }
        return scored.hasNext();
    }

    @Override
    public Row next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return scored.next();
    }
}
