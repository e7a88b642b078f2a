package org.likelihood4j.data;

import java.util.Arrays;

/** What is stored of some examples, one after the other. The arrays belong to whoever asked for them and are not copied. */
public sealed interface StoredValues {
    int length();

    /** All values; reals are rounded. Missing ones are 0. */
    float[] floats();

    /** All values. Missing ones are 0. */
    double[] doubles();

    /** 1 where a value is there, 0 where it is missing. */
    default float[] present() {
        float[] present = new float[length()];
        Arrays.fill(present, 1);
        return present;
    }

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

    /**
     * Real numbers.
     *
     * @param numbers NaN where they are missing
     */
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
                values[i] = Double.isNaN(numbers[i]) ? 0 : (float) numbers[i];
            }
            return values;
        }

        @Override
        public double[] doubles() {
            return Arrays.stream(numbers).noneMatch(Double::isNaN)
                    ? numbers
                    : Arrays.stream(numbers).map(x -> Double.isNaN(x) ? 0 : x).toArray();
        }

        @Override
        public float[] present() {
            float[] present = new float[numbers.length];
            for (int i = 0; i < present.length; i++) {
                present[i] = Double.isNaN(numbers[i]) ? 0 : 1;
            }
            return present;
        }
    }
}
