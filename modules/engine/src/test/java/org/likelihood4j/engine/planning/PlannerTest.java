package org.likelihood4j.engine.planning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.likelihood4j.engine.plan.ConvolutionShape;
import org.likelihood4j.engine.plan.Graph;
import org.likelihood4j.engine.plan.Graph.Operation;
import org.likelihood4j.engine.plan.Graph.Origin;
import org.likelihood4j.engine.plan.Graph.Variable;
import org.likelihood4j.engine.plan.Layout;
import org.likelihood4j.engine.plan.Layout.Narrowing;
import org.likelihood4j.engine.plan.Plan;
import org.likelihood4j.engine.plan.Plan.Kernel;
import org.likelihood4j.engine.plan.Plan.Place;

/** Plans of graphs that are written down, without a tensor library. */
class PlannerTest {
    private static final int ROWS = 3;

    private final Map<String, Variable> variables = new HashMap<>();
    private final Map<String, Operation> operations = new HashMap<>();

    private String variable(String name, Origin origin, long... shape) {
        List<Long> sizes = java.util.Arrays.stream(shape).boxed().toList();
        variables.put(name, new Variable(name, origin, sizes, true, new double[0]));
        return name;
    }

    private String operation(String kind, List<String> inputs, long... shape) {
        String name = variable(kind + operations.size(), Origin.OPERATION, shape);
        operations.put(
                name, new Operation(name, kind, inputs, List.of(name), List.of(), List.of(), List.of(), List.of()));
        return name;
    }

    private Plan plan(Layout layout, String... outputs) {
        return Planner.plan(new Graph(variables, operations), List.of(outputs), 0, layout, Narrowing.NONE);
    }

    /** Deeper than any stack of the usual size: each step needs the one before. */
    @Test
    void aChainOfTwentyThousandOperationsIsPlanned() {
        int length = 20_000;
        String value = variable("x", Origin.INPUT, ROWS, 4);
        String weight = variable("w", Origin.VECTOR, 4, 4);
        for (int i = 0; i < length / 4; i++) {
            String hidden = operation("tanh", List.of(value), ROWS, 4);
            String product = operation("matmul", List.of(hidden, weight), ROWS, 4);
            value = operation("add", List.of(product, operation("exp", List.of(product), ROWS, 4)), ROWS, 4);
        }
        Plan plan = plan(new Layout(1, 0, false), value);
        // A product, and what follows it up to the next one.
        assertThat(plan.kernels()).hasSize(2 * length / 4 + 1);
        // Two values live at a time, beside the input.
        assertThat(plan.arena()).isLessThanOrEqualTo(3 * ROWS * 4);
    }

    /** Forward values that a backward pass reads in reverse: each lives until then, and no two share a place. */
    @Test
    void manyLivesThatMeetArePlaced() {
        int length = 1_000;
        List<String> kept = new ArrayList<>(List.of(variable("x", Origin.INPUT, ROWS, 4)));
        String weight = variable("w", Origin.VECTOR, 4, 4);
        for (int i = 0; i < length; i++) {
            String hidden = operation("tanh", List.of(kept.get(i)), ROWS, 4);
            kept.add(operation("matmul", List.of(hidden, weight), ROWS, 4));
        }
        String back = kept.get(length);
        for (int i = length - 1; i >= 0; i--) {
            String sum = operation("multiply", List.of(back, kept.get(i)), ROWS, 4);
            back = operation("matmul", List.of(sum, weight), ROWS, 4);
        }
        Plan plan = plan(new Layout(1, 0, false), back);
        assertThat(plan.kernels()).hasSize(4 * length);
        assertThat(plan.arena()).isBetween((long) length * ROWS * 4, (length + 4L) * ROWS * 4);
    }

