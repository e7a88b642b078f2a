package org.likelihood4j.training.tensorboard;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * A picture as it lies in a file, with what its header says.
 *
 * @param channels 1 grey, 2 grey and alpha, 3 colours, 4 colours and alpha
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier on the way to a file
public record Png(int width, int height, int channels, byte[] bytes) {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    /** Signature, length and type of the first chunk, width, height, bit depth, colour type. */
    private static final int HEADER = 26;

    /** Empty if the bytes do not begin as a PNG file does. */
    public static Optional<Png> of(byte[] bytes) {
        if (bytes.length < HEADER || !Arrays.equals(bytes, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length)) {
            return Optional.empty();
        }
        ByteBuffer header = ByteBuffer.wrap(bytes);
        int channels = switch (bytes[HEADER - 1]) {
            case 0 -> 1;
            case 4 -> 2;
            case 6 -> 4;
            default -> 3;
        };
        return Optional.of(new Png(header.getInt(16), header.getInt(20), channels, bytes));
    }
}
