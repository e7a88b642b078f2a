package org.likelihood4j.laboratory.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.likelihood4j.laboratory.evidence.Annealing;
import org.likelihood4j.laboratory.evidence.LocalGradient;
import org.likelihood4j.laboratory.evidence.LocalPosterior;
import org.likelihood4j.models.bijectors.ActNorm;
import org.likelihood4j.models.bijectors.ClassBase;
import org.likelihood4j.models.bijectors.InvertibleConv;
import org.likelihood4j.models.bijectors.Permutation;
import org.likelihood4j.models.bijectors.coupling.AdditiveFamily;
import org.likelihood4j.models.bijectors.coupling.AffineFamily;
import org.likelihood4j.models.bijectors.coupling.Autoregressive;
import org.likelihood4j.models.bijectors.coupling.Coupling;
import org.likelihood4j.models.bijectors.coupling.DerivedAffineFamily;
import org.likelihood4j.models.bijectors.coupling.Multiscale;
import org.likelihood4j.models.bijectors.coupling.RationalQuadraticFamily;
import org.likelihood4j.models.densities.DiagonalGaussian;
import org.likelihood4j.models.vae.FlowPrior;
import org.likelihood4j.models.vae.GaussianVae;
import org.likelihood4j.models.vae.MixturePrior;
import org.likelihood4j.models.vae.Objective;
import org.likelihood4j.models.vae.PosteriorFlow;
import org.likelihood4j.random.CounterRandom;

/** The project's derivations, checked by the machine on random inputs in float64. */
public final class Derivations {
    /** One check: a subject and random numbers to a finding. */
    @FunctionalInterface
    interface Check {
        Finding run(Formulas formulas, RandomGenerator random);
    }

    private static final String BOTH_SIDES = "13. log p(x) from both sides, and where the ELBO loses";

    private record Row(Derivation derivation, Check check) {}

    private static final List<Row> ROWS = Stream.of(
                    section(
                            "1. The affine coupling block",
                            DerivedAffineFamily.class,
                            CouplingChecks::inverse,
                            CouplingChecks::zeros,
                            CouplingChecks::diagonal,
                            CouplingChecks::logDeterminant,
                            CouplingChecks::volume),
                    section("2. The evidence lower bound", GaussianVae.class, EvidenceChecks::elbo),
                    section(
                            "3. The KL of diagonal Gaussians",
                            DiagonalGaussian.class,
                            KlChecks::factorisation,
                            KlChecks::quadrature,
                            KlChecks::monteCarlo),
                    section(
                            "4. Three gradients of the same KL",
                            GaussianVae.class,
                            GradientChecks::analytic,
                            GradientChecks::full,
                            GradientChecks::path,
                            GradientChecks::fullMean,
                            GradientChecks::pathMean,
                            GradientChecks::fullVariance,
                            GradientChecks::pathVariance),
                    section(
                            "5. Why path may still win: the whole loss",
                            GaussianVae.class,
                            EvidenceChecks::pathAtPosterior,
                            EvidenceChecks::pathTowardsPosterior,
                            EvidenceChecks::analyticAtPosterior),
                    section(
                            "6. The importance-weighted bound",
                            Objective.class,
                            BoundChecks::encoder,
                            BoundChecks::decoder),
                    section("8. Learned priors", MixturePrior.class, PriorChecks::mixture),
                    section("8. Learned priors", FlowPrior.class, PriorChecks::flow),
                    section("Other families", AffineFamily.class, FamilyChecks::textbook),
                    section("Other families", AdditiveFamily.class, FamilyChecks::additive),
                    section("Other families", RationalQuadraticFamily.class, FamilyChecks::spline),
                    section(
                            "9. A flow behind the posterior",
                            Autoregressive.class,
                            AutoregressiveChecks::affine,
                            AutoregressiveChecks::spline),
                    section("9. A flow behind the posterior", PosteriorFlow.class, PosteriorChecks::density),
                    section("Images at several scales", Coupling.class, MapChecks::coupling),
                    section("Images at several scales", Permutation.class, MapChecks::squeeze),
                    section("Images at several scales", ActNorm.class, MapChecks::norm),
                    section("Images at several scales", InvertibleConv.class, MapChecks::mixing),
                    section("Images at several scales", Multiscale.class, MapChecks::multiscale),
                    section("Images at several scales", ClassBase.class, MapChecks::classes),
                    section(BOTH_SIDES, GaussianVae.class, GapChecks::joint),
                    section(BOTH_SIDES, Annealing.class, GapChecks::forward, GapChecks::reverse),
                    section(BOTH_SIDES, LocalGradient.class, GapChecks::localGradient),
                    section(BOTH_SIDES, LocalPosterior.class, GapChecks::bestGaussian),
                    section(BOTH_SIDES, LocalGradient.class, GapChecks::weightedGradient))
            .flatMap(List::stream)
            .toList();

    private Derivations() {}

    private static List<Row> section(String heading, Class<?> type, Check... checks) {
        Derivation derivation = new Derivation(heading, type);
        return Stream.of(checks).map(check -> new Row(derivation, check)).toList();
    }

    /**
     * Runs every check.
     *
     * @param seed of all random inputs; a check's do not depend on the other checks
     * @param sink receives each finding as it is made
     * @return all findings, in order
     */
    public static List<Finding> verify(Formulas formulas, long seed, Consumer<Finding> sink) {
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < ROWS.size(); i++) {
            Finding finding = check(i, formulas, seed);
            findings.add(finding);
            sink.accept(finding);
        }
        return findings;
    }

    /** How many checks there are. */
    static int count() {
        return ROWS.size();
    }

    /** Runs one check. */
    static Finding check(int index, Formulas formulas, long seed) {
        long key = CounterRandom.key(CounterRandom.key(seed, "verify"), index);
        Row row = ROWS.get(index);
        return row.check().run(formulas, new SplittableRandom(key)).of(row.derivation());
    }
}
