package org.likelihood4j.laboratory.lessons;

import java.util.List;

/** What a {@link Figure} is drawn with; places are pixels from the upper left corner. */
interface Pen {
    /** Where a text stands from its place. */
    enum Anchor {
        START,
        MIDDLE,
        END
    }

    /** A style of lines. */
    record Stroke(String colour, double width, boolean dashed) {}

    /** Everything that follows is drawn from here. */
    void origin(int x, int y);

    /** Joins points, each x, y. */
    void line(Stroke stroke, List<double[]> points);

    /** Discs without a border. */
    void dots(String colour, double radius, List<double[]> centres);

    /** A half transparent rectangle. */
    void bar(String colour, double opacity, double x, double y, double width, double height);

    void text(double x, double y, Anchor anchor, boolean bold, String text);

    /** A text that is read from below. */
    void upwards(double x, double y, String text);
}
