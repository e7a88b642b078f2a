package org.likelihood4j.data.csv;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of a text, as cells: RFC 4180, and what the world writes beside it. A cell may stand in quotation marks, and hold the
 * delimiter, line breaks and, doubled, quotation marks; blanks around it do not count. Lines without anything are passed over, and
 * so are lines of comment ({@code #} and {@code %}) before the first row, and Excel's {@code sep=;}.
 */
final class CsvReader {
    /** A quotation mark that is never closed would else put the rest of the file into one cell. */
    static final int LONGEST_ROW = 1 << 20;

    private static final int END = -1;

    private final Reader in;
    private final char delimiter;
    private final char[] buffer = new char[1 << 13];
    private final StringBuilder cell = new StringBuilder();
    private int at;
    private int filled;
    private long line = 1;
    private long rowLine = 1;
    private int length;
    private boolean started;

    /** @param delimiter between cells; {@link CsvDialect#BLANKS} for any run of blanks and tabs */
    CsvReader(Reader in, char delimiter) {
        this.in = in;
        this.delimiter = delimiter;
    }

    /** Where the row that was returned last begins, from 1. */
    long line() {
        return rowLine;
    }

    /** Whether something is there of the next row, so that it need not be waited for; of the last one that is not told. */
    boolean ready() throws IOException {
        return at < filled || in.ready();
    }

    /**
     * The cells of the next row; {@code null} after the last one.
     *
     * @throws IOException if the file cannot be read, a row is too long, or a quotation mark is not where it can be
     */
    List<String> next() throws IOException {
        while (true) {
            length = 0;
            rowLine = line;
            skipBlanks();
            int c = peek();
            if (c == END) {
                return null;
            } else if (isBreak(c)) {
                takeBreak();
            } else if (!started && (c == '#' || c == '%')) {
                while (peek() != END && !isBreak(peek())) {
                    take();
                }
            } else {
                List<String> row = row();
                boolean note = !started && row.size() < 3 && row.get(0).matches("sep=.?");
                started = true;
                if (!note) {
                    return row;
                }
            }
        }
    }

    private List<String> row() throws IOException {
        List<String> cells = new ArrayList<>();
        while (true) {
            cells.add(cell());
            int c = peek();
            if (delimiter == CsvDialect.BLANKS) {
                skipBlanks();
                c = peek();
            } else if (c == delimiter) {
                take();
                continue;
            }
            if (c == END || isBreak(c)) {
                takeBreak();
                return cells;
            }
        }
    }

    private String cell() throws IOException {
        skipBlanks();
        cell.setLength(0);
        if (peek() == '"') {
            quoted();
            return cell.toString();
        }
        int end = 0;
        for (int c = peek(); c != END && !isBreak(c) && !isDelimiter(c); c = peek()) {
            cell.append((char) take());
            end = isBlank(c) ? end : cell.length();
        }
        return cell.substring(0, end);
    }

    private void quoted() throws IOException {
        long opened = line;
        take();
        while (true) {
            int c = take();
            if (c == END) {
                throw new IOException("the quotation mark in line " + opened + " is never closed");
            } else if (c == '"' && peek() != '"') {
                break;
            } else if (c == '"') {
                take();
            } else if (c == '\n' || (c == '\r' && peek() != '\n')) {
                line++;
            }
            cell.append((char) c);
        }
        boolean blank = isBlank(peek());
        skipBlanks();
        int c = peek();
        if (c != END && !isBreak(c) && !isDelimiter(c) && !(blank && delimiter == CsvDialect.BLANKS)) {
            throw new IOException("line " + line + " has text behind the quotation mark that closes a cell");
        }
    }

    private boolean isDelimiter(int c) {
        return c == delimiter || (delimiter == CsvDialect.BLANKS && isBlank(c));
    }

    /** The no-break space too, which spreadsheets write within numbers. */
    private boolean isBlank(int c) {
        return (c == ' ' || c == '\t' || c == '\u00a0') && (c != delimiter || delimiter == CsvDialect.BLANKS);
    }

    private static boolean isBreak(int c) {
        return c == '\n' || c == '\r';
    }

    private void skipBlanks() throws IOException {
        while (isBlank(peek())) {
            take();
        }
    }

    private void takeBreak() throws IOException {
        int c = take();
        if (c == '\r' && peek() == '\n') {
            take();
        }
        line++;
    }

    private int peek() throws IOException {
        if (at == filled) {
            at = 0;
            filled = Math.max(0, in.read(buffer, 0, buffer.length));
        }
        return at == filled ? END : buffer[at];
    }

    private int take() throws IOException {
        int c = peek();
        if (c != END) {
            at++;
            if (++length > LONGEST_ROW) {
                throw new IOException("the row of line " + rowLine + " has more than " + LONGEST_ROW
                        + " characters; is a quotation mark left open?");
            }
        }
        return c;
    }
}
