package org.likelihood4j.inference.kinds;

import org.likelihood4j.config.RunConfig;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.models.EventShape;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * What a model is made for, beside its own section.
 *
 * @param config of the whole run
 * @param shape of an example
 * @param type of the parameters and of every computation
 */
public record ModelContext(RunConfig config, ExampleShape shape, DataType type) {
    /** Values of an 8-bit pixel. */
    public static final int LEVELS = 256;

    /** Whether examples are rows of real numbers, else images of 8-bit pixels. */
    public boolean isRows() {
        return shape instanceof VectorShape;
    }

    /** What one example is to a model. */
    public EventShape event() {
        return shape instanceof ImageShape image
                ? EventShape.image(image.height(), image.width(), image.channels())
                : EventShape.row(shape.size());
    }
}
