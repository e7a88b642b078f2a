package org.likelihood4j.data.parquet;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.columns.ColumnKind;
import org.likelihood4j.data.tables.CellText;
import org.likelihood4j.data.tables.TableFile;
import org.likelihood4j.data.tables.TableForm;
import org.likelihood4j.data.tables.TypedCell;
import org.likelihood4j.data.tables.TypedRow;
import org.likelihood4j.data.tables.WantedRows;
import org.likelihood4j.io.Printable;

/**
 * A table in a Parquet file, or in a folder of such files as Spark writes it: those of the folder itself, in the order of their names,
 * without hidden ones, empty ones and those whose names begin with an underscore. A row's place counts over all of them.
 *
 * @param file a file or a folder
 */
public record ParquetFile(Path file) implements TableFile {
    /** More numbers are read of no table. */
    private static final long MOST_ROWS = 1 << 26;

    private static final int MOST_FILES = 100_000;
    private static final int TOLD_EACH = 10_000;
    private static final Pattern NAME = Pattern.compile("(?i).*\\.parq(uet)?");

    /**
     * Whether a file is one of these by its first bytes or its name, or a folder's first file is: whoever reads it says what is wrong.
     */
    public static boolean isParquet(Path path) {
        try {
            if (!Files.isDirectory(path)) {
                return Files.isRegularFile(path) && (isNamed(path) || isMarked(path));
            }
            List<Path> parts = parts(path);
            return isNamed(path) || (!parts.isEmpty() && (isNamed(parts.get(0)) || isMarked(parts.get(0))));
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isNamed(Path path) {
        return path.getFileName() != null
                && NAME.matcher(path.getFileName().toString()).matches();
    }

    private static boolean isMarked(Path path) throws IOException {
        try (FileChannel in = FileChannel.open(path)) {
            return in.size() >= Integer.BYTES
                    && Footer.read(in, 0, Integer.BYTES).getInt() == Footer.MAGIC;
        }
    }

    /** The files that have rows, in their order. */
    private static List<Path> parts(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> files = Files.list(path)) {
            List<Path> parts = files.filter(part -> !isHidden(part))
                    .sorted((a, b) ->
                            a.getFileName().toString().compareTo(b.getFileName().toString()))
                    .limit(MOST_FILES + 1)
                    .toList();
            List<Path> filled = new ArrayList<>();
            for (Path part : parts) {
                if (Files.isDirectory(part)) {
                    throw new IOException("it has a folder "
                            + Printable.shorten(part.getFileName().toString())
                            + " in it: rows that are divided into folders are not read; write them into one");
                } else if (Files.size(part) > 0) {
                    filled.add(part);
                }
            }
            if (filled.size() > MOST_FILES) {
                throw new IOException("it has more than " + MOST_FILES + " files");
            }
            return filled;
        }
    }

    private static boolean isHidden(Path part) {
        String name = part.getFileName().toString();
        return name.startsWith("_") || name.startsWith(".");
    }

    private record Form(Path file) implements TableForm {
        @Override
        public List<String> notes() {
            return List.of();
        }

        @Override
        public String unit() {
            return "row";
        }

        @Override
        public String where(long row, String column) {
            return file + ": row " + row + ", column '" + column + "'";
        }

        @Override
        public Optional<String> doubt() {
            return Optional.empty();
        }

        @Override
        public String problem(String cell) {
            return CellText.isNumber(cell, ',') ? "" : CellText.problem(cell, '.');
        }
    }

    @Override
    public TableForm form() {
        return new Form(file);
    }

    @Override
    public List<String> names() {
        return head().leaves().stream().map(Leaf::name).toList();
    }

    /** What the columns hold by their types, where these leave no doubt: numbers may be many things, and so may texts. */
    public Map<String, Optional<ColumnKind>> kinds() {
        Map<String, Optional<ColumnKind>> kinds = new LinkedHashMap<>();
        head().leaves()
                .forEach(leaf -> kinds.put(
                        leaf.name(),
                        leaf.isNested() ? Optional.empty() : leaf.type().kind()));
        return kinds;
    }

    /** The columns that hold bytes, such as pixels. */
    public List<String> binary() {
        return head().leaves().stream()
                .filter(leaf -> !leaf.isNested() && leaf.type().isBinary())
                .map(Leaf::name)
                .toList();
    }

    @Override
    public long rows(ProgressListener progress) {
        return rows();
    }

    /**
     * How many rows there are, as the files say.
     *
     * @throws DataException if they are more than are read
     */
    public long rows() {
        return reading(file, () -> {
            long rows = 0;
            for (Path part : parts(file)) {
                for (RowGroup group : footer(part).groups()) {
                    requireRoom(rows, group);
                    rows += group.rows();
                }
            }
            return rows;
        });
    }

    private Footer head() {
        return reading(file, () -> {
            List<Path> parts = parts(file);
            if (parts.isEmpty()) {
                throw new DataException(file + ": has no Parquet file in it");
            }
            Footer footer = footer(parts.get(0));
            if (footer.leaves().isEmpty()) {
                throw new DataException(file + ": has no columns");
            }
            return footer;
        });
    }

    private static Footer footer(Path part) {
        return reading(part, () -> {
            try (FileChannel in = FileChannel.open(part)) {
                return Footer.read(in);
            }
        });
    }

    @Override
    public void each(List<String> columns, WantedRows wanted, ProgressListener progress, Sink sink) {
        reading(file, () -> {
            long place = 0;
            for (Path part : parts(file)) {
                place = reading(part, place, columns, wanted, progress, sink);
            }
            return place;
        });
    }

    private long reading(
            Path part, long first, List<String> columns, WantedRows wanted, ProgressListener progress, Sink sink) {
        return reading(part, () -> {
            try (FileChannel in = FileChannel.open(part)) {
                Footer footer = Footer.read(in);
                List<Leaf> leaves = new ArrayList<>();
                for (String name : columns) {
                    leaves.add(footer.leaf(name)
                            .orElseThrow(() -> new DataException(part + ": has no column '"
                                    + Printable.line(Printable.shorten(name)) + "', which the first file has")));
                }
                long place = first;
                for (RowGroup group : footer.groups()) {
                    requireRoom(place, group);
                    if (wanted.anyBefore(place + group.rows())) {
                        rows(in, group, leaves, place, wanted, progress, sink);
                    }
                    place += group.rows();
                }
                return place;
            }
        });
    }

    private void requireRoom(long before, RowGroup group) {
        if (group.rows() > MOST_ROWS - before) {
            throw new DataException(file + ": holds more than " + MOST_ROWS + " rows");
        }
    }

    private void rows(
            FileChannel in,
            RowGroup group,
            List<Leaf> leaves,
            long first,
            WantedRows wanted,
            ProgressListener progress,
            Sink sink)
            throws IOException {
        Room room = Room.usual();
        Cursor[] cursors = new Cursor[leaves.size()];
        TypedRow row = new TypedRow(cursors.length, ZoneId.systemDefault());
        for (int i = 0; i < cursors.length; i++) {
            if (leaves.get(i).isNested()) {
                row.set(i, TypedCell.Nested.CELL);
            } else {
                cursors[i] = new Cursor(in, leaves.get(i), group, room);
            }
        }
        int[] read = IntStream.range(0, cursors.length)
                .filter(i -> cursors[i] != null)
                .toArray();
        for (long place = first; place < first + group.rows() && wanted.anyBefore(first + group.rows()); place++) {
            for (int i : read) {
                row.set(i, cursors[i].next());
            }
            if (wanted.take(place)) {
                sink.take(row, place);
            }
            if ((place + 1) % TOLD_EACH == 0) {
                progress.progress("reading " + file.getFileName(), place + 1, -1);
            }
        }
    }

    /**
     * The bytes of a column, and the texts of another one.
     *
     * @throws DataException if it has not got them, or a cell is missing; one line
     */
    public void eachBinary(
            String column, Optional<String> label, WantedRows wanted, ProgressListener progress, Labelled sink) {
        List<String> columns = Stream.concat(Stream.of(column), label.stream()).toList();
        each(columns, wanted, progress, (row, place) -> {
            Object cell = ((TypedRow) row).cell(0);
            if (!(cell instanceof byte[] bytes)) {
                throw new DataException(form().where(place, Printable.line(Printable.shorten(column)))
                        + ": expected bytes, was " + (cell == null ? "missing" : "no binary cell"));
            }
            sink.take(bytes, label.isPresent() ? row.text(1) : "", place);
        });
    }

    /** Takes the bytes of a row. */
    @FunctionalInterface
    public interface Labelled {
        void take(byte[] bytes, String label, long place);
    }

    @FunctionalInterface
    private interface Reading<T> {
        T read() throws IOException;
    }

    /** What is read, with what is wrong in one line. */
    private static <T> T reading(Path file, Reading<T> work) {
        try {
            return work.read();
        } catch (NoSuchFileException e) {
            throw new DataException(file + ": no such file", e);
        } catch (IOException e) {
            throw new DataException(
                    file + ": cannot be read as Parquet ("
                            + Printable.line(Optional.ofNullable(e.getMessage()).orElse("input/output error"))
                            + ")",
                    e);
        }
    }
}
