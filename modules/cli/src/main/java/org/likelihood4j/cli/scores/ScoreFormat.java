package org.likelihood4j.cli.scores;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.likelihood4j.data.csv.CsvWriter;
import org.likelihood4j.io.JsonFiles;

/** How rows are written as they are made: CSV with a header, or JSON lines, an object a row. */
enum ScoreFormat {
    CSV {
        @Override
        CsvWriter.Rows open(OutputStream out, List<String> columns) throws IOException {
            return CsvWriter.open(out, columns);
        }
    },
    /** Cells without anything are null; numbers that are not finite are texts, as of {@code --json}. */
    JSONL {
        @Override
        CsvWriter.Rows open(OutputStream out, List<String> columns) {
            Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
            return new CsvWriter.Rows() {
                @Override
                public void add(List<?> row) throws IOException {
                    writer.write(JsonFiles.LINE.writeValueAsString(object(columns, row)));
                    writer.write('\n');
                    CsvWriter.requireReader(out);
                }

                @Override
                public void flush() throws IOException {
                    writer.flush();
                    CsvWriter.requireReader(out);
                }
            };
        }
    };

    private static Map<String, Object> object(List<String> columns, List<?> row) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            Object cell = row.get(i);
            object.put(columns.get(i), "".equals(cell) ? null : cell);
        }
        return object;
    }

    /** Where rows are written to a stream, which stays open; at the end to be flushed. */
    abstract CsvWriter.Rows open(OutputStream out, List<String> columns) throws IOException;

    /** Writes to a stream, which stays open. */
    final void stream(OutputStream out, List<String> columns, CsvWriter.Body body) throws IOException {
        CsvWriter.Rows rows = open(out, columns);
        body.writeTo(rows);
        rows.flush();
    }

    /** Writes a file, which appears complete or, if the body fails, not at all. */
    final void write(Path file, List<String> columns, CsvWriter.Body body) {
        CsvWriter.whole(file, out -> stream(out, columns, body));
    }

    /** Of a file's name. */
    String ending() {
        return "." + this;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
