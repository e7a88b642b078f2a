package org.likelihood4j.data.images;

import java.io.IOException;

/**
 * A picture's file, looked through but not decoded.
 *
 * @param format the name of the decoder
 * @param bytes what the decoder is to see: without what concerns no pixel
 * @param orientation how what is stored is to be shown
 * @param inks what its four channels are, if it has four inks
 * @param tolerated whether a warning of the decoder concerns no pixel
 */
record EncodedPicture(String format, ByteSlices bytes, Orientation orientation, Inks inks, Tolerance tolerated) {
    /** What four channels of a JPEG are. */
    enum Inks {
        /** There are none. */
        NONE,
        /** Cyan, magenta, yellow and black. */
        CMYK,
        /** The first three as luma and two chromas. */
        YCCK
    }

    /** Which warnings of a decoder are harmless. */
    @FunctionalInterface
    interface Tolerance {
        boolean tolerates(String warning);

        Tolerance NONE = warning -> false;
    }

    /** Is thrown for a file that is not what it should be. The message is for people and goes on after "cannot be read". */
    static final class DamageException extends IOException {
        private static final long serialVersionUID = 1;

        DamageException(String message) {
            super(message);
        }
    }
}
