package org.likelihood4j.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.likelihood4j.benchmarks.results.MeasuredRow;
import org.likelihood4j.benchmarks.results.Quartiles;
import org.likelihood4j.benchmarks.results.Unrest;
import org.likelihood4j.benchmarks.work.Phase;
import org.likelihood4j.benchmarks.work.StepBlock;
import org.likelihood4j.benchmarks.work.Workload;
import org.likelihood4j.benchmarks.work.Workloads;

/** The blocks of one workload and phase, and the yardstick's before each round. */
record Measured(String workload, Phase phase, Map<Child, List<StepBlock>> blocks, List<StepBlock> yardstick) {
    /** The yardstick's fastest, in GFLOP/s. */
    double bestRate() {
        return yardstick.stream()
                .mapToDouble(block -> Machine.gigaflops(block.milliseconds()))
                .max()
                .orElse(0);
    }

    /** How fast the machine was meanwhile. */
    Unrest unrest(double peak) {
        double[] shares = yardstick.stream()
                .mapToDouble(block -> Machine.gigaflops(block.milliseconds()) / peak)
                .toArray();
        return new Unrest(workload, phase, Quartiles.of(shares));
    }

    /** A line of the table for each contender. */
    List<MeasuredRow> rows(BenchmarkPlan plan, double peak) {
        List<StepBlock> base = blocks.entrySet().stream()
                .filter(entry -> entry.getKey().name().equals(BenchmarkPlan.base(workload)))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
        List<MeasuredRow> rows = new ArrayList<>();
        blocks.forEach((child, own) -> rows.add(row(plan, peak, child, own, base)));
        return rows;
    }

    private MeasuredRow row(BenchmarkPlan plan, double peak, Child child, List<StepBlock> own, List<StepBlock> base) {
        Workload theWorkload = Workloads.named(workload);
        Quartiles milliseconds = Quartiles.ofMilliseconds(own);
        double seconds = own.stream().mapToDouble(StepBlock::seconds).sum();
        return new MeasuredRow(
                workload,
                String.valueOf(plan.threads()),
                phase,
                child.name(),
                child.ready().form(),
                milliseconds,
                1e3 * theWorkload.batch() / milliseconds.median(),
                base == null
                        ? Double.NaN
                        : milliseconds.median() / Quartiles.ofMilliseconds(base).median(),
                base == null ? null : paired(own, base),
                theWorkload.flops() / (milliseconds.median() * 1e6) / peak,
                own.stream().mapToDouble(StepBlock::waited).sum() / seconds,
                own.stream().mapToDouble(StepBlock::compiled).sum() / seconds);
    }

    private static Quartiles paired(List<StepBlock> own, List<StepBlock> base) {
        double[] ratios = new double[own.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = own.get(i).milliseconds() / base.get(i).milliseconds();
        }
        return Quartiles.of(ratios);
    }
}
