package org.likelihood4j.training.rounds;

import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.Splits;

/** Where a worker has its training examples from. */
public interface WorkerData {
    /** What one example is. */
    ExampleShape shape();

    /** How many there are in all. */
    int size();

    /**
     * The training examples, of which those of some neighbouring shards are needed; where {@code training.shuffle} is {@code all} that is all.
     *
     * @param first the first shard
     * @param count how many
     * @throws org.likelihood4j.data.DataException if they cannot be read
     */
    Examples examples(int first, int count);

    /** All of them, in memory. */
    static WorkerData of(Splits data) {
        return new WorkerData() {
            @Override
            public ExampleShape shape() {
                return data.train().shape();
            }

            @Override
            public int size() {
                return data.train().size();
            }

            @Override
            public Examples examples(int first, int count) {
                return data.train();
            }
        };
    }
}
