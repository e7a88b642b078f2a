package org.likelihood4j.training.rounds;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.StepResult;
import org.likelihood4j.engine.TrainingProgram;
import org.likelihood4j.inference.runtime.VectorMemory;
import org.nd4j.linalg.api.buffer.DataType;
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
public final class ShardedStep {
    private final TrainingProgram program;
    private final StepCheck check;
    private final int shards;
    private final int own;
    private final GradientTree tree;

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
        this.tree = new GradientTree(program.gradient(), own);
    }

    /** The step of a worker that has all shards. */
    public ShardedStep(TrainingProgram program, StepCheck check, int shards) {
        this(program, check, shards, shards);
    }

    /** Takes a step. */
    public StepResult take(double learningRate, List<List<INDArray>> inputs) {
        try {
            return ShardResults.whole(List.of(take(learningRate, inputs, null)));
        } catch (IOException e) {
            throw new IllegalStateException("nobody was asked", e);
        }
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
            // The next shard's are written to the same arrays.
            List<double[]> metrics =
                    result.metrics().stream().map(double[]::clone).toList();
            results.add(new StepResult(result.loss(), result.gradientNorm(), metrics));
        }
        boolean allFinite = own == shards ? finite : sum(finite, all);
        if (shards > 1) {
            program.gradient().flat().muli(1.0 / shards);
        }
        return new ShardResults(results, allFinite ? program.update(learningRate) : Double.NaN);
    }

    /** Sums the gradient over the workers, and behind it how many have a number that is not finite; false if one has. */
    private boolean sum(boolean finite, AllReduce all) throws IOException {
        FlatVector gradient = program.gradient();
        ByteBuffer memory = VectorMemory.of(gradient);
        int length = Math.toIntExact(gradient.storage().length());
        if (gradient.type() == DataType.DOUBLE) {
            double[] vector = new double[length + 1];
            memory.asDoubleBuffer().get(vector, 0, length);
            vector[length] = finite ? 0 : 1;
            all.sum(vector);
            memory.asDoubleBuffer().put(vector, 0, length);
            return vector[length] == 0;
        }
        float[] vector = new float[length + 1];
        memory.asFloatBuffer().get(vector, 0, length);
        vector[length] = finite ? 0 : 1;
        all.sum(vector);
        memory.asFloatBuffer().put(vector, 0, length);
        return vector[length] == 0;
    }
}
