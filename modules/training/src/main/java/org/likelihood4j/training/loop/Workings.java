package org.likelihood4j.training.loop;

import java.util.Optional;
import java.util.function.BiFunction;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.inference.runtime.ModelBuilder;
import org.likelihood4j.models.Model;
import org.likelihood4j.training.rounds.RoundCarrier;

/**
 * What can be replaced in a training.
 *
 * @param models the way to the model
 * @param prefetched how many batches wait ready
 * @param carrier to those who take the steps; empty for this process
 * @param pictures whether epochs leave pictures; a training does not depend on it
 */
public record Workings(
        BiFunction<RunConfig, ExampleShape, Model> models,
        int prefetched,
        Optional<RoundCarrier> carrier,
        boolean pictures) {
    /** Batches that wait ready: enough to hide a slow one, few enough to stay small. */
    private static final int PREFETCHED = 4;

    public static final Workings USUAL = new Workings(ModelBuilder::create, PREFETCHED);

    /** Of a training whose steps this process takes. */
    public Workings(BiFunction<RunConfig, ExampleShape, Model> models, int prefetched) {
        this(models, prefetched, Optional.empty(), true);
    }

    /** The usual ones of a training whose steps others take. */
    public static Workings carriedBy(RoundCarrier carrier) {
        return new Workings(USUAL.models(), USUAL.prefetched(), Optional.of(carrier), true);
    }

    /** These, of a training that leaves no pictures. */
    public Workings withoutPictures() {
        return new Workings(models, prefetched, carrier, false);
    }
}
