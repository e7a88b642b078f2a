package org.likelihood4j.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.engine.cuda.FakeCuda.Streams;
import org.likelihood4j.engine.cuda.toolkit.Nvrtc;
import org.likelihood4j.engine.cuda.toolkit.Toolkit;
import org.likelihood4j.engine.plan.ConvolutionShape;
import org.likelihood4j.engine.plan.ConvolutionShape.Direction;
import org.likelihood4j.engine.plan.Elementwise;
import org.likelihood4j.engine.plan.Plan.Fold;
import org.likelihood4j.engine.plan.Plan.Kernel;
import org.likelihood4j.engine.plan.Plan.Place;
import org.likelihood4j.engine.plan.Plan.Reduction;
import org.likelihood4j.engine.plan.Plan.Region;
import org.likelihood4j.engine.plan.Plan.Step;
import org.likelihood4j.engine.plan.Plan.Storage;

/** Errors that one could make in kernels and around them: tests that would not find them would be worth nothing. */
@ExtendWith(OnFakeCuda.class)
class PlantedErrorsTest {
    private static final double ROUNDING = 2e-6;

    /** Few kernels, of all that errors are planted in. */
    static HandmadePlan plan() {
        HandmadePlan plan = new HandmadePlan(1);
        int rows = 20;
        int columns = 40;
        Region x = plan.input(rows, columns);
        Region h = plan.made(rows, columns, Storage.FLOAT32);
        Region groups = plan.output(2, columns);
        plan.add(new Kernel.Fused(
                rows,
                columns,
                2,
                List.of(
                        new Step.Load(0, x),
                        new Step.Compute(Elementwise.TANH, 1, 0, -1),
                        new Step.Store(1, h),
                        new Step.Reduce(1, Fold.SUM, Reduction.COLUMNS, plan.output(rows, 1)),
                        new Step.Reduce(1, Fold.SUM, Reduction.ROWS, plan.output(1, columns)),
                        new Step.Reduce(
                                0, Fold.MAX, Reduction.GROUPS, new Region(groups.buffer(), 0, columns, 1, 5, 2)),
                        new Step.Reduce(1, Fold.SUM, Reduction.ALL, plan.output(1, 1)))));
        // A weight's gradient on the second lane, of what is then written over.
        Region weight = plan.input(columns, 6);
        Region made = plan.made(rows, 6, Storage.FLOAT32);
        plan.add(new Kernel.Product(false, false, false, rows, 6, columns, h, weight, made));
        plan.add(new Kernel.Product(true, false, false, columns, 6, rows, h, made, plan.destination(columns, 6)));
        plan.add(new Kernel.Product(true, false, false, columns, 6, rows, x, made, plan.destination(columns, 6)));
        Region over = new Region(h.buffer(), 0, columns, 1);
        plan.add(new Kernel.Fused(
                rows,
                columns,
                2,
                List.of(new Step.Load(0, x), new Step.Compute(Elementwise.EXP, 1, 0, -1), new Step.Store(1, over))));
        plan.add(new Kernel.Product(false, false, false, rows, 6, columns, over, weight, plan.output(rows, 6)));
        ConvolutionShape shape = new ConvolutionShape(2, 6, 5, 3, 6, 5, 6, 3, 3, 1, 1, 1, 1);
        Region image = plan.input(shape.rows(), 3);
        Region gradient = plan.input(shape.outRows(), 6);
        plan.add(new Kernel.Convolution(
                shape, Direction.WEIGHTS, false, image, gradient, null, false, plan.destination(shape.taps(), 6)));
        plan.add(new Kernel.Convolution(
                shape,
                Direction.FORWARD,
                false,
                image,
                plan.input(shape.taps(), 6),
                plan.input(1, 6),
                true,
                plan.output(shape.outRows(), 6)));
        Region narrow = plan.made(rows, columns, Storage.BFLOAT16);
        plan.add(new Kernel.Fused(
                rows,
                columns,
                2,
                List.of(
                        new Step.Load(0, x),
                        new Step.Compute(Elementwise.BFLOAT16, 1, 0, -1),
                        new Step.Store(1, narrow))));
        plan.add(new Kernel.Fused(
                rows, columns, 1, List.of(new Step.Load(0, narrow), new Step.Store(0, plan.output(rows, columns)))));
        return plan;
    }

