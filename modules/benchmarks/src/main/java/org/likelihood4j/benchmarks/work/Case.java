package org.likelihood4j.benchmarks.work;

import java.util.List;
import org.likelihood4j.engine.Slot;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.models.Model;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.random.CounterRandom;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * All that contenders are given: a workload, its data, the weights to start from, and the update.
 *
 * @param weights the flat vector in the model's layout
 */
@SuppressWarnings("ArrayRecordComponent") // handed on as it is, never compared
public record Case(Workload workload, Model model, ModelValues values, float[] weights, Feed feed, Update update) {
    /** On top of the initial values: a flow's would else leave every block the identity, whose gradient is mostly zeros. */
    private static final float PERTURBATION = 0.02f;

    public static Case of(Workload workload, Update update) {
        Model model = workload.model(DataType.FLOAT);
        ModelValues values = ModelValues.initial(model, DataType.FLOAT, workload.seed());
        float[] weights = values.parameters().flat().toFloatVector();
        float[] noise = new float[weights.length];
        CounterRandom.fillNormal(CounterRandom.key(workload.seed(), "perturbation"), noise, 0, noise.length);
        for (Slot slot : values.parameters().slots()) {
            int from = Math.toIntExact(slot.offset());
            for (int i = from; i < from + slot.length(); i++) {
                weights[i] += PERTURBATION * noise[i];
            }
        }
        Feed feed = Feed.of(model.trainingLoss().inputs(), workload.batch(), workload.seed());
        if (workload instanceof Workload.CouplingFlow) {
            Standardized.pixels(Workload.CouplingFlow.ALPHA, feed, values.buffers());
        } else if (workload instanceof Workload.MultiscaleFlow) {
            Standardized.pixels(Workload.MultiscaleFlow.ALPHA, feed, values.buffers());
        } else if (workload instanceof Workload.SplineFlow) {
            Standardized.rows(feed, values.buffers());
        }
        return new Case(workload, model, values, weights, feed, update);
    }

    /** The same in float64, from the same float32 numbers. */
    public Case precise() {
        Model precise = workload.model(DataType.DOUBLE);
        ModelValues wide = ModelValues.zeros(precise, DataType.DOUBLE);
        if (values.buffers() != null) {
            wide.buffers().flat().assign(values.buffers().flat().castTo(DataType.DOUBLE));
        }
        return new Case(workload, precise, wide, weights, feed, update);
    }

    /** A fresh graph of the loss. */
    public ModelFunction loss() {
        return model.trainingLoss();
    }

    /** Parameter values of our own, so that no contender trains another's. */
    public ModelValues ownValues() {
        ModelValues own = ModelValues.zeros(model, values.type());
        own.parameters().flat().assign(Nd4j.createFromArray(weights).castTo(values.type()));
        if (values.buffers() != null) {
            own.buffers().flat().assign(values.buffers().flat());
        }
        return own;
    }

    /** One buffer's values. */
    public float[] buffer(String name) {
        return values.buffers().view(name).toFloatVector();
    }

    /** Where the parameters lie in {@link #weights()}. */
    public List<Slot> slots() {
        return values.parameters().slots();
    }
}
