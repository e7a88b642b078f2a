package org.likelihood4j.inference.alarm;

import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.inference.OpenedModel;
import org.likelihood4j.inference.runtime.ExampleNumbers;
import org.likelihood4j.score.codes.BinaryCode;
import org.likelihood4j.score.codes.ImageComplexity;

/**
 * How many bits images take in a code that knows no data, as the model is shown them: greys and colours as they are stored ({@link ImageComplexity}),
 * binarised pixels as they were drawn for it ({@link BinaryCode}).
 */
final class ShownBits {
    private ShownBits() {}

    /** Whether the model's likelihood is a code of what can be so counted: -log2 p(x) then counts the same bits. */
    static boolean isFor(OpenedModel model) {
        return model.isOfStoredIntegers() || model.isOfBinaryPixels();
    }

    /**
     * The bits of each image.
     *
     * @param numbers of the images, for their noise
     */
    static double[] of(LikelihoodScores scores, Examples images, ExampleNumbers numbers) {
        ImageShape shape = (ImageShape) images.shape();
        double[] bits = new double[images.size()];
        if (scores.model().isOfBinaryPixels()) {
            BinaryCode code = new BinaryCode(shape.height(), shape.width());
            double[][] shown = scores.shown(images, numbers);
            for (int i = 0; i < bits.length; i++) {
                bits[i] = code.bits(shown[i]);
            }
        } else {
            try (ImageComplexity code = new ImageComplexity(shape.height(), shape.width())) {
                for (int i = 0; i < bits.length; i++) {
                    bits[i] = code.bits(images.values(i));
                }
            }
        }
        return bits;
    }
}
