package org.likelihood4j.engine.compiled;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.likelihood4j.engine.Explanation;
import org.likelihood4j.engine.plan.ConvolutionShape;
import org.likelihood4j.engine.plan.Elementwise;
import org.likelihood4j.engine.plan.Plan;
import org.likelihood4j.engine.plan.Plan.Kernel;
import org.likelihood4j.engine.plan.Plan.Place;
import org.likelihood4j.engine.plan.Plan.Step;

/** Describes a plan's kernels in words and numbers. */
final class Explainer {
    private final Plan plan;
    private final List<String> gradients;

    /** With the names of the parameters whose gradients the plan's destinations are. */
    Explainer(Plan plan, List<String> gradients) {
        this.plan = plan;
        this.gradients = gradients;
    }

    /** One line for each kernel; {@code times} has each one's nanoseconds in every run. */
    List<Explanation.Line> lines(long[][] times) {
        List<Explanation.Line> lines = new ArrayList<>();
        for (int i = 0; i < plan.kernels().size(); i++) {
            Kernel kernel = plan.kernels().get(i);
            lines.add(new Explanation.Line(
                    kernel.getClass().getSimpleName().toLowerCase(Locale.ROOT),
                    isNarrow(kernel),
                    shape(kernel),
                    what(kernel),
                    plan.flops(kernel),
                    plan.traffic(kernel),
                    median(times, i)));
        }
        return lines;
    }

    private static boolean isNarrow(Kernel kernel) {
        return kernel instanceof Kernel.Product product
                ? product.narrow()
                : kernel instanceof Kernel.Convolution convolution && convolution.narrow();
    }

    private boolean isNarrow(Plan.Region region) {
        return plan.buffers().get(region.buffer()).storage() == Plan.Storage.BFLOAT16;
    }

    private static double median(long[][] times, int kernel) {
        long[] sorted =
                Arrays.stream(times).mapToLong(run -> run[kernel]).sorted().toArray();
        return sorted[sorted.length / 2] / 1e3;
    }

    private String shape(Kernel kernel) {
        if (kernel instanceof Kernel.Product product) {
            return product.rows() + " x " + product.inner() + " x " + product.columns();
        }
        if (kernel instanceof Kernel.Convolution convolution) {
            ConvolutionShape shape = convolution.shape();
            return shape.images() + " x " + shape.height() + " x " + shape.width() + " x " + shape.in() + " -> "
                    + shape.outHeight() + " x " + shape.outWidth() + " x " + shape.out() + ", " + shape.kernelHeight()
                    + " x " + shape.kernelWidth();
        }
        if (kernel instanceof Kernel.Fused fused) {
            return fused.rows() + " x " + fused.columns();
        }
        if (kernel instanceof Kernel.Select select) {
            return select.rows() + " x " + select.columns().size();
        }
        return "";
    }

    private String what(Kernel kernel) {
        if (kernel instanceof Kernel.Product product) {
            return name(product.out().buffer()) + " = " + factor(product.a().buffer(), product.transposeA()) + " "
                    + factor(product.b().buffer(), product.transposeB())
                    + ofBfloat16(kernel);
        }
        if (kernel instanceof Kernel.Convolution convolution) {
            String result = switch (convolution.direction()) {
                case FORWARD -> "convolution of ";
                case DATA -> "convolution, transposed, of ";
                case WEIGHTS -> "gradient of weights of ";
            };
            return name(convolution.out().buffer()) + " = " + result
                    + name(convolution.a().buffer()) + ", "
                    + name(convolution.b().buffer())
                    + (convolution.bias() == null
                            ? ""
                            : ", plus " + name(convolution.bias().buffer()))
                    + (convolution.rectified() ? ", relu" : "")
                    + (isNarrow(convolution.out()) ? ", to bfloat16" : "")
                    + ofBfloat16(kernel);
        }
        if (kernel instanceof Kernel.Select select) {
            return name(select.out().buffer()) + " = columns of "
                    + name(select.in().buffer());
        }
        return kernel instanceof Kernel.Fused fused ? what(fused) : ((Kernel.Library) kernel).kind();
    }

    private static String ofBfloat16(Kernel kernel) {
        return isNarrow(kernel) ? "; multiplies bfloat16" : "";
    }

    private String factor(int buffer, boolean transposed) {
        return name(buffer) + (transposed ? "'" : "");
    }

    /** What it writes, from what, by which operations. */
    private String what(Kernel.Fused fused) {
        Set<String> reads = new LinkedHashSet<>();
        Set<String> writes = new LinkedHashSet<>();
        Map<String, Integer> operations = new LinkedHashMap<>();
        for (Step step : fused.steps()) {
            if (step instanceof Step.Load load) {
                reads.add(name(load.from().buffer()));
            } else if (step instanceof Step.Store store) {
                writes.add(name(store.to().buffer()));
                if (isNarrow(store.to())) {
                    operations.merge("to bfloat16", 1, Integer::sum);
                }
            } else if (step instanceof Step.Reduce reduce) {
                writes.add(name(reduce.to().buffer()));
                String operation = reduce.fold().name() + " " + reduce.over().name();
                operations.merge(operation.toLowerCase(Locale.ROOT), 1, Integer::sum);
            } else if (step instanceof Step.Compute compute && compute.operation() != Elementwise.BFLOAT16) {
                operations.merge(compute.operation().name().toLowerCase(Locale.ROOT), 1, Integer::sum);
            }
        }
        List<String> counted = new ArrayList<>();
        operations.forEach((operation, count) -> counted.add(count == 1 ? operation : count + " " + operation));
        return String.join(", ", writes) + " = " + (counted.isEmpty() ? "copy" : String.join(", ", counted)) + " of "
                + (reads.isEmpty() ? "constants" : String.join(", ", reads));
    }

    private String name(int id) {
        Plan.Buffer buffer = plan.buffers().get(id);
        return buffer.place() instanceof Place.Destination destination
                ? "d " + gradients.get(destination.output())
                : buffer.label();
    }
}
