package org.likelihood4j.data.images;

import java.util.ArrayList;
import java.util.List;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageInputStreamImpl;

/** A file with parts cut out and others put in, for a decoder: the parts are read where they lie. */
final class ByteSlices {
    @SuppressWarnings("ArrayRecordComponent") // of this class, and not changed
    private record Slice(byte[] bytes, int from, long start, int length) {}

    private final List<Slice> slices = new ArrayList<>();
    private long length;

    /** Adds the bytes {@code from} (inclusive) to {@code to} (exclusive). */
    ByteSlices add(byte[] bytes, int from, int to) {
        if (to > from) {
            slices.add(new Slice(bytes, from, length, to - from));
            length += to - from;
        }
        return this;
    }

    ByteSlices add(byte[] bytes) {
        return add(bytes, 0, bytes.length);
    }

    ByteSlices add(ByteSlices others) {
        others.slices.forEach(slice -> add(slice.bytes(), slice.from(), slice.from() + slice.length()));
        return this;
    }

    ImageInputStream open() {
        return new Stream(List.copyOf(slices), length);
    }

    private static final class Stream extends ImageInputStreamImpl {
        private final List<Slice> slices;
        private final long length;
        private int current;

        Stream(List<Slice> slices, long length) {
            this.slices = slices;
            this.length = length;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int count) {
            bitOffset = 0;
            if (streamPos >= length) {
                return -1;
            }
            while (streamPos < slices.get(current).start()) {
                current--;
            }
            while (streamPos
                    >= slices.get(current).start() + slices.get(current).length()) {
                current++;
            }
            Slice slice = slices.get(current);
            int within = (int) (streamPos - slice.start());
            int taken = Math.min(count, slice.length() - within);
            System.arraycopy(slice.bytes(), slice.from() + within, target, offset, taken);
            streamPos += taken;
            return taken;
        }

        @Override
        public long length() {
            return length;
        }
    }
}
