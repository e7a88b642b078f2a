package org.likelihood4j.inference.pictures;

import java.awt.Color;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.Table;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.data.drawing.ScatterPlot;
import org.likelihood4j.data.drawing.ScatterPlot.Panel;
import org.likelihood4j.data.drawing.ScatterPlot.Points;
import org.likelihood4j.data.drawing.ScatterPlot.Window;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.models.ExactDensityModel;
import org.likelihood4j.models.FunctionInput;

/**
 * Pictures of a model of rows: its samples among the data, for each pair of the first columns, modelled ones before those that it is told; of two columns also its density, if
 * that is exact.
 */
final class ScatterPictures {
    private static final int POINTS = 2000;
    private static final int MOST_COLUMNS = 4;
    private static final int GRID = 100;
    /** Densities below exp(-8) of the largest are white. */
    private static final double NATS = 8;

    private static final Color DATA = new Color(0x60, 0x60, 0x60, 0x90);
    private static final Color SAMPLES = new Color(0xc0, 0x20, 0x20, 0x90);

    private ScatterPictures() {}

    /** Writes nothing for data of one column. */
    static void write(Path png, TrainedModel model, Examples set, double temperature, long seed) {
        List<Integer> told = model.given().map(FunctionInput.Given::columns).orElse(List.of());
        // Of two columns that are told no picture says anything.
        List<Integer> columns = IntStream.range(0, model.shape().size())
                .boxed()
                .sorted(Comparator.comparing(told::contains))
                .limit(MOST_COLUMNS)
                .toList();
        List<double[]> data = new ArrayList<>();
        for (int i = 0; i < Math.min(POINTS, set.size()); i++) {
            data.add(set.values(i));
        }
        if (columns.size() < 2 || data.isEmpty()) {
            return;
        }
        List<double[]> samples = model.sampleRows(model.conditions(set, POINTS), temperature, seed);
        List<Panel> panels = new ArrayList<>();
        if (model.shape().size() == 2 && model.values().model() instanceof ExactDensityModel) {
            Window window = window(data, 0, 1);
            panels.add(new Panel(window, density(model, window), List.of(new Points(data, DATA))));
        }
        for (int second = 1; second < columns.size(); second++) {
            int y = columns.get(second);
            for (int x : columns.subList(0, second)) {
                if (told.contains(x)) {
                    continue;
                }
                panels.add(new Panel(
                        window(data, x, y),
                        new double[0][],
                        List.of(new Points(pairs(data, x, y), DATA), new Points(pairs(samples, x, y), SAMPLES))));
            }
        }
        ScatterPlot.write(png, panels, Math.min(panels.size(), columns.size() == 2 ? 2 : 3));
    }

    private static List<double[]> pairs(List<double[]> rows, int x, int y) {
        // A missing cell has no place.
        return rows.stream()
                .filter(row -> !Double.isNaN(row[x]) && !Double.isNaN(row[y]))
                .map(row -> new double[] {row[x], row[y]})
                .toList();
    }

    /** All the data, with a margin. */
    private static Window window(List<double[]> rows, int x, int y) {
        double[] horizontal = range(rows, x);
        double[] vertical = range(rows, y);
        return new Window(horizontal[0], horizontal[1], vertical[0], vertical[1]);
    }

    private static double[] range(List<double[]> rows, int column) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double[] row : rows) {
            low = Double.isNaN(row[column]) ? low : Math.min(low, row[column]);
            high = Double.isNaN(row[column]) ? high : Math.max(high, row[column]);
        }
        if (low > high) {
            // None of these rows has a value.
            return new double[] {0, 1};
        }
        // A few rows may agree in a column.
        double margin = high > low ? 0.1 * (high - low) : Math.max(1e-6 * Math.abs(high), Float.MIN_NORMAL);
        return new double[] {low - margin, high + margin};
    }

    /** From 0 to 1 by log-density, at the middles of a grid. */
    private static double[][] density(TrainedModel model, Window window) {
        double[] points = new double[2 * GRID * GRID];
        for (int i = 0; i < GRID * GRID; i++) {
            double right = (i % GRID + 0.5) / GRID;
            int row = i / GRID;
            double down = (row + 0.5) / GRID;
            points[2 * i] = window.left() + right * (window.right() - window.left());
            points[2 * i + 1] = window.top() - down * (window.top() - window.bottom());
        }
        Table grid = new Table((VectorShape) model.shape(), points, new int[GRID * GRID]);
        double[] logs = model.logWeights(grid, "pictures");
        double largest = Arrays.stream(logs).max().orElseThrow();
        double[][] shade = new double[GRID][GRID];
        for (int i = 0; i < logs.length; i++) {
            shade[i / GRID][i % GRID] = 1 - (largest - logs[i]) / NATS;
        }
        return shade;
    }
}
