package org.likelihood4j.data.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.likelihood4j.data.parquet.CellType.Meaning;
import org.likelihood4j.data.parquet.CellType.Stored;
import org.likelihood4j.io.Printable;

/** What a file says of itself at its end: its columns, and where their cells are. */
record Footer(List<Leaf> leaves, List<RowGroup> groups) {
    static final int MAGIC = 0x31524150; // PAR1
    private static final int ENCRYPTED = 0x45524150; // PARE
    private static final int TAIL = 8;
    private static final int MOST_BYTES = 1 << 26;
    private static final int MOST_ELEMENTS = 1 << 16;

    Optional<Leaf> leaf(String name) {
        return leaves.stream().filter(leaf -> leaf.name().equals(name)).findFirst();
    }

    /** @throws IOException if it is no such file, or damaged */
    static Footer read(FileChannel file) throws IOException {
        long size = file.size();
        if (size < 4 || read(file, 0, 4).getInt() != MAGIC) {
            throw new IOException(
                    size >= 4 && read(file, 0, 4).getInt() == ENCRYPTED ? "it is encrypted" : "it is no Parquet file");
        }
        if (size < 4 + TAIL) {
            throw new IOException("it ends too early");
        }
        ByteBuffer tail = read(file, size - TAIL, TAIL);
        long length = Integer.toUnsignedLong(tail.getInt());
        if (tail.getInt() != MAGIC || length > size - 4 - TAIL) {
            throw new IOException("it ends too early, or is damaged at its end");
        } else if (length > MOST_BYTES) {
            throw new IOException("its description takes more than " + (MOST_BYTES >> 20) + " MiB");
        }
        return new Parser(size - TAIL - length)
                .parse(new CompactReader(read(file, size - TAIL - length, (int) length)));
    }

