package org.likelihood4j.spark;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.data.columns.ColumnKind;

/** A reconstructed row of a table as a struct of its columns: numbers, and texts of words and dates as they were read. */
final class Reconstructed {
    private Reconstructed() {}

    static StructType type(VectorShape table) {
        StructType type = new StructType();
        for (var column : table.columns()) {
            type = type.add(column.name(), type(column.kind()));
        }
        return type;
    }

    private static DataType type(ColumnKind kind) {
        return kind.isText() ? DataTypes.StringType : DataTypes.DoubleType;
    }

    static Row row(VectorShape table, Double... stored) {
        Object[] cells = new Object[stored.length];
        for (int i = 0; i < stored.length; i++) {
            ColumnKind kind = table.columns().get(i).kind();
            cells[i] = kind.isText() ? kind.text(stored[i]) : stored[i];
        }
        return RowFactory.create(cells);
    }
}
