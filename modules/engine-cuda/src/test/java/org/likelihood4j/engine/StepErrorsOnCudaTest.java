package org.likelihood4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.engine.cuda.AlteredToolkit;
import org.likelihood4j.engine.cuda.CudaDevice;
import org.likelihood4j.engine.cuda.FakeCuda;
import org.likelihood4j.engine.cuda.FakeCuda.Streams;
import org.likelihood4j.engine.cuda.OnFakeCuda;
import org.likelihood4j.engine.cuda.toolkit.CudaException;
import org.likelihood4j.engine.cuda.toolkit.Driver;

/**
 * Errors that one could make where a card takes steps one behind the other. Late streams show some of them, eager ones the others; without an
 * error nothing is found by either.
 */
@ExtendWith(OnFakeCuda.class)
class StepErrorsOnCudaTest {
    private static final int STEPS = 7;
    /** In the order in which each turn pins it, behind the one memory of the feed's own. */
    private static final List<String> PINNED = List.of("what steps are told", "rates", "results", "norms");

    private static final Map<String, Planted> MISTAKES = new LinkedHashMap<>();

    /**
     * A mistake and how it is found.
     *
     * @param shown by which streams
     * @param finding what is said then: of what the card's fakes forbid, or of numbers
     */
    private record Planted(Supplier<Mistake> mistake, Streams shown, String finding) {
        static final String NUMBERS = "expected: ";
    }

    /** What a training is doing. */
    private enum Part {
        BEGIN,
        FEED,
        FIRST_STEP,
        STEPS,
        END
    }

    /** A driver that does something wrong. */
    private abstract static class Mistake {
        /** A call of its own must succeed, which is none of what is looked for. */
        static void require(int status) {
            if (status != 0) {
                throw new IllegalStateException("the mistake cannot be made: status " + status);
            }
        }

        /** Whether a call is to be made; what is not succeeds. */
        abstract boolean passes(Driver driver, Part part, String function, Object[] arguments);
    }

    static {
        // What the host gives a step is read too late by late streams, what it gets from one is written too early by
        // eager ones.
        for (int which = 0; which < PINNED.size(); which++) {
            int shared = which;
            MISTAKES.put(
                    "two turns share " + PINNED.get(which),
                    new Planted(() -> new Shared(shared), which < 2 ? Streams.LATE : Streams.EAGER, Planted.NUMBERS));
        }
        MISTAKES.put(
                "results are read before they are there",
                new Planted(() -> new Omission(Part.STEPS, "cuEventSynchronize", 0), Streams.LATE, Planted.NUMBERS));
        MISTAKES.put(
                "the first step's update does not wait for a lane",
                new Planted(
                        // The gradient's own two come before.
                        () -> new Omission(Part.FIRST_STEP, "cuStreamWaitEvent", 2),
                        Streams.EAGER,
                        "and neither waits for the other"));
        MISTAKES.put(
                "a graph's update does not wait for a lane",
                new Planted(LateJoin::new, Streams.LATE, "and neither waits for the other"));
    }

    /** A function is called a number of times and then no more. */
    private static final class Omission extends Mistake {
        private final Part where;
        private final String what;
        private int left;

        Omission(Part where, String what, int left) {
            this.where = where;
            this.what = what;
            this.left = left;
        }

        @Override
        boolean passes(Driver driver, Part part, String function, Object[] arguments) {
            return part != where || !function.equals(what) || left-- > 0;
        }
    }

    /** The second turn gets some memory of the first one's. */
    private static final class Shared extends Mistake {
        private final int which;
        private int pins;
        private Pointer memory;
        private boolean given;

        Shared(int which) {
            this.which = which;
        }

