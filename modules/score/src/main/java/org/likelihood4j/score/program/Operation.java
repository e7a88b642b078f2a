package org.likelihood4j.score.program;

import org.likelihood4j.score.kernels.ImageSizes;
import org.likelihood4j.score.kernels.Pointwise;

/** How a value is made of others, as docs/export.md says it. */
@SuppressWarnings("ArrayRecordComponent") // read only, and never compared
sealed interface Operation {
    record Constant(double value) implements Operation {}

    record Input(String name) implements Operation {}

    record Tensor(String name) implements Operation {}

    record Apply(Pointwise function) implements Operation {}

    /**
     * Many numbers made one.
     *
     * @param largest instead of the sum
     */
    record Reduce(boolean largest, Over over, Extent each) implements Operation {}

    /** Which numbers become one. */
    enum Over {
        COLUMNS,
        ROWS,
        GROUPS,
        ALL
    }

    record Product(boolean transposeA, boolean transposeB) implements Operation {}

    record Convolution(ImageSizes sizes, boolean transposed, Extent images) implements Operation {}

    record Window(int from) implements Operation {}

    record Join(int[] widths) implements Operation {}

    record View() implements Operation {}

    record Repeat(Extent each) implements Operation {}

    record Transpose() implements Operation {}

    record Select(int[] columns) implements Operation {}

    /** Whether it is another look at its input's memory. */
    default boolean isAlias() {
        return this instanceof View || this instanceof Window;
    }
}
