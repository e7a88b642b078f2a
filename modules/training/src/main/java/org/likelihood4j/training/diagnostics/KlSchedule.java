package org.likelihood4j.training.diagnostics;

import java.util.List;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.data.Examples;
import org.likelihood4j.engine.Engine;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.models.LatentVariableModel;

/** Whether it is an epoch's turn for {@link KlDiagnostics}, and which: without latents or validation images there are none. */
public final class KlSchedule implements AutoCloseable {
    private final long every;
    private final KlLaboratory laboratory;

    public KlSchedule(Engine engine, RunConfig config, ModelValues values, Examples validation) {
        boolean possible = values.model() instanceof LatentVariableModel && validation.size() > 0;
        this.every = possible ? config.diagnostics().every() : 0;
        this.laboratory = possible
                ? new KlLaboratory(engine, config, (LatentVariableModel) values.model(), values, validation)
                : null;
    }

    /** Null if there is nothing to report; a disagreement in the training itself is told without a laboratory too. */
    public KlDiagnostics run(
            long epoch, boolean last, Validation.Result validated, KlAgreement pooled, KlAgreement trained) {
        if (laboratory == null) {
            boolean disagrees = trained != null && trained.disagrees();
            return disagrees
                    ? new KlDiagnostics(trained, null, null, List.of(KlSlipFinder.apart(trained)), null, null)
                    : null;
        }
        if (validated.means().isEmpty()) {
            return null;
        }
        return laboratory.run(validated, pooled, last || epoch % every == 0);
    }

    @Override
    public void close() {
        if (laboratory != null) {
            laboratory.close();
        }
    }
}
