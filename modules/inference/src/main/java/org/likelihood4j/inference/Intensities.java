package org.likelihood4j.inference;

import java.util.ArrayList;
import java.util.List;
import org.likelihood4j.inference.runtime.DivergenceException;

/** From a model's intensities to 8-bit images. */
final class Intensities {
    private Intensities() {}

    /**
     * One image for each {@code size} intensities: {@code floor(256 x)}, cut to 0 ... 255, which undoes a flow's
     * dequantisation exactly.
     *
     * @throws DivergenceException if an intensity is not finite: a broken image is never drawn as if it were black or white
     */
    static List<byte[]> of(double[] intensities, int size, String what) {
        List<byte[]> images = new ArrayList<>(intensities.length / size);
        for (int start = 0; start < intensities.length; start += size) {
            int bad = notFinite(intensities, start, size);
            if (bad >= 0) {
                throw new DivergenceException(
                        what + ": image " + start / size + ", pixel " + bad + " is " + intensities[start + bad]);
            }
            byte[] image = new byte[size];
            for (int i = 0; i < size; i++) {
                image[i] = (byte) Math.max(0, Math.min(255, (int) Math.floor(intensities[start + i] * 256)));
            }
            images.add(image);
        }
        return images;
    }

    /** How many of the images have an intensity that is not finite. */
    static int countNotFinite(double[] intensities, int size) {
        int count = 0;
        for (int start = 0; start < intensities.length; start += size) {
            count += notFinite(intensities, start, size) >= 0 ? 1 : 0;
        }
        return count;
    }

    /** The first pixel that is not finite, or -1. */
    private static int notFinite(double[] intensities, int start, int size) {
        for (int i = 0; i < size; i++) {
            if (!Double.isFinite(intensities[start + i])) {
                return i;
            }
        }
        return -1;
    }
}
