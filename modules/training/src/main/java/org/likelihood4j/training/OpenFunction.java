package org.likelihood4j.training;

import java.util.function.Function;
import org.likelihood4j.models.Model;
import org.likelihood4j.models.ModelFunction;

/** What an open model computes. */
enum OpenFunction {
    SAMPLE(Model::sample),
    ENCODE(Model::encode),
    DECODE(Model::decode),
    RECONSTRUCT(Model::reconstruct),
    LOG_WEIGHT(Model::logWeight),
    /** The bound alone, of all that the training reports. */
    ELBO(Model::trainingLoss);

    static final String ELBO_OUTPUT = "elbo";

    private final Function<Model, ModelFunction> function;

    OpenFunction(Function<Model, ModelFunction> function) {
        this.function = function;
    }

    ModelFunction of(Model model) {
        return function.apply(model);
    }

    /** Outputs that nobody asks for. */
    String[] unwanted(ModelFunction function) {
        return this == ELBO
                ? function.outputs().stream()
                        .filter(output -> !output.equals(ELBO_OUTPUT))
                        .toArray(String[]::new)
                : new String[0];
    }
}
