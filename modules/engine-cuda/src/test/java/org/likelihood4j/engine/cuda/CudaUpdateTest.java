package org.likelihood4j.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.likelihood4j.engine.Optimizer;
import org.likelihood4j.engine.Slot;
import org.likelihood4j.engine.UpdateRule;
import org.likelihood4j.engine.cuda.CudaUpdate.Vectors;
import org.likelihood4j.engine.cuda.FakeCuda.Streams;

/** What the host does not see until later: norms of any size, and that nothing is updated after what is not finite. */
@ExtendWith(OnFakeCuda.class)
class CudaUpdateTest {
    private static final int LENGTH = 1_000;
    private static final List<Slot> SLOTS = List.of(new Slot("p", List.of((long) LENGTH), 0, false));
    private static final UpdateRule PLAIN = UpdateRule.of(new Optimizer.Momentum(0, 0));

    /** Numbers of the vectors on the card. */
    private static final int PARAMETERS = 0;

    private static final int GRADIENT = 1;
    private static final int LOSS = 2;

    private static CardVectors vectors(Card card) {
        CardVectors vectors = new CardVectors(card);
        vectors.add(new float[LENGTH]);
        vectors.add(new float[LENGTH]);
        vectors.add(new float[1]);
        return vectors;
    }

    private static CudaUpdate update(Card card, CardVectors vectors, UpdateRule rule) {
        List<Long> moments = new ArrayList<>();
        for (int i = 0; i < (rule.optimizer() instanceof Optimizer.Adam ? 2 : 1); i++) {
            moments.add(vectors.address(vectors.add(new float[LENGTH])));
        }
        long average = rule.emaDecay().isPresent() ? vectors.address(vectors.add(new float[LENGTH])) : 0;
        return CudaUpdate.of(
                card,
                rule,
                SLOTS,
                new Vectors(
                        vectors.address(PARAMETERS),
                        vectors.address(GRADIENT),
                        moments,
                        average,
                        vectors.address(LOSS)),
                FakeCuda.TINY);
    }

    private static float[] random(Random random, double size) {
        float[] values = new float[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            values[i] = (float) (size * random.nextGaussian());
        }
        return values;
    }

    @Test
    void theNormIsSummedInFloat64() {
        try (Card card = FakeCuda.card(Streams.LATE, 1);
                CardVectors vectors = vectors(card);
                CudaUpdate update = update(card, vectors, PLAIN)) {
            Random random = new Random(1);
            for (double size : new double[] {1, 1e-30, 1e30}) {
                float[] values = random(random, size);
                double squares = 0;
                for (float value : values) {
                    squares += (double) value * value;
                }
                vectors.set(GRADIENT, values);
                update.measure();
                assertThat(update.norm()).isCloseTo(Math.sqrt(squares), within(1e-14 * Math.sqrt(squares)));
            }
        }
    }

    @Test
    void nothingIsUpdatedAfterWhatIsNotFiniteUntilTheHostSaysSo() {
        try (Card card = FakeCuda.card(Streams.LATE, 1);
                CardVectors vectors = vectors(card);
                CudaUpdate update = update(card, vectors, PLAIN)) {
            update.prepare(0, 0.5);
            float[] ones = new float[LENGTH];
            Arrays.fill(ones, 1);
            vectors.set(GRADIENT, ones);
            assertThat(stepped(card, update, vectors)).isEqualTo(-0.5f);
            vectors.set(LOSS, Float.NaN);
            assertThat(stepped(card, update, vectors)).isEqualTo(-0.5f);
            vectors.set(LOSS, 1);
            assertThat(stepped(card, update, vectors)).as("after the bad one").isEqualTo(-0.5f);
            assertThat(update.isHalted()).isTrue();
            assertThat(update.steps()).isEqualTo(1);
            update.proceed();
            ones[LENGTH - 1] = Float.POSITIVE_INFINITY;
            vectors.set(GRADIENT, ones);
            assertThat(stepped(card, update, vectors)).isEqualTo(-0.5f);
            ones[LENGTH - 1] = 1;
            vectors.set(GRADIENT, ones);
            update.proceed();
            assertThat(stepped(card, update, vectors)).isEqualTo(-1f);
            assertThat(update.steps()).isEqualTo(2);
        }
    }

    /** All parameters are the same. */
    private static float stepped(Card card, CudaUpdate update, CardVectors vectors) {
        card.locked(() -> {
            update.enqueueNorm();
            update.enqueueUpdate();
        });
        float[] values = vectors.get(PARAMETERS);
        assertThat(values).containsOnly(values[0]);
        return values[0];
    }

    /** Norm and update in one graph, which counts its steps itself, give the bits of those that the host starts one by one. */
    @ParameterizedTest
    @EnumSource
    void aGraphOfNormAndUpdateIsTheSame(Streams streams) {
        UpdateRule rule = new UpdateRule(Optimizer.Adam.standard(), OptionalDouble.of(20), OptionalDouble.of(0.9));
        List<float[]> one = new ArrayList<>();
        List<float[]> other = new ArrayList<>();
        try (Card card = FakeCuda.card(streams, 1);
                CardVectors vectors = vectors(card);
                CudaUpdate update = update(card, vectors, rule)) {
            Random random = new Random(2);
            for (int step = 0; step < 4; step++) {
                vectors.set(GRADIENT, random(random, 1));
                update.measure();
                update.prepare(step, 0.1);
                card.locked(update::enqueueUpdate);
                one.add(vectors.get(PARAMETERS));
            }
        }
        try (Card card = FakeCuda.card(streams, 2);
                CardVectors vectors = vectors(card);
                CudaUpdate update = update(card, vectors, rule);
                CardResources graphs = card.make(made -> made)) {
            Random random = new Random(2);
            update.prepare(0, 0.1);
            Runnable step = () -> {
                update.enqueueNorm();
                update.enqueueUpdate();
            };
            // The first one loads what the graph launches.
            vectors.set(GRADIENT, random(random, 1));
            card.locked(step);
            other.add(vectors.get(PARAMETERS));
            Pointer graph = card.locked(() -> graphs.graph(step));
            for (int i = 1; i < 4; i++) {
                vectors.set(GRADIENT, random(random, 1));
                card.locked(() -> card.launch(graph));
                other.add(vectors.get(PARAMETERS));
            }
            assertThat(update.steps()).isEqualTo(4);
        }
        for (int i = 0; i < one.size(); i++) {
            assertThat(other.get(i)).as("step %s", i).isEqualTo(one.get(i));
        }
    }

    @Test
    void aBoundThatIsInfiniteClipsNothing() {
        UpdateRule rule = new UpdateRule(
                new Optimizer.Momentum(0, 0), OptionalDouble.of(Double.POSITIVE_INFINITY), OptionalDouble.empty());
        try (Card card = FakeCuda.card(Streams.LATE, 1);
                CardVectors vectors = vectors(card);
                CudaUpdate update = update(card, vectors, rule)) {
            float[] large = new float[LENGTH];
            Arrays.fill(large, 1e30f);
            vectors.set(GRADIENT, large);
            update.measure();
            update.prepare(0, 1);
            card.locked(update::enqueueUpdate);
            assertThat(vectors.get(PARAMETERS)).containsOnly(-1e30f);
        }
    }
}
