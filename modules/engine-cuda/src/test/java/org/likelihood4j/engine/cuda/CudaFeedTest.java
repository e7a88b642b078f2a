package org.likelihood4j.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.likelihood4j.engine.Computation;
import org.likelihood4j.engine.Engines;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.Input;
import org.likelihood4j.engine.InputSource;
import org.likelihood4j.engine.Optimizer;
import org.likelihood4j.engine.Slot;
import org.likelihood4j.engine.StepFeed;
import org.likelihood4j.engine.StepQueue;
import org.likelihood4j.engine.StepResult;
import org.likelihood4j.engine.TrainingProgram;
import org.likelihood4j.engine.UpdateRule;
import org.likelihood4j.engine.cuda.FakeCuda.Streams;
import org.likelihood4j.random.CounterRandom;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Inputs that a card makes of data that it keeps are those that the host would hand over, to the last bit: the loss is a sum of products of
 * each input with parameters of its own, whose gradient is the input.
 */
@ExtendWith(OnFakeCuda.class)
class CudaFeedTest {
    private static final int ROWS = 6;
    private static final int EXAMPLES = 11;
    private static final List<InputSource> SOURCES = sources();

    private static List<InputSource> sources() {
        byte[] pixels = new byte[EXAMPLES * 5];
        float[] numbers = new float[EXAMPLES * 3];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i * 37);
        }
        CounterRandom.fillNormal(3, numbers, 0, numbers.length);
        float[] labels = new float[EXAMPLES];
        for (int i = 0; i < EXAMPLES; i++) {
            labels[i] = i * i % 4;
        }
        return List.of(
                new InputSource.Pixels(EXAMPLES, 5, (from, to) -> Arrays.copyOfRange(pixels, from * 5, to * 5)),
                new InputSource.Noise(7, true, false),
                new InputSource.Numbers(EXAMPLES, 3, (from, to) -> Arrays.copyOfRange(numbers, from * 3, to * 3)),
                new InputSource.Noise(2, false, true),
                new InputSource.Classes(EXAMPLES, 4, (from, to) -> Arrays.copyOfRange(labels, from, to)),
                new InputSource.Same());
    }

    private static String name(int source) {
        return "x" + source;
    }

    private static Computation computation(SameDiff sd, List<InputSource> sources) {
        SDVariable loss = null;
        List<Input> inputs = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
            int columns = sources.get(i).columns();
            SDVariable x = sd.placeHolder(name(i), DataType.FLOAT, ROWS, columns);
            SDVariable p = sd.var("p" + i, DataType.FLOAT, ROWS, columns);
            SDVariable sum = x.mul(p).sum();
            loss = loss == null ? sum : loss.add(sum);
            inputs.add(new Input(name(i), DataType.FLOAT, List.of((long) ROWS, (long) columns)));
        }
        return new Computation(sd, inputs, List.of(loss.rename("loss").name()));
    }

    private static FlatVector parameters(CudaDevice device, List<InputSource> sources) {
        List<Slot> slots = new ArrayList<>();
        long offset = 0;
        for (int i = 0; i < sources.size(); i++) {
            Slot slot =
                    new Slot("p" + i, List.of((long) ROWS, (long) sources.get(i).columns()), offset, false);
            slots.add(slot);
            offset += slot.length();
        }
        FlatVector parameters = FlatVector.zeros(device, slots, DataType.FLOAT);
        parameters.flat().assign(1);
        return parameters;
    }

    /** What the sources' documentation promises. */
    private static float[] expected(InputSource source, int number, StepFeed feed) {
        int columns = source.columns();
        float[] all = new float[ROWS * columns];
        for (int row = 0; row < ROWS; row++) {
            int example = feed.examples()[row];
            for (int i = 0; i < columns; i++) {
                int at = row * columns + i;
                if (source instanceof InputSource.Pixels pixels) {
                    all[at] = pixels.reader().read(example, example + 1)[i] & 0xff;
                } else if (source instanceof InputSource.Numbers numbers) {
                    all[at] = numbers.reader().read(example, example + 1)[i];
                } else if (source instanceof InputSource.Classes classes) {
                    all[at] = classes.reader().read(example, example + 1)[0] == i ? 1 : 0;
                } else if (source instanceof InputSource.Same) {
                    all[at] = (float) feed.same();
                }
            }
            if (source instanceof InputSource.Noise noise) {
                long key = CounterRandom.key(feed.keys()[number / 2], noise.perExample() ? example : row);
                if (noise.normal()) {
                    CounterRandom.fillNormal(key, all, row * columns, columns);
                } else {
                    CounterRandom.fillUniform(key, all, row * columns, columns);
                }
            }
        }
        return all;
    }

    private static StepFeed feed(int step) {
        int[] examples = IntStream.range(0, ROWS)
                .map(row -> (row * 5 + step * 3) % EXAMPLES)
                .toArray();
        return new StepFeed(examples, new long[] {CounterRandom.key(9, step), CounterRandom.key(4, 2)}, 0.1 * step);
    }

    /** The first steps run kernel by kernel, are captured, and then run as graphs. */
    @ParameterizedTest
    @EnumSource
    void areTheHostsBits(Streams streams) {
        try (CudaDevice device = FakeCuda.device(streams, 1, FakeCuda.TINY)) {
            FlatVector parameters = parameters(device, SOURCES);
            try (TrainingProgram program = Engines.best(device)
                    .compileTraining(
                            computation(SameDiff.create(), SOURCES),
                            parameters,
                            UpdateRule.of(Optimizer.Adam.standard()))) {
                assertThat(program.feed(SOURCES)).isTrue();
                for (int step = 0; step < 4; step++) {
                    StepResult result = program.steps(List.of(new StepQueue.Step(0, feed(step))))
                            .get(0);
                    double loss = 0;
                    for (int i = 0; i < SOURCES.size(); i++) {
                        float[] wanted = expected(SOURCES.get(i), i, feed(step));
                        INDArray gradient = program.gradient().view("p" + i);
                        assertThat(gradient.dup().reshape(gradient.length()).toFloatVector())
                                .as("step %d, input %d", step, i)
                                .isEqualTo(wanted);
                        for (float value : wanted) {
                            loss += value;
                        }
                    }
                    assertThat((float) result.loss())
                            .isEqualTo((float) loss, org.assertj.core.api.Assertions.within(1e-3f));
                }
                // Inputs may be handed over all the same.
                List<INDArray> zeros = SOURCES.stream()
                        .map(source -> Nd4j.zeros(DataType.FLOAT, ROWS, source.columns()))
                        .toList();
                assertThat(program.evaluate(zeros).loss()).isZero();
            }
        }
    }

    /** So that there need not be room here for all of them twice. */
    @Test
    void dataAreReadInPieces() {
        int examples = 8 << 20;
        List<Integer> read = new ArrayList<>();
        InputSource pixels = new InputSource.Pixels(examples, 5, (from, to) -> {
            read.add(from);
            read.add(to);
            byte[] some = new byte[(to - from) * 5];
            for (int i = 0; i < some.length; i++) {
                some[i] = (byte) (((from * 5 + i) * 37) >> 3);
            }
            return some;
        });
        List<InputSource> sources = List.of(pixels, new InputSource.Same());
        try (CudaDevice device = FakeCuda.device(Streams.LATE, 1, FakeCuda.TINY);
                TrainingProgram program = Engines.best(device)
                        .compileTraining(
                                computation(SameDiff.create(), sources),
                                parameters(device, sources),
                                UpdateRule.of(Optimizer.Adam.standard()))) {
            assertThat(program.feed(sources)).isTrue();
            int most = (16 << 20) / 5;
            assertThat(read).containsExactly(0, most, most, 2 * most, 2 * most, examples);
            StepFeed ends =
                    new StepFeed(new int[] {0, most - 1, most, 2 * most - 1, 2 * most, examples - 1}, new long[0], 0.5);
            program.steps(List.of(new StepQueue.Step(0, ends)));
            assertThat(program.gradient().view("p0").dup().reshape(ROWS * 5L).toFloatVector())
                    .isEqualTo(expected(pixels, 0, ends));
        }
    }

    /** What nobody can reach any more, such as a validation's vectors, keeps no data from the card. */
    @Test
    void dataHaveRoomWhenWhatIsLeftIsGivenBack() {
        List<InputSource> large = List.of(
                new InputSource.Pixels(80 << 20, 5, (from, to) -> new byte[(to - from) * 5]), new InputSource.Same());
        try (CudaDevice device = FakeCuda.device(Streams.LATE, 1, FakeCuda.TINY);
                TrainingProgram program = Engines.best(device)
                        .compileTraining(
                                computation(SameDiff.create(), large),
                                parameters(device, large),
                                UpdateRule.of(Optimizer.Adam.standard()))) {
            // Of the fake card's 1 GiB; what is left has no room for 400 MiB twice.
            assertThat(device.allocate(64 << 20).length()).isPositive();
            assertThat(program.feed(large)).isTrue();
        }
    }

    @Test
    void dataThatAreTooLargeStayHere() {
        try (CudaDevice device = FakeCuda.device(Streams.LATE, 1, FakeCuda.TINY)) {
            List<InputSource> large = new ArrayList<>(SOURCES);
            // The fake card has 1 GiB.
            large.set(0, new InputSource.Pixels(120 << 20, 5, (from, to) -> {
                throw new AssertionError("read, and there is no room");
            }));
            try (TrainingProgram program = Engines.best(device)
                    .compileTraining(
                            computation(SameDiff.create(), SOURCES),
                            parameters(device, SOURCES),
                            UpdateRule.of(Optimizer.Adam.standard()))) {
                assertThat(program.feed(large)).isFalse();
                assertThatThrownBy(() -> program.steps(List.of(new StepQueue.Step(0, feed(0)))))
                        .isInstanceOf(IllegalStateException.class);
            }
        }
    }
}
