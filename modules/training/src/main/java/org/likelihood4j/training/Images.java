package org.likelihood4j.training;

import java.util.ArrayList;
import java.util.List;

/** From a model's intensities to 8-bit images. */
final class Images {
    private Images() {}

    /**
     * One image for each {@code size} intensities: {@code floor(256 x)}, cut to 0 ... 255, which undoes a flow's
     * dequantisation exactly.
     *
     * @throws DivergenceException if an intensity is not a number: a broken image is never drawn as if it were black
     */
    static List<byte[]> of(double[] intensities, int size, String what) {
        List<byte[]> images = new ArrayList<>(intensities.length / size);
        for (int start = 0; start < intensities.length; start += size) {
            byte[] image = new byte[size];
            for (int i = 0; i < size; i++) {
                double intensity = intensities[start + i];
                if (Double.isNaN(intensity)) {
                    throw new DivergenceException(what + ": image " + start / size + ", pixel " + i + " is NaN");
                }
                image[i] = (byte) Math.max(0, Math.min(255, (int) Math.floor(intensity * 256)));
            }
            images.add(image);
        }
        return images;
    }
}