    /** What is read by the first kernel only keeps its place, if the device wants that; else it is taken by what is made later. */
    @Test
    void inputsKeepTheirPlacesWhereTheDeviceKeepsThem() {
        String x = variable("x", Origin.INPUT, ROWS, 4);
        String weight = variable("w", Origin.VECTOR, 4, 4);
        String value = x;
        for (int i = 0; i < 5; i++) {
            value = operation("matmul", List.of(operation("tanh", List.of(value), ROWS, 4), weight), ROWS, 4);
        }
        assertThat(sharedWithInputs(plan(new Layout(1, 0, true), value))).isZero();
        assertThat(sharedWithInputs(plan(new Layout(1, 0, false), value))).isPositive();
    }

    private static long sharedWithInputs(Plan plan) {
        return plan.buffers().stream()
                .filter(buffer -> buffer.place() instanceof Place.Arena)
                .filter(buffer -> plan.buffers().stream()
                        .filter(other -> other.place() instanceof Place.Input)
                        .anyMatch(input -> meet(
                                ((Place.Input) input.place()).offset(),
                                input.size(),
                                ((Place.Arena) buffer.place()).offset(),
                                buffer.size())))
                .count();
    }

    private static boolean meet(long from, long size, long otherFrom, long otherSize) {
        return from < otherFrom + otherSize && otherFrom < from + size;
    }

    /** Rows of 512 alias at 256, those of 300 do not; what is no factor stands without gaps. */
    @Test
    void factorsStandAsTheLayoutWants() {
        String x = variable("x", Origin.INPUT, ROWS, 512);
        String factor = operation("tanh", List.of(x), ROWS, 512);
        String wide = operation("matmul", List.of(factor, variable("w", Origin.VECTOR, 512, 300)), ROWS, 300);
        String next = operation("matmul", List.of(wide, variable("v", Origin.VECTOR, 300, 512)), ROWS, 512);
        Plan gaps = plan(new Layout(16, 256, false), next);
        assertThat(gaps.kernels().stream()
                        .filter(kernel -> kernel instanceof Kernel.Product)
                        .map(kernel -> ((Kernel.Product) kernel).a().rowStride()))
                .containsExactly(528, 300);
        Plan none = plan(new Layout(16, 0, false), next);
        assertThat(none.kernels().stream()
                        .filter(kernel -> kernel instanceof Kernel.Product)
                        .map(kernel -> ((Kernel.Product) kernel).a().rowStride()))
                .containsExactly(512, 300);
    }

