package org.likelihood4j.data;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import org.likelihood4j.io.Printable;

/**
 * What must be known of all data to read some of them alone.
 *
 * @param train how many training examples there are
 * @param validation how many for validation
 * @param test how many for the test
 * @param classes the names of the labels 0, 1, ...; empty where labels have none but their numbers
 */
public record SplitSizes(int train, int validation, int test, List<String> classes) implements Serializable {
    private static final long serialVersionUID = 1;

    public SplitSizes {
        classes = List.copyOf(classes);
    }

    /**
     * Makes sure that labels are among the classes.
     *
     * @throws DataException if there is another one
     */
    public void requireClasses(List<String> labels, Path file) {
        labels.stream().filter(label -> !classes.contains(label)).findFirst().ifPresent(label -> {
            throw new DataException(file + ": has the label '" + Printable.line(Printable.shorten(label))
                    + "', which was not there when the training began");
        });
    }

    public static SplitSizes of(Splits data) {
        return new SplitSizes(
                data.train().size(), data.validation().size(), data.test().size(), data.classes());
    }
}
