package org.likelihood4j.training;

import java.util.function.BiFunction;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.models.Model;
import org.likelihood4j.training.config.RunConfig;

/**
 * What tests replace in a training.
 *
 * @param models the way to the model
 * @param prefetched how many batches wait ready
 */
record Workings(BiFunction<RunConfig, ExampleShape, Model> models, int prefetched) {
    /** Batches that wait ready: enough to hide a slow one, few enough to stay small. */
    private static final int PREFETCHED = 4;

    static final Workings USUAL = new Workings(ModelFactory::create, PREFETCHED);
}
