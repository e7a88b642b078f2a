package org.likelihood4j.training.loop;

import java.util.function.BiFunction;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.inference.runtime.ModelBuilder;
import org.likelihood4j.models.Model;

/**
 * What tests replace in a training.
 *
 * @param models the way to the model
 * @param prefetched how many batches wait ready
 */
public record Workings(BiFunction<RunConfig, ExampleShape, Model> models, int prefetched) {
    /** Batches that wait ready: enough to hide a slow one, few enough to stay small. */
    private static final int PREFETCHED = 4;

    public static final Workings USUAL = new Workings(ModelBuilder::create, PREFETCHED);
}
