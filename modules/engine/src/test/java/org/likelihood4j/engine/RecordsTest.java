package org.likelihood4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;

/** Plain data: what is valid, and what is said of what is not. */
class RecordsTest {
    @Test
    void badOptimisersAreNamed() {
        for (double bad : new double[] {-0.1, 1, Double.NaN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Optimizer.Adam(bad, 0.9, 1e-8, 0))
                    .withMessageContainingAll("beta1", String.valueOf(bad));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Optimizer.Adam(0.9, bad, 1e-8, 0))
                    .withMessageContainingAll("beta2", String.valueOf(bad));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Optimizer.Momentum(bad, 0))
                    .withMessageContainingAll("momentum", String.valueOf(bad));
        }
        for (double bad : new double[] {-1, 0, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Optimizer.Adam(0.9, 0.9, bad, 0))
                    .withMessageContainingAll("epsilon", String.valueOf(bad));
        }
        for (double bad : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Optimizer.Adam(0.9, 0.9, 1e-8, bad))
                    .withMessageContainingAll("weightDecay", String.valueOf(bad));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Optimizer.Momentum(0.9, bad))
                    .withMessageContainingAll("weightDecay", String.valueOf(bad));
        }
    }

    @Test
    void badUpdateRulesAreNamed() {
        Optimizer sgd = new Optimizer.Momentum(0, 0);
        for (double bad : new double[] {0, -1, Double.NaN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new UpdateRule(sgd, OptionalDouble.of(bad), OptionalDouble.empty()))
                    .withMessageContainingAll("clipNorm", String.valueOf(bad));
        }
        for (double bad : new double[] {0, 1, Double.NaN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new UpdateRule(sgd, OptionalDouble.empty(), OptionalDouble.of(bad)))
                    .withMessageContainingAll("emaDecay", String.valueOf(bad));
        }
    }

    @Test
    void slotsFollowEachOther() {
        FlatVector vector = Graphs.parameters(DataType.DOUBLE, 1);
        assertThat(vector.length()).isEqualTo(8);
        assertThat(vector.view("w").getDouble(1, 0)).isEqualTo(vector.flat().getDouble(2));
        vector.flat().putScalar(7, 42);
        assertThat(vector.view("b").getDouble(1)).isEqualTo(42);
        FlatVector copy = vector.copy();
        copy.flat().assign(0);
        assertThat(vector.flat().getDouble(7)).isEqualTo(42);
        assertThat(vector.like().flat().toDoubleVector()).containsOnly(0);

        Slot a = new Slot("a", List.of(2L), 0, true);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FlatVector.zeros(List.of(a, new Slot("b", List.of(2L), 1, true)), DataType.FLOAT))
                .withMessageContainingAll("slot b", "1", "expected 2 or more");
        FlatVector gap = FlatVector.zeros(List.of(a, new Slot("b", List.of(2L), 5, true)), DataType.FLOAT);
        assertThat(gap.length()).isEqualTo(4);
        gap.view("b").assign(3);
        assertThat(gap.flat().toFloatVector()).containsExactly(0, 0, 0, 0, 0, 3, 3);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FlatVector.zeros(List.of(a, new Slot("a", List.of(2L), 2, true)), DataType.FLOAT))
                .withMessageContaining("two slots are named a");
        assertThatIllegalArgumentException().isThrownBy(() -> vector.view("c")).withMessageContaining("slot named c");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Slot("s", List.of(2L), -1, true))
                .withMessageContainingAll("slot s", "-1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Slot("s", List.of(2L, 0L), 0, true))
                .withMessageContainingAll("slot s", "[2, 0]");
    }
}
