package org.likelihood4j.laboratory.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.config.ModelConfig;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.laboratory.compare.ComparisonPlan.Variant;
import org.likelihood4j.training.TinyRun;

class ComparisonPlanTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("tiny.yaml"), "training: {batchSize: 20}\n" + TinyRun.VAE);
    }

    private ComparisonPlan plan(int seeds, String... vary) {
        return ComparisonPlan.of(file, List.of("data.train=200"), List.of(vary), seeds, 1);
    }

    private static Integer latent(RunConfig config) {
        return ((ModelConfig.Vae) config.model()).latent();
    }

    @Test
    void everyVariantIsTrainedWithEverySeedInTurn() {
        ComparisonPlan plan = plan(2, "model.latent=2,3");
        assertThat(plan.seeds()).containsExactly(1L, 2L);
        List<ComparisonPlan.Run> runs = plan.runs();
        assertThat(runs)
                .extracting(ComparisonPlan.Run::toString)
                .containsExactly(
                        "model.latent=2, seed 1",
                        "model.latent=3, seed 1",
                        "model.latent=2, seed 2",
                        "model.latent=3, seed 2");
        assertThat(runs)
                .extracting(run -> run.config().name())
                .containsExactly("latent-2-seed1", "latent-3-seed1", "latent-2-seed2", "latent-3-seed2");
        assertThat(runs).extracting(run -> run.config().seed()).containsExactly(1L, 1L, 2L, 2L);
        assertThat(runs).extracting(run -> latent(run.config())).containsExactly(2, 3, 2, 3);
        // All else is the base's.
        assertThat(runs).allSatisfy(run -> {
            assertThat(run.config().training()).isEqualTo(plan.base().training());
            assertThat(run.config().data()).isEqualTo(plan.base().data());
            assertThat(run.config().evaluation().repeats()).isEqualTo(1);
        });
        assertThat(plan.base().data().trainExamples()).hasValue(200);
        assertThat(latent(plan.base())).isEqualTo(4);
    }

    @Test
    void theSeedsFollowTheConfigurations() {
        assertThat(ComparisonPlan.of(file, List.of("seed=-2"), List.of("model.latent=2,3"), 3, 1)
                        .seeds())
                .containsExactly(-2L, -1L, 0L);
    }

    @Test
    void severalVariationsAreMultiplied() {
        assertThat(plan(1, "model.latent=2,3", "model.encoder.hidden=[8],[8, 9]", "training.epochs=1")
                        .variants())
                .extracting(Variant::label, Variant::stem)
                .containsExactly(
                        tuple(
                                "model.latent=2, model.encoder.hidden=[8], training.epochs=1",
                                "latent-2-hidden-8-epochs-1"),
                        tuple(
                                "model.latent=2, model.encoder.hidden=[8, 9], training.epochs=1",
                                "latent-2-hidden-8-9-epochs-1"),
                        tuple(
                                "model.latent=3, model.encoder.hidden=[8], training.epochs=1",
                                "latent-3-hidden-8-epochs-1"),
                        tuple(
                                "model.latent=3, model.encoder.hidden=[8, 9], training.epochs=1",
                                "latent-3-hidden-8-9-epochs-1"));
    }

    private static org.assertj.core.groups.Tuple tuple(Object... values) {
        return org.assertj.core.api.Assertions.tuple(values);
    }

    @Test
    void keysOfTheSameLastPartKeepTheirWholeNames() {
        assertThat(plan(1, "model.encoder.hidden=[8],[9]", "model.decoder.hidden=[7]")
                        .variants())
                .extracting(Variant::row)
                .containsExactly(
                        "model.encoder.hidden=[8], model.decoder.hidden=[7]",
                        "model.encoder.hidden=[9], model.decoder.hidden=[7]");
    }

    @Test
    void aWholeSectionAndItsTypeCanBeVaried() {
        ComparisonPlan plan = plan(
                1,
                "model={type: vae, latent: 2},{type: realnvp, architecture: flat, couplings: 2}",
                "training.optimizer.type=adam, sgd");
        assertThat(plan.variants())
                .extracting(v -> v.config().model().getClass().getSimpleName())
                .containsExactly("Vae", "Vae", "RealNvp", "RealNvp");
        assertThat(plan.variants())
                .extracting(v -> v.config().evaluation().importanceSamples())
                .containsExactly(100, 100, 1, 1);
        assertThat(plan.variants())
                .extracting(v -> v.config().training().optimizer().getClass().getSimpleName())
                .containsExactly("Adam", "Sgd", "Adam", "Sgd");
    }

    @Test
    void namesOfRunsStayApart() {
        // What tells the values apart is not allowed in a name, or is cut off.
        assertThat(plan(1, "model.encoder.hidden=[8,9],[8, 9, 9],[89]").variants())
                .extracting(Variant::stem)
                .doesNotHaveDuplicates();
        assertThat(plan(1, "training.optimizer.learningRate=1e-3,1e+3,1E-2").variants())
                .extracting(Variant::stem)
                .containsExactly("learningRate-1e-3", "learningRate-1e-3-2", "learningRate-1E-2");
        String hidden = "[" + "64, ".repeat(40);
        List<ComparisonPlan.Run> runs = plan(1, "model.encoder.hidden=" + hidden + "1]," + hidden + "2]")
                .runs();
        assertThat(runs)
                .extracting(run -> run.config().name())
                .doesNotHaveDuplicates()
                .allMatch(n -> n.length() < 90);
    }

    record Bad(String message, int seeds, int repeats, List<String> overrides, List<String> vary) {
        @Override
        public String toString() {
            return message;
        }
    }

    private static Bad bad(String message, String... vary) {
        return new Bad(message, 1, 1, List.of(), List.of(vary));
    }

    static Stream<Bad> badPlans() {
        return Stream.of(
                bad("--vary model.latent: expected KEY=VALUE,VALUE, such as model.latent=10,20", "model.latent"),
                bad("--vary =2,3: expected KEY=VALUE,VALUE, such as model.latent=10,20", "=2,3"),
                bad("--vary model.latent: has no values", "model.latent= "),
                bad("--vary model.latent: has an empty value; null stands for the default", "model.latent=2,,3"),
                bad("--vary model.latent: has an empty value; null stands for the default", "model.latent=2,"),
                bad("--vary model.latent: has the value 2 twice", "model.latent=2,3, 2"),
                bad(
                        "--vary model.latent: is given twice; put all values in one list",
                        "model.latent=2",
                        "model.latent=3"),
                bad(
                        "--vary: the variants model.latent=2 and model.latent=0x2 are the same configuration",
                        "model.latent=2,0x2"),
                bad(
                        "--vary: the variants model.latent=20 and model.latent=null are the same configuration",
                        "model.latent=20,null"),
                bad(
                        "--vary: there is nothing to compare, give at least two values, such as model.latent=10,20",
                        "model.latent=2",
                        "training.epochs=3"),
                bad("--vary: there is nothing to compare, give at least two values, such as model.latent=10,20"),
                bad("--vary name: cannot be varied, the comparison names its runs itself", "name=a,b"),
                bad(
                        "--vary seed: cannot be varied, every variant is trained with the same seeds; --seeds says how many",
                        "seed=1,2"),
                bad("--vary model.latnt=2: model.latnt: unknown key; did you mean 'latent'?", "model.latnt=2,3"),
                bad("--vary model.latent=0: model.latent: must be at least 1, was 0", "model.latent=2,0"),
                bad("--vary model.latent=x: model.latent: expected a whole number, was \"x\"", "model.latent=x,2"),
                bad(
                        "--vary model.encoder.hidden=[2,3: model.encoder.hidden: not valid YAML at column 5: expected ',' or"
                                + " ']', but got <stream end>",
                        "model.encoder.hidden=[2,3"),
                bad(
                        "FILE:1: training.batchSize: must be at most the 10 training images, was 20 (variant data.train=10)",
                        "data.train=100,10"),
                bad(
                        "training.earlyStopping.metric: this model has no metric 'fid'; it has loss, elbo, reconstruction,"
                                + " kl_analytic, kl_sampled (variant training.earlyStopping.metric=fid)",
                        "training.earlyStopping.metric=loss,fid"),
                new Bad("--seeds must be at least 1, was 0", 0, 1, List.of(), List.of("model.latent=2,3")),
                new Bad("--repeats must be at least 1, was -1", 1, -1, List.of(), List.of("model.latent=2,3")),
                new Bad(
                        "more than 1000 runs: 2 or more variants, each with 501 seeds",
                        501,
                        1,
                        List.of(),
                        List.of("model.latent=2,3")),
                new Bad(
                        "seed: leaves no room for 2 seeds above it, was 9223372036854775807",
                        2,
                        1,
                        List.of("seed=9223372036854775807"),
                        List.of("model.latent=2,3")),
                new Bad(
                        "--set training.epochs=0: training.epochs: must be at least 1, was 0",
                        1,
                        1,
                        List.of("training.epochs=0"),
                        List.of("model.latent=2,3")),
                new Bad(
                        "--set evaluation=5: evaluation: expected a mapping of keys to values, was 5",
                        1,
                        1,
                        List.of("evaluation=5"),
                        List.of("model.latent=2,3")));
    }

    @ParameterizedTest
    @MethodSource("badPlans")
    void whatIsWrongIsToldInOneLine(Bad bad) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ComparisonPlan.of(file, bad.overrides, bad.vary, bad.seeds, bad.repeats))
                .withMessage(bad.message.replace("FILE", file.toString()));
    }

    @Test
    void aHugeProductIsRefusedAtOnce() {
        String values = String.join(
                ",",
                Stream.iterate(1, i -> i + 1).limit(900).map(String::valueOf).toList());
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() ->
                        plan(1, "model.latent=" + values, "training.epochs=" + values, "training.logEvery=" + values))
                .withMessageStartingWith("more than 1000 runs");
    }

    @Test
    void settingsSayWhatEachVariantChanges() {
        var settings = plan(2, "model.latent=4,5").settings();
        assertThat(settings.at("/config/model/latent").intValue()).isEqualTo(4);
        assertThat(settings.get("seeds").toString()).isEqualTo("[1,2]");
        assertThat(settings.get("changes").toString())
                .isEqualTo("{\"model.latent=4\":{},\"model.latent=5\":{\"model.latent\":5}}");
    }
}
