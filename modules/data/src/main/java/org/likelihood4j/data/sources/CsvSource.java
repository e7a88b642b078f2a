package org.likelihood4j.data.sources;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.SplitShares;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.data.csv.CsvDialect;
import org.likelihood4j.data.csv.CsvFile;
import org.likelihood4j.data.csv.CsvHead;
import org.likelihood4j.data.csv.CsvSniffer;
import org.likelihood4j.data.csv.CsvStream;
import org.likelihood4j.data.tables.ColumnChoice;
import org.likelihood4j.data.tables.MissingCells;
import org.likelihood4j.data.tables.TableRows;
import org.likelihood4j.io.Printable;

/** Rows of tables from text files. */
public final class CsvSource extends TableSource {
    /**
     * How to read the files; what is empty is found out from the first one's beginning.
     *
     * @param delimiter between cells; {@link CsvDialect#BLANKS} for any run of blanks and tabs
     * @param decimal a point or a comma
     * @param header whether the first row names the columns; else they are x1, x2, ...
     * @param choice the columns that are a model's, and the one that holds labels, whatever text they are
     */
    public record Layout(
            Optional<Character> delimiter,
            Optional<Character> decimal,
            Optional<Boolean> header,
            ColumnChoice choice,
            MissingCells missing) {
        /** Of which nothing is known. */
        public static Layout unknown(ColumnChoice choice, MissingCells missing) {
            return new Layout(Optional.empty(), Optional.empty(), Optional.empty(), choice, missing);
        }
    }

    private final Layout layout;
    /** Null until it is known. */
    private CsvDialect dialect;

    /**
     * A source; nothing is read yet.
     *
     * @param test the test set, if it is in a file of its own
     */
    public CsvSource(Path data, Optional<Path> test, Layout layout, SplitShares shares) {
        super(data, test, layout.choice(), layout.missing(), shares);
        this.layout = layout;
    }

    /**
     * All rows of a file, this source's own or another one that has its columns: they are found by their names, in whatever order
     * and among whatever others they stand, and the column of labels may be missing. A file that is written in another way than this
     * source's own, such as with another delimiter, is read as it is written, and so is one whose layout nothing tells, because this
     * source's own file is gone. In a file without names columns are found by their
     * places: there must be no more than in this source's own, unless some of those were chosen.
     *
     * @throws DataException if it cannot be read, or has not the columns
     */
    public TableRows rows(Path other, ProgressListener progress) {
        Found found =
                found(sniffer -> CsvFile.dialect(other, sniffer), dialect -> new CsvFile(other, dialect).head(), other);
        return rows(
                read(new CsvFile(other, found.dialect()), found.choice(), layout.missing(), progress),
                found.dialect().header());
    }

    /**
     * The same of a table that comes as a stream, some rows at a time.
     *
     * @param most rows at a time
     * @param sink whether it wants more
     */
    public void rows(InputStream stream, Path name, int most, ProgressListener progress, Predicate<TableRows> sink) {
        CsvStream csv = new CsvStream(stream, name);
        Found found = found(csv::dialect, csv::head, name);
        Set<String> noted = new HashSet<>();
        csv.read(found.dialect(), found.head(), found.choice(), layout.missing(), most, content -> {
            content.notes().stream().filter(noted::add).forEach(progress::note);
            return sink.test(rows(content, found.dialect().header()));
        });
    }

    /** How another table is written, and where the columns are in it. */
    private record Found(CsvDialect dialect, CsvHead head, ColumnChoice choice) {}

    private Found found(Function<CsvSniffer, CsvDialect> sniff, Function<CsvDialect, CsvHead> read, Path other) {
        VectorShape shape = shape();
        List<String> columns = shape.names();
        boolean told = isKnown() || Files.isReadable(data());
        CsvDialect dialect = told ? dialect() : sniff.apply(sniffer());
        CsvHead head = read.apply(dialect);
        if (!head.names().containsAll(columns)) {
            CsvDialect another = sniff.apply(CsvSniffer.UNKNOWN);
            if (read.apply(another).names().containsAll(columns)) {
                dialect = another;
                head = read.apply(another);
            }
        }
        if (!dialect.header()) {
            requireAsMany(head, columns, other);
        }
        return new Found(
                dialect,
                head,
                ColumnChoice.of(shape, layout.choice().label(), layout.choice().ids())
                        .present(head.names()));
    }

    /** Another file as {@link #rows} reads it. */
    public CsvFile reading(Path other) {
        Found found =
                found(sniffer -> CsvFile.dialect(other, sniffer), dialect -> new CsvFile(other, dialect).head(), other);
        return new CsvFile(other, found.dialect());
    }

    /**
     * Names that only count the columns say nothing of a file with more of them.
     *
     * @throws DataException if the columns are all that this source's own file had, but the other file has more
     */
    private void requireAsMany(CsvHead head, List<String> columns, Path other) {
        Set<String> own = new HashSet<>(columns);
        layout.choice().label().ifPresent(own::add);
        if (!own.equals(numbered(own.size())) || isChosen(own)) {
            return;
        }
        int found = head.names().size();
        if (found > own.size()) {
            throw new DataException(other + ": has " + found + " columns without names, but the run's data had "
                    + own.size() + "; remove the others, or name columns "
                    + Printable.line(Printable.shorten(String.join(", ", columns)))
                    + " in a first row and --set data.header=true");
        }
    }

    /**
     * Whether some of the own file's columns are not used, as far as that file is there to tell. A layout of which nothing is known is
     * of no file that was trained on.
     */
    private boolean isChosen(Set<String> own) {
        return layout.header().isPresent()
                && Files.isReadable(data())
                && !own.containsAll(file(data()).head().names());
    }

    private static Set<String> numbered(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> "x" + i).collect(Collectors.toSet());
    }

    /**
     * How the files are written: what was given, and what was found in the first one.
     *
     * @throws DataException if its beginning does not tell
     */
    public synchronized CsvDialect dialect() {
        if (dialect == null) {
            dialect = isKnown()
                    ? new CsvDialect(
                            layout.delimiter().get(),
                            layout.decimal().get(),
                            layout.header().get())
                    : CsvFile.dialect(data(), sniffer());
        }
        return dialect;
    }

    private boolean isKnown() {
        return layout.delimiter().isPresent()
                && layout.decimal().isPresent()
                && layout.header().isPresent();
    }

    private CsvSniffer sniffer() {
        return new CsvSniffer(layout.delimiter(), layout.decimal(), layout.header());
    }

    @Override
    CsvFile file(Path file) {
        return new CsvFile(file, dialect());
    }

    @Override
    String form() {
        return "csv: " + data() + " (" + dialect() + ")";
    }
}
