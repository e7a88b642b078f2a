package org.likelihood4j.inference.pictures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.data.Examples;
import org.likelihood4j.inference.Conditions;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.inference.latents.Interpolation;
import org.likelihood4j.inference.latents.LatentDirections;
import org.likelihood4j.inference.latents.LatentDirections.Direction;
import org.likelihood4j.inference.latents.LatentPath;
import org.likelihood4j.inference.latents.Traversal;
import org.likelihood4j.inference.runtime.DivergenceException;
import org.likelihood4j.io.RunException;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.runs.RunPicture;
import org.likelihood4j.runs.statistics.Moments;
import org.likelihood4j.training.TinyRun;

/** Interpolations and traversals of trained models, against reconstructions and latents computed on their own. */
class LatentPicturesTest {
    private static final Conditions NO_CLASS = Conditions.of(Optional.empty(), 0);

    private static final String LEARNED =
            "model: {type: vae, latent: 3, encoder: {hidden: [16]}, decoder: {hidden: [16]}, prior: {type: mixture}}\n";

    @TempDir
    private static Path runs;

    private static final Map<String, RunDirectory> RUNS = new HashMap<>();
    private static final TinyRun.Warnings WARNINGS = new TinyRun.Warnings();

    private static RunDirectory run(String name) {
        return RUNS.computeIfAbsent(name, n -> {
            String yaml = n.equals("VAE") ? TinyRun.VAE : n.equals("FLOW") ? TinyRun.FLOW : LEARNED;
            return TinyRun.train(runs, TinyRun.config(yaml, "training.imagesEvery=1"), WARNINGS);
        });
    }

    private static TrainedModel model(String name) {
        return TinyRun.open(run(name), "last");
    }

    private static Examples images(TrainedModel model) {
        return TinyRun.data(model.config()).test();
    }

    private static List<double[]> latents(TrainedModel model) {
        return model.encode(images(model), IntStream.range(0, 30).toArray(), "test");
    }

    private static double[] moments(List<double[]> points, double[] axis) {
        Moments moments = new Moments();
        for (double[] point : points) {
            double along = 0;
            for (int j = 0; j < axis.length; j++) {
                along += point[j] * axis[j];
            }
            moments.add(along);
        }
        return new double[] {moments.mean(), moments.variance()};
    }

    @ParameterizedTest
    @ValueSource(strings = {"VAE", "FLOW", "LEARNED"})
    void theEndsOfARowAreTheReconstructions(String name) {
        TrainedModel model = model(name);
        Examples set = images(model);
        List<byte[]> reconstructions = model.reconstruct(set, 30, "test").reconstructions();
        for (LatentPath path : LatentPath.values()) {
            Interpolation found = Interpolation.of(model, set, "test", new int[] {4, 29, 17, 0}, 5, path);
            assertThat(found.images()).hasSize(10);
            assertThat(found.images().get(0)).isEqualTo(reconstructions.get(4));
            assertThat(found.images().get(4)).isEqualTo(reconstructions.get(29));
            assertThat(found.images().get(5)).isEqualTo(reconstructions.get(17));
            assertThat(found.images().get(9)).isEqualTo(reconstructions.get(0));
            assertThat(found.images().get(2)).isNotEqualTo(found.images().get(0));
        }
    }