    private String convolution(String kind, List<Long> arguments, List<String> inputs, List<Long> shape, int outputs) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < outputs; i++) {
            List<Long> sizes = i == 1 ? variables.get(inputs.get(1)).shape() : shape;
            names.add(variable(
                    kind + operations.size() + i,
                    Origin.OPERATION,
                    sizes.stream().mapToLong(Long::longValue).toArray()));
        }
        Operation made = new Operation(kind, kind, inputs, names, arguments, List.of(), List.of(), List.of());
        names.forEach(name -> operations.put(name, made));
        return names.get(outputs - 1);
    }

    private static List<Long> arguments(long kernel, long stride, long mode) {
        return List.of(kernel, kernel, stride, stride, 0L, 0L, 1L, 1L, mode, 1L, 0L);
    }

    /** The gradient of the images, which nobody asks for, is not made; that of the weights goes straight to its place. */
    @Test
    void onlyTheGradientsThatAreAskedForAreMade() {
        String x = variable("x", Origin.INPUT, ROWS, 8, 8, 2);
        String w = variable("w", Origin.VECTOR, 3, 3, 2, 5);
        String g = variable("g", Origin.INPUT, ROWS, 4, 4, 5);
        String gradient =
                convolution("conv2d_bp", arguments(3, 2, 1), List.of(x, w, g), List.of((long) ROWS, 8L, 8L, 2L), 2);
        Plan plan = Planner.plan(
                new Graph(variables, operations), List.of(gradient), 1, new Layout(16, 256, false), Narrowing.NONE);
        assertThat(plan.kernels()).singleElement().isInstanceOfSatisfying(Kernel.Convolution.class, kernel -> {
            assertThat(kernel.direction()).isEqualTo(ConvolutionShape.Direction.WEIGHTS);
            // Of one row of zeros, it is behind the image.
            assertThat(kernel.shape().top()).isZero();
            assertThat(kernel.shape().bottom()).isEqualTo(1);
            assertThat(plan.buffers().get(kernel.out().buffer()).place()).isEqualTo(new Plan.Place.Destination(0));
        });
        assertThat(plan.flops(plan.kernels().get(0))).isEqualTo(2L * ROWS * 4 * 4 * 5 * 3 * 3 * 2);
    }

    /** A kernel of one pixel is a product of all pixels; reshaping to rows of pixels costs nothing. */
    @Test
    void aPointwiseConvolutionIsAProduct() {
        String x = variable("x", Origin.INPUT, ROWS, 12);
        String images = operation("reshape", List.of(x), ROWS, 2, 3, 2);
        String w = variable("w", Origin.VECTOR, 1, 1, 2, 5);
        String y = convolution("conv2d", arguments(1, 1, 0), List.of(images, w), List.of((long) ROWS, 2L, 3L, 5L), 1);
        String pixels = operation("reshape", List.of(y), ROWS * 6, 5);
        Plan plan = plan(new Layout(1, 0, false), pixels);
        assertThat(plan.kernels())
                .singleElement()
                .isInstanceOfSatisfying(
                        Kernel.Product.class,
                        product -> assertThat(List.of(product.rows(), product.inner(), product.columns()))
                                .containsExactly(ROWS * 6, 2, 5));
    }

    private static final Narrowing EVERYTHING = new Narrowing() {
        @Override
        public boolean ofProduct(int rows, int columns, int inner) {
            return true;
        }

        @Override
        public boolean ofConvolution(ConvolutionShape shape, ConvolutionShape.Direction direction) {
            return true;
        }
    };

    /** A hidden layer's activation is there in bfloat16 alone, also for the rectifier's gradient; what is added stays float32. */
    @Test
    void inMixedPrecisionOnlyFactorsAreNarrow() {
        String x = variable("x", Origin.INPUT, ROWS, 40);
        String w = variable("w", Origin.VECTOR, 40, 50);
        String v = variable("v", Origin.VECTOR, 50, 60);
        String hidden = operation("relu", List.of(operation("matmul", List.of(x, w), ROWS, 50)), ROWS, 50);
        String made = operation("matmul", List.of(hidden, v), ROWS, 60);
        String g = variable("g", Origin.INPUT, ROWS, 50);
        String back = operation("thresholdedrelu_bp", List.of(hidden, g), ROWS, 50);
        Plan plan = Planner.plan(
                new Graph(variables, operations), List.of(made, back), 0, new Layout(1, 0, false), EVERYTHING);
        List<Plan.Buffer> narrow = plan.buffers().stream()
                .filter(buffer -> buffer.storage() == Plan.Storage.BFLOAT16)
                .toList();
        assertThat(narrow.stream().map(buffer -> buffer.rows() + " x " + buffer.columns()))
                .containsExactlyInAnyOrder(ROWS + " x 40", "40 x 50", ROWS + " x 50", "50 x 60");
        assertThat(plan.kernels().stream().filter(kernel -> kernel instanceof Kernel.Product))
                .hasSize(2)
                .allSatisfy(kernel -> {
                    Kernel.Product product = (Kernel.Product) kernel;
                    assertThat(product.narrow()).isTrue();
                    assertThat(narrow).contains(plan.buffers().get(product.a().buffer()));
                    assertThat(narrow).contains(plan.buffers().get(product.b().buffer()));
                    assertThat(narrow)
                            .doesNotContain(plan.buffers().get(product.out().buffer()));
                });
        // Of the hidden layer there is the product, and what it becomes in 16 bits; and the gradient.
        assertThat(plan.buffers().stream()
                        .filter(buffer -> buffer.rows() == ROWS && buffer.columns() == 50)
                        .map(Plan.Buffer::storage))
                .containsExactlyInAnyOrder(
                        Plan.Storage.FLOAT32, // of x w
                        Plan.Storage.BFLOAT16,
                        Plan.Storage.FLOAT32, // g
                        Plan.Storage.FLOAT32);
    }
}
