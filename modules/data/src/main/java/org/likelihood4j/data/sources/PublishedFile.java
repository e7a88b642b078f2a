package org.likelihood4j.data.sources;

import java.nio.file.Path;
import java.util.List;

/**
 * A file of a published data set, known by its content.
 *
 * @param <T> what is read of it
 */
interface PublishedFile<T> {
    /** The names under which people keep it, the commonest first, which is the one that mirrors use. */
    List<String> names();

    /**
     * Reads it and holds it against its checksum.
     *
     * @throws org.likelihood4j.data.DataException if it cannot be read or is another file; says what was expected
     */
    T read(Path path);

    /** The name that mirrors use, and under which a download is kept. */
    default String downloadName() {
        return names().get(0);
    }
}
