package org.likelihood4j.training.rounds;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.likelihood4j.data.Batch;
import org.likelihood4j.inference.runtime.InputArrays;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.inference.runtime.NoiseKeys;
import org.likelihood4j.models.ModelFunction;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Makes the inputs of steps, of whole batches or of parts: the noise of a row is that of its place in the whole batch. From any thread. Arrays
 * that come back are filled again: see {@link InputArrays#fill}.
 */
public final class StepInputs {
    private final StepPlan plan;
    private final ModelFunction loss;
    private final ModelValues values;
    /** Inputs of steps that were taken, by their rows. */
    private final Map<Integer, Queue<List<INDArray>>> spare = new ConcurrentHashMap<>();

    /** @param loss of which the inputs are */
    public StepInputs(StepPlan plan, ModelFunction loss, ModelValues values) {
        this.plan = plan;
        this.loss = loss;
        this.values = values;
    }

    /** Of the whole batch of the step after {@code step} others. */
    public List<INDArray> whole(long step) {
        return rows(step, 0, plan.config().training().batch());
    }

    /** Does something with those of a whole batch, which are then free again. */
    public <T> T withWhole(long step, Function<List<INDArray>, T> use) {
        List<INDArray> whole = whole(step);
        T result = use.apply(whole);
        release(whole);
        return result;
    }

    /** Of one of its shards. */
    List<INDArray> shard(long step, int shard) {
        int rows = plan.config().training().microBatch();
        return rows(step, shard * rows, rows);
    }

    private List<INDArray> rows(long step, int first, int count) {
        Batch batch = plan.rows(step, first, count);
        NoiseKeys keys = NoiseKeys.training(plan.config().seed(), step, first);
        List<INDArray> arrays = spare(count).poll();
        if (arrays == null) {
            return InputArrays.of(loss.inputs(), values.type(), batch, keys, plan.klWeight(step));
        }
        InputArrays.fill(arrays, loss.inputs(), values.type(), batch, keys, plan.klWeight(step));
        return arrays;
    }

    /** Takes inputs back that nobody reads any more. */
    public void release(List<INDArray> inputs) {
        spare((int) inputs.get(0).size(0)).add(inputs);
    }

    private Queue<List<INDArray>> spare(int rows) {
        return spare.computeIfAbsent(rows, any -> new ConcurrentLinkedQueue<>());
    }
}
