package org.likelihood4j.engine.cuda.source;

import java.util.List;
import java.util.stream.Collectors;
import org.likelihood4j.engine.cuda.source.KernelText.Access;
import org.likelihood4j.engine.plan.Plan;
import org.likelihood4j.engine.plan.Plan.Kernel;

/** Columns in another order: one thread for each number. */
final class SelectSource {
    private SelectSource() {}

    static KernelText text(Plan plan, Kernel.Select select, Tiles tiles, KernelText text) {
        List<RegionUse> uses = RegionUse.of(plan, select);
        Access in = text.access(uses.get(0));
        Access out = text.access(uses.get(1));
        int columns = select.columns().size();
        int n = Tiles.counted((long) select.rows() * columns);
        text.shape(Tiles.parts(n, tiles.threads()), tiles.threads());
        // In plain memory: threads of a warp read different places of it, which constant memory would hand out in turn.
        text.global("static __device__ const int " + KernelText.named("_columns") + "[] = {"
                + select.columns().stream().map(String::valueOf).collect(Collectors.joining(",")) + "};");
        text.line("const int i = blockIdx.x * " + tiles.threads() + " + threadIdx.x;");
        text.line("if (i < " + n + ") {");
        text.line("const int r = i / " + columns + ", c = i % " + columns + ", from = " + KernelText.named("_columns")
                + "[c];");
        text.line("const float v = from < 0 ? 0.0f : " + in.load("r", "from") + ";");
        text.line(out.store("r", "c", "v"));
        text.line("}");
        return text;
    }
}
