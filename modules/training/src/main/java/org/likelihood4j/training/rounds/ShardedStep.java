package org.likelihood4j.training.rounds;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.likelihood4j.engine.StepResult;
import org.likelihood4j.engine.TrainingProgram;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A step whose batch is computed in shards, by one worker or several of which each has neighbouring ones. With the loss a mean over rows,
 *
 * <pre>
 * gradient = 1/S sum over shards s of gradient_s
 * </pre>
 *
 * <p>summed in a fixed tree, which the {@link AllReduce} goes on with. All workers then make the same update of their own copies. Where a
 * number of any shard is not finite none of them updates.
 */
final class ShardedStep {
    private final TrainingProgram program;
    private final StepCheck check;
    private final int shards;
    private final int own;
    private final ShardTree tree;
    private final WorkerSum workers;

    /**
     * The step of one worker.
     *
     * @param program for the rows of a shard
     * @param shards S, a power of two
     * @param own how many of them this worker has, a power of two
     */
    ShardedStep(TrainingProgram program, StepCheck check, int shards, int own) {
        this.program = program;
        this.check = check;
        this.shards = shards;
        this.own = own;
        this.tree = new ShardTree(program.gradient(), own);
        this.workers = new WorkerSum(List.of(program.gradient()));
    }

    /**
     * Takes a step together with others.
     *
     * @param inputs of each shard
     * @param all between all workers; not used, and may be null, where there is one
     */
    ShardResults take(double learningRate, List<List<INDArray>> inputs, AllReduce all) throws IOException {
        List<StepResult> results = new ArrayList<>(own);
        boolean finite = true;
        for (int shard = 0; shard < own; shard++) {
            StepResult result = program.evaluate(inputs.get(shard));
            tree.add(shard);
            finite &= check.notFiniteBeforeUpdate(result) == null;
            results.add(ShardResults.kept(result, result.gradientNorm()));
        }
        int[] notFinite = {finite ? 0 : 1};
        if (own < shards) {
            workers.sum(notFinite, all);
        }
        if (shards > 1) {
            program.gradient().flat().muli(1.0 / shards);
        }
        return new ShardResults(results, notFinite[0] == 0 ? program.update(learningRate) : Double.NaN);
    }
}
