package org.likelihood4j.data.formats;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.likelihood4j.data.ExampleShape;

/** A format of files that hold one array of numbers. */
public enum ArrayFormat {
    /** See {@link IdxFile}. */
    IDX {
        @Override
        public NumberArray read(Path file) {
            return IdxFile.read(file).array();
        }

        @Override
        public NumberArray readRows(Path file, int[] rows) {
            return IdxFile.readRows(file, rows);
        }

        @Override
        public ExampleShape shape(Path file) {
            return IdxFile.shape(file);
        }
    },
    /** See {@link NpyFile}. */
    NPY {
        @Override
        public NumberArray read(Path file) {
            return NpyFile.read(file);
        }

        @Override
        public NumberArray readRows(Path file, int[] rows) {
            return NpyFile.readRows(file, rows);
        }

        @Override
        public ExampleShape shape(Path file) {
            return NpyFile.shape(file);
        }
    };

    private static final Pattern NPY_NAME = Pattern.compile("(?i).*\\.np[yz](\\.gz)?");

    /**
     * The format of a file that is one of arrays, by its first bytes, gzipped or not, whatever its name, or of an array in a {@code .npz} file, by
     * its name behind the file's. A file whose name ends in {@code .npy} or {@code .npz} is one of those in any case: whoever reads it says what is wrong.
     */
    public static Optional<ArrayFormat> of(Path file) {
        if (NpzFile.leadsInto(file)) {
            return Optional.of(NPY);
        } else if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        if (IdxFile.isIdx(file)) {
            return Optional.of(IDX);
        }
        boolean npy = NpyFile.isNpy(file)
                || NPY_NAME.matcher(file.getFileName().toString()).matches();
        return npy ? Optional.of(NPY) : Optional.empty();
    }

    /** Whether there is a file or folder, or a {@code .npz} file for an array in one. */
    public static boolean isThere(Path path) {
        return Files.exists(path) || NpzFile.leadsInto(path);
    }

    public abstract NumberArray read(Path file);

    /**
     * Some of an array's examples, without any other in memory.
     *
     * @param rows their numbers, ascending
     * @throws org.likelihood4j.data.DataException also if the array is of a form of which that is not possible
     */
    public abstract NumberArray readRows(Path file, int[] rows);

    /** The shape of an example, from the header alone. */
    public abstract ExampleShape shape(Path file);
}
