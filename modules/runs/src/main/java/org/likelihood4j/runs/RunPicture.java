package org.likelihood4j.runs;

import java.util.Locale;

/** The pictures that a run keeps of its epochs, in the order in which they are shown. */
public enum RunPicture {
    /** Drawn from the model; of rows a scatter. */
    SAMPLES,
    /** Originals beside their reconstructions. */
    RECONSTRUCTIONS,
    /** Images on the way between others, a pair a row. */
    INTERPOLATIONS,
    /** Images along directions of the latent space, a direction a row. */
    TRAVERSALS,
    /** Images some of whose latents are drawn anew, those of one scale at a time. */
    SCALES;

    /** Its folder in the run's. */
    public String folder() {
        return name().toLowerCase(Locale.ROOT);
    }
}
