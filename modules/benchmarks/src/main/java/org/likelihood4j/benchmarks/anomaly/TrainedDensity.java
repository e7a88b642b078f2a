package org.likelihood4j.benchmarks.anomaly;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.Splits;
import org.likelihood4j.data.Table;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.inference.OpenedFlow;
import org.likelihood4j.inference.OpenedModel;
import org.likelihood4j.inference.OpenedVae;
import org.likelihood4j.io.AtomicFiles;
import org.likelihood4j.training.ArrayTraining;
import org.likelihood4j.training.Trainer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Minus the log-density of a model that is trained as a configuration says: a tenth of the rows, at least ten, are for validation.
 *
 * @param config a file
 * @param changes to it, as {@code --set} has them
 */
record TrainedDensity(String name, Path config, List<String> changes) implements Detector {
    private static final int LEAST_VALIDATION = 10;
    /** Posterior draws of a VAE for each row. */
    private static final int DRAWS = 100;

    @Override
    public double[] scores(Table train, Table test, long seed) {
        int validation = Math.max(LEAST_VALIDATION, train.size() / 10);
        int rest = train.size() - validation;
        // A column that does not vary has no density: it is left out.
        int[] columns = varying(train.slice(0, rest));
        Table kept = chosen(train, columns);
        Table told = chosen(test, columns);
        Splits splits = new Splits(kept.slice(0, rest), kept.slice(rest, kept.size()), told);
        List<String> all = new ArrayList<>(changes);
        all.add("seed=" + seed);
        RunConfig configured = ConfigLoader.load(config, all);
        try {
            Path runs = Files.createTempDirectory("anomaly");
            try {
                Trainer trainer = ArrayTraining.start(configured, splits, "a table", runs, List.of());
                trainer.run();
                try (OpenedModel model = OpenedModel.open(trainer.directory().path())) {
                    INDArray logProb = model instanceof OpenedFlow flow
                            ? flow.logProb(told, flow.noise())
                            : ((OpenedVae) model)
                                    .logProb(told, DRAWS, model.noise())
                                    .logProb();
                    return logProb.neg().toDoubleVector();
                }
            } finally {
                AtomicFiles.delete(runs);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int[] varying(Examples train) {
        double[] first = train.values(0);
        return IntStream.range(0, first.length)
                .filter(c -> IntStream.range(1, train.size()).anyMatch(i -> train.values(i)[c] != first[c]))
                .toArray();
    }

    private static Table chosen(Table table, int... columns) {
        VectorShape shape = new VectorShape(Arrays.stream(columns)
                .mapToObj(c -> table.shape().columns().get(c))
                .toList());
        double[] values = new double[table.size() * columns.length];
        int[] labels = new int[table.size()];
        for (int i = 0; i < table.size(); i++) {
            double[] row = table.values(i);
            labels[i] = table.label(i);
            for (int c = 0; c < columns.length; c++) {
                values[i * columns.length + c] = row[columns[c]];
            }
        }
        return Table.owning(shape, values, labels);
    }
}
