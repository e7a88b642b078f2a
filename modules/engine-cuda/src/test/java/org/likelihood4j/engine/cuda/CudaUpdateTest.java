package org.likelihood4j.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.likelihood4j.engine.Optimizer;
import org.likelihood4j.engine.Slot;
import org.likelihood4j.engine.UpdateRule;
import org.likelihood4j.engine.cuda.CudaUpdate.Vectors;
import org.likelihood4j.engine.cuda.FakeCuda.Streams;

/** What the host does not see until later: norms of any size, and that nothing is updated after what is not finite. */
class CudaUpdateTest {
    private static final int LENGTH = 1_000;
    private static final List<Slot> SLOTS = List.of(new Slot("p", List.of((long) LENGTH), 0, false));

    @BeforeAll
    static void needsCompiler() {
        FakeCuda.require();
    }

    /** Some memory of the card, and what it is filled with. */
    private static final class Vector {
        final Card card;
        final long address;
        final int length;
        final Pointer stream;

        Vector(Card card, int length) {
            this.card = card;
            this.length = length;
            this.address = card.allocate((long) length * Float.BYTES);
            this.stream = card.stream();
            set(new float[length]);
        }

        void set(float... values) {
            Memory host = new Memory((long) values.length * Float.BYTES);
            host.write(0, values, 0, values.length);
            card.upload(address, host, host.size(), stream);
            card.await(stream);
        }

        float[] get() {
            Memory host = new Memory((long) length * Float.BYTES);
            card.download(host, address, host.size(), stream);
            card.await(stream);
            return host.getFloatArray(0, length);
        }
    }

    @Test
    void theNormIsSummedInFloat64() {
        try (Card card = FakeCuda.card(Streams.LATE, 1)) {
            Vector gradient = new Vector(card, LENGTH);
            Vector other = new Vector(card, LENGTH);
            UpdateRule rule = UpdateRule.of(new Optimizer.Momentum(0, 0));
            Vectors vectors = new Vectors(
                    other.address, gradient.address, List.of(new Vector(card, LENGTH).address), 0, other.address);
            try (CudaUpdate update = new CudaUpdate(card, rule, SLOTS, vectors, FakeCuda.TINY)) {
                Random random = new Random(1);
                for (double size : new double[] {1, 1e-30, 1e30}) {
                    float[] values = new float[LENGTH];
                    double squares = 0;
                    for (int i = 0; i < LENGTH; i++) {
                        values[i] = (float) (size * random.nextGaussian());
                        squares += (double) values[i] * values[i];
                    }
                    gradient.set(values);
                    assertThat(update.norm()).isCloseTo(Math.sqrt(squares), within(1e-14 * Math.sqrt(squares)));
                }
            }
        }
    }

    @Test
    void nothingIsUpdatedAfterWhatIsNotFiniteUntilTheHostSaysSo() {
        try (Card card = FakeCuda.card(Streams.LATE, 1)) {
            Vector parameters = new Vector(card, LENGTH);
            Vector gradient = new Vector(card, LENGTH);
            Vector loss = new Vector(card, 1);
            UpdateRule rule = UpdateRule.of(new Optimizer.Momentum(0, 0));
            Vectors vectors = new Vectors(
                    parameters.address, gradient.address, List.of(new Vector(card, LENGTH).address), 0, loss.address);
            try (CudaUpdate update = new CudaUpdate(card, rule, SLOTS, vectors, FakeCuda.TINY)) {
                float[] ones = new float[LENGTH];
                Arrays.fill(ones, 1);
                gradient.set(ones);
                assertThat(stepped(update, parameters)).isEqualTo(-0.5f);
                loss.set(Float.NaN);
                assertThat(stepped(update, parameters)).isEqualTo(-0.5f);
                loss.set(1);
                assertThat(stepped(update, parameters)).as("after the bad one").isEqualTo(-0.5f);
                assertThat(update.isHalted()).isTrue();
                assertThat(update.steps()).isEqualTo(1);
                update.proceed();
                ones[LENGTH - 1] = Float.POSITIVE_INFINITY;
                gradient.set(ones);
                assertThat(stepped(update, parameters)).isEqualTo(-0.5f);
                ones[LENGTH - 1] = 1;
                gradient.set(ones);
                update.proceed();
                assertThat(stepped(update, parameters)).isEqualTo(-1f);
                assertThat(update.steps()).isEqualTo(2);
            }
        }
    }

    /** All parameters are the same. */
    private static float stepped(CudaUpdate update, Vector parameters) {
        update.norm();
        update.apply(0.5);
        float[] values = parameters.get();
        assertThat(values).containsOnly(values[0]);
        return values[0];
    }
}
