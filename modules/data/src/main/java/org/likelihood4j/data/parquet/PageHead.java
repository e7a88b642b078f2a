package org.likelihood4j.data.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * What stands before a page.
 *
 * @param kind of page
 * @param size of the page, unpacked, with what says where cells are missing
 * @param packed bytes in the file
 * @param checksum CRC-32 of these; null if there is none
 * @param cells with those that are missing; of a page of words how many words
 * @param runs whether what says where cells are missing is written in runs
 * @param levels bytes that say where cells are missing, where they stand before what is compressed
 * @param compressed whether the rest is
 * @param length of the head itself
 */
record PageHead(
        int kind,
        int size,
        int packed,
        Integer checksum,
        int cells,
        int encoding,
        boolean runs,
        int levels,
        boolean compressed,
        int length) {
    static final int DATA = 0;
    static final int INDEX = 1;
    static final int WORDS = 2;
    static final int DATA_V2 = 3;

    /** Statistics of a page may be as long as two cells. */
    private static final int MOST_BYTES = 1 << 24;

    private static final int USUAL_BYTES = 1 << 10;
    private static final int RLE = 3;

    /** @param left bytes of the chunk */
    static PageHead read(FileChannel file, long from, long left) throws IOException {
        for (int bytes = USUAL_BYTES; ; bytes <<= 4) {
            int some = (int) Math.min(left, Math.min(bytes, MOST_BYTES));
            try {
                return parse(Footer.read(file, from, some));
            } catch (CompactReader.Truncated e) {
                if (some == left || some == MOST_BYTES) {
                    throw e;
                }
            }
        }
    }

    private static PageHead parse(ByteBuffer bytes) throws IOException {
        CompactReader in = new CompactReader(bytes);
        int[] sizes = {-1, -1, -1};
        Integer[] checksum = {null};
        int[] cells = {-1, -1, 0, 0};
        boolean[] compressed = {true};
        in.struct(id -> {
            switch (id) {
                case 1 -> sizes[0] = in.integer();
                case 2 -> sizes[1] = in.integer();
                case 3 -> sizes[2] = in.integer();
                case 4 -> checksum[0] = in.integer();
                case 5 ->
                    in.struct(key -> {
                        if (key == 1) {
                            cells[0] = in.integer();
                        } else if (key == 2) {
                            cells[1] = in.integer();
                        } else if (key == 3) {
                            cells[3] = in.integer();
                        }
                    });
                case 7 ->
                    in.struct(key -> {
                        if (key == 1) {
                            cells[0] = in.integer();
                        } else if (key == 2) {
                            cells[1] = in.integer();
                        }
                    });
                case 8 ->
                    in.struct(key -> {
                        switch (key) {
                            case 1 -> cells[0] = in.integer();
                            case 4 -> cells[1] = in.integer();
                            case 5 -> cells[2] = in.integer();
                            case 6 -> {
                                if (in.integer() != 0) {
                                    throw damaged();
                                }
                            }
                            case 7 -> compressed[0] = in.truth();
                            default -> {}
                        }
                    });
                default -> {}
            }
        });
        boolean known = sizes[0] == INDEX || (cells[0] >= 0 && cells[1] >= 0 && cells[2] >= 0);
        if (sizes[0] < 0 || sizes[1] < 0 || sizes[2] < 0 || !known || cells[2] > Math.min(sizes[1], sizes[2])) {
            throw damaged();
        }
        return new PageHead(
                sizes[0],
                sizes[1],
                sizes[2],
                checksum[0],
                cells[0],
                cells[1],
                sizes[0] == DATA_V2 || cells[3] == RLE,
                cells[2],
                compressed[0],
                in.position());
    }

    private static IOException damaged() {
        return new IOException("what stands before a page is damaged");
    }
}
