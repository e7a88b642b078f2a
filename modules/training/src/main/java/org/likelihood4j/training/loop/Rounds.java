package org.likelihood4j.training.loop;

import java.util.List;
import java.util.function.Function;
import org.likelihood4j.engine.StepResult;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Who takes the optimiser's steps: a round of one block or several at a time, each a pure function of the live values, which are those after its last
 * step when it is done.
 */
interface Rounds {
    /** Goes to what is left of an epoch. */
    Stretch stretch(long from, long end);

    /** Steps that follow each other, within an epoch. */
    interface Stretch extends AutoCloseable {
        /**
         * A round, from where the one before it ended.
         *
         * @param to the last step that may be in it, unless that is in the midst of its first block
         * @param factor what returns to a checkpoint have made of the learning rate
         * @return what each step reports, at least one; none follows that the training cannot go on after
         */
        List<StepResult> take(long to, double factor);

        /** Does something with the inputs of the last step's whole batch, as long as no other round has begun. */
        <T> T lastBatch(Function<List<INDArray>, T> use);

        @Override
        void close();
    }
}
