package org.likelihood4j.laboratory.gap;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.likelihood4j.data.Examples;
import org.likelihood4j.laboratory.gap.ExampleEvidence.Estimated;
import org.likelihood4j.runs.Calibration;
import org.likelihood4j.runs.EvidenceGap;
import org.likelihood4j.runs.statistics.Moments;

/** Means over examples, with their errors. */
final class GapTable {
    private final GapSettings settings;
    private final int k;
    private final int samples;
    private final boolean local;

    /**
     * A table.
     *
     * @param k of the bound that was trained
     * @param samples K
     * @param local whether there are best Gaussians
     */
    GapTable(GapSettings settings, int k, int samples, boolean local) {
        this.settings = settings;
        this.k = k;
        this.samples = samples;
        this.local = local;
    }

    EvidenceGap of(
            Calibration.Weights weights,
            String split,
            Examples set,
            List<ExampleEvidence> real,
            List<ExampleEvidence> drawn,
            double seconds) {
        Function<ExampleEvidence, Estimated> evidence = evidence(real);
        return new EvidenceGap(
                EvidenceGap.FORMAT_VERSION,
                weights,
                split,
                settings.seed(),
                new EvidenceGap.Settings(
                        samples,
                        k,
                        settings.chains(),
                        settings.temperatures(),
                        settings.leapfrogs(),
                        settings.start(),
                        drawn.size()),
                quantities(real, evidence),
                drawn.isEmpty() ? List.of() : simulated(drawn),
                IntStream.range(0, real.size())
                        .mapToObj(i -> example(set, i, real.get(i), evidence))
                        .toList(),
                local
                        ? null
                        : "the posterior is a Gaussian behind a flow: a Gaussian of its own would be of another family",
                seconds);
    }

    /** Of two estimates from below the one that is higher in the mean over examples, of all of them: a choice by example would look for luck. */
    private static Function<ExampleEvidence, Estimated> evidence(List<ExampleEvidence> all) {
        double importance = sum(all, ExampleEvidence::importance);
        double annealed = sum(all, ExampleEvidence::annealed);
        // An annealed one that is not a number is none.
        return importance > annealed || Double.isNaN(annealed)
                ? ExampleEvidence::importance
                : ExampleEvidence::annealed;
    }

    private static double sum(List<ExampleEvidence> all, Function<ExampleEvidence, Estimated> value) {
        return all.stream().mapToDouble(example -> value.apply(example).value()).sum();
    }

    private List<EvidenceGap.Quantity> quantities(
            List<ExampleEvidence> all, Function<ExampleEvidence, Estimated> evidence) {
        List<EvidenceGap.Quantity> table = new ArrayList<>();
        table.add(mean("elbo", all, ExampleEvidence::elbo, "ELBO of the encoder's posterior q"));
        if (k > 1) {
            table.add(mean(
                    "bound", all, ExampleEvidence::bound, "importance-weighted bound of k = " + k + ", as trained"));
        }
        table.add(mean(
                "importance_weighted",
                all,
                ExampleEvidence::importance,
                "log p(x) from below, importance-weighted, K = " + samples));
        if (local) {
            table.add(mean(
                    "local_importance_weighted",
                    all,
                    ExampleEvidence::localImportance,
                    "the same by draws of each example's best Gaussian q*"));
        }
        table.add(mean(
                "annealed",
                all,
                ExampleEvidence::annealed,
                "log p(x) from below, annealed from the " + settings.start() + ", " + settings.chains() + " chains of "
                        + settings.temperatures() + " temperatures"));
        table.add(mean("log_evidence", all, evidence, "log p(x): the higher one of the two"));
        table.add(difference("gap", all, evidence, ExampleEvidence::elbo, "KL(q || p(z|x)) = log p(x) - ELBO"));
        if (local) {
            table.add(mean("local", all, ExampleEvidence::local, "ELBO of each example's best Gaussian q*"));
            table.add(difference(
                    "approximation_gap",
                    all,
                    evidence,
                    ExampleEvidence::local,
                    "log p(x) - ELBO of q*: of the family"));
            table.add(difference(
                    "amortisation_gap",
                    all,
                    ExampleEvidence::local,
                    ExampleEvidence::elbo,
                    "ELBO of q* - ELBO of q: of the encoder"));
        }
        if (k > 1) {
            table.add(difference("bound_gap", all, evidence, ExampleEvidence::bound, "log p(x) - bound of k = " + k));
            if (local) {
                table.add(difference(
                        "bound_approximation_gap",
                        all,
                        evidence,
                        ExampleEvidence::localBound,
                        "log p(x) - bound of k of the Gaussian best for it"));
                table.add(difference(
                        "bound_amortisation_gap",
                        all,
                        ExampleEvidence::localBound,
                        ExampleEvidence::bound,
                        "bound of k of that Gaussian - of q"));
            }
        }
        table.add(plain(
                "effective_chains", all, ExampleEvidence::effectiveChains, "of " + settings.chains() + ", by weights"));
        table.add(plain(
                "spread", all, ExampleEvidence::spread, "standard deviation of log w between an example's chains"));
        table.add(plain("acceptance", all, ExampleEvidence::acceptance, "mean probability of a Hamiltonian move"));
        if (local) {
            table.add(plain(
                    "converged",
                    all,
                    example -> example.converged() ? 1.0 : 0.0,
                    "share of examples whose best Gaussian rose no more"));
        }
        return table;
    }

