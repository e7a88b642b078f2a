package org.likelihood4j.data.sources;

import java.util.List;
import org.likelihood4j.data.ImageSet;

/**
 * All pictures of a folder, in the order of their paths.
 *
 * @param images scaled to one shape; their labels are numbers of {@link #classes}, 0 without labels
 * @param names of the files: their paths in the folder, with slashes; of a single file its name
 * @param labels of each picture: the first folder of its name; empty for a picture that lies in the folder itself
 * @param classes the different labels, in the order of their names
 * @param leftOut a line for each picture that could not be read
 */
public record ImageRows(
        ImageSet images, List<String> names, List<String> labels, List<String> classes, List<String> leftOut) {
    public ImageRows {
        names = List.copyOf(names);
        labels = List.copyOf(labels);
        classes = List.copyOf(classes);
        leftOut = List.copyOf(leftOut);
    }
}
