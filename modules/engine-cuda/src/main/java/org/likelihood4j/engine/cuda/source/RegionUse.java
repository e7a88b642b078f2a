package org.likelihood4j.engine.cuda.source;

import java.util.ArrayList;
import java.util.List;
import org.likelihood4j.engine.plan.ConvolutionShape;
import org.likelihood4j.engine.plan.Plan;
import org.likelihood4j.engine.plan.Plan.Buffer;
import org.likelihood4j.engine.plan.Plan.Kernel;
import org.likelihood4j.engine.plan.Plan.Region;
import org.likelihood4j.engine.plan.Plan.Step;

/**
 * That a kernel reads or writes a region, as a matrix.
 *
 * @param written else it is read
 */
public record RegionUse(Region region, int rows, int columns, boolean written) {
    /** All that a kernel of a plan touches. */
    public static List<RegionUse> of(Plan plan, Kernel kernel) {
        if (kernel instanceof Kernel.Fused fused) {
            return fused.steps().stream()
                    .filter(step -> !(step instanceof Step.Constant || step instanceof Step.Compute))
                    .map(step -> of(fused, step))
                    .toList();
        }
        if (kernel instanceof Kernel.Product product) {
            return of(product);
        }
        if (kernel instanceof Kernel.Convolution convolution) {
            return of(convolution);
        }
        if (kernel instanceof Kernel.Select select) {
            int columns =
                    1 + select.columns().stream().mapToInt(from -> from).max().orElse(0);
            return List.of(
                    new RegionUse(select.in(), select.rows(), Math.max(1, columns), false),
                    new RegionUse(select.out(), select.rows(), select.columns().size(), true));
        }
        Kernel.Library library = (Kernel.Library) kernel;
        List<RegionUse> uses = new ArrayList<>();
        library.inputs().stream().filter(id -> id >= 0).forEach(id -> uses.add(whole(plan, id, false)));
        library.outputs().stream().filter(id -> id >= 0).forEach(id -> uses.add(whole(plan, id, true)));
        return uses;
    }

    private static RegionUse of(Kernel.Fused fused, Step step) {
        if (step instanceof Step.Load load) {
            return new RegionUse(load.from(), fused.rows(), fused.columns(), false);
        }
        if (step instanceof Step.Store store) {
            return new RegionUse(store.to(), fused.rows(), fused.columns(), true);
        }
        return folded(fused, (Step.Reduce) step);
    }

    /** What is folded stands beside each other: one row. */
    static RegionUse folded(Kernel.Fused fused, Step.Reduce reduce) {
        int numbers = switch (reduce.over()) {
            case ALL -> 1;
            case COLUMNS -> fused.rows();
            case ROWS -> fused.columns();
            case GROUPS -> reduce.to().period() * fused.columns();
        };
        return new RegionUse(new Region(reduce.to().buffer(), reduce.to().offset(), 0, 1), 1, numbers, true);
    }

    private static List<RegionUse> of(Kernel.Product p) {
        return List.of(
                p.transposeA()
                        ? new RegionUse(p.a(), p.inner(), p.rows(), false)
                        : new RegionUse(p.a(), p.rows(), p.inner(), false),
                p.transposeB()
                        ? new RegionUse(p.b(), p.columns(), p.inner(), false)
                        : new RegionUse(p.b(), p.inner(), p.columns(), false),
                new RegionUse(p.out(), p.rows(), p.columns(), true));
    }

    private static List<RegionUse> of(Kernel.Convolution convolution) {
        ConvolutionShape shape = convolution.shape();
        List<RegionUse> uses = new ArrayList<>();
        switch (convolution.direction()) {
            case FORWARD -> {
                uses.add(new RegionUse(convolution.a(), shape.rows(), shape.in(), false));
                uses.add(new RegionUse(convolution.b(), shape.taps(), shape.out(), false));
                uses.add(new RegionUse(convolution.out(), shape.outRows(), shape.out(), true));
            }
            case DATA -> {
                uses.add(new RegionUse(convolution.a(), shape.outRows(), shape.out(), false));
                uses.add(new RegionUse(convolution.b(), shape.taps(), shape.out(), false));
                uses.add(new RegionUse(convolution.out(), shape.rows(), shape.in(), true));
            }
            case WEIGHTS -> {
                uses.add(new RegionUse(convolution.a(), shape.rows(), shape.in(), false));
                uses.add(new RegionUse(convolution.b(), shape.outRows(), shape.out(), false));
                uses.add(new RegionUse(convolution.out(), shape.taps(), shape.out(), true));
            }
        }
        if (convolution.bias() != null) {
            uses.add(new RegionUse(convolution.bias(), 1, shape.out(), false));
        }
        return uses;
    }

    private static RegionUse whole(Plan plan, int id, boolean written) {
        Buffer buffer = plan.buffers().get(id);
        return new RegionUse(new Region(id, 0, 0, 1), 1, Tiles.counted(buffer.size()), written);
    }

    /** Elements from the region's first to its last, gaps between its rows included. */
    public int extent() {
        long last = (rows - 1L) / region.each();
        if (region.period() > 0) {
            last = Math.min(last, region.period() - 1);
        }
        return Tiles.counted(last * region.rowStride() + (columns - 1L) * region.columnStride() + 1);
    }
}