        @Override
        boolean passes(Driver driver, Part part, String function, Object[] arguments) {
            if (part == Part.FEED && function.equals("cuMemHostAlloc")) {
                int pin = pins++ - 1;
                PointerByReference place = (PointerByReference) arguments[0];
                if (pin == which) {
                    require(driver.cuMemHostAlloc(place, (long) arguments[1], (int) arguments[2]));
                    memory = place.getValue();
                    return false;
                }
                if (pin == PINNED.size() + which) {
                    place.setValue(memory);
                    return false;
                }
            }
            if (function.equals("cuMemFreeHost") && arguments[0].equals(memory)) {
                boolean first = !given;
                given = true;
                return first;
            }
            return true;
        }
    }

    /** A graph's first lane waits for the others only at its very end. */
    private static final class LateJoin extends Mistake {
        private Object lane;
        private Object[] left;

        @Override
        boolean passes(Driver driver, Part part, String function, Object[] arguments) {
            if (part == Part.STEPS && function.equals("cuStreamBeginCapture_v2")) {
                lane = arguments[0];
            } else if (function.equals("cuStreamWaitEvent") && arguments[0].equals(lane)) {
                left = arguments.clone();
                return false;
            } else if (function.equals("cuStreamEndCapture") && left != null) {
                require(driver.cuStreamWaitEvent((Pointer) left[0], (Pointer) left[1], (int) left[2]));
                left = null;
                lane = null;
            }
            return true;
        }
    }

    private static List<StepResult> expected;
    private static float[] weights;

    /** By steps that the host begins one by one. */
    @BeforeAll
    static void takeSteps() {
        try (CudaDevice device = FakeCuda.device(Streams.LATE, 1, FakeCuda.TINY);
                TrainingProgram single = StepQueueOnCudaTest.training(device, StepQueueOnCudaTest.parameters(device))) {
            expected = IntStream.range(0, STEPS)
                    .mapToObj(
                            step -> kept(single.step(StepQueueOnCudaTest.rate(step), StepQueueOnCudaTest.batch(step))))
                    .toList();
            weights = single.parameters().flat().toFloatVector();
        }
    }

    /** The next step writes its metrics where these are. */
    private static StepResult kept(StepResult result) {
        return new StepResult(
                result.loss(),
                result.gradientNorm(),
                result.metrics().stream().map(double[]::clone).toList());
    }

    private static void check(Streams streams, Mistake mistake) {
        Part[] part = {Part.BEGIN};
        try (CudaDevice device = FakeCuda.device(
                        streams,
                        1,
                        FakeCuda.TINY,
                        toolkit -> AlteredToolkit.withDriver(
                                toolkit,
                                (function, arguments) ->
                                        mistake.passes(toolkit.driver(), part[0], function.getName(), arguments)));
                TrainingProgram queued = StepQueueOnCudaTest.training(device, StepQueueOnCudaTest.parameters(device))) {
            part[0] = Part.FEED;
            assertThat(queued.feed(StepQueueOnCudaTest.sources(-1))).isTrue();
            part[0] = Part.FIRST_STEP;
            List<StepResult> results = new ArrayList<>(queued.steps(StepQueueOnCudaTest.steps(0, 1)));
            part[0] = Part.STEPS;
            results.addAll(queued.steps(StepQueueOnCudaTest.steps(1, STEPS)));
            part[0] = Part.END;
            assertThat(results).hasSize(STEPS);
            for (int step = 0; step < STEPS; step++) {
                StepQueueOnCudaTest.assertSame(results.get(step), expected.get(step));
            }
            assertThat(queued.parameters().flat().toFloatVector()).isEqualTo(weights);
        }
    }

    @ParameterizedTest
    @EnumSource
    void withoutMistakesStepsAreRight(Streams streams) {
        check(streams, new Mistake() {
            @Override
            boolean passes(Driver driver, Part part, String function, Object[] arguments) {
                return true;
            }
        });
    }

    private static Stream<String> mistakes() {
        return MISTAKES.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void mistakesAreFound(String name) {
        Planted planted = MISTAKES.get(name);
        assertThatThrownBy(() -> check(planted.shown(), planted.mistake().get()))
                .isInstanceOf(planted.finding().equals(Planted.NUMBERS) ? AssertionError.class : CudaException.class)
                .hasMessageContaining(planted.finding());
    }
}
