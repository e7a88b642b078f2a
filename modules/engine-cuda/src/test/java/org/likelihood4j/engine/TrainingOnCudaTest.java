package org.likelihood4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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

/** Trainings whose vectors stay on a card: what is saved, restored, validated and shared is what was last written, on whichever side. */
@ExtendWith(OnFakeCuda.class)
class TrainingOnCudaTest {
    private static final UpdateRule RULE =
            new UpdateRule(new Optimizer.Adam(0.9, 0.99, 1e-8, 0.3), OptionalDouble.of(3), OptionalDouble.of(0.8));
    private static final DataType TYPE = DataType.FLOAT;
    private static final double RATE = 0.05;

    private static CudaDevice device(Streams streams) {
        return FakeCuda.device(streams, 1, FakeCuda.TINY);
    }

    private static FlatVector parameters(Device device, long seed) {
        FlatVector vector = FlatVector.zeros(device, Graphs.slots(), TYPE);
        Graphs.fill(vector.flat(), seed);
        return vector;
    }

    private static TrainingProgram training(Device device, FlatVector parameters) {
        return new CompiledEngine(device).compileTraining(Graphs.regression(TYPE), parameters, RULE);
    }

    private static void train(TrainingProgram training, int from, int to) {
        for (int step = from; step < to; step++) {
            training.step(RATE, Graphs.batch(TYPE, step));
        }
    }

    @ParameterizedTest
    @EnumSource
    void manyStepsAreTheProcessors(Streams streams) {
        FlatVector expected = parameters(Devices.cpu(), 1);
        try (TrainingProgram processor = training(Devices.cpu(), expected);
                CudaDevice device = device(streams)) {
            FlatVector found = parameters(device, 1);
            try (TrainingProgram card = training(device, found)) {
                for (int step = 0; step < 30; step++) {
                    StepResult one = processor.step(RATE, Graphs.batch(TYPE, step));
                    StepResult other = card.step(RATE, Graphs.batch(TYPE, step));
                    assertThat(other.loss()).isCloseTo(one.loss(), within(1e-5 * Math.abs(one.loss())));
                    assertThat(other.gradientNorm()).isCloseTo(one.gradientNorm(), within(1e-5 * one.gradientNorm()));
                }
                assertClose(found, expected);
                processor
                        .state()
                        .moments()
                        .forEach((name, moment) -> assertClose(card.state().moment(name), moment));
                assertClose(
                        card.state().ema().orElseThrow(),
                        processor.state().ema().orElseThrow());
                assertThat(card.state().steps()).isEqualTo(30);
            }
        }
    }

    private static void assertClose(FlatVector found, FlatVector expected) {
        assertThat(found.flat().toFloatVector()).containsExactly(expected.flat().toFloatVector(), within(1e-4f));
    }

    /** Of a training that is saved by way of the host, restored in another program and gone on with, to the bit. */
    @ParameterizedTest
    @EnumSource
    void aTrainingGoesOnFromWhatWasSaved(Streams streams) {
        try (CudaDevice device = device(streams)) {
            FlatVector whole = parameters(device, 1);
            FlatVector first = parameters(device, 1);
            FlatVector second = FlatVector.zeros(device, Graphs.slots(), TYPE);
            try (TrainingProgram straight = training(device, whole);
                    TrainingProgram before = training(device, first);
                    TrainingProgram after = training(device, second)) {
                train(straight, 0, 6);
                train(before, 0, 3);
                second.flat().assign(first.flat());
                before.state()
                        .moments()
                        .forEach((name, moment) ->
                                after.state().moment(name).flat().assign(moment.flat()));
                after.state()
                        .ema()
                        .orElseThrow()
                        .flat()
                        .assign(before.state().ema().orElseThrow().flat());
                after.state().restoreSteps(before.state().steps());
                train(after, 3, 6);
                assertThat(second.flat()).isEqualTo(whole.flat());
                assertThat(after.state().ema().orElseThrow().flat())
                        .isEqualTo(straight.state().ema().orElseThrow().flat());
                // What was saved was only read.
                train(before, 3, 6);
                assertThat(first.flat()).isEqualTo(whole.flat());
            }
        }
    }

    /** A validation over the training's own vectors, before, between and after steps, and after the host has written. */
    @ParameterizedTest
    @EnumSource
    void aValidationFindsWhatWasLastWritten(Streams streams) {
        try (CudaDevice device = device(streams)) {
            FlatVector parameters = parameters(device, 1);
            FlatVector copy = FlatVector.zeros(Devices.cpu(), Graphs.slots(), TYPE);
            List<INDArray> batch = Graphs.batch(TYPE, 100);
            try (TrainingProgram training = training(device, parameters);
                    Program validation = new CompiledEngine(device).compile(Graphs.regression(TYPE), parameters);
                    Program expected = new CompiledEngine(Devices.cpu()).compile(Graphs.regression(TYPE), copy)) {
                for (int step = 0; step < 8; step++) {
                    float loss = validation.run(batch).get(0).getFloat();
                    copy.flat().assign(parameters.flat());
                    assertThat(loss).isCloseTo(expected.run(batch).get(0).getFloat(), within(1e-5f * loss));
                    if (step == 4) {
                        Graphs.fill(parameters.flat(), 5);
                    } else {
                        train(training, step, step + 1);
                    }
                }
            }
        }
    }