    /** Wrong kernels are kept elsewhere than right ones, under whose names they would be. */
    @TempDir
    private Path cubins;

    private void check(Toolkit toolkit) {
        for (int seed = 1; seed <= 2; seed++) {
            FakeCuda.configure(Streams.LATE, seed);
            try (Card card = Card.open(toolkit, 0, cubins)) {
                plan().check(card, FakeCuda.TINY, ROUNDING);
            }
        }
    }

    @Test
    void withoutErrorsThePlanIsRight() {
        check(FakeCuda.toolkit());
    }

    private static final Map<String, Planted<String>> IN_KERNELS = new LinkedHashMap<>();
    private static final Map<String, Planted<Toolkit>> AROUND_THEM = new LinkedHashMap<>();
    /** More than there are. */
    private static final int ALL = 1_000;

    /** An error, and what is said of it. */
    private record Planted<T>(UnaryOperator<T> error, String message) {}

    private static void replace(String name, String message, String what, String with) {
        inKernels(name, message, text -> text.replace(what, with));
    }

    private static void inKernels(String name, String message, UnaryOperator<String> error) {
        IN_KERNELS.put(name, new Planted<>(error, message));
    }

    static {
        inKernels(
                "the first barrier is missing",
                "without a fence until",
                text -> text.replaceFirst("__syncthreads\\(\\);", ""));
        replace(
                "a barrier of a convolution is missing",
                "has written without a barrier",
                "__syncthreads();\n  }\n",
                "}\n");
        replace("the last block does not know that it is", "has read without a barrier", "*ticket = 0", "*ticket = 1");
        inKernels(
                "another block than the last one finishes",
                "nobody has written",
                text -> text.replace("== blocks - 1u ?", "== 0u ?"));
        replace(
                "no fence before a part is announced",
                "without a fence until",
                "__threadfence();\n  __syncthreads();",
                "__syncthreads();");
        inKernels(
                "a column too much",
                "two threads write one element",
                text -> text.replaceAll("if \\(c < (\\d+)\\)", "if (c <= $1)"));
        replace(
                "half of a warp is left out of its sum",
                "number 0 of result",
                "with = 16; with > 0",
                "with = 8; with > 0");
        replace(
                "warps leave nothing for their block",
                "nobody has written",
                "ST(part, warp * ",
                "if (warp == 0) ST(part, warp * ");
        replace("the first rows are left out", "nobody has written", "for (int turn = 0; ", "for (int turn = 1; ");
        replace(
                "every thread writes the sum of a row",
                "two threads write one element",
                "if (lane == 0 && member",
                "if (member");
        inKernels(
                "the next element",
                "element 800 of 800",
                text -> text.replaceFirst("r \\* (\\d+) \\+ c,", "r * $1 + c + 1,"));
        inKernels(
                "groups of other rows",
                "two threads write one element",
                text -> text.replaceFirst("\\* 5 \\+ member % 5", "+ member % 5 * 2"));
        replace("pixels above an image are read", "element -", "if (i >= 0 && i", "if (i");
        replace("a kernel that is turned", "number 0 of result", "const int p = k / ", "const int p = 2 - k / ");
        replace("pieces count together who is last", "nobody has written", "tickets + piece", "tickets");
        replace("shares of a sum overlap", "of 162", "k < end", "true");
        replace(
                "parts are put together from the second one",
                "number 0 of result",
                "for (int s = 0;",
                "for (int s = 1;");
        replace("what was summed before stays", "number 0 of result", "float all = 0;", "float all = sum[i][j];");
        inKernels(
                "no bias",
                "number 0 of result",
                text -> text.replaceFirst("made = (\\S+) \\+ LD", "made = $1 + 0 * LD"));

        inKernels(
                "two threads write one bfloat16",
                "two threads write one element",
                text -> text.replaceFirst("(ST_BF16\\(\\w+, r \\* \\d+ \\+ c),", "$1 / 2,"));
        inKernels(
                "a bfloat16 is written into another thread's float",
                "two threads write one element",
                text -> text.replaceFirst(
                        "( ST)(\\((\\w+), (r \\* \\d+ \\+ c), ([^,]+), .*;)",
                        "$1$2$1_BF16((unsigned short*) $3, 2 * (($4) ^ 1), 2 * ($5), 0.f);"));

        around(
                "a factor is transposed that is not",
                "",
                toolkit -> AlteredToolkit.withProducts(toolkit, (function, arguments) -> {
                    if (function.equals("cublasSgemm_v2")) {
                        arguments[2] = 1 - (int) arguments[2];
                    }
                }));
        around("products of two lanes share a workspace", "with one workspace", toolkit -> {
            Object[] first = new Object[1];
            return AlteredToolkit.withProducts(toolkit, (function, arguments) -> {
                if (function.equals("cublasSetWorkspace_v2")) {
                    first[0] = first[0] == null ? arguments[1] : first[0];
                    arguments[1] = first[0];
                }
            });
        });
        // Of the first run, which is no graph.
        around(
                "a lane does not wait for another at first",
                "neither waits for the other",
                toolkit -> AlteredToolkit.without(toolkit, "cuStreamWaitEvent", 2, 3));
        // Of the graph, which is captured in the second run: who writes over what another lane reads, and the last one.
        around(
                "a lane does not wait for another",
                "neither waits for the other",
                toolkit -> AlteredToolkit.without(toolkit, "cuStreamWaitEvent", 6, 7));
        around(
                "a lane is not joined",
                "not joined again",
                toolkit -> AlteredToolkit.without(toolkit, "cuStreamWaitEvent", 7, 8));
        // The first run's inputs, then its results.
        int inputs = (int) plan().plan().buffers().stream()
                .filter(buffer -> buffer.place() instanceof Place.Input)
                .count();
        around(
                "inputs are brought before the last are read",
                "number 0 of result 0",
                toolkit -> AlteredToolkit.without(toolkit, "cuEventSynchronize", 0, inputs));
        around(
                "results are read before they are there",
                "number 0 of result 0",
                toolkit -> AlteredToolkit.without(toolkit, "cuEventSynchronize", inputs, inputs + 1));
        around(
                "counters are not 0 at first",
                "a counter that nobody has set",
                toolkit -> AlteredToolkit.without(toolkit, "cuMemsetD32Async", 0, ALL));
        around(
                "the thread has no card",
                "no context is current",
                toolkit -> AlteredToolkit.without(toolkit, "cuCtxSetCurrent", 0, ALL));
    }

