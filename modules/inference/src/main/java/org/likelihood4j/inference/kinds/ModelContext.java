package org.likelihood4j.inference.kinds;

import org.likelihood4j.config.RunConfig;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.data.columns.ColumnKind;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.rows.RowColumns;
import org.likelihood4j.models.rows.Support;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * What a model is made for, beside its own section.
 *
 * @param config of the whole run
 * @param shape of an example
 * @param type of the parameters and of every computation
 */
public record ModelContext(RunConfig config, ExampleShape shape, DataType type) {
    /** Values of an 8-bit pixel. */
    public static final int LEVELS = 256;

    /** Whether examples are rows of real numbers, else images of 8-bit pixels. */
    public boolean isRows() {
        return shape instanceof VectorShape;
    }

    /** Whether examples are rows of which not all columns are plain numbers. */
    public boolean hasMixedColumns() {
        return shape instanceof VectorShape rows && !rows.isOfNumbers();
    }

    /** Where the numbers of a row's columns can be. */
    public RowColumns rowColumns() {
        return new RowColumns(((VectorShape) shape)
                .columns().stream().map(column -> support(column.kind())).toList());
    }

    private static Support support(ColumnKind kind) {
        if (kind instanceof ColumnKind.Log log) {
            return new Support.HalfLine(-log.shift());
        } else if (kind instanceof ColumnKind.Bounded bounded) {
            return new Support.Interval(bounded.low(), bounded.high());
        } else if (kind instanceof ColumnKind.Category category) {
            return new Support.Cells(category.values().size());
        } else if (kind instanceof ColumnKind.Truth) {
            return new Support.Cells(2);
        } else if (kind instanceof ColumnKind.Whole whole && whole.isBounded()) {
            return new Support.Integers(whole.low(), whole.high());
        }
        return kind.isDiscrete() ? new Support.Integers() : new Support.Line();
    }

    /** What one example is to a model. */
    public EventShape event() {
        return shape instanceof ImageShape image
                ? EventShape.image(image.height(), image.width(), image.channels())
                : EventShape.row(shape.size());
    }
}
