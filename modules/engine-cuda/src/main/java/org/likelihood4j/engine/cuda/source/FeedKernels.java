package org.likelihood4j.engine.cuda.source;

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
        return KernelFile.text(
                FILE,
                "#define ROWS " + rows + "\n#define COLUMNS " + columns + "\n#define EXAMPLES " + examples
                        + "\n#define THREADS " + tiles.threads() + "\n");
    }

    /** How many blocks fill the matrix. */
    public int blocks() {
        return Tiles.parts((long) rows * columns, tiles.threads());
    }
}
