package org.likelihood4j.laboratory.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.io.RunException;
import org.likelihood4j.laboratory.device.StepNumbers.Projection;
import org.likelihood4j.random.CounterRandom;

/** What is kept of steps shows a difference of any direction, and none where there is none. */
class StepNumbersTest {
    private static final Tolerances TOLERANCES = new Tolerances(1e-5, 1e-3, 1e-2);

    private static float[] drawn(int seed, int length) {
        float[] drawn = new float[length];
        CounterRandom.fillNormal(CounterRandom.key(seed, "test"), drawn, 0, length);
        return drawn;
    }

    /** Of a relative difference of 1 % in a random direction between a twentieth and all is seen, by either number. */
    @Test
    void aDifferenceOfAnyDirectionIsSeen() {
        for (int seed = 1; seed <= 50; seed++) {
            float[] x = drawn(seed, 3_000);
            float[] difference = drawn(1_000 + seed, 3_000);
            float[] y = new float[x.length];
            for (int i = 0; i < y.length; i++) {
                y[i] = x[i] + 0.01f * difference[i];
            }
            assertThat(Projection.of(y).difference(Projection.of(x))).isBetween(0.0, 0.0105);
        }
        double mean = 0;
        for (int seed = 1; seed <= 50; seed++) {
            float[] x = drawn(seed, 3_000);
            // Half a turn in each plane of two neighbours: of the same norm, at right angles.
            float[] turned = x.clone();
            for (int i = 0; i < x.length; i += 2) {
                turned[i] = -x[i + 1];
                turned[i + 1] = x[i];
            }
            assertThat(Projection.of(turned).norm()).isCloseTo(Projection.of(x).norm(), within(1e-9));
            mean += Projection.of(turned).difference(Projection.of(x)) / 50;
        }
        // A normal number of standard deviation sqrt(2) / 4 has sqrt(2 / pi) of that as the mean of its size, 0.28; +-
        // 0.03.
        assertThat(mean).isBetween(0.18, 0.38);
    }

    @Test
    void theLargestPartOfItsToleranceCounts() {
        StepNumbers kept = new StepNumbers(3, 2, -2, new Projection(10, 1), new Projection(4, -1));
        assertThat(kept.difference(kept, TOLERANCES)).isZero();
        StepNumbers loss = new StepNumbers(3, 2, -2.0001, kept.gradient(), kept.way());
        assertThat(loss.difference(kept, TOLERANCES)).isCloseTo(5, within(1e-6));
        StepNumbers gradient = new StepNumbers(3, 2, -2, new Projection(10.02, 1), kept.way());
        assertThat(gradient.difference(kept, TOLERANCES)).isCloseTo(2, within(1e-6));
        StepNumbers way = new StepNumbers(3, 2, -2, kept.gradient(), new Projection(4, 0.6));
        assertThat(way.difference(kept, TOLERANCES)).isCloseTo(10, within(1e-6));
        StepNumbers none = new StepNumbers(3, 2, Double.NaN, kept.gradient(), kept.way());
        assertThat(none.difference(kept, TOLERANCES)).isNaN();
        assertThat(kept.isOf(loss)).isTrue();
        assertThat(kept.isOf(new StepNumbers(4, 2, -2, kept.gradient(), kept.way())))
                .isFalse();
    }

    @Test
    void aFileKeepsThemToTheLastBit(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("steps.json");
        assertThat(StoredSteps.read(file).steps()).isEmpty();
        StepNumbers numbers = new StepNumbers(3, 2, 1.0 / 3, new Projection(0.1, -1e-9), new Projection(4, 2.0 / 3));
        StoredSteps all = new StoredSteps(Map.of()).with("b.yaml", numbers).with("a/a.yaml", numbers);
        all.save(file);
        assertThat(StoredSteps.read(file)).isEqualTo(all);
        assertThat(Files.readString(file)).containsSubsequence("a/a.yaml", "b.yaml");
        Files.writeString(file, "{\"steps\": {\"a\": null}}");
        assertThatThrownBy(() -> StoredSteps.read(file))
                .isInstanceOf(RunException.class)
                .hasMessageContainingAll("steps.json", "an entry that is null", "--store");
    }
}
