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
        public ExampleShape shape(Path file) {
            return NpyFile.shape(file);
        }
    };

    private static final Pattern NPY_NAME = Pattern.compile("(?i).*\\.npy(\\.gz)?");

    /**
     * The format of a file that is one of arrays, by its first bytes, gzipped or not, whatever its name. A file whose name ends in
     * {@code .npy} is one of those in any case: whoever reads it says what is wrong.
     */
    public static Optional<ArrayFormat> of(Path file) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        if (IdxFile.isIdx(file)) {
            return Optional.of(IDX);
        }
        boolean npy = NpyFile.isNpy(file)
                || NPY_NAME.matcher(file.getFileName().toString()).matches();
        return npy ? Optional.of(NPY) : Optional.empty();
    }

    public abstract NumberArray read(Path file);

    /** The shape of an example, from the header alone. */
    public abstract ExampleShape shape(Path file);
}
