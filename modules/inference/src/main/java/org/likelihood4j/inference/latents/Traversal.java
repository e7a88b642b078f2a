package org.likelihood4j.inference.latents;

import java.util.ArrayList;
import java.util.List;
import org.likelihood4j.inference.Conditions;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.inference.latents.LatentDirections.Direction;
import org.likelihood4j.io.RunException;

/**
 * Images decoded along directions of the latent space, one direction a row: everything else is that of a base latent b, and the
 * coordinate along the direction is set to v units from the centre c of {@link LatentDirections}:
 *
 * <pre>
 * z(v) = b + (v * unit - (b - c) . axis) axis,     v from -range to range
 * </pre>
 *
 * <p>With b = c the middle image of every row is decode(c). With an image's latent each row shows that image with one thing about
 * it set to the values that the prior, or the images, give it (Higgins et al. 2017): no row need hold the image itself. Of a flow
 * the centre is itself an unusual image, nearer to the origin than any draw in so many dimensions is: a mean of all images, which
 * shows best what a direction means. An image's latent shows what it does to an image that looks like the data.
 *
 * @param images row after row
 * @param steps images in a row
 */
public record Traversal(List<byte[]> images, int steps) {
    /**
     * Traverses from an image's latent.
     *
     * @param base such as {@link TrainedModel#encode} gives
     * @param condition one row, which all images are of
     * @param range above 0, in units of each direction
     * @param steps at least 2
     * @throws RunException if an image has a value that is not finite; says how many have
     */
    public static Traversal of(
            TrainedModel model,
            double[] base,
            Conditions condition,
            LatentDirections space,
            List<Direction> directions,
            double range,
            int steps) {
        if (directions.isEmpty() || !(range > 0) || steps < 2) {
            throw new IllegalArgumentException(
                    directions.size() + " directions, range " + range + ", " + steps + " steps");
        }
        double[] centre = space.centre();
        List<double[]> latents = new ArrayList<>(directions.size() * steps);
        for (Direction direction : directions) {
            double[] axis = space.axis(direction);
            for (int step = 0; step < steps; step++) {
                // Exactly 0 in the middle of an odd number of steps.
                double value = range * (2 * step - (steps - 1)) / (steps - 1);
                latents.add(at(base, centre, axis, value * direction.unit()));
            }
        }
        return new Traversal(model.decode(latents, condition.repeated(latents.size()), "traversal"), steps);
    }

    /** The same from the centre. */
    public static Traversal of(
            TrainedModel model,
            Conditions condition,
            LatentDirections space,
            List<Direction> directions,
            double range,
            int steps) {
        return of(model, space.centre(), condition, space, directions, range, steps);
    }

    private static double[] at(double[] base, double[] centre, double[] axis, double coordinate) {
        double present = 0;
        for (int j = 0; j < base.length; j++) {
            present += (base[j] - centre[j]) * axis[j];
        }
        double[] z = new double[base.length];
        for (int j = 0; j < z.length; j++) {
            z[j] = base[j] + (coordinate - present) * axis[j];
        }
        return z;
    }
}