    private static void around(String name, String message, UnaryOperator<Toolkit> error) {
        AROUND_THEM.put(name, new Planted<>(error, message));
    }

    private static Stream<String> inKernels() {
        return IN_KERNELS.keySet().stream();
    }

    private static Stream<String> aroundThem() {
        return AROUND_THEM.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("inKernels")
    void errorsInKernelsAreFound(String name) {
        Toolkit right = FakeCuda.toolkit();
        boolean[] planted = new boolean[1];
        Nvrtc wrong = AlteredToolkit.around(Nvrtc.class, right.nvrtc(), (function, arguments) -> {
            if (function.getName().equals("nvrtcCreateProgram")) {
                String text = IN_KERNELS.get(name).error().apply((String) arguments[1]);
                planted[0] = !text.equals(arguments[1]);
                arguments[1] = text;
            }
            return true;
        });
        assertThatThrownBy(() -> check(new Toolkit(right.driver(), wrong, right.cublas())))
                .hasMessageNotContaining("NVRTC")
                .hasMessageContaining(IN_KERNELS.get(name).message());
        assertThat(planted[0]).as("what the error is planted in is there").isTrue();
    }

    @ParameterizedTest
    @MethodSource("aroundThem")
    void errorsAroundKernelsAreFound(String name) {
        Planted<Toolkit> planted = AROUND_THEM.get(name);
        assertThatThrownBy(() -> check(planted.error().apply(FakeCuda.toolkit())))
                .hasMessageContaining(planted.message());
    }
}
