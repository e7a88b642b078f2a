package org.likelihood4j.data.csv;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The beginning of a text file: enough to see how it is written.
 *
 * @param whole whether that is all of it
 */
record CsvSample(String text, boolean whole) {
    private static final int MOST_ROWS = 100;

    static CsvSample of(Path file) throws IOException {
        try (Reader in = TextFile.open(file)) {
            return of(in, 2 * MOST_ROWS);
        }
    }

    /** Of a stream what is there, as soon as it is two lines: more may take its time to come. */
    static CsvSample ofStream(Reader in) throws IOException {
        return of(in, 2);
    }

    /** @param lines that are waited for; more are taken where they are there */
    private static CsvSample of(Reader in, int lines) throws IOException {
        StringBuilder text = new StringBuilder();
        char[] piece = new char[1 << 13];
        int seen = 0;
        while ((seen < lines || (seen < 2 * MOST_ROWS && in.ready())) && text.length() <= CsvReader.LONGEST_ROW) {
            int count = in.read(piece);
            if (count < 0) {
                return new CsvSample(text.toString(), true);
            }
            for (int i = 0; i < count; i++) {
                seen += piece[i] == '\n' || piece[i] == '\r' ? 1 : 0;
            }
            text.append(piece, 0, count);
        }
        return new CsvSample(text.toString(), false);
    }

    /**
     * The first rows, as they are with a delimiter.
     *
     * @throws IOException if not even the first one can be read
     */
    List<List<String>> rows(char delimiter) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        CsvReader reader = new CsvReader(new StringReader(text), delimiter);
        try {
            for (List<String> row = reader.next(); row != null && rows.size() < MOST_ROWS; row = reader.next()) {
                rows.add(row);
            }
        } catch (IOException e) {
            // What is wrong further down is told, with its line, when that is read.
            if (rows.isEmpty()) {
                throw e;
            }
            return rows;
        }
        if (!whole && rows.size() > 1 && rows.size() < MOST_ROWS) {
            rows.remove(rows.size() - 1); // may be cut
        }
        return rows;
    }
}
