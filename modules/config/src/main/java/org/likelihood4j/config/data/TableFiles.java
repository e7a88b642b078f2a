package org.likelihood4j.config.data;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.likelihood4j.config.rules.Check;
import org.likelihood4j.config.rules.Wording;

/** Files of tables, whose columns have names: {@code type: csv} and {@code type: parquet} differ only in how they are read. */
public sealed interface TableFiles extends OwnFiles permits CsvConfig, ParquetConfig {
    /** The file, or folder of files. */
    String path();

    /** That of the test set; {@code null} for none. */
    String testPath();

    /** The column that holds labels; {@code null} for none. */
    String label();

    /** The columns to train on, or those to leave out with a minus before each; {@code null} for all. */
    List<String> columns();

    /** What columns hold that are not of plain numbers. */
    List<ColumnConfig> kinds();

    /** What is done about missing cells. */
    Missing missing();

    /** The columns that rows are called by. */
    default List<String> ids() {
        return kinds().stream()
                .filter(kind -> kind instanceof ColumnConfig.Id)
                .map(ColumnConfig::name)
                .toList();
    }

    @Override
    default boolean hasHoles() {
        return missing() == Missing.MASK;
    }

    @Override
    default boolean hasDiscreteColumns() {
        return kinds().stream()
                .anyMatch(kind -> kind instanceof ColumnConfig.Whole
                        || kind instanceof ColumnConfig.Category
                        || kind instanceof ColumnConfig.Truth);
    }

    /** Checks a choice of columns. */
    static List<String> checkColumns(List<String> columns, String label) {
        if (columns == null) {
            return null;
        }
        Check.require(!columns.isEmpty(), "columns", "must not be empty", columns);
        Check.require(
                columns.stream().distinct().count() == columns.size()
                        && columns.stream().noneMatch(name -> name.equals(label)),
                "columns",
                "must all be different, and not the label",
                Wording.quote(String.join(", ", columns)));
        return List.copyOf(columns);
    }

    /** Checks what columns hold. */
    static List<ColumnConfig> checkKinds(List<ColumnConfig> kinds) {
        List<ColumnConfig> given = List.copyOf(Check.or(kinds, List.of()));
        Check.require(
                given.stream().map(ColumnConfig::name).distinct().count() == given.size(),
                "kinds",
                "must be of columns that are all different",
                Wording.quote(given.stream().map(ColumnConfig::name).collect(Collectors.joining(", "))));
        return given;
    }

    /** What is done about cells without a value: empty, NA, NaN, null, None, ? or -. */
    enum Missing {
        /** The rows are left out, and counted. */
        DROP,
        /** The table is refused, with counts. */
        REFUSE,
        /** A VAE with model.likelihood {type: columns} leaves the cells out of its bound, and {@code impute} fills them. */
        MASK;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