    @Test
    void betweenTheEndsThePathIsDecoded() {
        TrainedModel model = model("VAE");
        List<double[]> all = latents(model);
        double[] middle = IntStream.range(0, 4)
                .mapToDouble(j -> (all.get(3)[j] + all.get(8)[j]) / 2)
                .toArray();
        Interpolation found = Interpolation.of(model, images(model), "test", new int[] {3, 8}, 3, LatentPath.LINEAR);
        assertThat(found.images().get(1))
                .isEqualTo(model.decode(List.of(middle), NO_CLASS, "middle").get(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"VAE", "FLOW"})
    void picturesDependOnNeitherTheBatchSizeNorOnHowManyThereAre(String name) {
        TrainedModel model = model(name);
        Examples set = images(model);
        int[] three = Interpolation.choose(set, 3, 5);
        int[] twelve = Interpolation.choose(set, 12, 5);
        assertThat(twelve).startsWith(three).doesNotHaveDuplicates();
        assertThat(Interpolation.choose(set, 3, 6)).isNotEqualTo(three);
        TrainedModel other = new TrainedModel(
                TinyRun.config(name.equals("VAE") ? TinyRun.VAE : TinyRun.FLOW, "evaluation.batchSize=7"),
                model.shape(),
                model.values());
        List<byte[]> few = Interpolation.of(model, set, "test", three, 10, LatentPath.SPHERICAL)
                .images();
        List<byte[]> many = Interpolation.of(other, set, "test", twelve, 10, LatentPath.SPHERICAL)
                .images();
        assertThat(many.subList(0, 30)).containsExactlyElementsOf(few);
        LatentDirections space = LatentDirections.of(model, set, "test");
        LatentDirections same = LatentDirections.of(other, set, "test");
        assertThat(Traversal.of(other, NO_CLASS, same, same.strongest(3), 3, 5)
                        .images()
                        .subList(0, 10))
                .containsExactlyElementsOf(Traversal.of(model, NO_CLASS, space, space.strongest(2), 3, 5)
                        .images());
    }

    @ParameterizedTest
    @ValueSource(strings = {"VAE", "FLOW", "LEARNED"})
    void theMiddleOfATraversalIsTheCentre(String name) {
        TrainedModel model = model(name);
        LatentDirections space = LatentDirections.of(model, images(model), "test");
        byte[] centre =
                model.decode(List.of(space.centre()), NO_CLASS, "centre").get(0);
        List<byte[]> found =
                Traversal.of(model, NO_CLASS, space, space.strongest(3), 2.7, 5).images();
        assertThat(found).hasSize(15);
        for (int row = 0; row < 3; row++) {
            assertThat(found.get(5 * row + 2)).isEqualTo(centre);
            assertThat(found.get(5 * row)).isNotEqualTo(centre);
        }
    }

    @Test
    void aVaesDimensionsAreSetToValuesOfThePrior() {
        TrainedModel model = model("VAE");
        LatentDirections space = LatentDirections.of(model, images(model), "test");
        assertThat(space.centre()).containsOnly(0).hasSize(4);
        assertThat(space.all()).extracting(Direction::index).containsExactlyInAnyOrder(0, 1, 2, 3);
        assertThat(space.all()).extracting(Direction::unit).containsOnly(1.0);
        List<double[]> all = latents(model);
        double before = Double.POSITIVE_INFINITY;
        for (Direction direction : space.all()) {
            double[] axis = new double[4];
            axis[direction.index()] = 1;
            assertThat(direction.variance())
                    .isCloseTo(moments(all, axis)[1], within(1e-6))
                    .isLessThan(before);
            before = direction.variance();
        }
        Direction weakest = space.all().get(3);
        double[] expected = all.get(9).clone();
        expected[weakest.index()] = -1.5;
        List<byte[]> found = Traversal.of(model, all.get(9), NO_CLASS, space, List.of(weakest), 3, 5)
                .images();
        assertThat(found.get(1))
                .isEqualTo(model.decode(List.of(expected), NO_CLASS, "expected").get(0));
        assertThat(space.chanceVariance()).isEmpty();
    }

    @Test
    void aLearnedPriorsDimensionsAreMeasuredByTheImages() {
        TrainedModel model = model("LEARNED");
        LatentDirections space = LatentDirections.of(model, images(model), "test");
        List<double[]> means = latents(model);
        for (Direction direction : space.all()) {
            double[] axis = new double[3];
            axis[direction.index()] = 1;
            double[] expected = moments(means, axis);
            assertThat(direction.variance()).isCloseTo(expected[1], within(1e-6));
            // Draws are spread about the means by the posteriors' sigmas, at most about 1 in so short a training.
            assertThat(direction.unit() * direction.unit()).isBetween(expected[1] * 0.5, 2 * (expected[1] + 1));
            assertThat(direction.unit()).isNotEqualTo(1);
            assertThat(space.centre()[direction.index()]).isCloseTo(expected[0], within(4 / Math.sqrt(30)));
        }
    }

    @Test
    void aFlowsDirectionsArePrincipalComponentsOfItsLatents() {
        TrainedModel model = model("FLOW");
        LatentDirections space = LatentDirections.of(model, images(model), "test");
        assertThat(space.all()).hasSize(29);
        assertThat(space.chanceVariance().orElseThrow())
                .isCloseTo(Math.pow(1 + Math.sqrt(784 / 30.0), 2), within(1e-9));
        List<double[]> all = latents(model);
        for (Direction direction : space.strongest(5)) {
            double variance = moments(all, space.axis(direction))[1];
            assertThat(direction.variance()).isCloseTo(variance, within(1e-9 * variance));
            assertThat(direction.unit()).isCloseTo(Math.sqrt(variance), within(1e-9 * variance));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"VAE", "FLOW"})
    void whatIsNotFiniteIsCountedAndNoDivergence(String name) {
        TrainedModel model = model(name);
        double[] fine = new double[model.values().model().latentShape().size()];
        double[] broken = fine.clone();
        broken[0] = Double.NaN;
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> model.decode(
                        List.of(broken, fine, broken), Conditions.of(Optional.empty(), 0, 0, 0), "traversal"))
                .isNotInstanceOf(DivergenceException.class)
                .withMessage("traversal: 2 of 3 images have values that are not finite, so nothing was drawn");
    }

    @Test
    void brokenLatentsAreCounted() {
        TrainedModel model = model("VAE");
        model.values().parameters().flat().putScalar(0, Double.NaN);
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> LatentDirections.of(model, images(model), "test"))
                .withMessageContaining("test")
                .withMessageContaining(30 * 4 * 2 + " values are not finite");
    }

    @ParameterizedTest
    @ValueSource(strings = {"VAE", "FLOW", "LEARNED"})
    void aRunKeepsThemOfItsEpochs(String name) {
        RunDirectory run = run(name);
        for (long epoch = 1; epoch <= 2; epoch++) {
            assertThat(run.picture(RunPicture.INTERPOLATIONS, epoch)).isRegularFile();
            assertThat(run.picture(RunPicture.TRAVERSALS, epoch)).isRegularFile();
        }
        assertThat(WARNINGS.lines).isEmpty();
    }
}
