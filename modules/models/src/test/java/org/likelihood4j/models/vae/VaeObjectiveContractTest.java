package org.likelihood4j.models.vae;

import static org.likelihood4j.models.vae.VaeCases.objective;
import static org.likelihood4j.models.vae.VaeCases.path;
import static org.likelihood4j.models.vae.VaeCases.sampled;

import java.util.stream.Stream;
import org.likelihood4j.models.LatentVariableModel.KlEstimator;
import org.likelihood4j.models.ModelCase;
import org.likelihood4j.models.ModelContract;

/** The contract of models, of VAEs: a line for each objective. */
class VaeObjectiveContractTest extends ModelContract {
    private static final Prior NORMAL = new StandardNormalPrior(2);

    @Override
    protected Stream<ModelCase> models() {
        Objective freeBits = new Objective(KlEstimator.ANALYTIC, 1, false, 0.3);
        Objective weighted = new Objective(KlEstimator.ANALYTIC, 1, true, 0);
        return Stream.of(
                objective("VAE, sampled", 4, 2, NORMAL, sampled(1), 0),
                objective("VAE, path", 4, 2, NORMAL, path(1), 0),
                objective("VAE, 3 samples", 4, 2, NORMAL, sampled(3), 0),
                objective("VAE, 3 samples, path", 4, 2, NORMAL, path(3), 0),
                objective("VAE, free bits", 4, 2, NORMAL, freeBits, 0),
                objective("VAE, weighted", 4, 2, NORMAL, weighted, 0),
                objective("VAE, more draws for the report", 4, 2, NORMAL, Objective.elbo(), 2));
    }
}
