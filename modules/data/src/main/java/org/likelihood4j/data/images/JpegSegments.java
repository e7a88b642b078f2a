package org.likelihood4j.data.images;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.likelihood4j.data.images.EncodedPicture.DamageException;
import org.likelihood4j.data.images.EncodedPicture.Inks;

/**
 * The segments of a JPEG file (ITU-T T.81, annex B). The decoder is shown those that decide pixels, and one that says what the
 * channels are, by the rules that all decoders share and Java's has changed; colour profiles, thumbnails, comments and what follows
 * the picture are left out. So is the need of an end marker where all pixels came before it.
 */
final class JpegSegments {
    private static final int SOI = 0xd8;
    private static final int EOI = 0xd9;
    private static final int SOS = 0xda;
    private static final int APP0 = 0xe0;
    private static final int APP1 = 0xe1;
    private static final int APP14 = 0xee;
    private static final int APP15 = 0xef;
    private static final int COMMENT = 0xfe;
    private static final int DRI = 0xdd;
    private static final int MOST_PADDING = 16;
    /** The decoder keeps six bytes of each, outside of the heap. */
    private static final int MOST_IN_SCANS = 1 << 27;

    private static final byte[] EXIF = {'E', 'x', 'i', 'f', 0, 0};
    private static final byte[] ADOBE = "Adobe".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] JFIF = {'J', 'F', 'I', 'F', 0};
    private static final byte[] END = {(byte) 0xff, (byte) EOI};
    /** One byte or more after the pixels, before the end. */
    private static final Pattern PADDED = Pattern.compile(".* (\\d{1,9}) extraneous bytes before marker 0xd9");

    private final byte[] content;
    private final ByteSlices kept = new ByteSlices();
    private int position = 2;
    private Orientation orientation = Orientation.AS_IT_IS;
    private boolean oriented;
    private boolean jfif;
    private int transform = -1;
    private boolean progressive;
    private boolean restarts;
    private byte[] components = {};
    private long pixels;
    private int scanned;
    /** Whether more scans than one make the picture, which have to be in memory together. */
    private boolean scans;

    private int pixelsEnd;

    private JpegSegments(byte[] content) {
        this.content = content;
    }

    /**
     * Looks a file through.
     *
     * @param content of the file, in which the headers of scans may be set right
     * @throws DamageException if pixels are missing
     */
    static EncodedPicture read(byte[] content) throws DamageException {
        return new JpegSegments(content).walk();
    }

    private EncodedPicture walk() throws DamageException {
        ByteSlices body = new ByteSlices();
        int marker = next();
        for (; marker != EOI && !complete(); marker = next()) {
            if (marker == SOI || marker == 1 || (marker >= 0xd0 && marker <= 0xd7)) {
                continue;
            }
            int start = position - 2;
            int end = position + length();
            if (end > content.length) {
                throw ended();
            }
            note(marker, position + 2, end);
            position = end;
            if (marker == SOS) {
                position = scanEnd();
                pixelsEnd = position;
            }
            if (!((marker >= APP0 && marker <= APP15) || marker == COMMENT)) {
                body.add(content, start, position);
            }
        }
        if (scanned == 0) {
            throw new DamageException("it has no pixels");
        } else if (scans && pixels > MOST_IN_SCANS) {
            throw new DamageException("it is progressive and has " + pixels + " pixels; expected at most "
                    + MOST_IN_SCANS + ", or a baseline JPEG");
        }
        kept.add(new byte[] {(byte) 0xff, (byte) SOI});
        if (components.length > 2) {
            kept.add(adobe(components.length == 3 ? (isYcc() ? 1 : 0) : 0));
        }
        return new EncodedPicture("jpeg", kept.add(body).add(END), orientation, inks(), this::tolerates);
    }

    /** All pixels of a sequential picture were there; in a progressive one any scan may be the last. */
    private boolean complete() {
        return !progressive && components.length > 0 && scanned >= components.length;
    }

    /** The next marker, past bytes that belong to no segment. */
    private int next() throws DamageException {
        if (complete()) {
            return EOI;
        }
        while (position + 1 < content.length) {
            int marker = content[position + 1] & 0xff;
            if (content[position] == (byte) 0xff && marker != 0 && marker != 0xff) {
                position += 2;
                return marker;
            }
            position++;
        }
        throw ended();
    }

    private static DamageException ended() {
        return new DamageException("it ends too early: pixels are missing");
    }

    private int length() throws DamageException {
        if (position + 2 > content.length) {
            throw ended();
        }
        int length = word(position);
        if (length < 2) {
            throw new DamageException("it is damaged");
        }
        return length;
    }

    private int word(int at) {
        return ((content[at] & 0xff) << 8) | (content[at + 1] & 0xff);
    }

    private void note(int marker, int from, int to) throws DamageException {
        if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc) {
            frame(marker, from, to);
        } else if (marker == SOS) {
            if (to - from < 1) {
                throw new DamageException("it is damaged");
            }
            scanned += content[from] & 0xff;
            scans |= progressive || scanned < components.length;
            if (!progressive && to - from >= 3) {
                // Some cameras write nonsense here, where a sequential scan has no choice.
                content[to - 3] = 0;
                content[to - 2] = 63;
                content[to - 1] = 0;
            }
        } else if (marker == DRI) {
            restarts = true;
        } else if (marker == APP0) {
            jfif |= starts(from, to, JFIF);
        } else if (marker == APP14 && starts(from, to, ADOBE) && to - from >= 12) {
            transform = content[from + 11] & 0xff;
        } else if (marker == APP1 && starts(from, to, EXIF) && !oriented) {
            orientation = new TiffDirectory(content, from + EXIF.length, to).orientation();
            oriented = true;
        }
    }

    private void frame(int marker, int from, int to) throws DamageException {
        if (components.length > 0 || to - from < 6 || to - from < 6 + 3 * content[from + 5]) {
            throw new DamageException("it is damaged");
        }
        progressive = marker == 0xc2;
        pixels = (long) word(from + 1) * word(from + 3);
        components = new byte[content[from + 5]];
        for (int i = 0; i < components.length; i++) {
            components[i] = content[from + 6 + 3 * i];
        }
    }

    private boolean starts(int from, int to, byte[] with) {
        return to - from >= with.length && Arrays.equals(content, from, from + with.length, with, 0, with.length);
    }

    /** Where the coded pixels from {@code position} on end: at the next marker that is not one of theirs, or the file's end. */
    private int scanEnd() {
        for (int at = position; at + 1 < content.length; at++) {
            int marker = content[at + 1] & 0xff;
            if (content[at] == (byte) 0xff && marker != 0 && marker != 0xff && !(marker >= 0xd0 && marker <= 0xd7)) {
                return at;
            }
        }
        return content.length;
    }

    /** As libjpeg decides. */
    private boolean isYcc() {
        if (jfif) {
            return true;
        } else if (transform >= 0) {
            return transform != 0;
        }
        return !Arrays.equals(components, new byte[] {'R', 'G', 'B'});
    }

    private Inks inks() {
        if (components.length != 4) {
            return Inks.NONE;
        }
        return transform > 0 ? Inks.YCCK : Inks.CMYK;
    }

    private static byte[] adobe(int transform) {
        return new byte[] {
            (byte) 0xff, (byte) APP14, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, (byte) transform
        };
    }

    /**
     * A few bytes of zeros or ones after the pixels are padding; others come from pixels that were not understood, and so does much
     * padding, or such that no end follows, as where a copy was cut off. Between restart markers the warning may hide others.
     */
    private boolean tolerates(String warning) {
        Matcher padded = PADDED.matcher(warning);
        boolean ended = pixelsEnd + 1 < content.length && content[pixelsEnd + 1] == (byte) EOI;
        if (progressive || restarts || !ended || !padded.matches()) {
            return false;
        }
        int bytes = Integer.parseInt(padded.group(1));
        if (bytes > MOST_PADDING) {
            return false;
        }
        for (int i = pixelsEnd - bytes; i < pixelsEnd; i++) {
            if (content[i] != 0 && content[i] != (byte) 0xff) {
                return false;
            }
        }
        return true;
    }
}
