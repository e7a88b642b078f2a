package org.likelihood4j.score.program;

import java.util.Arrays;
import java.util.List;
import org.likelihood4j.score.kernels.Convolutions;
import org.likelihood4j.score.kernels.ImageSizes;
import org.likelihood4j.score.kernels.Pointwise;
import org.likelihood4j.score.kernels.Products;

/** A step of a run: it reads places and fills one, whose rows follow each other. */
@SuppressWarnings("ArrayRecordComponent") // read only, and never compared
interface Kernel {
    /**
     * Runs.
     *
     * @param memory of the run
     * @param scratch as many numbers as {@link #patches} and {@link #sums} say
     * @param examples N
     */
    void run(double[] memory, Scratch scratch, int examples);

    /** Numbers of patches of an image that it needs for itself. */
    default int patches() {
        return 0;
    }

    /** Numbers of a row that it needs for itself. */
    default int sums() {
        return 0;
    }

    /** What kernels of a run need for themselves, one after the other. */
    record Scratch(double[] patches, double[] sums) {
        static Scratch of(List<Kernel> kernels) {
            return new Scratch(
                    new double[kernels.stream().mapToInt(Kernel::patches).max().orElse(0)],
                    new double[kernels.stream().mapToInt(Kernel::sums).max().orElse(0)]);
        }
    }

    /** One number from one or two at every position; b is null where there is one. */
    record Apply(Pointwise function, Place a, Place b, Place out) implements Kernel {
        @Override
        public void run(double[] memory, Scratch scratch, int n) {
            int rows = out.rows(n);
            int columns = out.columns(n);
            double[] x = a.numbers(memory);
            double[] to = out.numbers(memory);
            Place second = b == null ? a : b;
            double[] y = second.numbers(memory);
            int across = columns(a, columns, n);
            int acrossB = columns(second, columns, n);
            int down = rows(a, rows, n);
            int downB = rows(second, rows, n);
            int at = out.at(n);
            if (rows == 1 || (follows(across, down, columns) && follows(acrossB, downB, columns))) {
                // One long row, or numbers that are the same everywhere.
                function.run(x, a.at(n), across, y, second.at(n), acrossB, to, at, rows * columns);
            } else if (columns == 1) {
                function.run(x, a.at(n), down, y, second.at(n), downB, to, at, rows);
            } else {
                for (int row = 0; row < rows; row++) {
                    function.run(
                            x,
                            a.at(n) + row * down,
                            across,
                            y,
                            second.at(n) + row * downB,
                            acrossB,
                            to,
                            at + row * columns,
                            columns);
                }
            }
        }

        private static int columns(Place place, int columns, int n) {
            return columns > 1 && place.columns(n) == 1 ? 0 : 1;
        }

        private static int rows(Place place, int rows, int n) {
            return rows > 1 && place.rows(n) == 1 ? 0 : place.step(n);
        }

        private static boolean follows(int across, int down, int columns) {
            return across == 1 ? down == columns : down == 0;
        }
    }

    /** Rows folded to a number each. */
    record FoldColumns(boolean largest, Place in, Place out) implements Kernel {
        @Override
        public void run(double[] memory, Scratch scratch, int n) {
            double[] x = in.numbers(memory);
            double[] to = out.numbers(memory);
            int columns = in.columns(n);
            for (int row = 0; row < in.rows(n); row++) {
                int from = in.at(n) + row * in.step(n);
                double folded = x[from];
                for (int i = 1; i < columns; i++) {
                    folded = largest ? Math.max(folded, x[from + i]) : folded + x[from + i];
                }
                to[out.at(n) + row] = folded;
            }
        }
    }

    /** Rows of a group folded to one: row r is of group {@code r / each % groups}. */
    record FoldGroups(boolean largest, int each, Place in, Place out) implements Kernel {
        @Override
        public void run(double[] memory, Scratch scratch, int n) {
            double[] x = in.numbers(memory);
            double[] to = out.numbers(memory);
            int columns = in.columns(n);
            int groups = out.rows(n);
            int at = out.at(n);
            Arrays.fill(to, at, at + groups * columns, largest ? Double.NEGATIVE_INFINITY : 0);
            for (int row = 0; row < in.rows(n); row++) {
                int from = in.at(n) + row * in.step(n);
                int group = at + row / each % groups * columns;
                for (int i = 0; i < columns; i++) {
                    to[group + i] = largest ? Math.max(to[group + i], x[from + i]) : to[group + i] + x[from + i];
                }
            }
        }
    }

