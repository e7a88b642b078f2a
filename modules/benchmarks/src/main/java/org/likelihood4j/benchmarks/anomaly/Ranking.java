package org.likelihood4j.benchmarks.anomaly;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.likelihood4j.data.Table;

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
        List<Integer> order = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> scores[i]).reversed())
                .toList();
        double anomalies = 0;
        double normal = 0;
        double above = 0;
        double precision = 0;
        for (int from = 0; from < order.size(); ) {
            int to = from;
            int own = 0;
            while (to < order.size() && scores[order.get(to)] == scores[order.get(from)]) {
                own += rows.label(order.get(to));
                to++;
            }
            int others = to - from - own;
            above += others * (anomalies + own / 2.0);
            anomalies += own;
            normal += others;
            precision += own * anomalies / to;
            from = to;
        }
        return new Ranking(above / (anomalies * normal), precision / anomalies);
    }
}
