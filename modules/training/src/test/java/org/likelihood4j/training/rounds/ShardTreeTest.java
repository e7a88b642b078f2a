package org.likelihood4j.training.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.Slot;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** The tree against one that is built by recursion, with Java's own additions. */
class ShardTreeTest {
    private static final int LENGTH = 10_007;

    private final Random random = new Random(5);

    /** Of all sizes, down to numbers that are subnormal. */
    private float[][] gradients(int shards) {
        float[][] gradients = new float[shards][LENGTH];
        for (float[] gradient : gradients) {
            for (int i = 0; i < LENGTH; i++) {
                gradient[i] = (float) (random.nextGaussian() * Math.pow(10, -i % 46));
            }
        }
        return gradients;
    }

    private static float tree(float[][] gradients, int element, int from, int to) {
        if (to - from == 1) {
            return gradients[from][element];
        }
        int middle = (from + to) / 2;
        return tree(gradients, element, from, middle) + tree(gradients, element, middle, to);
    }

    private static float inTurn(float[][] gradients, int element) {
        float sum = gradients[0][element];
        for (int i = 1; i < gradients.length; i++) {
            sum += gradients[i][element];
        }
        return sum;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8, 16})
    void isTheTreeToTheBit(int shards) {
        FlatVector vector =
                FlatVector.zeros(List.of(new Slot("all", List.of((long) LENGTH), 0, false)), DataType.FLOAT);
        ShardTree tree = new ShardTree(vector, shards);
        // The second step finds what the first one left.
        for (int step = 0; step < 2; step++) {
            float[][] gradients = gradients(shards);
            for (int shard = 0; shard < shards; shard++) {
                vector.flat().assign(Nd4j.createFromArray(gradients[shard]));
                tree.add(shard);
            }
            float[] sum = vector.flat().toFloatVector();
            float[] expected = new float[LENGTH];
            float[] inTurn = new float[LENGTH];
            for (int i = 0; i < LENGTH; i++) {
                expected[i] = tree(gradients, i, 0, shards);
                inTurn[i] = inTurn(gradients, i);
            }
            assertThat(sum).isEqualTo(expected);
            assertThat(Arrays.equals(sum, inTurn)).isEqualTo(shards <= 2);
        }
    }
}
