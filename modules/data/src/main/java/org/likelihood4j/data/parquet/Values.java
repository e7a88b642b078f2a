package org.likelihood4j.data.parquet;

import java.io.IOException;

/** The cells of a page, of those that are there, one after the other: in constant memory, whatever the page claims to hold. */
@FunctionalInterface
interface Values {
    /** The next cell. */
    Object next() throws IOException;
}
