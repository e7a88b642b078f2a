package org.likelihood4j.training;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.likelihood4j.data.Examples;
import org.likelihood4j.engine.Engine;
import org.likelihood4j.models.Metric;
import org.likelihood4j.training.config.RunConfig;

/** Per-example metrics over the validation images, with the parameters as they are; without images it finds nothing. */
final class Validation implements AutoCloseable {
    /** The split's name in the keys of its noise: whoever looks at the validation images sees the same z. */
    static final String SPLIT = "validation";

    private final RunConfig config;
    private final Examples images;
    private final List<Metric> metrics;
    private final Optional<KlColumns> columns;
    private final FunctionProgram program;

    /**
     * Compiles what is needed.
     *
     * @param values that are validated; later changes of them are seen
     */
    Validation(Engine engine, RunConfig config, ModelValues values, Examples images) {
        this.config = config;
        this.images = images;
        this.metrics = values.model().metrics();
        this.columns = KlColumns.of(metrics);
        int rows = Math.min(
                MemoryNeed.rows(config, values.model(), config.evaluation().batchSize()), images.size());
        this.program = rows == 0
                ? null
                : FunctionProgram.compile(engine, values.model().trainingLoss(), values, rows, "loss");
    }

    /**
     * What a validation found.
     *
     * @param means by name; empty if there was none
     * @param agreement null without both KLs
     */
    record Result(Map<String, Double> means, KlAgreement agreement) {
        static final Result NOTHING = new Result(Map.of(), null);
    }

    /** The noise is the same every time, so that two validations differ by their parameters only. */
    Result run() {
        if (program == null) {
            return Result.NOTHING;
        }
        Averages averages = new Averages(metrics);
        KlAgreement.Sum kl = new KlAgreement.Sum();
        NoiseKeys keys = NoiseKeys.evaluation(config.seed(), config.evaluation().seed(), SPLIT, 0);
        program.overSet(images, keys, (batch, outputs) -> {
            averages.add(outputs);
            columns.ifPresent(present -> present.add(kl, outputs));
        });
        return new Result(averages.means(), columns.isPresent() ? kl.result() : null);
    }

    @Override
    public void close() {
        if (program != null) {
            program.close();
        }
    }
}
