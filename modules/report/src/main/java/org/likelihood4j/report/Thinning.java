package org.likelihood4j.report;

import java.util.BitSet;
import java.util.List;

/**
 * Chooses the rows of a table that are worth drawing: with more rows than a screen has columns of pixels, a curve drawn through
 * each bucket's least and greatest value looks like the whole. Rows are chosen, never averaged, so that every number on the
 * page is one of the file.
 */
final class Thinning {
    private Thinning() {}

    /**
     * The numbers of the rows that are kept, ascending: the first, the last and, for each of as many buckets as fit, those of
     * each column's least and greatest finite value and the first that has a value that is not finite.
     *
     * @param rows how many there are; all are kept if there are no more than {@code most}
     * @param most at least 2
     * @param columns each with at least so many values
     */
    static int[] rows(int rows, int most, List<double[]> columns) {
        BitSet kept = new BitSet(rows);
        if (rows <= most) {
            kept.set(0, rows);
        } else {
            // Columns often have their extremes in the same rows, so how many buckets fit must be tried.
            for (int buckets = most / 2;
                    ;
                    buckets = Math.min(buckets - 1, (int) (buckets * 0.95 * most / size(kept)))) {
                kept.clear();
                for (int b = 0; b < buckets; b++) {
                    keep(kept, columns, (int) ((long) rows * b / buckets), (int) ((long) rows * (b + 1) / buckets));
                }
                kept.set(0);
                kept.set(rows - 1);
                if (size(kept) <= most) {
                    break;
                }
            }
        }
        return kept.stream().toArray();
    }

    private static int size(BitSet kept) {
        return kept.cardinality();
    }

    private static void keep(BitSet kept, List<double[]> columns, int from, int to) {
        for (double[] column : columns) {
            int least = -1;
            int greatest = -1;
            int gap = -1;
            for (int i = from; i < to; i++) {
                double value = column[i];
                if (!Double.isFinite(value)) {
                    gap = gap < 0 ? i : gap;
                } else {
                    least = least < 0 || value < column[least] ? i : least;
                    greatest = greatest < 0 || value > column[greatest] ? i : greatest;
                }
            }
            for (int i : new int[] {least, greatest, gap}) {
                if (i >= 0) {
                    kept.set(i);
                }
            }
        }
    }
}
