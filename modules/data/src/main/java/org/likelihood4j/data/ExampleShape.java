package org.likelihood4j.data;

/** What one example of a set is. */
public sealed interface ExampleShape permits ImageShape, VectorShape {
    /** Numbers in one example. */
    int size();

    /** What examples are called: {@code images} or {@code rows}. */
    String noun();
}
