package org.likelihood4j.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.nd4j.linalg.factory.Nd4j;

/** Carries out a plan in this process. */
final class Runner {
    /** Forms are compared shortly: they only have to be told apart. */
    private static final double LONGEST_CHOICE = 2;

    /** How often each kernel of ours is timed. */
    private static final int EXPLAINED = 50;

    private final Plan plan;
    private final List<Row> rows = new ArrayList<>();
    private final List<FormTime> forms = new ArrayList<>();
    private final List<Parts> parts = new ArrayList<>();
    private double peak;

    private Runner(Plan plan) {
        this.plan = plan;
    }

    static Findings run(Plan plan) {
        Nd4j.getEnvironment().setMaxMasterThreads(plan.threads());
        return new Runner(plan).run();
    }

    private Findings run() {
        boolean torch = plan.contenders().contains(Contenders.LIBTORCH);
        double before = load();
        double nd = plan.memoryOnly() ? 0 : MatrixPeak.nd4j();
        double other = plan.memoryOnly() || !torch ? 0 : MatrixPeak.libtorch(plan.threads());
        double own = plan.memoryOnly() ? 0 : MatrixPeak.oneDnn();
        peak = Math.max(Math.max(nd, own), other);
        for (String name : plan.workloads()) {
            if (name.equals(Plan.DIAGNOSTICS)) {
                diagnostics();
            } else {
                workload(Workloads.named(name));
            }
        }
        return new Findings(
                plan.threads(),
                nd,
                own,
                other,
                torch ? Libtorch.build() : "",
                List.of(before, load()),
                MemoryUse.peak(),
                rows,
                forms,
                parts,
                List.of());
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private void workload(Workload workload) {
        Case theCase = Case.of(workload, plan.update());
        List<Contender> contenders = new ArrayList<>();
        try {
            if (plan.memoryOnly()) {
                add(contenders, theCase);
                contenders.forEach(contender -> contender.run(Phase.STEP, 20));
                return;
            }
            try (Reference reference = new Reference(theCase)) {
                add(contenders, theCase);
                contenders.forEach(contender -> contender.requireAgreement(reference));
            }
            for (Phase phase : Phase.values()) {
                time(workload, phase, contenders);
            }
            for (Contender contender : contenders) {
                if (contender instanceof Ours ours
                        && ours.name().equals(OurEngine.best().name())) {
                    ours.reset();
                    ours.explain(EXPLAINED).ifPresent(explanation -> parts.add(Parts.of(workload, explanation, peak)));
                }
            }
        } finally {
            contenders.forEach(Contender::close);
        }
    }

    private void add(List<Contender> contenders, Case theCase) {
        for (Contenders.Entry entry : Contenders.all(plan.threads())) {
            if (!plan.contenders().contains(entry.name())) {
                continue;
            }
            if (entry.name().equals(Contenders.LIBTORCH) && !plan.memoryOnly()) {
                contenders.add(fastestLibtorch(theCase));
            } else {
                entry.make().apply(theCase).ifPresent(contenders::add);
            }
        }
    }

    /** The fastest of libtorch's forms that are right, by the whole step. */
    private Contender fastestLibtorch(Case theCase) {
        List<Contender> candidates = new ArrayList<>();
        try (Reference reference = new Reference(theCase)) {
            for (Function<Case, Contender> form : Contenders.libtorch(plan.update(), plan.threads())) {
                Contender candidate = form.apply(theCase);
                candidates.add(candidate);
                candidate.requireAgreement(reference);
            }
        }
        Map<Contender, double[]> times =
                new Interleaving(Math.min(plan.seconds(), LONGEST_CHOICE)).time(candidates, Phase.STEP);
        times.forEach((candidate, blocks) ->
                forms.add(new FormTime(theCase.workload().name(), candidate.form(), Quartiles.of(blocks))));
        Contender best = candidates.stream()
                .min(Comparator.comparingDouble(
                        candidate -> Quartiles.of(times.get(candidate)).median()))
                .orElseThrow();
        candidates.stream().filter(candidate -> candidate != best).forEach(Contender::close);
        return best;
    }

    private void time(Workload workload, Phase phase, List<Contender> contenders) {
        List<Contender> able =
                contenders.stream().filter(one -> one.supports(phase)).toList();
        Map<Contender, double[]> times = new Interleaving(plan.seconds()).time(able, phase);
        double[] ours = able.stream()
                .filter(one -> one.name().equals(OurEngine.best().name()))
                .map(times::get)
                .findFirst()
                .orElse(null);
        times.forEach((one, blocks) -> rows.add(row(workload, phase, one, blocks, ours)));
    }

    private Row row(Workload workload, Phase phase, Contender one, double[] blocks, double[] base) {
        Quartiles milliseconds = Quartiles.of(blocks);
        double rate = workload.flops() / (milliseconds.median() * 1e6);
        return new Row(
                workload.name(),
                String.valueOf(plan.threads()),
                phase,
                one.name(),
                one.form(),
                milliseconds,
                1e3 * workload.batch() / milliseconds.median(),
                base == null
                        ? Double.NaN
                        : milliseconds.median() / Quartiles.of(base).median(),
                base == null ? null : paired(blocks, base),
                rate / peak);
    }

    private static Quartiles paired(double[] blocks, double[] base) {
        double[] ratios = new double[blocks.length];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = blocks[i] / base[i];
        }
        return Quartiles.of(ratios);
    }

    /** Ours with the sampled KL in every step's report against ours without it. */
    private void diagnostics() {
        List<Contender> pair = new ArrayList<>();
        try {
            for (boolean sampled : new boolean[] {false, true}) {
                Workload.Vae workload = Workload.Vae.shipped(sampled);
                pair.add(Reporting.of(workload, sampled, plan.update()));
            }
            for (Phase phase : Phase.values()) {
                Map<Contender, double[]> times = new Interleaving(plan.seconds()).time(pair, phase);
                double[] base = times.get(pair.get(0));
                times.forEach((one, blocks) -> rows.add(row(Workload.Vae.shipped(true), phase, one, blocks, base)));
            }
        } finally {
            pair.forEach(Contender::close);
        }
    }
}
