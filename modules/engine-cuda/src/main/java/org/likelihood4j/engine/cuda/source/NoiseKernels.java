package org.likelihood4j.engine.cuda.source;

/**
 * Kernels that fill a matrix with random numbers, each of which is a function of its row's key and its place alone, and the same to
 * the last bit as the one that the host draws.
 */
public final class NoiseKernels {
    /** The kernel of standard normal numbers, and that of uniform ones in [0, 1). */
    public enum Distribution {
        NORMALS,
        UNIFORMS
    }

    /** Without which the compiler would round once where the numbers are rounded twice. */
    public static final String OPTION = "--fmad=false";

    private static final String FILE = "noise.cu";

    private final int rows;
    private final int columns;
    private final Tiles tiles;

    /** Of matrices of this size. */
    public NoiseKernels(int rows, int columns, Tiles tiles) {
        this.rows = rows;
        this.columns = columns;
        this.tiles = tiles;
        // With the last pair's second number, where there is none.
        Tiles.counted(rows * (columns + 1L));
    }

    /**
     * The text of both kernels.
     *
     * <pre>
     * normals(key, numbers, to)     64 bits; 64 bits for each row; the matrix
     * uniforms(key, numbers, to)
     * </pre>
     */
    public String text() {
        return KernelFile.text(
                FILE,
                "#define ROWS " + rows + "\n#define SIZE " + columns + "\n#define THREADS " + tiles.threads() + "\n");
    }

    /** The kernel's name in the text. */
    public static String kernel(Distribution distribution) {
        return distribution == Distribution.NORMALS ? "normals" : "uniforms";
    }

    /** How many blocks fill the matrix. */
    public int blocks(Distribution distribution) {
        int each = distribution == Distribution.NORMALS ? (columns + 1) / 2 : columns;
        return Tiles.parts((long) rows * each, tiles.threads());
    }
}
