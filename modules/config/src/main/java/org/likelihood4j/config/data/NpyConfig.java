package org.likelihood4j.config.data;

import java.util.List;
import org.likelihood4j.config.rules.Check;

/**
 * A NumPy {@code .npy} file, gzipped or not, or an array of a {@code .npz} file, such as data.npz/X: in 3 or 4 dimensions images of 8-bit pixels, in 2 dimensions rows of any numbers.
 *
 * @param path the file; required
 * @param labels the file of its labels; may be {@code null}
 * @param testPath the file of the test set; may be {@code null}
 * @param testLabels the file of that one's labels; may be {@code null}
 * @param validation the share of the examples that is held out; default 0.1
 * @param test the share that is kept for the test, unless there is a testPath; default 0.1
 * @param seed of the random division; default 1
 * @param shape of an example: channels, height and width, or columns; {@code null} until the file has been read, then
 *     written into the run's config
 * @param allow what the check of a table's columns may find without refusing the table, see docs/your-data.md; default none
 */
public record NpyConfig(
        String path,
        String labels,
        String testPath,
        String testLabels,
        Double validation,
        Double test,
        Long seed,
        List<Integer> shape,
        List<TableFlaw> allow)
        implements ArrayFiles {
    /** Fills in the defaults and checks them. */
    public NpyConfig {
        path = Check.path("path", path);
        ArrayFiles.checkFiles(labels, testPath, testLabels);
        validation = Check.decay("validation", validation, Check.SHARE);
        test = Check.share("test", test, validation);
        seed = Check.or(seed, 1L);
        shape = ArrayFiles.checkShape(shape);
        allow = TableFlaw.checked(allow);
    }

    @Override
    public NpyConfig withShape(List<Integer> found) {
        return new NpyConfig(path, labels, testPath, testLabels, validation, test, seed, found, allow);
    }
}
