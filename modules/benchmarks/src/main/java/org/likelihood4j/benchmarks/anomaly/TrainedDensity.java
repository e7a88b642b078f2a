package org.likelihood4j.benchmarks.anomaly;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.Splits;
import org.likelihood4j.data.Table;
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
        Splits splits = new Splits(train.slice(0, rest), train.slice(rest, train.size()), test);
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
                            ? flow.logProb(test, flow.noise())
                            : ((OpenedVae) model)
                                    .logProb(test, DRAWS, model.noise())
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
}
