package org.likelihood4j.data.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32;

/** The cells of a column in a group of rows, one after the other; one page is in memory at a time. */
final class Cursor {
    /** What a word takes beside its bytes, about. */
    private static final int OF_WORD = 64;

    private final FileChannel file;
    private final Leaf leaf;
    private final Chunk chunk;
    private final Codec codec;
    private final Room room;

    private long at;
    private long left;
    private long taken;
    private long takenByWords;
    private Object[] words;
    private int leftInPage;
    /** 1 where a cell is there; null where all are. */
    private Hybrid there;

    private Values values;

    /** @throws IOException if the chunk is not of such cells, or not of so many */
    Cursor(FileChannel file, Leaf leaf, RowGroup group, Room room) throws IOException {
        this.file = file;
        this.leaf = leaf;
        this.chunk = group.chunks().get(leaf.place());
        this.room = room;
        this.at = chunk.start();
        this.left = chunk.values();
        if (chunk.elsewhere()) {
            throw new IOException("its cells are in another file");
        } else if (CellType.Stored.of(chunk.stored()) != leaf.type().stored() || left != group.rows()) {
            throw new IOException("its description is damaged");
        }
        this.codec = Codec.of(chunk.codec());
    }

    /** The next cell; null if it is missing. */
    Object next() throws IOException {
        while (leftInPage == 0) {
            turn();
        }
        leftInPage--;
        return there == null || there.next() == 1 ? values.next() : null;
    }

    private void turn() throws IOException {
        long end = chunk.start() + chunk.length();
        PageHead head = PageHead.read(file, at, end - at);
        at += head.length();
        if (head.packed() > end - at) {
            throw new IOException("a page ends behind its column");
        }
        if (head.kind() == PageHead.DATA || head.kind() == PageHead.DATA_V2) {
            page(head);
        } else if (head.kind() == PageHead.WORDS) {
            words(head);
        }
        at += head.packed();
    }

    private void page(PageHead head) throws IOException {
        if (head.cells() > left) {
            throw new IOException("a page has more cells than its column");
        } else if (leaf.optional() && !head.runs()) {
            throw new IOException("a page says in an old way where cells are missing, which is not read");
        }
        values = null;
        there = null;
        room.give(taken);
        taken = 0;
        ByteBuffer bytes = unpacked(head);
        if (leaf.optional()) {
            there = new Hybrid(
                    head.kind() == PageHead.DATA ? PageBytes.part(bytes) : PageBytes.part(bytes, head.levels()), 1);
        } else if (head.levels() != 0) {
            throw new IOException("what stands before a page is damaged");
        }
        values = Encoding.of(
                head.encoding(), leaf.type(), bytes.slice().order(ByteOrder.LITTLE_ENDIAN), words, head.cells());
        leftInPage = head.cells();
        left -= head.cells();
    }

    private void words(PageHead head) throws IOException {
        boolean plain = head.encoding() == Encoding.PLAIN || head.encoding() == Encoding.PLAIN_DICTIONARY;
        int least = Math.max(1, leaf.type().width());
        if (!plain || words != null || head.cells() > head.size() / least) {
            throw new IOException("a page of words is damaged");
        }
        takenByWords = (long) head.cells() * OF_WORD + 2L * head.size();
        room.take(takenByWords);
        ByteBuffer bytes = unpacked(head);
        Values each = Encoding.of(Encoding.PLAIN, leaf.type(), bytes, null, head.cells());
        Object[] all = new Object[head.cells()];
        for (int i = 0; i < all.length; i++) {
            all[i] = each.next();
        }
        words = all;
        room.give(taken);
        taken = 0;
    }

    private ByteBuffer unpacked(PageHead head) throws IOException {
        taken = (long) head.size() + head.packed();
        try {
            room.take(taken);
        } catch (IOException e) {
            taken = 0;
            throw e;
        }
        byte[] packed = Footer.read(file, at, head.packed()).array();
        if (head.checksum() != null) {
            CRC32 sum = new CRC32();
            sum.update(packed);
            if ((int) sum.getValue() != head.checksum()) {
                throw new IOException("a page is damaged: it has another check sum");
            }
        }
        Codec used = head.compressed() ? codec : Codec.NONE;
        return ByteBuffer.wrap(used.decompress(packed, head.levels(), head.size()))
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Gives its memory back. */
    void close() {
        room.give(taken + takenByWords);
        taken = 0;
        takenByWords = 0;
        words = null;
        values = null;
    }
}
