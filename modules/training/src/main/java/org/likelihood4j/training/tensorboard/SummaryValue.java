package org.likelihood4j.training.tensorboard;

import org.likelihood4j.io.protobuf.Protobuf;

/**
 * One value of an event, under a tag. Tags with the same beginning up to the first slash are shown together.
 *
 * <p>Field numbers are those of TensorBoard's {@code summary.proto}.
 */
public sealed interface SummaryValue {
    String tag();

    /** What holds the value, without its tag. */
    Protobuf message();

    /** A number, which the format has as float32. */
    record Scalar(String tag, double value) implements SummaryValue {
        @Override
        public Protobuf message() {
            return new Protobuf().number(2, (float) value);
        }
    }

    /** A picture. */
    record Image(String tag, Png png) implements SummaryValue {
        @Override
        public Protobuf message() {
            Protobuf image = new Protobuf()
                    .integer(1, png.height())
                    .integer(2, png.width())
                    .integer(3, png.channels())
                    .bytes(4, png.bytes());
            return new Protobuf().message(4, image);
        }
    }

    /** How many values lie where. */
    record Distribution(String tag, Histogram histogram) implements SummaryValue {
        @Override
        public Protobuf message() {
            Protobuf histo = new Protobuf()
                    .number(1, histogram.min())
                    .number(2, histogram.max())
                    .number(3, (double) histogram.count())
                    .number(4, histogram.sum())
                    .number(5, histogram.sumOfSquares())
                    .numbers(6, histogram.limits())
                    .numbers(7, histogram.counts());
            return new Protobuf().message(5, histo);
        }
    }
}
