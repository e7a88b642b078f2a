package org.likelihood4j.inference.latents;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.Shuffle;
import org.likelihood4j.inference.Conditions;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.io.RunException;

/**
 * Images decoded on the way from one image's latent to another's: of a VAE its posterior mean, of a flow its forward pass. Each
 * row is a pair, and its ends are the reconstructions of the two images. A condition changes in even steps from one class to the other.
 *
 * @param images row after row
 * @param steps images in a row, the ends among them
 */
public record Interpolation(List<byte[]> images, int steps) {
    /**
     * Interpolates between chosen images.
     *
     * @param images pairs, one after the other: from the first to the second, from the third to the fourth, ...
     * @param split the set's name, for the noise that shows it to the model
     * @param steps at least 2
     * @throws RunException if an image has a value that is not finite; says how many have
     */
    public static Interpolation of(
            TrainedModel model, Examples set, String split, int[] images, int steps, LatentPath path) {
        if (images.length == 0 || images.length % 2 != 0 || steps < 2) {
            throw new IllegalArgumentException(images.length + " images in pairs, " + steps + " steps");
        }
        List<double[]> ends = model.encode(set, images, split);
        List<double[]> latents = new ArrayList<>(images.length / 2 * steps);
        Conditions classes = Conditions.of(model.condition(), set, images);
        Conditions conditions = Conditions.of(model.condition());
        double[] shares = IntStream.range(0, steps)
                .mapToDouble(step -> step / (steps - 1.0))
                .toArray();
        for (int end = 0; end < ends.size(); end += 2) {
            for (double share : shares) {
                latents.add(path.at(ends.get(end), ends.get(end + 1), share));
            }
            conditions = conditions.and(classes.mixed(end, end + 1, shares));
        }
        return new Interpolation(model.decode(latents, conditions, "interpolation"), steps);
    }

    /** Images at random, all of them different, to be interpolated between; fewer pairs are the first of more. */
    public static int[] choose(Examples set, int pairs, long seed) {
        return Arrays.copyOf(Shuffle.permutation(set.size(), seed, 0), 2 * pairs);
    }
}
