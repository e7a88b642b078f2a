package org.likelihood4j.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The KL of each latent dimension after each epoch, as it grows; bounded as {@link SeriesTable} is. */
final class LatentMap {
    private static final int MOST_COLUMNS = 400;
    private static final int MOST_CELLS = 1 << 17;
    private static final int MOST_STORED = 1 << 22;

    private final List<Column> columns = new ArrayList<>();

    /**
     * One epoch.
     *
     * @param kl of each dimension, nats
     * @param active whether the dimension is, see {@link org.likelihood4j.runs.statistics.ActiveUnits}
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Column(double epoch, double[] kl, boolean[] active) {
        private double total() {
            return Arrays.stream(kl).sum();
        }
    }

    /**
     * What a page is given of it: true epochs, chosen as {@link Thinning} does by their total KL.
     *
     * @param x epochs, ascending
     * @param kl of each epoch, of each dimension, nats
     * @param active of the last epoch, of each dimension
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Picture(double[] x, List<double[]> kl, boolean[] active) {}

    void add(double epoch, double[] kl, boolean[] active) {
        if (!Double.isFinite(epoch) || kl.length == 0) {
            return;
        }
        while (!columns.isEmpty() && (last().epoch() >= epoch || last().kl().length != kl.length)) {
            columns.remove(columns.size() - 1);
        }
        if ((long) (columns.size() + 1) * kl.length > MOST_STORED && columns.size() > 2) {
            List<Column> kept = chosen(Math.max(2, columns.size() / 2));
            columns.clear();
            columns.addAll(kept);
        }
        columns.add(new Column(epoch, kl, active));
    }

    private Column last() {
        return columns.get(columns.size() - 1);
    }

    /** {@code null} if there is nothing to see. */
    Picture picture() {
        if (columns.isEmpty()) {
            return null;
        }
        int latent = columns.get(0).kl().length;
        List<Column> kept = chosen(Math.max(2, Math.min(MOST_COLUMNS, MOST_CELLS / latent)));
        return new Picture(
                kept.stream().mapToDouble(Column::epoch).toArray(),
                kept.stream().map(Column::kl).toList(),
                kept.get(kept.size() - 1).active());
    }

    private List<Column> chosen(int most) {
        double[] totals = columns.stream().mapToDouble(Column::total).toArray();
        return Arrays.stream(Thinning.rows(totals.length, most, List.of(totals)))
                .mapToObj(columns::get)
                .toList();
    }
}
