package org.likelihood4j.benchmarks.work;

import java.util.List;
import org.likelihood4j.engine.Slot;

/** Tensors' values in one vector, where the model's layout has them; zeros in its gaps. */
public final class Flattened {
    private Flattened() {}

    /** One part for each slot. */
    public static float[] of(List<Slot> slots, List<float[]> parts) {
        Slot last = slots.get(slots.size() - 1);
        float[] all = new float[Math.toIntExact(last.offset() + last.length())];
        for (int i = 0; i < parts.size(); i++) {
            System.arraycopy(parts.get(i), 0, all, Math.toIntExact(slots.get(i).offset()), parts.get(i).length);
        }
        return all;
    }
}