    static ByteBuffer read(FileChannel file, long from, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (file.read(bytes, from + bytes.position()) < 0) {
                throw new IOException("it became shorter while it was read");
            }
        }
        return bytes.flip();
    }

    private static final class Element {
        private int stored = -1;
        private int length;
        private int repetition;
        private String name = "";
        private int children;
        private int converted = -1;
        private int scale;
        private Meaning meaning;
        private int unit;
        private boolean adjusted;
    }

    private static final class Parser {
        /** Where the description begins, before which all pages end. */
        private final long end;

        private final List<Element> elements = new ArrayList<>();
        private final List<Leaf> leaves = new ArrayList<>();
        private final List<RowGroup> groups = new ArrayList<>();
        private int at;
        private int chunks;

        Parser(long end) {
            this.end = end;
        }

        Footer parse(CompactReader in) throws IOException {
            in.struct(id -> {
                if (id == 2) {
                    in.list(() -> elements.add(element(in)));
                } else if (id == 4) {
                    in.list(() -> groups.add(group(in)));
                } else if (id == 8) {
                    throw new IOException("it is encrypted");
                }
            });
            columns();
            for (RowGroup group : groups) {
                if (group.chunks().size() != chunks) {
                    throw damaged();
                }
            }
            return new Footer(List.copyOf(leaves), List.copyOf(groups));
        }

        private Element element(CompactReader in) throws IOException {
            requireFewer(elements.size());
            Element element = new Element();
            in.struct(id -> {
                switch (id) {
                    case 1 -> element.stored = in.integer();
                    case 2 -> element.length = in.integer();
                    case 3 -> element.repetition = in.integer();
                    case 4 -> element.name = in.text();
                    case 5 -> element.children = in.integer();
                    case 6 -> element.converted = in.integer();
                    case 7 -> element.scale = in.integer();
                    case 10 -> in.struct(kind -> logical(in, kind, element));
                    default -> {}
                }
            });
            return element;
        }

        private static void requireFewer(int columns) throws IOException {
            if (columns == MOST_ELEMENTS) {
                throw new IOException("it has more than " + MOST_ELEMENTS + " columns");
            }
        }

        private static void logical(CompactReader in, int kind, Element element) throws IOException {
            element.meaning = switch (kind) {
                case 1, 4, 12 -> Meaning.TEXT;
                case 5 -> Meaning.DECIMAL;
                case 6 -> Meaning.DATE;
                case 7 -> Meaning.TIME_MILLIS;
                case 8 -> Meaning.LOCAL_MILLIS;
                case 10 -> Meaning.PLAIN;
                case 14 -> Meaning.UUID;
                case 15 -> Meaning.HALF;
                // Of nothing, of which old writers make columns, all cells are missing.
                case 11 -> Meaning.PLAIN;
                default -> Meaning.OTHER;
            };
            if (kind == 5) {
                in.struct(id -> element.scale = id == 1 ? in.integer() : element.scale);
            } else if (kind == 7 || kind == 8) {
                in.struct(id -> {
                    if (id == 1) {
                        element.adjusted = in.truth();
                    } else if (id == 2) {
                        in.struct(unit -> element.unit = unit);
                    }
                });
            } else if (kind == 10) {
                in.struct(id -> {
                    if (id == 2 && !in.truth()) {
                        element.meaning = Meaning.UNSIGNED;
                    }
                });
            }
        }

        private RowGroup group(CompactReader in) throws IOException {
            List<Chunk> found = new ArrayList<>();
            long[] rows = {-1};
            in.struct(id -> {
                if (id == 1) {
                    in.list(() -> {
                        requireFewer(found.size());
                        found.add(chunk(in));
                    });
                } else if (id == 3) {
                    rows[0] = in.longInteger();
                }
            });
            if (rows[0] < 0 || rows[0] > Integer.MAX_VALUE) {
                throw damaged();
            }
            return new RowGroup(rows[0], List.copyOf(found));
        }

        private Chunk chunk(CompactReader in) throws IOException {
            boolean[] elsewhere = {false};
            int[] numbers = {-1, -1};
            long[] values = {-1, -1, -1, -1};
            in.struct(id -> {
                if (id == 1) {
                    elsewhere[0] = true;
                } else if (id == 3) {
                    in.struct(key -> {
                        switch (key) {
                            case 1 -> numbers[0] = in.integer();
                            case 4 -> numbers[1] = in.integer();
                            case 5 -> values[0] = in.longInteger();
                            case 7 -> values[1] = in.longInteger();
                            case 9 -> values[2] = in.longInteger();
                            case 11 -> values[3] = in.longInteger();
                            default -> {}
                        }
                    });
                }
            });
            // The words come before the pages that use them, where there are any.
            long start = values[3] > 0 && values[3] < values[2] ? values[3] : values[2];
            long length = values[1];
            if (start < 4 || length < 0 || start > end - length) {
                throw damaged();
            }
            return new Chunk(numbers[0], numbers[1], values[0], start, length, elsewhere[0]);
        }

        private void columns() throws IOException {
            if (elements.isEmpty()) {
                throw damaged();
            }
            Element root = elements.get(at++);
            Set<String> names = new HashSet<>();
            for (int i = 0; i < root.children; i++) {
                Element element = next();
                if (!names.add(element.name)) {
                    throw new IOException("two columns are called '" + Printable.shorten(element.name) + "'");
                }
                boolean nested = element.children > 0 || element.repetition == 2;
                leaves.add(
                        nested
                                ? new Leaf(element.name, -1, null, true)
                                : new Leaf(element.name, chunks, type(element), element.repetition == 1));
                pass(element, 1);
            }
            if (at != elements.size()) {
                throw damaged();
            }
        }

        private Element next() throws IOException {
            if (at == elements.size()) {
                throw damaged();
            }
            return elements.get(at++);
        }

        private void pass(Element element, int depth) throws IOException {
            if (element.children < 0 || depth > 100) {
                throw damaged();
            } else if (element.children == 0) {
                chunks++;
            }
            for (int i = 0; i < element.children; i++) {
                pass(next(), depth + 1);
            }
        }

        private static CellType type(Element element) throws IOException {
            Stored stored = Stored.of(element.stored);
            try {
                return new CellType(stored, element.length, meaning(element, stored), element.scale);
            } catch (IllegalArgumentException e) {
                throw new IOException(e.getMessage(), e);
            }
        }

        private static Meaning meaning(Element element, Stored stored) throws IOException {
            Meaning meaning = element.meaning != null ? timed(element) : converted(element.converted);
            boolean fits = switch (meaning) {
                case PLAIN, OTHER -> true;
                case UNSIGNED -> stored == Stored.INT32 || stored == Stored.INT64;
                case DATE, TIME_MILLIS -> stored == Stored.INT32;
                case TIME_MICROS, TIME_NANOS -> stored == Stored.INT64;
                case LOCAL_MILLIS, LOCAL_MICROS, LOCAL_NANOS, UTC_MILLIS, UTC_MICROS, UTC_NANOS ->
                    stored == Stored.INT64;
                case TEXT -> stored == Stored.BYTES;
                case DECIMAL ->
                    stored == Stored.INT32
                            || stored == Stored.INT64
                            || stored == Stored.BYTES
                            || stored == Stored.FIXED;
                case UUID -> stored == Stored.FIXED && element.length == 16;
                case HALF -> stored == Stored.FIXED && element.length == 2;
            };
            if (!fits) {
                throw damaged();
            }
            return meaning;
        }

        private static Meaning timed(Element element) {
            Meaning[] units = switch (element.meaning) {
                case TIME_MILLIS -> new Meaning[] {Meaning.TIME_MILLIS, Meaning.TIME_MICROS, Meaning.TIME_NANOS};
                case LOCAL_MILLIS ->
                    element.adjusted
                            ? new Meaning[] {Meaning.UTC_MILLIS, Meaning.UTC_MICROS, Meaning.UTC_NANOS}
                            : new Meaning[] {Meaning.LOCAL_MILLIS, Meaning.LOCAL_MICROS, Meaning.LOCAL_NANOS};
                default -> new Meaning[] {};
            };
            return units.length == 0
                    ? element.meaning
                    : element.unit >= 1 && element.unit <= units.length ? units[element.unit - 1] : Meaning.OTHER;
        }

        /** By the numbers that logical types had before they were structures. */
        private static Meaning converted(int number) {
            return switch (number) {
                case -1, 15, 16, 17, 18 -> Meaning.PLAIN;
                case 0, 4, 19 -> Meaning.TEXT;
                case 5 -> Meaning.DECIMAL;
                case 6 -> Meaning.DATE;
                case 7 -> Meaning.TIME_MILLIS;
                case 8 -> Meaning.TIME_MICROS;
                case 9 -> Meaning.UTC_MILLIS;
                case 10 -> Meaning.UTC_MICROS;
                case 11, 12, 13, 14 -> Meaning.UNSIGNED;
                default -> Meaning.OTHER;
            };
        }

        private static IOException damaged() {
            return new IOException("its description is damaged");
        }
    }
}
