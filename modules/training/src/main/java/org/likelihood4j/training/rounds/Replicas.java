package org.likelihood4j.training.rounds;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.StepResult;
import org.likelihood4j.engine.TrainingProgram;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Blocks of steps that each shard takes alone: a replica begins with the state that all have, makes its updates by the gradients of its own rows of
 * each batch, and what the S replicas have become is averaged,
 *
 * <pre>
 * x = 1/S sum over replicas s of x_s     x: parameters, moments, moving average
 * </pre>
 *
 * <p>in the tree of the shards, which the {@link AllReduce} goes on with. A worker computes its replicas one after the other. Where one of any
 * worker's cannot go on, all are left where the block began.
 */
final class Replicas {
    /** What steps are taken on. */
    interface Inputs {
        /** Uses the next ones. */
        void next(Consumer<List<INDArray>> use);
    }

    private final TrainingProgram program;
    private final StepPlan plan;
    private final StepCheck check;
    private final int shards;
    private final int own;
    private final List<FlatVector> state;
    private final List<FlatVector> start;
    /** The state, and behind it the gradient, on which there are reports. */
    private final List<FlatVector> averaged;

    private final List<ShardTree> trees;
    private final WorkerSum workers;

    /**
     * The replicas of one worker.
     *
     * @param program for the rows of a shard
     * @param shards S, a power of two
     * @param own how many of them this worker has, a power of two
     */
    Replicas(TrainingProgram program, StepPlan plan, StepCheck check, int shards, int own) {
        this.program = program;
        this.plan = plan;
        this.check = check;
        this.shards = shards;
        this.own = own;
        this.state = StateBytes.changed(program);
        this.start = state.stream().map(FlatVector::like).toList();
        this.averaged = new ArrayList<>(state);
        averaged.add(program.gradient());
        this.trees = averaged.stream().map(vector -> new ShardTree(vector, own)).toList();
        this.workers = new WorkerSum(averaged);
    }

    /**
     * Takes a block of steps.
     *
     * @param factor of the plan's learning rates
     * @param inputs of each replica those of all its steps
     * @param all between all workers; not used, and may be null, where there is one
     * @return up to the first step that some replica, of any worker, cannot go on after; then nothing was averaged but gradients
     */
    BlockResults take(long from, long to, double factor, Inputs inputs, AllReduce all) throws IOException {
        int length = Math.toIntExact(to - from);
        long before = program.state().steps();
        copy(state, start);
        int[] ends = new int[length];
        List<List<StepResult>> replicas = new ArrayList<>(own);
        for (int replica = 0; replica < own; replica++) {
            if (replica > 0) {
                backTo(before);
            }
            List<StepResult> results = alone(from, to, factor, inputs);
            replicas.add(results);
            StepResult last = results.get(results.size() - 1);
            if (!check.goesOn(last.gradientNorm())) {
                ends[results.size() - 1]++;
            }
            for (ShardTree tree : trees) {
                tree.add(replica);
            }
        }
        if (own < shards) {
            workers.sum(ends, all);
        }
        averaged.forEach(vector -> vector.flat().muli(1.0 / shards));
        int first = 0;
        while (first < length && ends[first] == 0) {
            first++;
        }
        if (first < length) {
            backTo(before);
        }
        return new BlockResults(together(replicas, Math.min(length, first + 1)), first == length);
    }

    /** One replica's steps, up to one that it cannot go on after. */
    private List<StepResult> alone(long from, long to, double factor, Inputs inputs) {
        List<StepResult> results = new ArrayList<>();
        for (long step = from; step < to; step++) {
            double rate = plan.learningRate(step) * factor;
            inputs.next(batch -> {
                if (results.isEmpty()
                        || check.goesOn(results.get(results.size() - 1).gradientNorm())) {
                    results.add(alone(rate, batch));
                }
            });
        }
        return results;
    }

    private StepResult alone(double rate, List<INDArray> batch) {
        StepResult result = program.evaluate(batch);
        boolean finite = check.notFiniteBeforeUpdate(result) == null;
        return ShardResults.kept(result, finite ? program.update(rate) : Double.NaN);
    }

    private static List<ShardResults> together(List<List<StepResult>> replicas, int steps) {
        List<ShardResults> all = new ArrayList<>(steps);
        for (int i = 0; i < steps; i++) {
            int step = i;
            List<StepResult> results =
                    replicas.stream().map(replica -> replica.get(step)).toList();
            double largest = results.stream()
                    .mapToDouble(StepResult::gradientNorm)
                    .reduce(Math::max)
                    .orElseThrow();
            all.add(new ShardResults(results, largest));
        }
        return all;
    }

    private void backTo(long steps) {
        copy(start, state);
        program.state().restoreSteps(steps);
    }

    private static void copy(List<FlatVector> from, List<FlatVector> to) {
        for (int i = 0; i < from.size(); i++) {
            to.get(i).flat().assign(from.get(i).flat());
        }
    }
}
