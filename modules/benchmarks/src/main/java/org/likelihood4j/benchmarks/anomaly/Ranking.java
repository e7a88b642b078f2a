package org.likelihood4j.benchmarks.anomaly;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.likelihood4j.data.Table;
import org.likelihood4j.runs.statistics.Auroc;

/**
 * How well scores tell anomalies from normal rows.
 *
 * @param auroc the share of pairs of an anomaly and a normal row in which the anomaly has the higher score; equal ones count half
 * @param averagePrecision the mean over the anomalies, the highest score first, of the share of anomalies among all rows down to it
 */
record Ranking(double auroc, double averagePrecision) {
    /**
     * Of scores.
     *
     * @param rows labelled 1 where they are anomalies
     */
    static Ranking of(Table rows, double... scores) {
        double auroc =
                Auroc.of(scoresOf(rows, 0, scores), scoresOf(rows, 1, scores)).area();
        return new Ranking(auroc, averagePrecision(rows, scores));
    }

    private static double[] scoresOf(Table rows, int label, double... scores) {
        return IntStream.range(0, scores.length)
                .filter(i -> rows.label(i) == label)
                .mapToDouble(i -> scores[i])
                .toArray();
    }

    private static double averagePrecision(Table rows, double... scores) {
        List<Integer> order = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> scores[i]).reversed())
                .toList();
        double anomalies = 0;
        double precision = 0;
        for (int from = 0; from < order.size(); ) {
            int to = from;
            int own = 0;
            while (to < order.size() && scores[order.get(to)] == scores[order.get(from)]) {
                own += rows.label(order.get(to));
                to++;
            }
            anomalies += own;
            precision += own * anomalies / to;
            from = to;
        }
        return precision / anomalies;
    }
}
