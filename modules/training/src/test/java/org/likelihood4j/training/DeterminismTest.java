package org.likelihood4j.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.inference.runtime.ModelBuilder;
import org.likelihood4j.io.safetensors.DType;
import org.likelihood4j.io.safetensors.Safetensors;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.runs.RunPicture;
import org.likelihood4j.training.loop.Workings;

/** The same configuration and seed give the same run, to the last bit; another seed gives another one. */
@Tag("vectors")
class DeterminismTest {
    @TempDir
    private Path runs;

    /** metrics.jsonl without what depends on the clock. */
    private static List<String> metrics(RunDirectory run) throws IOException {
        return Files.readAllLines(run.metrics()).stream()
                .map(TinyRun::withoutTimes)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {TinyRun.VAE, TinyRun.FLOW})
    void theSameSeedGivesTheSameRun(String model) throws IOException {
        String[] settings = {"training.emaDecay=0.9", "training.clipNorm=100"};
        RunDirectory first = TinyRun.train(runs, TinyRun.config(model, settings));
        RunDirectory second = TinyRun.train(runs, TinyRun.config(model, settings));
        // start, a line every 5 of 20 steps, two epochs, end
        assertThat(metrics(first)).hasSize(8).isEqualTo(metrics(second));
        assertThat(TinyRun.bytes(first, "weights.safetensors")).isEqualTo(TinyRun.bytes(second, "weights.safetensors"));
        assertThat(TinyRun.bytes(first, "optimizer.safetensors"))
                .isEqualTo(TinyRun.bytes(second, "optimizer.safetensors"));

        RunDirectory other = TinyRun.train(runs, TinyRun.config(model, "training.emaDecay=0.9", "seed=2"));
        assertThat(metrics(other).get(1)).isNotEqualTo(metrics(first).get(1));
        assertThat(TinyRun.bytes(other, "weights.safetensors"))
                .isNotEqualTo(TinyRun.bytes(first, "weights.safetensors"));
    }

    @ParameterizedTest
    @ValueSource(strings = {TinyRun.VAE, TinyRun.FLOW})
    void howManyBatchesWaitReadyAndPicturesChangeNothing(String model) throws IOException {
        RunConfig config = TinyRun.config(model, "training.imagesEvery=1", "training.emaDecay=0.9");
        RunDirectory first = TinyRun.train(runs, config);
        assertThat(first.picture(RunPicture.SAMPLES, 1)).isRegularFile();
        for (int prefetched : new int[] {1, 9}) {
            RunDirectory run = RunDirectory.create(runs, config);
            TinyRun.trainer(run, config, new Workings(ModelBuilder::create, prefetched).withoutPictures())
                    .run();
            TinyRun.assertSame(run, first);
            assertThat(run.picture(RunPicture.SAMPLES, 1)).doesNotExist();
        }
        assertThat(TinyRun.lines(first, "start").get(0).get("provenance").propertyNames())
                .contains("threads", "native", "nd4j", "likelihood4j", "revision", "java", "engine", "data_sha256");
    }

    @ParameterizedTest
    @ValueSource(strings = {TinyRun.VAE, TinyRun.FLOW})
    void precisionDecidesTheTypeAndHardlyTheLoss(String model) throws IOException {
        RunDirectory single = TinyRun.train(runs, TinyRun.config(model));
        RunDirectory twice = TinyRun.train(runs, TinyRun.config(model, "precision=float64"));
        assertThat(types(single)).containsOnly(DType.F32);
        assertThat(types(twice)).containsOnly(DType.F64);
        // The noise of the two precisions agrees to float32's rounding, so the first losses agree nearly as well.
        double loss = firstLoss(single);
        assertThat(firstLoss(twice)).isCloseTo(loss, org.assertj.core.data.Percentage.withPercentage(0.05));
        assertThat(firstLoss(twice)).isNotEqualTo(loss);
    }

    private static double firstLoss(RunDirectory run) {
        return TinyRun.lines(run, "step").get(0).get("loss").doubleValue();
    }

    private static List<DType> types(RunDirectory run) throws IOException {
        return Safetensors.read(TinyRun.checkpoint(run, "last").resolve("weights.safetensors")).tensors().stream()
                .map(tensor -> tensor.dtype())
                .toList();
    }
}
