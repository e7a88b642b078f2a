package org.likelihood4j.laboratory.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.io.RunException;
import org.likelihood4j.random.CounterRandom;

/** What is kept of steps shows a difference of any direction, and none where there is none. */
class StepNumbersTest {
    private static final Tolerances TOLERANCES = new Tolerances(1e-5, 1e-3, 1e-2);

    private static float[] drawn(int seed, int length) {
        float[] drawn = new float[length];
        CounterRandom.fillNormal(CounterRandom.key(seed, "test"), drawn, 0, length);
        return drawn;
    }

    /** By no more than it is, and by a good part of it: the products see what the norm does not. */
    @Test
    void aDifferenceOfAnyDirectionIsSeen() {
        for (int seed = 1; seed <= 50; seed++) {
            float[] x = drawn(seed, 3_000);
            float[] difference = drawn(1_000 + seed, 3_000);
            float[] near = new float[x.length];
            // A quarter turn in each plane of two neighbours: of the same norm, at right angles, so sqrt(2) away.
            float[] turned = new float[x.length];
            for (int i = 0; i < x.length; i++) {
                near[i] = x[i] + 0.01f * difference[i];
                turned[i] = i % 2 == 0 ? -x[i + 1] : x[i - 1];
            }
            Projection of = Projection.of(x);
            assertThat(Projection.of(near).difference(of)).isBetween(0.0015, 0.0105);
            assertThat(Projection.of(turned).norm()).isCloseTo(of.norm(), within(1e-9));
            assertThat(Projection.of(turned).difference(of)).isBetween(0.2, 1.45);
        }
    }

    /** Where all of a difference is in one number, each product has its size. */
    @Test
    void aDifferenceInOneNumberIsSeen() {
        float[] x = drawn(1, 3_000);
        float[] y = x.clone();
        y[1234] += 1;
        Projection of = Projection.of(x);
        assertThat(Projection.of(y).difference(of) * of.norm()).isCloseTo(1 / 2.2, within(1e-3));
        assertThat(Projection.between(x, y).norm()).isCloseTo(1, within(1e-6));
        assertThat(Projection.between(x, y).along())
                .allSatisfy(along -> assertThat(Math.abs(along)).isCloseTo(1, within(1e-6)));
    }

    private static Projection projection(double norm, double along) {
        return new Projection(norm, Collections.nCopies(Projection.PRODUCTS, along));
    }

    private static StepNumbers numbers(double loss, Projection gradient, Projection way) {
        return new StepNumbers(3, 2, loss, gradient, way);
    }

    @Test
    void theLargestPartOfItsToleranceCounts() {
        Projection gradient = projection(10, 1);
        Projection way = projection(4, -1);
        StepNumbers kept = numbers(-2, gradient, way);
        assertThat(kept.difference(kept, TOLERANCES)).isZero();
        assertThat(numbers(-2.0001, gradient, way).difference(kept, TOLERANCES)).isCloseTo(5, within(1e-6));
        assertThat(numbers(-2, projection(10.02, 1), way).difference(kept, TOLERANCES))
                .isCloseTo(2, within(1e-6));
        assertThat(numbers(-2, gradient, projection(4, 1.2)).difference(kept, TOLERANCES))
                .isCloseTo(25, within(1e-6));
        assertThat(numbers(Double.NaN, gradient, way).difference(kept, TOLERANCES))
                .isNaN();
        assertThat(numbers(-2, projection(Double.NaN, 1), way).difference(kept, TOLERANCES))
                .isNaN();
        assertThat(new StepNumbers(4, 2, -2, gradient, way).difference(kept, TOLERANCES))
                .isInfinite();
        assertThat(new StepNumbers(3, 1, -2, gradient, way).difference(kept, TOLERANCES))
                .isInfinite();
    }

    @Test
    void aFileKeepsThemToTheLastBit(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("steps.json");
        assertThat(StoredSteps.read(file).steps()).isEmpty();
        StepNumbers numbers = numbers(1.0 / 3, projection(0.1, -1e-9), projection(4, 2.0 / 3));
        StoredSteps.Entry entry = new StoredSteps.Entry("1", "2", numbers);
        StoredSteps all = new StoredSteps(Map.of()).with("b.yaml", entry).with("a/a.yaml", entry);
        all.save(file);
        assertThat(StoredSteps.read(file)).isEqualTo(all);
        String kept = Files.readString(file);
        assertThat(kept).containsSubsequence("a/a.yaml", "b.yaml");
        assertThat(all.retaining(name -> name.equals("b.yaml")).steps()).containsOnlyKeys("b.yaml");
        assertThat(StoredSteps.digest("a\r\nb"))
                .isEqualTo(StoredSteps.digest("a\nb"))
                .hasSize(16);

        assertRefused(file, "{\"steps\": {\"a\": null}}", "an entry that is null");
        assertRefused(
                file, kept.replaceFirst("(?s)\"gradient\" : \\{.*?\\}", "\"gradient\" : null"), "gradient or way");
        assertRefused(file, kept.replaceFirst("\"norm\" : ", "\"norm\" : -"), "a norm and 8 products");
        assertRefused(
                file, kept.replaceFirst("\"config\" : \"1\"", "\"config\" : null"), "config, examples or numbers");
    }

    private static void assertRefused(Path file, String content, String why) throws IOException {
        Files.writeString(file, content);
        assertThatThrownBy(() -> StoredSteps.read(file))
                .isInstanceOf(RunException.class)
                .hasMessageContainingAll("steps.json", why, "delete it", "--device cpu --seconds 0 --store");
    }
}
