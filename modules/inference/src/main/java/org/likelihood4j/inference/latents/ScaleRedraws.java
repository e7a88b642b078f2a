package org.likelihood4j.inference.latents;

import java.util.ArrayList;
import java.util.List;
import org.likelihood4j.data.Examples;
import org.likelihood4j.inference.Conditions;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.io.RunException;
import org.likelihood4j.random.CounterRandom;

/**
 * What each scale's latents hold: images whose latents of one scale are drawn anew from the base N(0, I), while those of the other
 * scales stay. What changes is what that scale holds (after the hierarchy of Dinh et al. 2017, appendix). An image a row: its
 * reconstruction, then so many draws for each scale, from the finest on.
 *
 * @param images row after row
 * @param columns images in a row
 */
public record ScaleRedraws(List<byte[]> images, int columns) {
    /**
     * Draws anew; the first images are the same whatever comes behind them.
     *
     * @param model whose latents are of several scales, with a standard normal base
     * @param split the set's name, for the noise that shows it to the model
     * @param chosen places in the set
     * @param draws of each scale
     * @throws RunException if an image has a value that is not finite; says how many have
     */
    public static ScaleRedraws of(TrainedModel model, Examples set, String split, int[] chosen, int draws, long seed) {
        List<Integer> scales = model.values().model().latentScales();
        long key = CounterRandom.key(seed, "scales");
        List<double[]> latents = new ArrayList<>();
        for (double[] encoded : model.encode(set, chosen, split)) {
            latents.add(encoded);
            int from = 0;
            for (int size : scales) {
                for (int draw = 0; draw < draws; draw++) {
                    double[] redrawn = encoded.clone();
                    CounterRandom.fillNormal(CounterRandom.key(key, latents.size()), redrawn, from, size);
                    latents.add(redrawn);
                }
                from += size;
            }
        }
        int columns = 1 + scales.size() * draws;
        Conditions conditions = Conditions.of(model.condition());
        for (int image : chosen) {
            conditions =
                    conditions.and(Conditions.of(model.condition(), set, image).repeated(columns));
        }
        return new ScaleRedraws(model.decode(latents, conditions, "scales"), columns);
    }
}
