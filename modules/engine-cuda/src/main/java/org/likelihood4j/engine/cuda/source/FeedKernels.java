package org.likelihood4j.engine.cuda.source;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Kernels that make a matrix of inputs from data that are on the card. */
public final class FeedKernels {
    private static final String FILE = "feed.cu";

    private final int rows;
    private final int columns;
    private final int examples;
    private final Tiles tiles;

    /** Of matrices of this size, of so many examples. */
    public FeedKernels(int rows, int columns, int examples, Tiles tiles) {
        this.rows = rows;
        this.columns = columns;
        this.examples = examples;
        this.tiles = tiles;
        Tiles.counted((long) rows * columns);
    }

    /**
     * The text of all kernels.
     *
     * <pre>
     * pixels(values, examples, to)     8 bits; 64 bits for each row; the matrix
     * numbers(values, examples, to)    32 bits; ...
     * classes(labels, examples, to)    32 bits, a whole number for each example; ...
     * same(value, to)                  32 bits
     * </pre>
     */
    public String text() {
        try (InputStream file = FeedKernels.class.getResourceAsStream(FILE)) {
            String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            return KernelSource.prelude() + "#define ROWS " + rows + "\n#define COLUMNS " + columns
                    + "\n#define EXAMPLES " + examples + "\n#define THREADS " + tiles.threads() + "\n" + text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many blocks fill the matrix. */
    public int blocks() {
        return Tiles.parts((long) rows * columns, tiles.threads());
    }
}
