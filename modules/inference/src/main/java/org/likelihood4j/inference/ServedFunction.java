package org.likelihood4j.inference;

import java.util.List;
import org.likelihood4j.models.Metric;
import org.likelihood4j.models.Model;
import org.likelihood4j.models.ModelFunction;

/** What a trained model computes. */
public enum ServedFunction {
    SAMPLE,
    ENCODE,
    DECODE,
    RECONSTRUCT,
    LOG_WEIGHT,
    /** Of a model that can leave missing cells out. */
    COMPLETE,
    /** The bound alone, of all that the training reports; where it reports none, the log-weight, whose mean is one. */
    ELBO;

    private static final String BOUND = "elbo";

    /** Its graph, made anew. */
    public ModelFunction of(Model model) {
        return switch (this) {
            case SAMPLE -> model.sample();
            case ENCODE -> model.encode();
            case DECODE -> model.decode();
            case RECONSTRUCT -> model.reconstruct();
            case LOG_WEIGHT -> model.logWeight();
            case COMPLETE -> model.complete().orElseThrow();
            case ELBO -> reportsBound(model) ? model.evaluationLoss() : model.logWeight();
        };
    }

    private static boolean reportsBound(Model model) {
        return model.learnsFromData()
                && model.metrics().stream().map(Metric::name).anyMatch(BOUND::equals);
    }

    /** Whether it is there only where the model has a latent. */
    boolean needsLatent() {
        return this == ENCODE || this == DECODE || this == RECONSTRUCT;
    }

    /** What is computed of a function of {@link #of}. */
    List<String> outputs(ModelFunction function) {
        List<String> all = function.outputNames();
        return this == ELBO && all.contains(BOUND) ? List.of(BOUND) : all;
    }
}