    private List<EvidenceGap.Quantity> simulated(List<ExampleEvidence> all) {
        List<EvidenceGap.Quantity> table = new ArrayList<>();
        table.add(mean("elbo", all, ExampleEvidence::elbo, "ELBO of the encoder's posterior"));
        table.add(mean(
                "importance_weighted",
                all,
                ExampleEvidence::importance,
                "log p(x) from below, importance-weighted, K = " + samples));
        table.add(mean("annealed", all, ExampleEvidence::annealed, "log p(x) from below, annealed"));
        table.add(
                mean("reverse", all, ExampleEvidence::reverse, "log p(x) from above, annealed from exact posteriors"));
        table.add(difference(
                "sandwich",
                all,
                ExampleEvidence::reverse,
                ExampleEvidence::annealed,
                "between both: annealing is off by no more, in the mean"));
        table.add(difference(
                "above_importance_weighted",
                all,
                ExampleEvidence::reverse,
                ExampleEvidence::importance,
                "the same of importance weighting"));
        return table;
    }

    private EvidenceGap.Example example(
            Examples set, int i, ExampleEvidence found, Function<ExampleEvidence, Estimated> evidence) {
        return new EvidenceGap.Example(
                set.place(i),
                set.label(i),
                orNull(evidence.apply(found).value()),
                orNull(found.elbo().value()),
                orNull(found.bound().value()),
                orNull(found.local().value()),
                orNull(found.localBound().value()),
                orNull(found.importance().value()),
                orNull(found.annealed().value()),
                orNull(found.effectiveChains()),
                orNull(found.spread()),
                orNull(found.acceptance()));
    }

    private static Double orNull(double value) {
        return Double.isFinite(value) ? value : null;
    }

    private static EvidenceGap.Quantity mean(
            String name, List<ExampleEvidence> all, Function<ExampleEvidence, Estimated> value, String description) {
        return quantity(name, all, value, description);
    }

    private static EvidenceGap.Quantity difference(
            String name,
            List<ExampleEvidence> all,
            Function<ExampleEvidence, Estimated> more,
            Function<ExampleEvidence, Estimated> less,
            String description) {
        return quantity(
                name,
                all,
                example -> {
                    Estimated a = more.apply(example);
                    Estimated b = less.apply(example);
                    return new Estimated(a.value() - b.value(), Math.hypot(a.error(), b.error()));
                },
                description);
    }

    private static EvidenceGap.Quantity plain(
            String name, List<ExampleEvidence> all, Function<ExampleEvidence, Double> value, String description) {
        return quantity(name, all, example -> new Estimated(value.apply(example), Double.NaN), description);
    }

    private static EvidenceGap.Quantity quantity(
            String name, List<ExampleEvidence> all, Function<ExampleEvidence, Estimated> value, String description) {
        Moments moments = new Moments();
        double squares = 0;
        for (ExampleEvidence example : all) {
            Estimated estimated = value.apply(example);
            moments.add(estimated.value());
            squares += estimated.error() * estimated.error();
        }
        return new EvidenceGap.Quantity(
                name,
                orNull(moments.mean()),
                orNull(moments.standardError()),
                orNull(Math.sqrt(squares) / all.size()),
                description);
    }
}
