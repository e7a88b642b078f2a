package org.likelihood4j.training.rounds;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.likelihood4j.data.Prefetch;
import org.likelihood4j.engine.StepResult;
import org.likelihood4j.engine.TrainingProgram;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Takes the steps of a plan in shards, a block at a time: one step together, or those that replicas take alone. */
public final class ShardSteps {
    private final StepPlan plan;
    private final StepCheck check;
    private final StepInputs inputs;
    private final int own;
    private final ShardedStep together;
    private final Optional<Replicas> alone;

    /**
     * The steps of a worker.
     *
     * @param program for the rows of a shard
     * @param own how many shards this worker has, a power of two
     */
    ShardSteps(StepPlan plan, StepCheck check, StepInputs inputs, TrainingProgram program, int own) {
        int shards = plan.config().training().shards();
        this.plan = plan;
        this.check = check;
        this.inputs = inputs;
        this.own = own;
        this.together = new ShardedStep(program, check, shards, own);
        this.alone = Optional.ofNullable(plan.config().training().local())
                .map(any -> new Replicas(program, plan, check, shards, own));
    }

    /** The steps of a worker that has all shards. */
    public ShardSteps(StepPlan plan, StepCheck check, StepInputs inputs, TrainingProgram program) {
        this(plan, check, inputs, program, plan.config().training().shards());
    }

    int own() {
        return own;
    }

    /**
     * All steps from one to another, where a block ends.
     *
     * @param ahead how many steps' inputs wait ready
     */
    public Stretch stretch(long from, long to, int ahead) {
        return new Stretch(from, to, ahead, 0);
    }

    /** The same of the shards from {@code first} on. */
    Stretch stretch(long from, long to, int ahead, int first) {
        return new Stretch(from, to, ahead, first);
    }

    /** Steps that follow each other, within an epoch. Inputs are prepared on another thread while earlier steps are taken. */
    public final class Stretch implements AutoCloseable {
        private final Prefetch<List<INDArray>> prepared;
        private final int first;
        private long step;

        private Stretch(long from, long to, int ahead, int first) {
            this.first = first;
            this.step = from;
            this.prepared = new Prefetch<>("batches", own * (to - from), own * ahead, i -> item(from, i));
        }

        /** Of each block the inputs of its first shard, in all its steps, then of the next shard. */
        private List<INDArray> item(long from, long i) {
            long any = from + i / own;
            long start = Math.max(from, plan.blockStart(any));
            long length = plan.blockEnd(any) - start;
            long place = i - own * (start - from);
            return inputs.shard(start + place % length, first + Math.toIntExact(place / length));
        }

        /** How many steps were taken, before and in this stretch. */
        public long step() {
            return step;
        }

        /**
         * The next block, of a worker that has all shards.
         *
         * @param factor of the plan's learning rates
         * @return what each step reports; none follows that the training cannot go on after
         */
        public List<StepResult> take(double factor) {
            try {
                return take(factor, null).steps().stream()
                        .map(step -> ShardResults.whole(List.of(step)))
                        .toList();
            } catch (IOException e) {
                throw new IllegalStateException("nobody was asked", e);
            }
        }

        /**
         * The same, of any worker.
         *
         * @param all between all workers; not used, and may be null, where there is one
         */
        BlockResults take(double factor, AllReduce all) throws IOException {
            BlockResults block;
            if (plan.local(step)) {
                block = alone.orElseThrow().take(step, plan.blockEnd(step), factor, this::use, all);
            } else {
                List<List<INDArray>> batch = new ArrayList<>(own);
                for (int shard = 0; shard < own; shard++) {
                    batch.add(prepared.next());
                }
                ShardResults result = together.take(plan.learningRate(step) * factor, batch, all);
                block = new BlockResults(List.of(result), check.goesOn(result.gradientNorm()));
                batch.forEach(inputs::release);
            }
            step += block.steps().size();
            return block;
        }

        /** Does something with the next inputs, which are then free again. */
        private void use(Consumer<List<INDArray>> by) {
            List<INDArray> next = prepared.next();
            by.accept(next);
            inputs.release(next);
        }

        @Override
        public void close() {
            prepared.close();
        }
    }
}
