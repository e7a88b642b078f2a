package org.likelihood4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.inference.kinds.ModelContext;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.LatentVariableModel.KlEstimator;
import org.likelihood4j.models.densities.DiagonalGaussian;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.layers.Activation;
import org.likelihood4j.models.layers.Mlp;
import org.likelihood4j.models.vae.FactorizedPrior;
import org.likelihood4j.models.vae.GaussianVae;
import org.likelihood4j.models.vae.Objective;
import org.likelihood4j.models.vae.StandardNormalPrior;
import org.likelihood4j.models.vae.VaeOptions;
import org.likelihood4j.models.vae.likelihood.BernoulliPixels;
import org.likelihood4j.models.vae.likelihood.Binarization;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.training.diagnostics.KlAgreement;
import org.likelihood4j.training.loop.Workings;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import tools.jackson.databind.JsonNode;

/** A training whose KL is wrong: the disagreement is seen, and the slip named. */
class KlWarningTest {
    private static final int LATENT = 4;

    /** A closed form, right or wrong. */
    @FunctionalInterface
    private interface Kl {
        SDVariable of(GraphBuilder g, SDVariable mean, SDVariable logVariance);
    }

    /** The KL at z, right or wrong. */
    @FunctionalInterface
    private interface Sampled {
        SDVariable of(GraphBuilder g, DiagonalGaussian q, SDVariable z);
    }

    /** A standard normal prior with another KL in closed form, or at z; null for the right one. */
    private record Wrong(Kl kl, Sampled sampled) implements FactorizedPrior {
        private static StandardNormalPrior right() {
            return new StandardNormalPrior(LATENT);
        }

        @Override
        public EventShape.Row shape() {
            return right().shape();
        }

        @Override
        public SDVariable klPerDimension(GraphBuilder g, DiagonalGaussian q) {
            return kl == null ? right().klPerDimension(g, q) : kl.of(g, q.mean(), q.logVariance());
        }

        @Override
        public SDVariable logProb(GraphBuilder g, SDVariable z) {
            return right().logProb(g, z);
        }

        @Override
        public SDVariable sampledKlPerDimension(GraphBuilder g, DiagonalGaussian q, SDVariable z) {
            return sampled == null ? right().sampledKlPerDimension(g, q, z) : sampled.of(g, q, z);
        }

        @Override
        public SDVariable sampledKlVariancePerDimension(GraphBuilder g, DiagonalGaussian q) {
            return right().sampledKlVariancePerDimension(g, q);
        }

        @Override
        public SDVariable sample(GraphBuilder g) {
            return right().sample(g);
        }
    }

    private static SDVariable exp(GraphBuilder g, SDVariable x) {
        return g.sameDiff().math().exp(x);
    }

    /** {@code 1/2 (z^2 - (z - mu)^2 factor - v)}. */
    private static SDVariable sampled(DiagonalGaussian q, SDVariable z, SDVariable factor) {
        SDVariable centred = z.sub(q.mean());
        SDVariable distance = centred.mul(centred).mul(factor);
        return z.mul(z).sub(distance).sub(q.logVariance()).mul(0.5);
    }

    /** With log p(z) per dimension too large by that. */
    private static Wrong shifted(double shift) {
        return new Wrong(
                null, (g, q, z) -> Wrong.right().sampledKlPerDimension(g, q, z).sub(shift));
    }

