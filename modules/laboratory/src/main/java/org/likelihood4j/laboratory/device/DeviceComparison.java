package org.likelihood4j.laboratory.device;

import java.util.Arrays;
import java.util.OptionalInt;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.RunConfig.Device;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.data.Splits;

/**
 * One configuration's training step on a device against the same step on the processor, on data that need no file.
 *
 * @param name the configuration's
 * @param numbers what the device's steps gave
 * @param loss of the first batch, relative difference
 * @param gradient 2-norm of the difference, relative to the gradient's
 * @param weights after {@value #STEPS} steps of the configured optimiser: 2-norm of the difference, relative to the way they have come
 * @param repeats whether the same steps, taken once more on the device, gave the same bits; if the device makes inputs itself, then on those
 *     that it has made, so that they are those of the host to the last bit
 * @param processor milliseconds a step on the processor, the median; NaN if it was not timed
 * @param device the same on the device, as a training takes it: with inputs that the device makes, if it does
 * @param tolerances of the configuration's precision
 */
public record DeviceComparison(
        String name,
        StepNumbers numbers,
        double loss,
        double gradient,
        double weights,
        boolean repeats,
        double processor,
        double device,
        Tolerances tolerances) {
    /** How many steps are taken. */
    public static final int STEPS = 5;

    /**
     * Compares.
     *
     * @param shape of the configuration's examples
     * @param seconds how long each device's steps are timed, about; not at all if it is 0
     * @throws org.likelihood4j.config.rules.ConfigException if the configuration's device cannot be used here
     */
    public static DeviceComparison of(RunConfig config, ExampleShape shape, Device device, double seconds) {
        int batch = config.training().batch();
        OptionalInt classes =
                config.model().tellsClasses() ? OptionalInt.of(config.model().classes()) : OptionalInt.empty();
        Splits data = StandIn.of(shape, batch * STEPS, classes);
        RunConfig there = config.withDevice(device);
        // Held against float32: devices round other products.
        RunConfig here =
                config.withDevice(Device.CPU).withPrecision(config.precision().outsideOfSteps());
        // One after the other: a step of many images fills some gigabytes.
        Taken expected = new Taken(here, data, seconds);
        Taken actual = new Taken(there, data, seconds);
        boolean repeats;
        try (MeasuredStep again = new MeasuredStep(there, data, STEPS)) {
            again.feed();
            again.train();
            repeats = Arrays.equals(again.weights(), actual.weights);
        }
        return new DeviceComparison(
                config.name(),
                new StepNumbers(
                        actual.weights.length,
                        batch,
                        actual.loss,
                        Projection.of(actual.gradient),
                        Projection.between(actual.start, actual.weights)),
                Math.abs(actual.loss - expected.loss) / Math.abs(expected.loss),
                distance(expected.gradient, actual.gradient)
                        / distance(expected.gradient, new float[expected.gradient.length]),
                distance(expected.weights, actual.weights) / distance(expected.weights, expected.start),
                repeats,
                expected.milliseconds,
                actual.milliseconds,
                there.precision() == there.precision().outsideOfSteps() ? Tolerances.FLOAT32 : Tolerances.NARROW);
    }

    /** What one device's steps gave. */
    private static final class Taken {
        final float[] start;
        final double loss;
        final float[] gradient;
        final float[] weights;
        final double milliseconds;

        Taken(RunConfig config, Splits data, double seconds) {
            try (MeasuredStep step = new MeasuredStep(config, data, STEPS)) {
                start = step.weights();
                loss = step.loss();
                gradient = step.gradient();
                step.train();
                weights = step.weights();
                milliseconds = seconds > 0 ? timed(step, seconds) : Double.NaN;
            }
        }

        private static double timed(MeasuredStep step, double seconds) {
            step.feed();
            return step.milliseconds(seconds);
        }
    }

    /** Whether all is within the tolerances. */
    public boolean agrees() {
        return loss <= tolerances.loss()
                && gradient <= tolerances.gradient()
                && weights <= tolerances.weights()
                && repeats;
    }

    /** How far the device's numbers are from some that are kept, as a part of what is tolerated. */
    public double fromStored(StepNumbers stored) {
        return numbers.difference(stored, tolerances);
    }

    private static double distance(float[] x, float[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            double difference = (double) x[i] - y[i];
            sum += difference * difference;
        }
        return Math.sqrt(sum);
    }
}
