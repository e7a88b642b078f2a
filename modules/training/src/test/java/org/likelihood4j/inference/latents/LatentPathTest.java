package org.likelihood4j.inference.latents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.inference.runtime.ModelBuilder;
import org.likelihood4j.models.LatentGeometry;
import org.likelihood4j.random.CounterRandom;
import org.likelihood4j.training.TinyRun;

class LatentPathTest {
    private static double[] draw(int dimensions, long key) {
        double[] z = new double[dimensions];
        CounterRandom.fillNormal(CounterRandom.key(7, key), z, 0, dimensions);
        return z;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            sum += a[j] * b[j];
        }
        return sum;
    }

    private static double norm(double[] a) {
        return Math.sqrt(dot(a, a));
    }

    private static double[] scaled(double[] a, double factor) {
        double[] b = a.clone();
        for (int j = 0; j < b.length; j++) {
            b[j] *= factor;
        }
        return b;
    }

    @ParameterizedTest
    @EnumSource(LatentPath.class)
    void theEndsAreTheLatentsToTheLastBit(LatentPath path) {
        double[] a = draw(31, 1);
        double[] b = draw(31, 2);
        assertThat(path.at(a, b, 0)).isEqualTo(a).isNotSameAs(a);
        assertThat(path.at(a, b, 1)).isEqualTo(b).isNotSameAs(b);
        assertThatIllegalArgumentException().isThrownBy(() -> path.at(a, new double[3], 0.5));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-6, 0.3, 1.5, 2.8, 3.14})
    void sphericalIsARotationInThePlaneOfTheEnds(double angle) {
        double[] a = {0, 5, 0};
        double[] b = {5 * Math.sin(angle), 5 * Math.cos(angle), 0};
        for (int i = 1; i < 10; i++) {
            double turned = angle * i / 10;
            assertThat(LatentPath.SPHERICAL.at(a, b, i / 10.0))
                    .containsExactly(new double[] {5 * Math.sin(turned), 5 * Math.cos(turned), 0}, within(1e-8));
        }
    }

    @Test
    void sphericalKeepsTheNormAndTurnsEvenly() {
        double[] a = draw(784, 1);
        double[] other = draw(784, 2);
        double[] b = scaled(other, norm(a) / norm(other));
        double step = Math.acos(dot(a, b) / (norm(a) * norm(b))) / 8;
        double[] before = a;
        for (int i = 1; i <= 8; i++) {
            double[] z = LatentPath.SPHERICAL.at(a, b, i / 8.0);
            assertThat(norm(z)).isCloseTo(norm(a), within(1e-10));
            assertThat(Math.acos(dot(before, z) / (norm(before) * norm(z)))).isCloseTo(step, within(1e-9));
            before = z;
        }
        // What it is for: the straight line passes far inside of where the model's latents are.
        double middle = norm(LatentPath.LINEAR.at(a, b, 0.5));
        assertThat(middle).isCloseTo(norm(a) * Math.cos(4 * step), within(1e-9));
        assertThat(norm(a) - middle)
                .as("standard deviations of the norm are 0.71")
                .isGreaterThan(10 * 0.71);
    }

    @Test
    void betweenUnequalNormsTheNormChangesEvenly() {
        double[] a = draw(20, 1);
        double[] b = scaled(draw(20, 2), 3);
        for (double t : new double[] {0.25, 0.5, 0.75}) {
            assertThat(norm(LatentPath.SPHERICAL.at(a, b, t)))
                    .isCloseTo((1 - t) * norm(a) + t * norm(b), within(1e-12));
        }
    }

    @Test
    void endsInLineWithTheOriginAreJoinedByALine() {
        double[] a = draw(20, 1);
        for (double factor : new double[] {1, 2, -1, 0}) {
            double[] b = scaled(a, factor);
            assertThat(LatentPath.SPHERICAL.at(a, b, 0.3))
                    .containsExactly(scaled(a, 0.7 + 0.3 * factor), within(1e-12));
        }
    }

    @Test
    void eachModelHasItsPath() {
        LatentGeometry vae = latents(TinyRun.config(TinyRun.VAE));
        LatentGeometry flow = latents(TinyRun.config(TinyRun.FLOW));
        LatentGeometry learned = latents(TinyRun.config(TinyRun.VAE, "model.prior={type: mixture}"));
        assertThat(LatentPath.usual(vae)).isEqualTo(LatentPath.LINEAR);
        assertThat(LatentPath.usual(learned)).isEqualTo(LatentPath.LINEAR);
        assertThat(LatentPath.usual(flow)).isEqualTo(LatentPath.SPHERICAL);
        assertThat(LatentPath.SPHERICAL.suits(vae)).isTrue();
        assertThat(LatentPath.SPHERICAL.suits(flow)).isTrue();
        assertThat(LatentPath.SPHERICAL.suits(learned)).isFalse();
        assertThat(LatentPath.LINEAR.suits(learned)).isTrue();
    }

    private static LatentGeometry latents(RunConfig config) {
        return ModelBuilder.create(config, new ImageShape(1, 28, 28))
                .latentGeometry()
                .orElseThrow();
    }
}