    static Stream<Arguments> slips() {
        return Stream.of(
                arguments(
                        new Wrong((g, mu, v) -> exp(g, v).add(mu.mul(mu)).sub(v).sub(1), null),
                        "the analytic KL is off",
                        "the factor 1/2 is missing"),
                arguments(
                        new Wrong(
                                (g, mu, v) -> exp(g, v.mul(0.5))
                                        .add(mu.mul(mu))
                                        .sub(v)
                                        .sub(1)
                                        .mul(0.5),
                                null),
                        "the analytic KL is off",
                        "sigma stands where sigma^2 belongs"),
                arguments(
                        new Wrong(
                                (g, mu, v) -> exp(g, v)
                                        .add(mu.mul(mu))
                                        .sub(v.mul(0.5))
                                        .sub(1)
                                        .mul(0.5),
                                null),
                        "the analytic KL is off",
                        "log sigma stands where log sigma^2 belongs"),
                arguments(
                        new Wrong((g, mu, v) -> exp(g, v).add(mu.mul(mu)).sub(v).mul(0.5), null),
                        "the analytic KL is off",
                        "the -1 is missing"),
                arguments(
                        new Wrong(
                                null,
                                (g, q, z) ->
                                        sampled(q, z, exp(g, q.logVariance().mul(-0.5)))),
                        "the sampled KL is off",
                        "in log q(z|x) sigma stands where sigma^2 belongs"),
                arguments(
                        new Wrong(
                                null,
                                (g, q, z) -> Wrong.right()
                                        .sampledKlPerDimension(g, q, z)
                                        .sub(z.mul(z).mul(0.5))),
                        "the sampled KL is off",
                        "in log p(z) z^2 is missing"),
                arguments(
                        new Wrong(
                                null,
                                (g, q, z) -> Wrong.right()
                                        .sampledKlPerDimension(g, q, z)
                                        .add(q.logVariance().mul(0.5))),
                        "the sampled KL is off",
                        "in log q(z|x) log sigma^2 is missing"),
                arguments(
                        shifted(0.5 * Math.log(2 * Math.PI)),
                        "the sampled KL is off",
                        "in log p(z) log(2 pi)/2 is missing"),
                arguments(shifted(0.7), "the sampled KL is off", "no known slip explains it"));
    }

    private static List<JsonNode> train(Path runs, Wrong prior) {
        // What is wrong must not be trained: a KL twice too large would leave no KL to see.
        KlEstimator trained = prior.sampled == null ? KlEstimator.SAMPLED : KlEstimator.ANALYTIC;
        RunConfig config = TinyRun.config(
                TinyRun.VAE,
                "data.train=400",
                "data.validation=200",
                "training.epochs=1",
                "diagnostics.gradientDraws=0");
        RunDirectory run = RunDirectory.create(runs, config);
        Mlp.Hidden hidden = new Mlp.Hidden(List.of(16), Activation.RELU);
        TinyRun.trainer(
                        run,
                        config,
                        new Workings(
                                (ignored, shape) -> new GaussianVae(new VaeOptions(
                                        new ModelContext(config, shape, DataType.FLOAT).event(),
                                        LATENT,
                                        hidden,
                                        hidden,
                                        new BernoulliPixels(Binarization.DYNAMIC),
                                        prior,
                                        new Objective(trained, 1, false, 0),
                                        new VaeOptions.KlReport(true, 8),
                                        DataType.FLOAT)),
                                4))
                .run();
        return TinyRun.lines(run, "epoch");
    }

    private static List<String> warnings(JsonNode epoch) {
        List<String> warnings = new ArrayList<>();
        epoch.path("warnings").forEach(warning -> warnings.add(warning.stringValue()));
        return warnings;
    }

    @ParameterizedTest
    @MethodSource("slips")
    void aWrongFormulaIsSeenAndNamed(Wrong wrong, String quantity, String slip, @TempDir Path runs) throws IOException {
        JsonNode epoch = train(runs, wrong).get(0);
        assertThat(Math.abs(epoch.get("kl").get("z").doubleValue())).isGreaterThan(KlAgreement.LIMIT);
        assertThat(warnings(epoch)).hasSize(1);
        assertThat(warnings(epoch).get(0))
                .startsWith("the sampled KL (")
                .contains("disagree: z = ")
                .contains(quantity + ": ")
                .contains(slip);
        assertThat(Files.readString(runs.resolve("tiny/diagnostics/epoch-0001.txt")))
                .contains("WARNING: the sampled KL (")
                .contains(slip);
    }

    @Test
    void theRightFormulaDrawsNoWarning(@TempDir Path runs) {
        JsonNode epoch = train(runs, new Wrong(null, null)).get(0);
        assertThat(Math.abs(epoch.get("kl").get("z").doubleValue())).isLessThan(4);
        assertThat(warnings(epoch)).isEmpty();
    }
}
