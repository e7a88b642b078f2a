package org.likelihood4j.laboratory.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.likelihood4j.random.CounterRandom;

/** The project's derivations, checked by the machine on random inputs in float64. */
public final class Derivations {
    /** One check: a subject and random numbers to a finding. */
    @FunctionalInterface
    interface Check {
        Finding run(Formulas formulas, RandomGenerator random);
    }

    private static final List<Check> CHECKS = List.of(
            CouplingChecks::inverse,
            CouplingChecks::zeros,
            CouplingChecks::diagonal,
            CouplingChecks::logDeterminant,
            CouplingChecks::volume,
            EvidenceChecks::elbo,
            KlChecks::factorisation,
            KlChecks::quadrature,
            KlChecks::monteCarlo,
            GradientChecks::analytic,
            GradientChecks::full,
            GradientChecks::path,
            GradientChecks::fullMean,
            GradientChecks::pathMean,
            GradientChecks::fullVariance,
            GradientChecks::pathVariance,
            EvidenceChecks::pathAtPosterior,
            EvidenceChecks::pathTowardsPosterior,
            EvidenceChecks::analyticAtPosterior,
            BoundChecks::encoder,
            BoundChecks::decoder,
            PriorChecks::mixture,
            PriorChecks::flow,
            FamilyChecks::textbook,
            FamilyChecks::additive,
            FamilyChecks::spline,
            AutoregressiveChecks::affine,
            AutoregressiveChecks::spline,
            PosteriorChecks::density,
            MapChecks::coupling,
            MapChecks::squeeze,
            MapChecks::norm,
            MapChecks::mixing,
            MapChecks::multiscale,
            GapChecks::joint,
            GapChecks::forward,
            GapChecks::reverse,
            GapChecks::localGradient,
            GapChecks::bestGaussian,
            GapChecks::weightedGradient);

    private Derivations() {}

    /**
     * Runs every check.
     *
     * @param seed of all random inputs; a check's do not depend on the other checks
     * @param sink receives each finding as it is made
     * @return all findings, in order
     */
    public static List<Finding> verify(Formulas formulas, long seed, Consumer<Finding> sink) {
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < CHECKS.size(); i++) {
            Finding finding = check(i, formulas, seed);
            findings.add(finding);
            sink.accept(finding);
        }
        return findings;
    }

    /** How many checks there are. */
    static int count() {
        return CHECKS.size();
    }

    /** Runs one check. */
    static Finding check(int index, Formulas formulas, long seed) {
        long key = CounterRandom.key(CounterRandom.key(seed, "verify"), index);
        return CHECKS.get(index).run(formulas, new SplittableRandom(key));
    }
}
