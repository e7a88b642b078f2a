package org.likelihood4j.config.data;

import java.util.List;
import java.util.Optional;
import org.likelihood4j.config.rules.Check;
import org.likelihood4j.config.rules.Range;
import org.likelihood4j.config.rules.RuleRecorder;

/**
 * A file of an array, which says its own shape: {@code type: idx} and {@code type: npy} are the same in all but how the file is
 * read.
 */
public sealed interface ArrayFiles extends OwnFiles permits IdxConfig, NpyConfig {
    /** The file of the examples. */
    String path();

    /** The file of their labels; {@code null} for none. */
    String labels();

    /** The file of the test set; {@code null} for none. */
    String testPath();

    /** The file of that one's labels; {@code null} for none. */
    String testLabels();

    /** Of an example: channels, height and width, or columns; {@code null} until the file has been read. */
    List<Integer> shape();

    @Override
    default Optional<Boolean> hasImages() {
        return Optional.ofNullable(shape()).map(extents -> extents.size() == 3);
    }

    /** The same with the shape that was found in the file. */
    ArrayFiles withShape(List<Integer> found);

    static void checkFiles(String labels, String testPath, String testLabels) {
        Check.optionalPath("labels", labels);
        Check.optionalPath("testPath", testPath);
        Check.optionalPath("testLabels", testLabels);
        Check.require(testLabels == null || testPath != null, "testLabels", "needs a testPath", testLabels);
        Check.require(
                testPath == null || (labels == null) == (testLabels == null),
                "testLabels",
                "must be given where labels are, and only there",
                testLabels);
    }

    static List<Integer> checkShape(List<Integer> shape) {
        RuleRecorder.tell("shape", 3);
        RuleRecorder.tell("shape[]", Range.atLeast(1).atMost(Integer.MAX_VALUE));
        if (shape == null) {
            return null;
        }
        boolean positive = shape.stream().allMatch(extent -> extent != null && extent > 0);
        Check.require(
                positive && (shape.size() == 1 || shape.size() == 3),
                "shape",
                "must be channels, height and width, or the number of columns, each at least 1",
                shape);
        return List.copyOf(shape);
    }
}
