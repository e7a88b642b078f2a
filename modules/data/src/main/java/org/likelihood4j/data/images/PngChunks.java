package org.likelihood4j.data.images;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.zip.CRC32;
import org.likelihood4j.data.images.EncodedPicture.DamageException;
import org.likelihood4j.data.images.EncodedPicture.Inks;
import org.likelihood4j.data.images.EncodedPicture.Tolerance;

/**
 * The chunks of a PNG file (its specification, section 5), with their check sums, which Java's decoder does not look at. It is shown
 * those that decide pixels; texts, profiles and the further pictures of an animation are left out.
 */
final class PngChunks {
    private static final Set<String> PIXELS = Set.of("IHDR", "PLTE", "tRNS", "IDAT", "IEND");
    private static final byte[] END = {0, 0, 0, 0, 'I', 'E', 'N', 'D', (byte) 0xae, 0x42, 0x60, (byte) 0x82};
    private static final byte[] PALETTE = {'P', 'L', 'T', 'E'};
    private static final byte[] ALPHAS = {'t', 'R', 'N', 'S'};
    private static final int SIGNATURE = 8;
    /** Where a file says how many bits a sample has, and which kind of colours. */
    private static final int DEPTH = 24;

    private static final int COLOURS = 25;
    private static final int METHODS = 26;
    private static final int FRAME = 12;

    private PngChunks() {}

    /**
     * Looks a file through.
     *
     * @param content of the file, in which the kind of colours may be changed
     * @throws DamageException if pixels are missing or damaged
     */
    static EncodedPicture read(byte[] content) throws DamageException {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        ByteSlices kept = new ByteSlices().add(content, 0, SIGNATURE);
        Orientation orientation = Orientation.AS_IT_IS;
        boolean pixels = false;
        String last = "";
        int at = SIGNATURE;
        while (at + FRAME <= content.length) {
            long length = Integer.toUnsignedLong(bytes.getInt(at));
            String type = new String(content, at + 4, 4, StandardCharsets.ISO_8859_1);
            if (type.equals("IEND")) {
                break;
            }
            if (at + FRAME + length > content.length) {
                if (pixels && !type.equals("IDAT")) {
                    break;
                }
                throw new DamageException("it ends too early: pixels are missing");
            }
            int end = at + FRAME + (int) length;
            if (PIXELS.contains(type)) {
                CRC32 check = new CRC32();
                check.update(content, at + 4, (int) length + 4);
                if ((int) check.getValue() != bytes.getInt(end - 4)) {
                    throw new DamageException("it is damaged: the check sum of a chunk " + type + " is wrong");
                }
                if (type.equals("tRNS") && isFineGrey(content) && length == 2) {
                    palette(content, bytes.getShort(at + 8), kept);
                } else {
                    kept.add(content, at, end);
                }
                if (type.equals("IDAT")) {
                    if (pixels && !last.equals("IDAT")) {
                        throw new DamageException("it is damaged: its pixels are interrupted");
                    }
                    pixels = true;
                }
            } else if (type.equals("eXIf")) {
                orientation = new TiffDirectory(content, at + 8, end - 4).orientation();
            } else if ((content[at + 4] & 0x20) == 0) {
                throw new DamageException("it is damaged, or has pixels of a kind that is not known");
            }
            last = type;
            at = end;
        }
        if (pixels && (content[METHODS] != 0 || content[METHODS + 1] != 0)) {
            throw new DamageException("it is compressed in a way that is not known");
        } else if (!pixels) {
            throw new DamageException("it has no pixels");
        }
        return new EncodedPicture("png", kept.add(END), orientation, Inks.NONE, Tolerance.NONE);
    }

    /** Greys of fewer than eight bits, of which Java's decoder overlooks that one can be transparent. */
    private static boolean isFineGrey(byte[] content) {
        int depth = content[DEPTH];
        return content[COLOURS] == 0 && (depth == 1 || depth == 2 || depth == 4);
    }

    /** The same greys as colours of a palette. */
    private static void palette(byte[] content, int clear, ByteSlices kept) {
        int greys = 1 << content[DEPTH];
        ByteBuffer table = ByteBuffer.allocate(2 * FRAME + 4 * greys);
        table.putInt(3 * greys).put(PALETTE);
        for (int i = 0; i < greys; i++) {
            byte grey = (byte) (i * 255 / (greys - 1));
            table.put(grey).put(grey).put(grey);
        }
        table.putInt(0).putInt(greys).put(ALPHAS);
        for (int i = 0; i < greys; i++) {
            table.put((byte) (i == clear ? 0 : 255));
        }
        content[COLOURS] = 3;
        kept.add(table.putInt(0).array());
    }
}
