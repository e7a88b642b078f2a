package org.likelihood4j.inference;

import org.likelihood4j.models.Model;
import org.likelihood4j.models.ModelFunction;

/** What an open model computes. */
enum ServedFunction {
    SAMPLE,
    ENCODE,
    DECODE,
    RECONSTRUCT,
    LOG_WEIGHT,
    /** The bound alone, of all that the training reports. */
    ELBO;

    private static final String BOUND = "elbo";

    ModelFunction of(Model model) {
        return switch (this) {
            case SAMPLE -> model.sample();
            case ENCODE -> model.encode();
            case DECODE -> model.decode();
            case RECONSTRUCT -> model.reconstruct();
            case LOG_WEIGHT -> model.logWeight();
            case ELBO -> model.trainingLoss();
        };
    }

    /** Outputs that nobody asks for. */
    String[] unwanted(ModelFunction function) {
        return this == ELBO
                ? function.outputNames().stream()
                        .filter(output -> !output.equals(BOUND))
                        .toArray(String[]::new)
                : new String[0];
    }
}
