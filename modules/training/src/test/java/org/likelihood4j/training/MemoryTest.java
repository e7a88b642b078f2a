package org.likelihood4j.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.training.events.TrainingListener;

/**
 * A long training needs no more memory than a short one: 100,000 steps, with everything that a run does besides (metrics,
 * blocks, validation, reports, checkpoints, pictures). Minutes long, so not among the fast tests:
 *
 * <pre>./run.sh test training MemoryTest -Dtests.excluded=none</pre>
 *
 * <p>The table is in {@code modules/training/target/surefire-reports}.
 */
@Tag("slow")
class MemoryTest {
    private static final long STEPS = Long.getLong("likelihood4j.steps", 100_000);
    private static final long EVERY = STEPS / 20;
    private static final int STEPS_PER_EPOCH = 100;

    /** An array of 200 bytes forgotten in every step; the noise of a resident set of this size is about a tenth of it. */
    private static final double KIBIBYTES_PER_THOUSAND_STEPS = 200;

    @TempDir
    private Path runs;

    /**
     * Memory after a full garbage collection.
     *
     * @param heap live objects
     * @param resident of the whole process: arrays outside the heap show here only, as neither ND4J nor JavaCPP counts them
     */
    private record Sample(long step, long heap, long resident) {
        static Sample after(long step) {
            System.gc();
            // Arrays are freed by a thread of ND4J's when the collector has found them.
            try {
                Thread.sleep(200);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            return new Sample(step, heap, residentSet());
        }

        private static long residentSet() {
            try {
                return Files.readAllLines(Path.of("/proc/self/status")).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                        .sum();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {TinyRun.VAE, TinyRun.FLOW})
    void aLongTrainingNeedsNoMoreMemory(String model) {
        RunConfig config = TinyRun.config(
                model,
                "data={type: digits, train: 2000, validation: 100, test: 100}",
                "training={epochs: " + STEPS / STEPS_PER_EPOCH + ", batchSize: " + 2000 / STEPS_PER_EPOCH
                        + ", validateEvery: 20, checkpointEvery: 50, imagesEvery: 100}");
        List<Sample> samples = new ArrayList<>();
        TinyRun.train(runs, config, new TrainingListener() {
            @Override
            public void stepped(Step step) {
                if (step.step() % EVERY == 0) {
                    samples.add(Sample.after(step.step()));
                }
            }
        });
        System.out.printf("%s%9s %12s %12s  (KiB)%n", model, "step", "heap", "resident");
        for (Sample sample : samples) {
            System.out.printf("%9d %12d %12d%n", sample.step(), sample.heap() / 1024, sample.resident() / 1024);
        }
        double heap = slope(samples, Sample::heap);
        double resident = slope(samples, Sample::resident);
        System.out.printf("%9s %12.2f %12.2f  (KiB in 1,000 steps)%n", "slope", heap, resident);
        assertThat(List.of(heap, resident))
                .allSatisfy(slope -> assertThat(slope).isLessThan(KIBIBYTES_PER_THOUSAND_STEPS));
    }

    /** By least squares over the last four fifths, when everything is compiled; KiB in 1,000 steps. */
    private static double slope(List<Sample> all, ToLongFunction<Sample> bytes) {
        List<Sample> samples = all.subList(all.size() / 5, all.size());
        double meanStep = samples.stream().mapToLong(Sample::step).average().orElseThrow();
        double mean = samples.stream().mapToLong(bytes).average().orElseThrow();
        double above = 0;
        double below = 0;
        for (Sample sample : samples) {
            double distance = sample.step() - meanStep;
            above += distance * (bytes.applyAsLong(sample) - mean);
            below += distance * distance;
        }
        return above / below * 1000 / 1024;
    }
}
