package org.likelihood4j.laboratory.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.RunConfig.Device;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.Splits;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.data.columns.Column;
import org.likelihood4j.data.columns.ColumnKind;

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

    /** A table of words, counts, amounts and truths needs no file either. */
    @Test
    void rowsHaveWhatTheirColumnsHold() {
        VectorShape shape = new VectorShape(List.of(
                Column.ofNumbers("x"),
                new Column("amount", new ColumnKind.Log(0.5)),
                new Column("share", new ColumnKind.Bounded(-1, 3)),
                new Column("year", new ColumnKind.Whole(1900, 2000, Optional.empty())),
                new Column("since", new ColumnKind.Whole(1900, ColumnKind.Whole.LARGEST, Optional.empty())),
                new Column("below", new ColumnKind.Whole(-ColumnKind.Whole.LARGEST, -5, Optional.empty())),
                new Column("count", new ColumnKind.Whole(0, ColumnKind.Whole.LARGEST, Optional.empty())),
                new Column("colour", new ColumnKind.Category(List.of("red", "green", "blue"))),
                new Column("sold", new ColumnKind.Truth("no", "yes"))));
        Examples rows = StandIn.of(shape, 60, OptionalInt.empty()).train();
        for (int column = 0; column < shape.size(); column++) {
            ColumnKind kind = shape.columns().get(column).kind();
            Set<Double> values = new HashSet<>();
            for (int row = 0; row < rows.size(); row++) {
                double value = rows.values(row)[column];
                assertThat(kind.holds(value)).as("%s of %s", value, kind).isTrue();
                values.add(value);
            }
            assertThat(values).hasSizeGreaterThan(1);
        }
        RunConfig flow = config("{type: realnvp, architecture: flat, couplings: 2, conditioner: {hidden: [8]}}");
        assertThat(DeviceComparison.of(flow, shape, Device.CPU, 0).agrees()).isTrue();
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
        return new DeviceComparison("x", null, loss, gradient, weights, repeats, 1, 1, Tolerances.FLOAT32);
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