    /** A product with a matrix that stays. */
    record Product(Place a, double[][] b, Place out) implements Kernel {
        @Override
        public void run(double[] memory, Scratch scratch, int n) {
            Products.multiply(
                    a.numbers(memory),
                    a.at(n),
                    a.step(n),
                    b,
                    out.numbers(memory),
                    out.at(n),
                    out.rows(n),
                    out.columns(n),
                    scratch.sums());
        }

        @Override
        public int sums() {
            return b[0].length;
        }
    }

    /** A product with a matrix of the examples, which few models have. */
    record ProductOfExamples(Place a, Place b, Place out) implements Kernel {
        @Override
        public void run(double[] memory, Scratch scratch, int n) {
            double[] x = a.numbers(memory);
            double[] y = b.numbers(memory);
            double[] to = out.numbers(memory);
            int columns = out.columns(n);
            for (int row = 0; row < out.rows(n); row++) {
                for (int column = 0; column < columns; column++) {
                    double sum = 0;
                    for (int p = 0; p < a.columns(n); p++) {
                        sum += x[a.at(n) + row * a.step(n) + p] * y[b.at(n) + p * b.step(n) + column];
                    }
                    to[out.at(n) + row * columns + column] = sum;
                }
            }
        }
    }

    /**
     * A convolution of each image.
     *
     * @param weights of a transposed convolution turned, {@code out x taps}
     */
    record Convolution(ImageSizes sizes, boolean transposed, Extent images, Place x, double[][] weights, Place out)
            implements Kernel {
        @Override
        public void run(double[] memory, Scratch scratch, int n) {
            int made = sizes.made() * sizes.out();
            for (int i = 0; i < images.of(n); i++) {
                if (transposed) {
                    Convolutions.transposed(
                            sizes,
                            x.numbers(memory),
                            x.at(n) + i * made,
                            weights,
                            out.numbers(memory),
                            out.at(n) + i * sizes.read(),
                            scratch.patches(),
                            scratch.sums());
                } else {
                    Convolutions.plain(
                            sizes,
                            x.numbers(memory),
                            x.at(n) + i * sizes.read(),
                            weights,
                            out.numbers(memory),
                            out.at(n) + i * made,
                            scratch.patches(),
                            scratch.sums());
                }
            }
        }

        @Override
        public int patches() {
            return sizes.made() * sizes.taps();
        }

        @Override
        public int sums() {
            return weights[0].length;
        }
    }

    /** Matrices side by side; null for zeros. */
    record Join(List<Place> parts, int[] widths, Place out) implements Kernel {
        @Override
        public void run(double[] memory, Scratch scratch, int n) {
            double[] to = out.numbers(memory);
            int columns = out.columns(n);
            int first = out.at(n);
            for (int i = 0; i < widths.length; i++) {
                Place part = parts.get(i);
                for (int row = 0; row < out.rows(n); row++) {
                    int at = first + row * columns;
                    if (part == null) {
                        Arrays.fill(to, at, at + widths[i], 0);
                    } else {
                        System.arraycopy(part.numbers(memory), part.at(n) + row * part.step(n), to, at, widths[i]);
                    }
                }
                first += widths[i];
            }
        }
    }

    record Repeat(Extent each, Place in, Place out) implements Kernel {
        @Override
        public void run(double[] memory, Scratch scratch, int n) {
            int columns = out.columns(n);
            for (int row = 0; row < out.rows(n); row++) {
                System.arraycopy(
                        in.numbers(memory),
                        in.at(n) + row / each.of(n) % in.rows(n) * in.step(n),
                        out.numbers(memory),
                        out.at(n) + row * columns,
                        columns);
            }
        }
    }

    record Transpose(Place in, Place out) implements Kernel {
        @Override
        public void run(double[] memory, Scratch scratch, int n) {
            double[] x = in.numbers(memory);
            double[] to = out.numbers(memory);
            int rows = in.rows(n);
            int columns = in.columns(n);
            for (int row = 0; row < rows; row++) {
                int from = in.at(n) + row * in.step(n);
                for (int column = 0; column < columns; column++) {
                    to[out.at(n) + column * rows + row] = x[from + column];
                }
            }
        }
    }

    record Select(int[] columns, Place in, Place out) implements Kernel {
        @Override
        public void run(double[] memory, Scratch scratch, int n) {
            double[] x = in.numbers(memory);
            double[] to = out.numbers(memory);
            for (int row = 0; row < out.rows(n); row++) {
                int from = in.at(n) + row * in.step(n);
                int at = out.at(n) + row * columns.length;
                for (int i = 0; i < columns.length; i++) {
                    to[at + i] = columns[i] < 0 ? 0 : x[from + columns[i]];
                }
            }
        }
    }
}
