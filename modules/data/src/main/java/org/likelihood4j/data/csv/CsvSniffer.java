package org.likelihood4j.data.csv;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.tables.CellText;
import org.likelihood4j.io.Printable;

/**
 * Finds out how a table is written, from its beginning. The delimiter is the one that cuts most rows into as many cells, and most of
 * these into numbers; the decimal sign is the one that makes more of them numbers; and the first row is a header if it holds words
 * where the others hold numbers.
 *
 * @param delimiter what is known already, as the other two
 */
public record CsvSniffer(Optional<Character> delimiter, Optional<Character> decimal, Optional<Boolean> header) {
    /** Nothing is known. */
    public static final CsvSniffer UNKNOWN = new CsvSniffer(Optional.empty(), Optional.empty(), Optional.empty());

    /** The first of equals wins. */
    private static final List<Character> DELIMITERS = List.of(',', ';', '\t', '|', CsvDialect.BLANKS);

    /** How well a delimiter and a decimal sign fit. */
    private record Candidate(char delimiter, char decimal, List<List<String>> rows, double score) {}

    /**
     * The dialect of a file.
     *
     * @throws IOException if it is not even a table with some dialect
     * @throws DataException if only its author can tell
     */
    CsvDialect sniff(CsvSample sample, String file) throws IOException {
        Candidate best = null;
        Candidate single = null;
        IOException failure = null;
        for (char d : delimiter.map(List::of).orElse(DELIMITERS)) {
            for (char point : decimal.map(List::of).orElse(List.of('.', ','))) {
                if (point == d) {
                    continue;
                }
                List<List<String>> rows;
                try {
                    rows = sample.rows(d);
                } catch (IOException e) { // where quotation marks stand tells too
                    failure = failure == null ? e : failure;
                    continue;
                }
                if (rows.isEmpty()) {
                    throw new DataException(file + ": is empty");
                }
                Candidate candidate = new Candidate(d, point, rows, score(rows, d, point));
                if (CsvHead.usual(rows) == 1 && delimiter.isEmpty()) {
                    single = isSingle(rows.get(0).get(0), point) ? better(single, candidate) : single;
                } else {
                    best = better(best, candidate);
                }
            }
        }
        if (best == null || (single != null && single.score() > best.score())) {
            best = single;
        }
        if (best == null && failure == null) {
            // One row of one cell, and no sign of any delimiter.
            char point = decimal.orElse('.');
            char mark = point == ',' ? ';' : ',';
            best = new Candidate(mark, point, sample.rows(mark), 0);
        } else if (best == null) {
            throw failure;
        }
        boolean named = header.isPresent() ? header.get() : isHeader(best, file);
        return new CsvDialect(best.delimiter(), best.decimal(), named);
    }

    /** Whether the first row can be that of one column: a number, or a name without anything that could be a delimiter. */
    private static boolean isSingle(String first, char decimal) {
        return CellText.isNumber(first, decimal)
                || first.chars().noneMatch(c -> DELIMITERS.indexOf((char) c) >= 0 && c != ' ');
    }

    private static Candidate better(Candidate one, Candidate other) {
        return one == null || other.score() > one.score() ? other : one;
    }

    private static double score(List<List<String>> rows, char delimiter, char decimal) {
        int usual = CsvHead.usual(rows);
        double alike = 0;
        double numbers = 0;
        double cells = 0;
        for (List<String> row : CsvHead.body(rows)) {
            alike += row.size() == usual ? 1 : 0;
            for (String cell : row) {
                cells++;
                numbers += CellText.isNumber(cell, decimal) ? 1 : CellText.isMissing(cell) ? 0.5 : 0;
            }
        }
        double consistency = alike / CsvHead.body(rows).size();
        if (CsvHead.cells(rows.get(0), rows, delimiter) != usual) {
            consistency /= 2;
        }
        return consistency * (0.1 + numbers / cells);
    }

    private static boolean isHeader(Candidate found, String file) {
        List<String> first = found.rows().get(0);
        List<List<String>> body = found.rows().subList(1, found.rows().size());
        int words = 0;
        int numbers = 0;
        // What pandas calls columns that nobody has named: 0, 1, 2, ...; an index, which pandas and R leave without a
        // name, may
        // stand before them, and only then may they count from 1: 1, 2, 3, ... can as well be the first row of numbers.
        boolean indexed = first.get(0).isEmpty();
        boolean fromZero = true;
        boolean fromOne = indexed;
        String word = "";
        String number = "";
        for (int j = 0; j < first.size(); j++) {
            String cell = first.get(j);
            if (CellText.isMissing(cell) || !isNumeric(body, j, found.decimal())) {
                continue;
            }
            if (CellText.isNumber(cell, found.decimal())) {
                int place = indexed ? j - 1 : j;
                fromZero &= cell.equals(String.valueOf(place));
                fromOne &= cell.equals(String.valueOf(place + 1));
                numbers++;
                number = cell;
            } else {
                words++;
                word = cell;
            }
        }
        if (words > 0 && numbers > 0) {
            throw new DataException(file + ":1: the first row holds words ('" + printable(word) + "') and numbers ('"
                    + printable(number) + "') where the others hold numbers; set data.header to true if it names the"
                    + " columns, else to false");
        }
        boolean counted = (fromZero && (indexed || numbers > 3)) || fromOne;
        return numbers == 0 || counted;
    }

    /** Whether a column holds numbers below the first row; where there are no rows, whether it might. */
    private static boolean isNumeric(List<List<String>> body, int column, char decimal) {
        int numbers = 0;
        int words = 0;
        for (List<String> row : body) {
            if (column < row.size() && !CellText.isMissing(row.get(column))) {
                boolean number = CellText.isNumber(row.get(column), decimal);
                numbers += number ? 1 : 0;
                words += number ? 0 : 1;
            }
        }
        return body.isEmpty() || numbers > words;
    }

    private static String printable(String text) {
        return Printable.line(Printable.shorten(text));
    }
}
