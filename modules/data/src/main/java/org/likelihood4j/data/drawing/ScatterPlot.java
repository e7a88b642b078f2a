package org.likelihood4j.data.drawing;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import org.likelihood4j.data.DataException;

/** Panels of points in the plane, side by side. There is no text in them: a machine without a screen may have no fonts. */
public final class ScatterPlot {
    private static final int SIDE = 320;
    private static final int GAP = 10;
    private static final double RADIUS = 1.3;

    private ScatterPlot() {}

    /** The part of the plane that a panel shows; what lies outside is left out. */
    public record Window(double left, double right, double bottom, double top) {
        /** @throws DataException if it is empty */
        public Window {
            if (!(left < right && bottom < top)) {
                throw new DataException(
                        "scatter plot: empty window " + left + " to " + right + ", " + bottom + " to " + top);
            }
        }
    }

    /**
     * Points of one colour, drawn in their order.
     *
     * @param points each x, y
     */
    public record Points(List<double[]> points, Color colour) {
        public Points {
            points = List.copyOf(points);
        }
    }

    /**
     * One panel.
     *
     * @param shade rows from the top, each from the left, of numbers in [0, 1] for white to dark, spread over the panel; no rows
     *     for none
     */
    @SuppressWarnings("ArrayRecordComponent") // drawn at once
    public record Panel(Window window, double[][] shade, List<Points> layers) {
        public Panel {
            layers = List.copyOf(layers);
        }
    }

    /**
     * Writes the panels as a PNG. The file appears complete or not at all.
     *
     * @param columns panels in one row, at least 1
     * @throws DataException if the file cannot be written
     */
    public static void write(Path png, List<Panel> panels, int columns) {
        PngFile.write(png, render(panels, columns));
    }

    /** The picture that {@link #write} writes: 24-bit RGB. */
    public static BufferedImage render(List<Panel> panels, int columns) {
        if (panels.isEmpty() || columns < 1) {
            throw new DataException("scatter plot: needs at least 1 panel and 1 column, but has " + panels.size()
                    + " panels and " + columns + " columns");
        }
        int used = Math.min(columns, panels.size());
        int rows = (panels.size() + columns - 1) / columns;
        BufferedImage sheet =
                new BufferedImage(used * (SIDE + GAP) + GAP, rows * (SIDE + GAP) + GAP, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = sheet.createGraphics();
        try {
            pen.setColor(Color.LIGHT_GRAY);
            pen.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
            pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            pen.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            for (int i = 0; i < panels.size(); i++) {
                int left = GAP + (i % columns) * (SIDE + GAP);
                int top = GAP + (i / columns) * (SIDE + GAP);
                Graphics2D part = (Graphics2D) pen.create(left, top, SIDE, SIDE);
                draw(part, panels.get(i));
                part.dispose();
            }
        } finally {
            pen.dispose();
        }
        return sheet;
    }

    private static void draw(Graphics2D pen, Panel panel) {
        shade(pen, panel.shade());
        Window window = panel.window();
        for (Points layer : panel.layers()) {
            pen.setColor(layer.colour());
            for (double[] point : layer.points()) {
                double x = SIDE * (point[0] - window.left()) / (window.right() - window.left());
                double y = SIDE * (window.top() - point[1]) / (window.top() - window.bottom());
                pen.fill(new Ellipse2D.Double(x - RADIUS, y - RADIUS, 2 * RADIUS, 2 * RADIUS));
            }
        }
    }

    private static void shade(Graphics2D pen, double[][] shade) {
        pen.setColor(Color.WHITE);
        pen.fillRect(0, 0, SIDE, SIDE);
        for (int row = 0; row < shade.length; row++) {
            int top = row * SIDE / shade.length;
            int bottom = (row + 1) * SIDE / shade.length;
            int columns = shade[row].length;
            for (int column = 0; column < columns; column++) {
                int left = column * SIDE / columns;
                int right = (column + 1) * SIDE / columns;
                float dark = (float) Math.min(Math.max(shade[row][column], 0), 1);
                pen.setColor(new Color(1 - 0.85f * dark, 1 - 0.6f * dark, 1 - 0.25f * dark));
                pen.fillRect(left, top, right - left, bottom - top);
            }
        }
    }
}
