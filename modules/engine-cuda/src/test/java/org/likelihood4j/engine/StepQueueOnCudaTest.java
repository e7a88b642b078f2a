package org.likelihood4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.likelihood4j.engine.compiled.CompiledEngine;
import org.likelihood4j.engine.cuda.CudaDevice;
import org.likelihood4j.engine.cuda.FakeCuda;
import org.likelihood4j.engine.cuda.FakeCuda.Streams;
import org.likelihood4j.engine.cuda.OnFakeCuda;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Steps that a card takes one behind the other are, to the last bit, those that the host begins one by one, and end at a bad one. */
@ExtendWith(OnFakeCuda.class)
class StepQueueOnCudaTest {
    private static final UpdateRule RULE =
            new UpdateRule(new Optimizer.Adam(0.9, 0.99, 1e-8, 0.3), OptionalDouble.of(3), OptionalDouble.of(0.8));
    private static final DataType TYPE = DataType.FLOAT;
    private static final int EXAMPLES = 40;

    private static final float[] X = numbers(1, Graphs.IN);
    private static final float[] T = numbers(2, Graphs.OUT);

    private static float[] numbers(long seed, int columns) {
        Random random = new Random(seed);
        float[] numbers = new float[EXAMPLES * columns];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    /** What examples have, the x of one of them infinite. */
    static List<InputSource> sources(int bad) {
        float[] x = X.clone();
        if (bad >= 0) {
            x[bad * Graphs.IN] = Float.POSITIVE_INFINITY;
        }
        return List.of(source(x, Graphs.IN), source(T, Graphs.OUT));
    }

    private static InputSource source(float[] numbers, int columns) {
        return new InputSource.Numbers(
                EXAMPLES, columns, (from, to) -> Arrays.copyOfRange(numbers, from * columns, to * columns));
    }

    /** Of a step the examples, each of which is in one step of ten. */
    private static int[] examples(int step) {
        return IntStream.range(0, Graphs.N)
                .map(row -> (row * 10 + step) % EXAMPLES)
                .toArray();
    }

    static double rate(int step) {
        return 0.05 / (1 + step);
    }

    static List<StepQueue.Step> steps(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(step -> new StepQueue.Step(rate(step), new StepFeed(examples(step), new long[0], 0)))
                .toList();
    }

    /** The same inputs, handed over. */
    static List<INDArray> batch(int step) {
        return List.of(gather(X, Graphs.IN, step), gather(T, Graphs.OUT, step));
    }

    private static INDArray gather(float[] numbers, int columns, int step) {
        INDArray gathered = Nd4j.zeros(TYPE, Graphs.N, columns);
        int[] examples = examples(step);
        for (int row = 0; row < Graphs.N; row++) {
            for (int i = 0; i < columns; i++) {
                gathered.putScalar(row, i, numbers[examples[row] * columns + i]);
            }
        }
        return gathered;
    }

    static FlatVector parameters(Device device) {
        FlatVector vector = FlatVector.zeros(device, Graphs.slots(), TYPE);
        Graphs.fill(vector.flat(), 3);
        return vector;
    }

    static TrainingProgram training(Device device, FlatVector parameters) {
        return new CompiledEngine(device).compileTraining(Graphs.regression(TYPE), parameters, RULE);
    }

    private static void assertSame(TrainingProgram one, TrainingProgram other) {
        assertThat(one.parameters().flat()).isEqualTo(other.parameters().flat());
        one.state()
                .moments()
                .forEach((name, moment) -> assertThat(moment.flat())
                        .isEqualTo(other.state().moment(name).flat()));
        assertThat(one.state().ema().orElseThrow().flat())
                .isEqualTo(other.state().ema().orElseThrow().flat());
        assertThat(one.state().steps()).isEqualTo(other.state().steps());
    }

    static void assertSame(StepResult one, StepResult other) {
        assertThat(one.loss()).isEqualTo(other.loss());
        assertThat(one.gradientNorm()).isEqualTo(other.gradientNorm());
        assertThat(one.metrics().get(0)).isEqualTo(other.metrics().get(0));
    }

    /** Rounds of several lengths; between them the host reads, and once writes, what the card goes on with. */
    @ParameterizedTest
    @EnumSource
    void areThoseThatAreBegunOneByOne(Streams streams) {
        try (CudaDevice device = FakeCuda.device(streams, 1, FakeCuda.TINY);
                TrainingProgram queued = training(device, parameters(device));
                TrainingProgram single = training(device, parameters(device))) {
            assertThat(queued.feed(sources(-1))).isTrue();
            int step = 0;
            for (int length : new int[] {1, 2, 5, 3, 1}) {
                List<StepResult> results = queued.steps(steps(step, step + length));
                assertThat(results).hasSize(length);
                for (StepResult result : results) {
                    assertSame(result, single.step(rate(step), batch(step)));
                    step++;
                }
                assertSame(queued, single);
                if (length == 5) {
                    queued.parameters().flat().muli(0.5);
                    single.parameters().flat().muli(0.5);
                }
            }
        }
    }

    /** Neither by the bad one nor by those that had begun behind it; and the training goes on. */
    @ParameterizedTest
    @EnumSource
    void nothingIsUpdatedByOrAfterABadOne(Streams streams) {
        try (CudaDevice device = FakeCuda.device(streams, 1, FakeCuda.TINY);
                TrainingProgram queued = training(device, parameters(device));
                TrainingProgram single = training(device, parameters(device))) {
            int bad = 3;
            assertThat(queued.feed(sources(examples(bad)[1]))).isTrue();
            List<StepResult> results = queued.steps(steps(0, 8));
            assertThat(results).hasSize(bad + 1);
            assertThat(results.get(bad).finite()).isFalse();
            for (int step = 0; step < bad; step++) {
                assertSame(results.get(step), single.step(rate(step), batch(step)));
            }
            assertSame(queued, single);
            // It is the bad one's, which reports name parts of, and not that of the one behind it.
            assertThat(queued.gradient().flat().toFloatVector()).satisfies(StepQueueOnCudaTest::isNotFinite);
            results = queued.steps(steps(bad + 1, 8));
            for (int step = bad + 1; step < 8; step++) {
                assertSame(results.get(step - bad - 1), single.step(rate(step), batch(step)));
            }
            assertSame(queued, single);
        }
    }

    private static void isNotFinite(float[] gradient) {
        int bad = 0;
        for (float value : gradient) {
            bad += Float.isFinite(value) ? 0 : 1;
        }
        assertThat(bad).isPositive();
    }

    /** The last of those that were asked for, and the first of all. */
    @Test
    void aBadOneMayBeTheLastOrTheFirst() {
        try (CudaDevice device = FakeCuda.device(Streams.LATE, 1, FakeCuda.TINY);
                TrainingProgram queued = training(device, parameters(device));
                TrainingProgram single = training(device, parameters(device))) {
            assertThat(queued.feed(sources(examples(0)[0]))).isTrue();
            assertThat(queued.steps(steps(0, 3))).hasSize(1);
            assertSame(queued, single);
            List<StepQueue.Step> badLast = new ArrayList<>(steps(1, 3));
            badLast.addAll(steps(0, 1));
            assertThat(queued.steps(badLast)).hasSize(3);
            for (int step = 1; step < 3; step++) {
                single.step(rate(step), batch(step));
            }
            assertSame(queued, single);
        }
    }

    /** Once all is there: nothing else is given to the card, and nothing else is waited for. */
    @Test
    void aStepIsOneGraph() {
        Map<String, Integer> calls = new HashMap<>();
        try (CudaDevice device = FakeCuda.device(Streams.LATE, 1, FakeCuda.TINY, calls);
                TrainingProgram queued = training(device, parameters(device))) {
            queued.feed(sources(-1));
            queued.steps(steps(0, 3));
            calls.clear();
            queued.steps(steps(3, 10));
            calls.remove("cuCtxSetCurrent");
            assertThat(calls)
                    .containsOnly(
                            Map.entry("cuGraphLaunch", 7),
                            Map.entry("cuEventRecord", 7),
                            Map.entry("cuEventSynchronize", 7));
        }
    }
}
