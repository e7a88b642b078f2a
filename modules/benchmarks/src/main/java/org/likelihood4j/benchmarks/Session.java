package org.likelihood4j.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.likelihood4j.benchmarks.ours.OurEngine;
import org.likelihood4j.benchmarks.results.Findings;
import org.likelihood4j.benchmarks.results.FormTime;
import org.likelihood4j.benchmarks.results.MemoryUse;
import org.likelihood4j.benchmarks.results.Parts;
import org.likelihood4j.benchmarks.work.Phase;
import org.likelihood4j.benchmarks.work.StepBlock;

/** Carries out a plan: each contender sits in a process of its own, and they take turns. */
final class Session {
    /** How often each kernel of ours is timed. */
    private static final int EXPLAINED = 50;

    private final BenchmarkPlan plan;
    private final Child machine;
    private final List<Measured> measured = new ArrayList<>();
    private final List<FormTime> forms = new ArrayList<>();
    private final List<Parts> parts = new ArrayList<>();
    private final List<MemoryUse> memory = new ArrayList<>();

    private Session(BenchmarkPlan plan, Child machine) {
        this.plan = plan;
        this.machine = machine;
    }

    static Findings run(BenchmarkPlan plan) {
        try (Child machine = new Child(plan.machine())) {
            return new Session(plan, machine).run();
        }
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private Findings run() {
        double before = load();
        plan.workloads().forEach(this::workload);
        double peak = Math.max(
                machine.ready().peaks().best(),
                measured.stream().mapToDouble(Measured::bestRate).max().orElse(0));
        return new Findings(
                plan.threads(),
                machine.ready().peaks(),
                peak,
                List.of(before, load()),
                measured.stream().flatMap(one -> one.rows(plan, peak).stream()).toList(),
                measured.stream().map(one -> one.unrest(peak)).toList(),
                forms,
                parts,
                memory);
    }

    private void workload(String workload) {
        List<Child> children = new ArrayList<>();
        try {
            try (Child nobody = new Child(plan.seat(workload, Seat.NOBODY))) {
                memory.add(new MemoryUse(workload, Seat.NOBODY, nobody.ready().peakMebibytes()));
            }
            for (String name : plan.contenders(workload)) {
                check(workload, plan.seat(workload, name)).ifPresent(seat -> children.add(new Child(seat)));
            }
            for (Phase phase : Phase.values()) {
                measured.add(time(workload, phase, children));
            }
            for (Child child : children) {
                if (child.name().equals(OurEngine.best().name())) {
                    parts.add(child.explain(EXPLAINED));
                }
            }
        } finally {
            children.forEach(Child::close);
        }
    }

    /** The seat of a contender that can do the workload, and is right. */
    private Optional<Seat> check(String workload, Seat seat) {
        try (Child child = new Child(seat)) {
            Ready ready = child.ready();
            if (!ready.present()) {
                return Optional.empty();
            }
            memory.add(new MemoryUse(workload, seat.contender(), ready.peakMebibytes()));
            forms.addAll(ready.forms());
            return Optional.of(seat.with(ready.way()));
        }
    }

    private Measured time(String workload, Phase phase, List<Child> children) {
        List<Child> able =
                children.stream().filter(child -> child.supports(phase)).toList();
        List<StepBlock> yardstick = new ArrayList<>();
        Map<Child, List<StepBlock>> blocks =
                new Interleaving(plan.seconds()).time(able, phase, () -> yardstick.add(machine.block(phase, 1)));
        return new Measured(workload, phase, blocks, yardstick);
    }
}
