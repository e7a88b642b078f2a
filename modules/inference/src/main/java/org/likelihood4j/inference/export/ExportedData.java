package org.likelihood4j.inference.export;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.data.columns.Column;
import org.likelihood4j.data.columns.ColumnKind;

/** What {@code model.json} says of an example: how it becomes the stored numbers that functions take, and the other way round. */
final class ExportedData {
    private ExportedData() {}

    static Map<String, Object> of(ExampleShape shape) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("kind", shape.noun());
        if (shape instanceof ImageShape image) {
            data.put("shape", List.of(image.channels(), image.height(), image.width()));
            data.put("stored", "integers 0 to 255, channel by channel, row by row; functions give intensities, 0 to 1");
        } else {
            data.put(
                    "stored",
                    "a number for each column; of discrete ones what functions give is cut to the whole number below");
            data.put(
                    "columns",
                    ((VectorShape) shape)
                            .columns().stream().map(ExportedData::column).toList());
        }
        return data;
    }

    private static Map<String, Object> column(Column column) {
        Map<String, Object> entry = new LinkedHashMap<>();
        ColumnKind kind = column.kind();
        entry.put("name", column.name());
        entry.put("kind", kind.word());
        if (kind instanceof ColumnKind.Log log) {
            entry.put("shift", log.shift());
        } else if (kind instanceof ColumnKind.Bounded bounded) {
            entry.put("low", bounded.low());
            entry.put("high", bounded.high());
        } else if (kind instanceof ColumnKind.Whole whole) {
            entry.put("low", whole.low());
            entry.put("high", whole.high());
        } else if (kind instanceof ColumnKind.Category category) {
            entry.put("values", category.values());
        } else if (kind instanceof ColumnKind.Truth truth) {
            entry.put("values", List.of(truth.no(), truth.yes()));
        } else if (kind instanceof ColumnKind.Date date) {
            entry.put("format", date.format().orElseThrow().pattern());
            entry.put("origin", date.origin().orElseThrow().toString());
            entry.put("time", !date.isDiscrete());
        }
        kind.seen().ifPresent(seen -> entry.put("seen", List.of(seen.smallest(), seen.largest())));
        return entry;
    }
}
