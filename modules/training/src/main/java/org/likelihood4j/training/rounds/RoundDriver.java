package org.likelihood4j.training.rounds;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.data.Examples;
import org.likelihood4j.engine.StepResult;
import org.likelihood4j.engine.TrainingProgram;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.io.RunException;

/** Has rounds of steps taken by workers, from a training's live values and back into them. */
public final class RoundDriver {
    private final RoundCarrier carrier;
    private final Fingerprint fingerprint;
    private final StateBytes state;
    private final StepPlan plan;
    private final int shards;

    /**
     * Of a training.
     *
     * @param program bound to {@code values}; no step of its own is taken
     * @throws org.likelihood4j.config.rules.ConfigException if the configuration does not say how many shards there are
     */
    public RoundDriver(
            RoundCarrier carrier, RunConfig config, Examples train, ModelValues values, TrainingProgram program) {
        this.carrier = carrier;
        this.shards = ShardWorker.requireShards(config);
        this.plan = new StepPlan(config, train);
        this.fingerprint = Fingerprint.of(config, train);
        this.state = new StateBytes(values, program);
    }

    /**
     * Has a round taken. The live values are then those after its last step, and so is the program's gradient.
     *
     * @param from how many steps were taken before
     * @param to the last step of the round, by that count; it has fewer where the carrier says so, a block ends before, or the training cannot go
     *     on; but one block at least, see {@link StepPlan#blocksEnd}
     * @param factor what returns to a checkpoint have made of the learning rate
     * @throws RunException if the round cannot be done, or the workers do not agree
     */
    public List<StepResult> take(long from, long to, double factor) {
        long last = plan.blocksEnd(from, Math.min(to, from + Math.max(1, carrier.mostSteps())));
        byte[] round = state.before(new Round(fingerprint, from, last, factor).head());
        List<ByteBuffer> bytes =
                carrier.carry(round).stream().map(ByteBuffer::wrap).toList();
        List<Answer> answers = bytes.stream().map(Answer::read).toList();
        requireSame(answers, last);
        state.readAfter(bytes.get(0));
        List<StepResult> results = new ArrayList<>();
        for (int i = 0; i < answers.get(0).steps().size(); i++) {
            int step = i;
            results.add(ShardResults.whole(
                    answers.stream().map(answer -> answer.steps().get(step)).toList()));
        }
        return results;
    }

    /** A carrier is somebody else's, and so are its machines. */
    private void requireSame(List<Answer> answers, long last) {
        for (int rank = 0; rank < answers.size(); rank++) {
            Answer answer = answers.get(rank);
            if (answer.rank() != rank) {
                throw new RunException(
                        "the answer of worker " + answer.rank() + " came in the place of worker " + rank);
            }
            if (answer.checksum() != answers.get(0).checksum()
                    || answer.steps().size() != answers.get(0).steps().size()) {
                throw new RunException("workers 0 and " + rank + " have not computed the same up to step " + last
                        + ": give all of them the same number of threads (OMP_NUM_THREADS), the same native build and"
                        + " the same kind of processor");
            }
        }
        int reported = answers.stream()
                .mapToInt(answer -> answer.steps().get(0).shards().size())
                .sum();
        if (reported != shards) {
            throw new RunException("the workers have reported on " + reported + " shards of " + shards);
        }
    }
}
