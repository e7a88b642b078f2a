package org.likelihood4j.laboratory.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.RunConfig.Device;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.Splits;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.laboratory.device.DeviceComparison.Tolerances;

/** The comparison itself, with the processor in the device's place. */
class DeviceComparisonTest {
    private static RunConfig config(String model) {
        return ConfigLoader.parse(
                "name: tiny\nmodel: " + model + "\ntraining: {batchSize: 8}\n", "tiny.yaml", List.of());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{type: vae, latent: 2, encoder: {hidden: [8]}, decoder: {hidden: [8]}}",
                "{type: vae, condition: label, latent: 2, encoder: {hidden: [8]}, decoder: {hidden: [8]}}",
                "{type: realnvp, architecture: flat, couplings: 2, conditioner: {hidden: [8]}}"
            })
    void theProcessorAgreesWithItself(String model) {
        DeviceComparison found = DeviceComparison.of(config(model), new ImageShape(1, 8, 8), Device.CPU, 0.01);
        assertThat(found.loss()).isZero();
        assertThat(found.gradient()).isZero();
        assertThat(found.weights()).isZero();
        assertThat(found.repeats()).isTrue();
        assertThat(found.agrees()).isTrue();
        assertThat(found.processor()).isPositive();
        assertThat(found.device()).isPositive();
    }

    @Test
    void oneDifferenceTooLargeIsEnough() {
        assertThat(found(1e-5, 9e-4, 1e-2, true).agrees()).isTrue();
        assertThat(found(3e-5, 0, 0, true).agrees()).isFalse();
        assertThat(found(0, 2e-3, 0, true).agrees()).isFalse();
        assertThat(found(0, 0, 3e-2, true).agrees()).isFalse();
        assertThat(found(0, 0, 0, false).agrees()).isFalse();
        assertThat(found(Double.NaN, 0, 0, true).agrees()).isFalse();
    }

    private static DeviceComparison found(double loss, double gradient, double weights, boolean repeats) {
        return new DeviceComparison("x", 1, 1, loss, gradient, weights, repeats, 1, 1, Tolerances.FLOAT32);
    }

    @Test
    void standInsAreTheSameAlwaysAndAllDiffer() {
        ImageShape shape = new ImageShape(3, 6, 4);
        Splits images = StandIn.of(shape, 12, OptionalInt.of(5));
        assertThat(images.train().sha256())
                .isEqualTo(StandIn.of(shape, 12, OptionalInt.of(5)).train().sha256());
        assertThat(images.train().label(7)).isEqualTo(2);
        assertThat(images.train().values(0)).isNotEqualTo(images.train().values(1));
        Splits rows = StandIn.of(VectorShape.numbered(3), 4, OptionalInt.empty());
        assertThat(rows.train().size()).isEqualTo(4);
        assertThat(rows.train().values(2)).isNotEqualTo(rows.train().values(3)).hasSize(3);
    }
}
