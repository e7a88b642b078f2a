package org.likelihood4j.inference.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.data.Examples;
import org.likelihood4j.models.DataInitialization;
import org.likelihood4j.runs.statistics.Moments;

/** Runs a model's data-dependent initialisations over the training examples, once, before the first step. */
public final class DataInitializer {
    /** Rows in a batch: only speed depends on it. */
    private static final int ROWS = 500;
    /** Enough for statistics far below the noise of training, and quick on the largest sets. */
    private static final int LARGEST_SAMPLE = 20_000;

    private DataInitializer() {}

    public static void run(RunConfig config, ModelValues values, Examples train) {
        long seed = config.seed();
        Examples sample = train.slice(0, Math.min(train.size(), LARGEST_SAMPLE));
        for (DataInitialization initialization : values.model().dataInitializations()) {
            int rows = Math.min(MemoryNeed.rows(config, values.model(), ROWS), sample.size());
            int columns = initialization.columns();
            Moments[] moments = new Moments[columns];
            List<DoubleStream.Builder> numbers = new ArrayList<>();
            for (int i = 0; i < columns; i++) {
                moments[i] = new Moments();
                numbers.add(DoubleStream.builder());
            }
            try (CompiledFunction program =
                    CompiledFunction.compile(ModelBuilder.engine(config), initialization.statistic(), values, rows)) {
                program.overSet(sample, NoiseKeys.evaluation(seed, seed, "initialization", 0), (batch, outputs) -> {
                    double[] statistic = outputs.only();
                    for (int i = 0; i < statistic.length; i++) {
                        moments[i % columns].add(statistic[i]);
                        if (initialization.sorted()) {
                            numbers.get(i % columns).add(statistic[i]);
                        }
                    }
                });
            }
            double[] mean = List.of(moments).stream().mapToDouble(Moments::mean).toArray();
            double[] variance =
                    List.of(moments).stream().mapToDouble(Moments::variance).toArray();
            List<double[]> sorted = initialization.sorted()
                    ? numbers.stream()
                            .map(column -> column.build().sorted().toArray())
                            .toList()
                    : List.of();
            initialization
                    .values()
                    .apply(new DataInitialization.Columns(mean, variance, sorted))
                    .forEach(values::set);
        }
    }
}
