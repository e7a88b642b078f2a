package org.likelihood4j.data.csv;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.likelihood4j.data.DataException;
import org.likelihood4j.io.AtomicFiles;
import org.likelihood4j.io.IoReasons;

/** Writes rows of numbers as comma-separated values with a header. */
public final class CsvWriter {
    private static final CSVFormat FORMAT =
            CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get();

    private CsvWriter() {}

    /**
     * Writes a file, which appears complete or not at all. Numbers are written so that reading gives the same doubles.
     *
     * @throws DataException if it cannot be written
     */
    public static void write(Path csv, List<String> columns, List<double[]> rows) {
        stream(csv, columns, body(rows));
    }

    /** The same to a stream, which stays open. */
    public static void write(OutputStream out, List<String> columns, List<double[]> rows) throws IOException {
        stream(out, columns, body(rows));
    }

    private static Body body(List<double[]> rows) {
        return out -> {
            for (double[] row : rows) {
                out.add(Arrays.stream(row).boxed().toList());
            }
        };
    }

    /** Takes rows of numbers or words, one after the other. */
    @FunctionalInterface
    public interface Rows {
        /**
         * Takes the next one.
         *
         * @throws IOException if it cannot be written, or nobody reads it any more
         */
        void add(List<?> row) throws IOException;

        /** What was added may be looked at: somebody waits for it. */
        default void flush() throws IOException {}
    }

    /** Makes rows, none of which need be kept. */
    @FunctionalInterface
    public interface Body {
        /** Gives all of them. */
        void writeTo(Rows rows) throws IOException;
    }

    /**
     * Writes rows as they come to a file, which appears complete or, if the body fails, not at all.
     *
     * @throws DataException if it cannot be written
     */
    public static void stream(Path csv, List<String> columns, Body body) {
        stream(csv, ',', columns, body);
    }

    /** The same with another character between cells. */
    public static void stream(Path csv, char delimiter, List<String> columns, Body body) {
        whole(csv, out -> stream(out, delimiter, columns, body));
    }

    /**
     * Writes a file of any form, which appears complete or, if the body fails, not at all.
     *
     * @throws DataException if it cannot be written
     */
    public static void whole(Path file, AtomicFiles.FileBody body) {
        if (Files.isDirectory(file)) {
            throw new DataException(file + ": is a folder, expected a file name such as samples.csv");
        }
        try {
            AtomicFiles.createFolders(file.toAbsolutePath().getParent());
            AtomicFiles.write(file, body);
        } catch (IOException e) {
            throw new DataException(
                    file + ": cannot be written (" + IoReasons.of(e) + "); check the folder and free space", e);
        }
    }

    /** The same to a stream, which stays open; a print stream whose reader has gone takes no more. */
    public static void stream(OutputStream out, List<String> columns, Body body) throws IOException {
        stream(out, ',', columns, body);
    }

    /** The same with another character between cells. */
    public static void stream(OutputStream out, char delimiter, List<String> columns, Body body) throws IOException {
        Rows rows = open(out, delimiter, columns);
        body.writeTo(rows);
        rows.flush();
    }

    /** Where rows are written to a stream, under their header; at the end to be flushed. */
    public static Rows open(OutputStream out, List<String> columns) throws IOException {
        return open(out, ',', columns);
    }

    private static Rows open(OutputStream out, char delimiter, List<String> columns) throws IOException {
        Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        CSVPrinter printer =
                new CSVPrinter(writer, FORMAT.builder().setDelimiter(delimiter).get());
        printer.printRecord(columns);
        return new Rows() {
            @Override
            public void add(List<?> row) throws IOException {
                printer.printRecord(row);
                requireReader(out);
            }

            @Override
            public void flush() throws IOException {
                printer.flush();
                requireReader(out);
            }
        };
    }

    /**
     * Ends what nobody reads any more.
     *
     * @throws IOException if this is a print stream whose reader has gone
     */
    public static void requireReader(OutputStream out) throws IOException {
        if (out instanceof PrintStream stream && stream.checkError()) {
            throw new IOException("standard output was closed before all rows were written");
        }
    }
}
