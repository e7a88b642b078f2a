package org.likelihood4j.engine.planning;

import java.util.List;

/**
 * A node and the shape that the graph gives it, whose last dimension are the columns, and all others together the rows. The node
 * may have one row (or column) only, which then stands for all of them.
 */
record ShapedNode(Node node, List<Long> shape) {
    int rows() {
        return rows(shape);
    }

    int columns() {
        return columns(shape);
    }

    int rank() {
        return shape.size();
    }

    static int rows(List<Long> shape) {
        return shape.size() < 2 ? 1 : size(shape.subList(0, shape.size() - 1));
    }

    static int columns(List<Long> shape) {
        return shape.isEmpty() ? 1 : Math.toIntExact(shape.get(shape.size() - 1));
    }

    static int size(List<Long> sizes) {
        return Math.toIntExact(sizes.stream().reduce(1L, Math::multiplyExact));
    }
}
