package org.likelihood4j.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** A format of files that hold one array of numbers. */
public enum ArrayFormat {
    /** See {@link IdxFile}. */
    IDX {
        @Override
        NumberArray read(Path file) {
            return IdxFile.read(file).array();
        }

        @Override
        ExampleShape shape(Path file) {
            return IdxFile.shape(file);
        }
    },
    /** See {@link NpyFile}. */
    NPY {
        @Override
        NumberArray read(Path file) {
            return NpyFile.read(file);
        }

        @Override
        ExampleShape shape(Path file) {
            return NpyFile.shape(file);
        }
    };

    /** The format of a file that is one of arrays: {@code .npy} by its name, IDX, which has no name of its own, by its first bytes. */
    public static Optional<ArrayFormat> of(Path file) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        return file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".npy")
                ? Optional.of(NPY)
                : Optional.of(IDX).filter(idx -> IdxFile.isIdx(file));
    }

    abstract NumberArray read(Path file);

    /** The shape of an example, from the header alone. */
    abstract ExampleShape shape(Path file);
}
