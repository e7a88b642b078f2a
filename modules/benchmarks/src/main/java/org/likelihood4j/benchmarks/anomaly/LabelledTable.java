package org.likelihood4j.benchmarks.anomaly;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.likelihood4j.data.Table;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.data.formats.ArrayFormat;
import org.likelihood4j.io.AtomicFiles;
import org.likelihood4j.io.RunException;
import org.likelihood4j.random.CounterRandom;
import org.likelihood4j.random.RandomStream;

/**
 * A table whose rows are known to be normal or not, as ADBench has them (Han et al. 2022): {@code X} and {@code y}, 1 for an anomaly, in a
 * {@code .npz}.
 *
 * @param rows labelled 0 and 1
 */
record LabelledTable(String name, Table rows) {
    /** All in a folder, by name. */
    static List<LabelledTable> in(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            List<LabelledTable> tables = files.filter(file -> file.toString().endsWith(".npz"))
                    .sorted()
                    .map(LabelledTable::read)
                    .toList();
            if (tables.isEmpty()) {
                throw new RunException(folder + ": holds no tables (files of X and y, named *.npz)");
            }
            return tables;
        } catch (IOException e) {
            throw new RunException(folder + ": no folder of tables", e);
        }
    }

    private static LabelledTable read(Path file) {
        try {
            Path unpacked = Files.createTempDirectory("table");
            try {
                Path x = unpack(file, "X.npy", unpacked);
                Path y = unpack(file, "y.npy", unpacked);
                int[] labels = ArrayFormat.NPY.read(y).labels(y);
                Table rows = (Table) ArrayFormat.NPY.read(x).examples(x, labels);
                String name =
                        file.getFileName().toString().replaceFirst("^\\d+_", "").replaceFirst("\\.npz$", "");
                return new LabelledTable(name, rows);
            } finally {
                AtomicFiles.delete(unpacked);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path unpack(Path file, String entry, Path to) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            ZipEntry found = zip.getEntry(entry);
            if (found == null) {
                throw new RunException(file + ": has no " + entry);
            }
            Path unpacked = to.resolve(entry);
            try (InputStream in = zip.getInputStream(found)) {
                Files.copy(in, unpacked);
            }
            return unpacked;
        }
    }

    /**
     * Rows to train on and rows to tell apart, both standardised by the first.
     *
     * @param train a random half of the normal rows
     * @param test the other half, then all anomalies, labelled
     */
    record OneClass(Table train, Table test) {}

    OneClass split(long seed) {
        int[] normal = places(0);
        RandomStream draws = new RandomStream(CounterRandom.key(seed, "one-class/" + name));
        for (int i = normal.length - 1; i > 0; i--) {
            int j = draws.below(i + 1);
            int swapped = normal[i];
            normal[i] = normal[j];
            normal[j] = swapped;
        }
        int half = normal.length / 2;
        Table train = rows.select(Arrays.copyOf(normal, half));
        int[] rest = IntStream.concat(Arrays.stream(normal, half, normal.length), Arrays.stream(places(1)))
                .toArray();
        Scaling scaling = Scaling.of(train);
        return new OneClass(scaling.of(train, rows.shape()), scaling.of(rows.select(rest), rows.shape()));
    }

    private int[] places(int label) {
        return IntStream.range(0, rows.size())
                .filter(i -> rows.label(i) == label)
                .toArray();
    }

    /** Of each column its mean and what is divided by: of a column that does not vary 1. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Scaling(double[] mean, double[] deviation) {
        static Scaling of(Table table) {
            int columns = table.shape().size();
            double[] mean = new double[columns];
            double[] deviation = new double[columns];
            for (int c = 0; c < columns; c++) {
                int column = c;
                double[] values = IntStream.range(0, table.size())
                        .mapToDouble(i -> table.values(i)[column])
                        .toArray();
                double average = Arrays.stream(values).average().orElseThrow();
                double square = Arrays.stream(values)
                                .map(v -> (v - average) * (v - average))
                                .sum()
                        / values.length;
                mean[c] = average;
                deviation[c] = square > 0 ? Math.sqrt(square) : 1;
            }
            return new Scaling(mean, deviation);
        }

        Table of(Table table, VectorShape shape) {
            int columns = shape.size();
            double[] values = new double[table.size() * columns];
            int[] labels = new int[table.size()];
            for (int i = 0; i < table.size(); i++) {
                double[] row = table.values(i);
                labels[i] = table.label(i);
                for (int c = 0; c < columns; c++) {
                    values[i * columns + c] = (row[c] - mean[c]) / deviation[c];
                }
            }
            return Table.owning(shape, values, labels);
        }
    }
}
