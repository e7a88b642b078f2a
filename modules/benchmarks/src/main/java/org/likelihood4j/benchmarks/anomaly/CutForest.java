package org.likelihood4j.benchmarks.anomaly;

import com.amazon.randomcutforest.RandomCutForest;
import java.util.stream.IntStream;
import org.likelihood4j.data.Table;

/** Random cut forests (Guha et al. 2016) by their authors' library, with the size of its own paper: 100 trees of 256 rows. */
final class CutForest implements Detector {
    private static final int TREES = 100;
    private static final int SAMPLE = 256;

    @Override
    public String name() {
        return "cut forest";
    }

    @Override
    public double[] scores(Table train, Table test, long seed) {
        RandomCutForest forest = RandomCutForest.builder()
                .dimensions(train.shape().size())
                .numberOfTrees(TREES)
                .sampleSize(SAMPLE)
                .randomSeed(seed)
                .build();
        for (int i = 0; i < train.size(); i++) {
            forest.update(floats(train.values(i)));
        }
        return IntStream.range(0, test.size())
                .mapToDouble(i -> forest.getAnomalyScore(floats(test.values(i))))
                .toArray();
    }

    private static float[] floats(double[] row) {
        float[] floats = new float[row.length];
        for (int c = 0; c < row.length; c++) {
            floats[c] = (float) row[c];
        }
        return floats;
    }
}