    /** As the mean over machines, which the host writes between an evaluation and an update. */
    @Test
    void aGradientOfTheHostsIsUpdatedFrom() {
        FlatVector expected = parameters(Devices.cpu(), 1);
        try (CudaDevice device = device(Streams.LATE);
                TrainingProgram processor = training(Devices.cpu(), expected)) {
            FlatVector found = parameters(device, 1);
            try (TrainingProgram card = training(device, found)) {
                for (int step = 0; step < 5; step++) {
                    for (TrainingProgram training : List.of(processor, card)) {
                        training.evaluate(Graphs.batch(TYPE, step));
                        training.gradient().flat().muli(0.5);
                        training.update(RATE);
                    }
                }
                assertClose(found, expected);
            }
        }
    }

    /** A step that is not finite changes nothing, and the next one goes on. */
    @Test
    void aStepThatIsNotFiniteIsLeftOut() {
        try (CudaDevice device = device(Streams.LATE)) {
            FlatVector parameters = parameters(device, 1);
            FlatVector same = parameters(device, 1);
            try (TrainingProgram training = training(device, parameters);
                    TrainingProgram other = training(device, same)) {
                train(training, 0, 2);
                train(other, 0, 2);
                List<INDArray> bad = Graphs.batch(TYPE, 2);
                bad.get(0).putScalar(0, Float.POSITIVE_INFINITY);
                assertThat(training.step(RATE, bad).finite()).isFalse();
                train(training, 2, 4);
                train(other, 2, 4);
                assertThat(parameters.flat()).isEqualTo(same.flat());
                assertThat(training.state().steps()).isEqualTo(4);
            }
        }
    }

    /** Once all is there: its inputs, a learning rate and the number of steps go to the card, and loss, metrics and norm come back. */
    @Test
    void aStepCopiesOnlyWhatIsNew() {
        Map<String, Integer> calls = new HashMap<>();
        try (CudaDevice device = FakeCuda.device(Streams.LATE, 1, FakeCuda.TINY, calls)) {
            FlatVector parameters = parameters(device, 1);
            try (TrainingProgram training = training(device, parameters)) {
                train(training, 0, 3);
                calls.clear();
                train(training, 3, 4);
                calls.remove("cuCtxSetCurrent");
                assertThat(calls)
                        .containsOnly(
                                Map.entry("cuMemcpyHtoDAsync_v2", 3),
                                Map.entry("cuMemcpyDtoHAsync_v2", 1),
                                Map.entry("cuGraphLaunch", 1),
                                Map.entry("cuLaunchKernel", 3),
                                Map.entry("cuEventRecord", 5),
                                Map.entry("cuEventSynchronize", 5));
            }
        }
    }

    /** As those of a model that is opened once and serves many. */
    @ParameterizedTest
    @EnumSource
    void programsOfSeveralThreadsShareAVector(Streams streams) throws Exception {
        int threads = 2;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try (CudaDevice device = device(streams)) {
            FlatVector parameters = parameters(device, 1);
            List<INDArray> expected = new ArrayList<>();
            try (Program program = new CompiledEngine(device).compile(Graphs.regression(TYPE), parameters)) {
                for (int seed = 0; seed < 20; seed++) {
                    expected.add(program.run(Graphs.batch(TYPE, seed)).get(1));
                }
            }
            // It is the host's again, so that the first one who runs brings it.
            parameters.flat();
            List<Program> programs = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                programs.add(new CompiledEngine(device).compile(Graphs.regression(TYPE), parameters));
            }
            List<Future<?>> all = new ArrayList<>();
            for (Program program : programs) {
                all.add(pool.submit(() -> {
                    for (int seed = 0; seed < expected.size(); seed++) {
                        assertThat(program.run(Graphs.batch(TYPE, seed)).get(1)).isEqualTo(expected.get(seed));
                    }
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
            programs.forEach(Program::close);
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void aVectorThatIsElsewhereIsRefusedInOneLine() {
        try (CudaDevice device = device(Streams.LATE)) {
            FlatVector elsewhere = parameters(Devices.cpu(), 1);
            assertThatThrownBy(() -> training(device, elsewhere))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a vector is on device cpu, and the program on device cuda: make it with"
                            + " FlatVector.zeros(device, slots, type)");
        }
    }
}
