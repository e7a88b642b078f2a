package org.likelihood4j.benchmarks;

import java.util.List;

/** Tensors' values one after the other, as the model's layout has them. */
final class Flattened {
    private Flattened() {}

    static float[] of(List<float[]> parts) {
        float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
        int offset = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, offset, part.length);
            offset += part.length;
        }
        return all;
    }
}
