package org.likelihood4j.benchmarks.anomaly;

import java.util.PriorityQueue;
import java.util.stream.IntStream;
import org.likelihood4j.data.Table;

/** The distance from a row to the k-th nearest of those trained on (Ramaswamy et al. 2000). */
record NearestNeighbours(int k) implements Detector {
    @Override
    public String name() {
        return k + " neighbours";
    }

    @Override
    public double[] scores(Table train, Table test, long seed) {
        double[][] known =
                IntStream.range(0, train.size()).mapToObj(train::values).toArray(double[][]::new);
        return IntStream.range(0, test.size())
                .parallel()
                .mapToDouble(i -> distance(known, test.values(i)))
                .toArray();
    }

    private double distance(double[][] known, double[] row) {
        // The largest of the smallest first.
        PriorityQueue<Double> nearest = new PriorityQueue<>((a, b) -> Double.compare(b, a));
        for (double[] other : known) {
            double square = 0;
            for (int c = 0; c < row.length; c++) {
                square += (row[c] - other[c]) * (row[c] - other[c]);
            }
            nearest.add(square);
            if (nearest.size() > k) {
                nearest.poll();
            }
        }
        return Math.sqrt(nearest.element());
    }
}
