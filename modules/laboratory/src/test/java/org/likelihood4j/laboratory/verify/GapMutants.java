package org.likelihood4j.laboratory.verify;

import static org.likelihood4j.laboratory.verify.Mutant.OURS;
import static org.likelihood4j.laboratory.verify.Mutant.mutant;

import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.likelihood4j.laboratory.evidence.AnnealingFormulas;
import org.likelihood4j.laboratory.evidence.LocalFormulas;
import org.likelihood4j.laboratory.verify.Mutant.Part;

/** Wrong samplers, and wrong gradients of a posterior. */
final class GapMutants {
    private static final String JOINT = "log p(x, z) = log p(x) + log p(z|x), slopes";
    private static final String FORWARD = "annealing: E[w] = p(x)";
    private static final String REVERSE = "reverse: E_r[1/(1 + r)] = E[r/(1 + r)]";
    private static final String GRADIENT = "d ELBO/d(mu, log sigma) of one q; its ELBO";
    private static final String BEST = "KL of q*: (sum of log P_jj - log|P|)/2";
    private static final String WEIGHTED = "k = 2: gradient of one q's bound";

    private GapMutants() {}

    static Stream<Mutant> all() {
        AnnealingFormulas ours = OURS.annealing();
        LocalFormulas local = OURS.local();
        return Stream.of(
                annealing(
                        "a momentum whose density is left out",
                        f -> new AnnealingFormulas((log, squared) -> -log, f.acceptance(), f.increment(), f.reverse()),
                        FORWARD,
                        REVERSE),
                annealing(
                        "a momentum of twice the energy",
                        f -> new AnnealingFormulas(
                                (log, squared) -> -log + squared, f.acceptance(), f.increment(), f.reverse()),
                        FORWARD,
                        REVERSE),
                annealing(
                        "moves accepted the wrong way",
                        f -> new AnnealingFormulas(
                                f.energy(),
                                (log, energy, proposed) -> log < proposed - energy,
                                f.increment(),
                                f.reverse()),
                        FORWARD,
                        REVERSE),
                annealing(
                        "every move accepted",
                        f -> new AnnealingFormulas(
                                f.energy(), (log, energy, proposed) -> true, f.increment(), f.reverse()),
                        FORWARD,
                        REVERSE),
                annealing(
                        "weights by the temperature after the next",
                        f -> new AnnealingFormulas(
                                f.energy(),
                                f.acceptance(),
                                (t, step, ratio) -> ours.increment().of(t, Math.min(step + 1, t.length - 1), ratio)
                                        * (step == t.length - 1 ? 0 : 1),
                                f.reverse()),
                        FORWARD,
                        REVERSE),
                annealing(
                        "a reverse chain in the forward order",
                        f -> new AnnealingFormulas(
                                f.energy(), f.acceptance(), f.increment(), (step, steps) -> steps - step + 1),
                        REVERSE),
                annealing(
                        "a reverse chain that moves at the temperature before its weight",
                        f -> new AnnealingFormulas(f.energy(), f.acceptance(), f.increment(), (step, steps) -> step),
                        REVERSE),
                local("entropy", new LocalFormulas(local.ofBound(), 1.01, local.ofWeighted()), GRADIENT),
                local(
                        "slope of the ELBO",
                        new LocalFormulas(slope -> 1.01 * slope, local.entropy(), local.ofWeighted()),
                        GRADIENT),
                local("no entropy at all", new LocalFormulas(local.ofBound(), 0, local.ofWeighted()), GRADIENT, BEST),
                local(
                        "weights that are not squared",
                        new LocalFormulas(
                                local.ofBound(),
                                local.entropy(),
                                (weight, slope, eps, sigma) -> weight * (slope + eps / sigma)),
                        WEIGHTED),
                local(
                        "the density of q left out",
                        new LocalFormulas(
                                local.ofBound(),
                                local.entropy(),
                                (weight, slope, eps, sigma) -> weight * weight * slope),
                        WEIGHTED),
                mutant(
                        "joint density",
                        Part.JOINT_DENSITY,
                        edit -> edit.model = options -> Mutants.bent(
                                OURS.model().apply(options),
                                (called, argument, function) -> called.equals("jointDensity")
                                        ? Mutants.with(function, "log_likelihood", v -> v.mul(1.01))
                                        : function),
                        JOINT,
                        FORWARD,
                        REVERSE,
                        GRADIENT,
                        WEIGHTED));
    }

    private static Mutant annealing(String name, UnaryOperator<AnnealingFormulas> change, String... failing) {
        return mutant(name, Part.ANNEALING, edit -> edit.annealing = change.apply(OURS.annealing()), failing);
    }

    private static Mutant local(String name, LocalFormulas wrong, String... failing) {
        return mutant(name, Part.LOCAL, edit -> edit.local = wrong, failing);
    }

    static AnnealingFormulas recorded(Runnable used) {
        AnnealingFormulas ours = OURS.annealing();
        return new AnnealingFormulas(
                (log, squared) -> {
                    used.run();
                    return ours.energy().of(log, squared);
                },
                ours.acceptance(),
                ours.increment(),
                ours.reverse());
    }

    static LocalFormulas recordedLocal(Runnable used) {
        LocalFormulas ours = OURS.local();
        return new LocalFormulas(
                slope -> {
                    used.run();
                    return ours.ofBound().at(slope);
                },
                ours.entropy(),
                (weight, slope, eps, sigma) -> {
                    used.run();
                    return ours.ofWeighted().at(weight, slope, eps, sigma);
                });
    }
}
