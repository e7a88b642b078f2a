package org.likelihood4j.config.data;

import java.util.List;
import java.util.Optional;
import org.likelihood4j.config.rules.Check;

/**
 * Rows of tables, or images, in a Parquet file or in a folder of such files.
 *
 * @param path the file, or the folder of files, as Spark writes it; required
 * @param testPath the file or folder of the test set; may be {@code null}
 * @param label the column that holds labels, of any text; may be {@code null}
 * @param columns the columns to train on, in that order; or {@code -name} of each column to leave out; or a mapping of columns to what
 *     they hold, such as {@code {country: category, day: date, note: ignore}}, see docs/your-data.md; of images the one that holds their pixels;
 *     {@code null} for all but the label, or for the only one that holds bytes, until the file has been read
 * @param kinds what the columns hold that are not of plain numbers; written by a mapping of columns; default none
 * @param missing what is done about missing cells; default refuse
 * @param allow what the check of the columns may find without refusing the table, see docs/your-data.md; default none
 * @param shape channels, height and width of images, of which a column holds a byte for each pixel in that order; {@code null} for a
 *     table
 * @param validation the share of the rows that is held out; default 0.1
 * @param test the share that is kept for the test, unless there is a testPath; default 0.1
 * @param seed of the random division; default 1
 */
public record ParquetConfig(
        String path,
        String testPath,
        String label,
        List<String> columns,
        List<ColumnConfig> kinds,
        Missing missing,
        List<TableFlaw> allow,
        List<Integer> shape,
        Double validation,
        Double test,
        Long seed)
        implements TableFiles {
    /** Fills in the defaults and checks them. */
    public ParquetConfig {
        path = Check.path("path", path);
        Check.optionalPath("testPath", testPath);
        missing = Check.or(missing, Missing.REFUSE);
        allow = TableFlaw.checked(allow);
        columns = TableFiles.checkColumns(columns, label);
        kinds = TableFiles.checkKinds(kinds);
        shape = ArrayFiles.checkShape(shape);
        Check.require(
                shape == null || shape.size() == 3,
                "shape",
                "must be channels, height and width; a table's columns need none",
                shape);
        Check.require(
                shape == null
                        || (kinds.isEmpty()
                                && missing == Missing.REFUSE
                                && (columns == null
                                        || (columns.size() == 1
                                                && !columns.get(0).startsWith("-")))),
                "columns",
                "must name the one column of pixels where there is a shape, and neither kinds nor missing may be set",
                columns);
        validation = Check.decay("validation", validation, Check.SHARE);
        test = Check.share("test", test, validation);
        seed = Check.or(seed, 1L);
    }

    @Override
    public Optional<Boolean> hasImages() {
        return Optional.of(shape != null);
    }

    /** The same with what was found in the file. */
    public ParquetConfig with(List<String> found, List<ColumnConfig> foundKinds) {
        return new ParquetConfig(
                path, testPath, label, found, foundKinds, missing, allow, shape, validation, test, seed);
    }
}
