package org.likelihood4j.laboratory.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.ImageSet;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.inference.runtime.ModelBuilder;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.io.RunException;
import org.likelihood4j.laboratory.verify.Finding;
import org.likelihood4j.laboratory.verify.Mutants;
import org.likelihood4j.models.ExactDensityModel;
import org.likelihood4j.models.LatentVariableModel;
import org.likelihood4j.models.Model;
import org.likelihood4j.models.ModelFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** A model as it should be passes; each thing that can be wrong with one is told by the checks that it concerns. */
class AuditTest {
    private static final ImageShape SHAPE = new ImageShape(1, 4, 5);
    private static final String FLOW =
            "name: a\nmodel: {type: realnvp, architecture: flat, couplings: 2, conditioner: {hidden: [8]}, alpha: 0.01}\n";
    private static final String VAE =
            "name: a\nmodel: {type: vae, latent: 3, encoder: {hidden: [8]}," + " decoder: {hidden: [8]}}\n";
    private static final String LOG_DET = "log|det dz/dx| = the model's log-dets";
    private static final String KL = "KL in closed form";
    private static final String LOG_POSTERIOR = "log q(z|x)";
    private static final String SAMPLED = "sampled KL = log q(z|x) - log p(z)";
    private static final String AGREEMENT = "sampled KL = analytic KL, in the mean";
    private static final String BOUND = "ELBO <= importance-weighted bound";

    private static RunConfig config(String yaml, String... overrides) {
        return ConfigLoader.parse(yaml, "a.yaml", List.of(overrides));
    }

    /** Parameters away from their initial values, in which a flow is the identity. */
    private static ModelValues values(RunConfig config) {
        return values(config, 0.2);
    }

    private static ModelValues values(RunConfig config, double away) {
        DataType type = ModelBuilder.type(config.precision());
        ModelValues values = ModelValues.initial(ModelBuilder.create(config, SHAPE), type, 1);
        Random random = new Random(2);
        double[] noise =
                random.doubles(values.parameters().flat().length(), -away, away).toArray();
        values.parameters().flat().addi(Nd4j.createFromArray(noise).castTo(type));
        return values;
    }

    private static ImageSet images(int count) {
        byte[] pixels = new byte[count * SHAPE.size()];
        new Random(3).nextBytes(pixels);
        return new ImageSet(SHAPE, pixels, new int[count]);
    }

    private List<Finding> audit(RunConfig config, ModelValues values) {
        List<Finding> seen = new ArrayList<>();
        List<Finding> findings = Audit.audit(new TrainedModel(config, SHAPE, values), images(30), 4, seen::add);
        assertThat(seen).isEqualTo(findings);
        return findings;
    }

