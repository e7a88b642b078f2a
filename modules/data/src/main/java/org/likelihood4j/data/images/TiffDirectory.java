package org.likelihood4j.data.images;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.likelihood4j.data.images.EncodedPicture.DamageException;
import org.likelihood4j.data.images.EncodedPicture.Inks;

/**
 * The whole numbers of the first directory of a TIFF file, or of the block of one that Exif is (TIFF 6.0, section 2). What is wrong
 * in it is as if it were not there.
 */
final class TiffDirectory {
    private static final int ORIENTATION = 274;
    private static final int BITS = 258;
    private static final int COMPRESSION = 259;
    private static final int MEANING = 262;
    private static final int SAMPLES = 277;
    private static final int LAYOUT = 284;
    private static final int FORMAT = 339;

    private static final Set<Integer> KNOWN_BITS = Set.of(1, 2, 4, 8, 16);
    /** None, the three of fax machines, LZW, JPEG, Deflate by both of its numbers, and PackBits. */
    private static final Set<Integer> KNOWN_COMPRESSIONS = Set.of(1, 2, 3, 4, 5, 7, 8, 32946, 32773);
    /** Old writers leave the first line's mark out; it holds no pixel. */
    private static final String NO_FIRST_LINE = "T.4 compressed data should begin with EOL.";

    private static final int ENTRY_BYTES = 12;
    private static final int MOST_VALUES = 16;

    private final Map<Integer, List<Integer>> fields = new HashMap<>();

    /** Reads the bytes {@code from} (inclusive) to {@code to} (exclusive). */
    TiffDirectory(byte[] bytes, int from, int to) {
        if (to - from < 8) {
            return;
        }
        ByteBuffer block = ByteBuffer.wrap(bytes, from, to - from).slice();
        block.order(block.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        long directory = Integer.toUnsignedLong(block.getInt(4));
        if (block.getShort(2) != 42 || directory + 2 > block.capacity()) {
            return;
        }
        int entries = Short.toUnsignedInt(block.getShort((int) directory));
        for (int i = 0; i < entries; i++) {
            long entry = directory + 2 + (long) i * ENTRY_BYTES;
            if (entry + ENTRY_BYTES > block.capacity()) {
                return;
            }
            int at = (int) entry;
            fields.putIfAbsent(Short.toUnsignedInt(block.getShort(at)), values(block, at));
        }
    }

    private static List<Integer> values(ByteBuffer block, int at) {
        int type = block.getShort(at + 2);
        long count = Integer.toUnsignedLong(block.getInt(at + 4));
        if ((type != 3 && type != 4) || count > MOST_VALUES) {
            return List.of();
        }
        int bytes = type == 3 ? 2 : 4;
        long start = count * bytes <= 4 ? at + 8 : Integer.toUnsignedLong(block.getInt(at + 8));
        if (start + count * bytes > block.capacity()) {
            return List.of();
        }
        Integer[] values = new Integer[(int) count];
        for (int i = 0; i < values.length; i++) {
            int place = (int) start + i * bytes;
            values[i] = type == 3 ? Short.toUnsignedInt(block.getShort(place)) : block.getInt(place);
        }
        return List.of(values);
    }

    private List<Integer> values(int tag, int otherwise) {
        List<Integer> values = fields.getOrDefault(tag, List.of());
        return values.isEmpty() ? List.of(otherwise) : values;
    }

    private int value(int tag, int otherwise) {
        return values(tag, otherwise).get(0);
    }

    /** As it is where there is no such field, or a wrong one. */
    Orientation orientation() {
        int value = value(ORIENTATION, 1);
        return value >= 1 && value <= 8 ? new Orientation(value) : Orientation.AS_IT_IS;
    }

    /**
     * A TIFF file.
     *
     * @throws DamageException if its pixels are of a kind that Java's decoder does not understand, or misunderstands
     */
    static EncodedPicture read(byte[] content) throws DamageException {
        TiffDirectory directory = new TiffDirectory(content, 0, content.length);
        directory.requireKnown();
        return new EncodedPicture(
                "tiff", new ByteSlices().add(content), directory.orientation(), Inks.NONE, NO_FIRST_LINE::equals);
    }

    private void requireKnown() throws DamageException {
        int samples = value(SAMPLES, 1);
        int compression = value(COMPRESSION, 1);
        // 0 and 1 are greys, 2 is red, green and blue, 3 a palette; 6, luma and chromas, is undone by JPEG only.
        boolean meant = switch (value(MEANING, -1)) {
            case 0, 1 -> samples == 1 || samples == 2;
            case 2 -> samples == 3 || samples == 4;
            case 3 -> samples == 1;
            case 6 -> samples == 3 && compression == 7;
            default -> false;
        };
        boolean planes = value(LAYOUT, 1) == 1 || samples == 1 || samples == 3;
        List<Integer> bits = values(BITS, 1);
        if (!meant
                || !planes
                || !KNOWN_COMPRESSIONS.contains(compression)
                || bits.stream().distinct().count() > 1
                || !KNOWN_BITS.contains(bits.get(0))
                || values(FORMAT, 1).stream().anyMatch(format -> format != 1)) {
            throw new DamageException("it is a TIFF of a rare kind; write it as PNG");
        }
    }
}
