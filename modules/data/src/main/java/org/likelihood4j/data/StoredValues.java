package org.likelihood4j.data;

/** What is stored of some examples, one after the other. The arrays belong to whoever asked for them and are not copied. */
public sealed interface StoredValues {
    int length();

    /** All values; reals are rounded. */
    float[] floats();

    double[] doubles();

    /**
     * Integers 0 to 255.
     *
     * @param bytes unsigned
     */
    @SuppressWarnings(
            "ArrayRecordComponent") // a carrier on the way to the device; copies would cost more than the batch
    record Pixels(byte[] bytes) implements StoredValues {
        @Override
        public int length() {
            return bytes.length;
        }

        @Override
        public float[] floats() {
            float[] values = new float[bytes.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = bytes[i] & 0xff;
            }
            return values;
        }

        @Override
        public double[] doubles() {
            double[] values = new double[bytes.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = bytes[i] & 0xff;
            }
            return values;
        }
    }

    /** Real numbers. */
    @SuppressWarnings("ArrayRecordComponent") // as above
    record Reals(double[] numbers) implements StoredValues {
        @Override
        public int length() {
            return numbers.length;
        }

        @Override
        public float[] floats() {
            float[] values = new float[numbers.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) numbers[i];
            }
            return values;
        }

        @Override
        public double[] doubles() {
            return numbers;
        }
    }
}