    private static List<String> failed(List<Finding> findings) {
        return findings.stream()
                .filter(finding -> !finding.passed())
                .map(Finding::formula)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"float32", "float64"})
    void aFlowPasses(String precision) {
        RunConfig config = config(FLOW, "precision=" + precision);
        List<Finding> findings = audit(config, values(config));
        assertThat(failed(findings)).isEmpty();
        assertThat(findings).extracting(Finding::formula).contains(LOG_DET, "buffers are finite");
        // Round trips of images and of samples, in float64 and before that in the run's own precision.
        assertThat(findings.stream().filter(f -> f.compared().contains("grey levels")))
                .hasSize(precision.equals("float32") ? 4 : 2)
                .allSatisfy(finding -> assertThat(finding.cases()).isEqualTo(30L * SHAPE.size()));
    }

    @Test
    void aMultiscaleFlowPasses() {
        RunConfig config = config("""
                name: a
                model:
                  type: realnvp
                  scales: [{checkerboard: 2, channels: 4}]
                  conditioner: {channels: 4, blocks: 1}
                  actNorm: true
                  dequantization: variational
                  alpha: 0.01
                """);
        List<Finding> findings = audit(config, values(config));
        assertThat(failed(findings)).as(findings.toString()).isEmpty();
        assertThat(findings)
                .filteredOn(finding -> finding.formula().equals(LOG_DET))
                .singleElement()
                .satisfies(finding -> assertThat(finding.verdict()).isEqualTo("ok"));
    }

    /** Where the one Jacobian from uniform noise to latents has no digits left for its smallest singular values. */
    @Test
    void aFlowWhoseNoiseIsPushedToAnEndOfItsCellPasses() {
        RunConfig config = config("""
                name: a
                precision: float64
                model:
                  type: realnvp
                  scales: [{checkerboard: 2, channels: 8}]
                  conditioner: {type: gated, channels: 8, blocks: 2}
                  dequantization: variational
                """);
        assertThat(audit(config, values(config, 0.4)))
                .filteredOn(finding -> finding.formula().equals(LOG_DET))
                .singleElement()
                .satisfies(finding -> assertThat(finding.value()).isLessThan(1e-8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "seed=1",
                "precision=float64",
                "model.likelihood={type: gaussian, sigma: 0.3}",
                "model.likelihood={type: bernoulli, binarization: none}",
                "loss={kl: {estimator: path}, importanceSamples: 3}"
            })
    void aVaePasses(String override) {
        RunConfig config = config(VAE, override);
        List<Finding> findings = audit(config, values(config));
        assertThat(failed(findings)).isEmpty();
        assertThat(findings).extracting(Finding::formula).contains(KL, SAMPLED, AGREEMENT, BOUND);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{type: mixture, components: 2}", "{type: realnvp, couplings: 2, conditioner: {hidden: [4]}}"})
    void aLearnedPriorHasNoClosedForm(String prior) {
        RunConfig config = config(VAE, "model.prior=" + prior, "loss.kl.estimator=sampled");
        List<Finding> findings = audit(config, values(config));
        assertThat(failed(findings)).isEmpty();
        assertThat(findings.stream().filter(f -> f.formula().equals(KL)))
                .singleElement()
                .matches(f -> f.verdict().equals("none"));
        assertThat(findings).extracting(Finding::formula).contains(BOUND).doesNotContain(AGREEMENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{type: coupling, couplings: 2, conditioner: {hidden: [4]}}",
                "{type: iaf, steps: 3, conditioner: {hidden: [6], activation: elu}, context: 2}"
            })
    void aPosteriorWithAFlowHasTheDensityOfItsJacobian(String posterior) {
        RunConfig config = config(VAE, "model.posterior=" + posterior);
        List<Finding> findings = audit(config, values(config, 0.5));
        assertThat(failed(findings)).isEmpty();
        assertThat(findings)
                .filteredOn(finding -> finding.formula().equals(LOG_POSTERIOR))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.compared()).startsWith("LU of the Jacobian");
                    assertThat(finding.cases()).isEqualTo(8);
                    assertThat(finding.verdict()).isEqualTo("ok");
                });
        assertThat(findings).extracting(Finding::formula).contains(KL, BOUND).doesNotContain(AGREEMENT, SAMPLED);
        String yaml = VAE.replace("latent: 3,", "latent: 3, posterior: " + posterior + ",");
        assertThat(failedWith(yaml, "posterior", "log_posterior", v -> v.mul(1.0001)))
                .containsExactly(LOG_POSTERIOR);
    }

    @ParameterizedTest
    @ValueSource(strings = {FLOW, VAE})
    void valuesThatAreNotFiniteAreCountedAndFail(String yaml) {
        RunConfig config = config(yaml);
        ModelValues values = values(config);
        values.parameters().flat().putScalar(0, Double.NaN);
        values.parameters().flat().putScalar(1, Double.POSITIVE_INFINITY);
        List<Finding> findings = audit(config, values);
        assertThat(findings.get(0).value()).isEqualTo(2);
        assertThat(failed(findings)).contains("parameters are finite", "outputs are finite: test images");
        assertThat(failed(findings)).contains(yaml.equals(FLOW) ? LOG_DET : AGREEMENT);
    }

    @Test
    void aBufferThatIsNotFiniteFailsToo() {
        RunConfig config = config(FLOW);
        ModelValues values = values(config);
        values.buffers().flat().putScalar(3, Double.NEGATIVE_INFINITY);
        assertThat(failed(audit(config, values)))
                .contains("buffers are finite")
                .doesNotContain("parameters are finite");
    }

    /** With one output of one function bent. */
    private static List<String> failedWith(String yaml, String method, String output, UnaryOperator<SDVariable> bend) {
        ModelValues values = values(config(yaml, "precision=float64"));
        Model model = (Model) Proxy.newProxyInstance(
                AuditTest.class.getClassLoader(),
                new Class<?>[] {
                    values.model() instanceof LatentVariableModel ? LatentVariableModel.class : ExactDensityModel.class
                },
                (proxy, called, arguments) -> {
                    Object result = called.invoke(values.model(), arguments);
                    return called.getName().equals(method)
                            ? Mutants.with((ModelFunction) result, output, bend)
                            : result;
                });
        ModelValues bent = new ModelValues(model, values.type(), values.parameters(), values.buffers());
        return failed(Audit.audit(bent, bent, images(100), 5, finding -> {}));
    }

    @Test
    void aWrongLogDeterminantFails() {
        assertThat(failedWith(FLOW, "evaluationLoss", "couplings", v -> v.mul(1.001)))
                .containsExactly(LOG_DET);
        assertThat(failedWith(FLOW, "evaluationLoss", "standardization", v -> v.add(0.001)))
                .containsExactly(LOG_DET);
    }

    @Test
    void aWrongInverseFails() {
        assertThat(failedWith(FLOW, "reconstruct", "reconstruction", v -> v.mul(1.0001)))
                .containsExactly("images: pixels -> z -> pixels", "prior samples: the same");
    }

    @Test
    void wrongKlsAndBoundsFail() {
        assertThat(failedWith(VAE, "posterior", "kl_analytic_per_dimension", v -> v.add(0.2)))
                .containsExactly(KL, AGREEMENT);
        assertThat(failedWith(VAE, "posterior", "kl_sampled_per_dimension", v -> v.add(0.2)))
                .containsExactly(SAMPLED, AGREEMENT);
        assertThat(failedWith(VAE, "posterior", "log_prior", v -> v.add(0.2))).containsExactly(SAMPLED);
        assertThat(failedWith(VAE, "posterior", "log_posterior", v -> v.mul(1.2)))
                .containsExactly("log q(z|x)", SAMPLED);
        assertThat(failedWith(VAE, "trainingLoss", "elbo", v -> v.add(2))).containsExactly(BOUND);
        assertThat(failedWith(VAE, "decode", "intensity", v -> v.div(v.sub(v))))
                .containsExactly("outputs are finite: prior draws");
    }

    @Test
    void withoutImagesThereIsNothingToSay() {
        RunConfig config = config(VAE);
        TrainedModel trained = new TrainedModel(config, SHAPE, values(config));
        ImageSet none = new ImageSet(SHAPE, new byte[0], new int[0]);
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> Audit.audit(trained, none, 1, finding -> {}))
                .withMessageContaining("no images");
    }
}
