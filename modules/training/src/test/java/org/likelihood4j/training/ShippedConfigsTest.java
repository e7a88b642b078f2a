package org.likelihood4j.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.ImageSet;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.Splits;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.inference.runtime.EnvironmentProvenance;
import org.likelihood4j.runs.EndReason;
import org.likelihood4j.runs.RunDirectory;

/** The configs of data that have to be fetched train, on pictures of the same shape that stand in for them. */
class ShippedConfigsTest {
    private static final int EXAMPLES = 8;

    @TempDir
    private Path runs;

    @ParameterizedTest
    @ValueSource(strings = {"fashion-mnist/vae.yaml", "mnist/vae-conv.yaml", "mnist/vae-conv-classes.yaml"})
    void trains(String file) {
        train(file);
    }

    /** The largest ones: half a minute. That a flow of several scales trains, with a condition too, others look at. */
    @ParameterizedTest
    @Tag("slow")
    @ValueSource(strings = {"fashion-mnist/realnvp.yaml", "cifar10/vae.yaml", "cifar10/realnvp.yaml"})
    void trainsLargeOnes(String file) {
        train(file);
    }

    private void train(String file) {
        RunConfig config = ConfigLoader.load(
                Path.of("..", "..", "configs").resolve(file),
                List.of(
                        "training.epochs=1",
                        "training.batchSize=4",
                        "training.warmupSteps=0",
                        "training.imagesEvery=1000",
                        "evaluation.importanceSamples=2"));
        ImageShape shape = (ImageShape) DataSources.shape(config.data());
        Splits data = new Splits(pictures(shape, 1), pictures(shape, 2), pictures(shape, 3));
        RunDirectory run = RunDirectory.create(runs, config);
        EndReason end =
                new Trainer(config, data, run, EnvironmentProvenance.gather(data, "pictures", config), List.of()).run();
        assertThat(end).isEqualTo(EndReason.COMPLETED);
    }

    private static ImageSet pictures(ImageShape shape, long seed) {
        Random random = new Random(seed);
        byte[] pixels = new byte[EXAMPLES * shape.size()];
        random.nextBytes(pixels);
        return new ImageSet(shape, pixels, random.ints(EXAMPLES, 0, 10).toArray());
    }
}
