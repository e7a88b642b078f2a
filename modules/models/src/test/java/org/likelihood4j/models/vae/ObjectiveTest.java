package org.likelihood4j.models.vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.likelihood4j.models.vae.SmallVaes.D;
import static org.likelihood4j.models.vae.SmallVaes.HIDDEN;
import static org.likelihood4j.models.vae.SmallVaes.L;
import static org.likelihood4j.models.vae.SmallVaes.NORMAL;
import static org.likelihood4j.models.vae.SmallVaes.REPORT;
import static org.likelihood4j.models.vae.SmallVaes.objective;
import static org.likelihood4j.models.vae.SmallVaes.vae;

import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.LatentVariableModel.KlEstimator;
import org.likelihood4j.models.Metric;
import org.likelihood4j.models.Noise;
import org.likelihood4j.models.Renewal;
import org.likelihood4j.models.vae.likelihood.BernoulliPixels;
import org.likelihood4j.models.vae.likelihood.Binarization;

/** What each objective reads and reports, and which mean nothing. */
class ObjectiveTest {
    @Test
    void eachObjectiveHasItsMetricsAndInputs() {
        Prior mixture = new MixturePrior(L, 3);
        assertMetrics(vae(NORMAL, Objective.elbo(), REPORT), "elbo", "reconstruction", "kl_analytic", "kl_sampled");
        VaeOptions.KlReport none = new VaeOptions.KlReport(false, 2);
        assertMetrics(vae(NORMAL, Objective.elbo(), none), "elbo", "reconstruction", "kl_analytic");
        assertMetrics(
                vae(NORMAL, objective(KlEstimator.SAMPLED, 3), none),
                "iwae",
                "elbo",
                "reconstruction",
                "kl_analytic",
                "kl_sampled");
        assertMetrics(vae(mixture, objective(KlEstimator.SAMPLED, 1), none), "elbo", "reconstruction", "kl_sampled");
        assertMetrics(
                vae(mixture, objective(KlEstimator.PATH, 3), REPORT), "iwae", "elbo", "reconstruction", "kl_sampled");

        FunctionInput pixels = new FunctionInput.Data("pixels", EventShape.row(D));
        assertInputs(vae(NORMAL, Objective.elbo(), REPORT), pixels, noise("posterior", L));
        assertInputs(vae(NORMAL, Objective.elbo(), none), pixels, noise("posterior", L));
        assertInputs(
                vae(NORMAL, objective(KlEstimator.PATH, 3), new VaeOptions.KlReport(true, 2)),
                pixels,
                noise("posterior", 3 * L),
                noise("posterior_report", 2 * L));
        assertInputs(
                vae(NORMAL, new Objective(KlEstimator.ANALYTIC, 1, true, 0.1), REPORT),
                pixels,
                noise("posterior", L),
                new FunctionInput.Weight("beta"));
    }

    private static void assertMetrics(GaussianVae vae, String... names) {
        assertThat(vae.metrics()).extracting(Metric::name).containsExactly(names);
        List<String> outputs = new ArrayList<>(List.of("loss"));
        outputs.addAll(List.of(names));
        if (outputs.containsAll(List.of("kl_analytic", "kl_sampled"))) {
            outputs.add("kl_sampled_variance");
        }
        assertThat(vae.trainingLoss().outputNames()).isEqualTo(outputs);
    }

    private static void assertInputs(GaussianVae vae, FunctionInput... inputs) {
        assertThat(vae.trainingLoss().inputs()).containsExactly(inputs);
    }

    private static FunctionInput noise(String name, int size) {
        return new FunctionInput.NoiseInput(name, EventShape.row(size), Noise.NORMAL, Renewal.DRAW);
    }

    /**
     * Where nothing is weighted and the bound's own KL is trained, the loss needs no column of its
     * own.
     */
    @Test
    void theLossIsANumberOfItsOwnWhereItIsNotMinusTheBound() {
        Prior mixture = new MixturePrior(L, 3);
        VaeOptions.KlReport more = new VaeOptions.KlReport(true, 2);
        assertThat(vae(NORMAL, Objective.elbo(), more).hasWeightedLoss()).isFalse();
        assertThat(vae(NORMAL, objective(KlEstimator.SAMPLED, 3), more).hasWeightedLoss())
                .isFalse();
        assertThat(vae(mixture, objective(KlEstimator.PATH, 1), REPORT).hasWeightedLoss())
                .isFalse();
        assertThat(vae(mixture, objective(KlEstimator.PATH, 1), more).hasWeightedLoss())
                .isTrue();
        assertThat(vae(NORMAL, objective(KlEstimator.PATH, 1), REPORT).hasWeightedLoss())
                .isTrue();
        assertThat(vae(NORMAL, new Objective(KlEstimator.ANALYTIC, 1, true, 0), REPORT)
                        .hasWeightedLoss())
                .isTrue();
        assertThat(vae(NORMAL, new Objective(KlEstimator.ANALYTIC, 1, false, 0.1), REPORT)
                        .hasWeightedLoss())
                .isTrue();
    }

    @Test
    void estimatorsAreThoseThatThePriorAllows() {
        assertThat(vae(NORMAL, Objective.elbo(), REPORT).estimators()).containsExactly(KlEstimator.values());
        GaussianVae mixture = vae(new MixturePrior(L, 2), objective(KlEstimator.PATH, 1), REPORT);
        assertThat(mixture.plainEstimator()).contains(KlEstimator.PATH);
        assertThat(vae(NORMAL, new Objective(KlEstimator.ANALYTIC, 1, true, 0), REPORT)
                        .plainEstimator())
                .isEmpty();
        assertThat(vae(NORMAL, objective(KlEstimator.PATH, 3), REPORT).plainEstimator())
                .isEmpty();
        assertThat(mixture.estimators()).containsExactly(KlEstimator.SAMPLED, KlEstimator.PATH);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> mixture.klTerm(KlEstimator.ANALYTIC))
                .withMessage("this model's KL has no estimator ANALYTIC");
    }

    @Test
    void objectivesThatMeanNothingAreRefused() {
        refused(() -> objective(KlEstimator.SAMPLED, 0), "importance samples must be at least 1, were 0");
        for (double bits : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
            refused(
                    () -> new Objective(KlEstimator.ANALYTIC, 1, false, bits),
                    "free bits must be at least 0 and finite, were " + bits);
        }
        refused(
                () -> objective(KlEstimator.ANALYTIC, 2),
                "the importance-weighted bound has no KL term to be taken in closed form");
        String noKl = "the importance-weighted bound has no KL term to be weighted";
        refused(() -> new Objective(KlEstimator.SAMPLED, 2, true, 0), noKl);
        refused(() -> new Objective(KlEstimator.PATH, 2, false, 0.1), noKl);
        for (KlEstimator estimator : List.of(KlEstimator.SAMPLED, KlEstimator.PATH)) {
            refused(
                    () -> new Objective(estimator, 1, false, 0.1),
                    "free bits are defined on the analytic KL of each dimension");
        }
        refused(() -> new VaeOptions.KlReport(true, -1), "draws must be at least 0, were -1");
        refused(() -> vae(new MixturePrior(L, 2), Objective.elbo(), REPORT), "this prior has no KL in closed form");
        refused(
                () -> vae(
                        L,
                        HIDDEN,
                        new BernoulliPixels(Binarization.NONE),
                        NORMAL,
                        objective(KlEstimator.SAMPLED, 2),
                        REPORT),
                "without a likelihood there is no importance-weighted bound");
    }

    private static void refused(ThrowingCallable make, String message) {
        assertThatIllegalArgumentException().isThrownBy(make).withMessage(message);
    }
}
