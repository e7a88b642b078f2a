package org.likelihood4j.data;

import java.nio.file.Path;

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

    abstract NumberArray read(Path file);

    /** The shape of an example, from the header alone. */
    abstract ExampleShape shape(Path file);
}
