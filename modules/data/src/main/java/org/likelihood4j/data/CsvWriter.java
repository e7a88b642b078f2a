package org.likelihood4j.data;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.likelihood4j.data.io.AtomicFiles;

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
        if (Files.isDirectory(csv)) {
            throw new DataException(csv + ": is a folder, expected a file name such as samples.csv");
        }
        try {
            AtomicFiles.createFolders(csv.toAbsolutePath().getParent());
            AtomicFiles.write(csv, out -> {
                Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
                CSVPrinter printer = new CSVPrinter(writer, FORMAT);
                printer.printRecord(columns);
                for (double[] row : rows) {
                    for (double value : row) {
                        printer.print(value);
                    }
                    printer.println();
                }
                printer.flush();
            });
        } catch (IOException e) {
            throw new DataException(csv + ": cannot be written (" + e + "); check the folder and free space", e);
        }
    }
}
