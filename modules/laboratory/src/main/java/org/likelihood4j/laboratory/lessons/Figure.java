package org.likelihood4j.laboratory.lessons;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.likelihood4j.laboratory.lessons.Pen.Anchor;
import org.likelihood4j.laboratory.lessons.Pen.Stroke;

/**
 * A chart, as SVG or as pixels: lines, dots with error bars and bars between two axes. Each method returns a figure with one thing more.
 *
 * <pre>
 * new Figure("The error of n draws", "n", "nats").logX().logY().line("standard error", n, errors).dots("estimates", n, seen)
 * </pre>
 */
public final class Figure {
    private static final int WIDTH = 560;
    private static final int HEIGHT = 340;
    private static final int SIDE = 180;
    private static final int LEFT = 62;
    private static final int RIGHT = 16;
    private static final int TOP = 52;
    private static final int BOTTOM = 46;
    private static final int LETTER = 7;

    /** More dots than these are small. */
    private static final int MANY = 200;

    private static final List<String> COLOURS =
            List.of("#1f6fb2", "#d1492e", "#2e8b57", "#8a5fb5", "#c98a00", "#555555");

    private static final Stroke GRID = new Stroke("#e4e4e4", 1, false);
    private static final Stroke AXIS = new Stroke("#444444", 1, false);

    private enum Kind {
        LINE,
        DASHES,
        THIN,
        DOTS,
        BARS
    }

    /** One thing that is drawn; {@code error} is as long as y, or empty. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Layer(Kind kind, String name, double[] x, double[] y, double[] error) {}

    /** From the numbers of a direction to places. */
    private record Axis(double low, double high, boolean log, double from, double to) {
        double place(double value) {
            double share = log
                    ? (Math.log(value) - Math.log(low)) / (Math.log(high) - Math.log(low))
                    : (value - low) / (high - low);
            return from + share * (to - from);
        }

        boolean shows(double value) {
            return value >= low && value <= high;
        }
    }

    /** {@code low} is not below {@code high} where the data decide. */
    private record Limits(double low, double high) {
        static final Limits OF_DATA = new Limits(1, 0);
    }

    private final String title;
    private final String xName;
    private final String yName;
    private final boolean logX;
    private final boolean logY;
    private final boolean square;
    private final Limits xLimits;
    private final Limits yLimits;
    private final List<Layer> layers;

    /** An empty chart with what its axes are called. */
    public Figure(String title, String xName, String yName) {
        this(title, xName, yName, false, false, false, Limits.OF_DATA, Limits.OF_DATA, List.of());
    }

    private Figure(
            String title,
            String xName,
            String yName,
            boolean logX,
            boolean logY,
            boolean square,
            Limits xLimits,
            Limits yLimits,
            List<Layer> layers) {
        this.title = title;
        this.xName = xName;
        this.yName = yName;
        this.logX = logX;
        this.logY = logY;
        this.square = square;
        this.xLimits = xLimits;
        this.yLimits = yLimits;
        this.layers = List.copyOf(layers);
    }

    public Figure logX() {
        return new Figure(title, xName, yName, true, logY, square, xLimits, yLimits, layers);
    }

    public Figure logY() {
        return new Figure(title, xName, yName, logX, true, square, xLimits, yLimits, layers);
    }

    /** A part of the plane, as a square. */
    public Figure plane(double left, double right, double bottom, double top) {
        return new Figure(
                title, xName, yName, logX, logY, true, new Limits(left, right), new Limits(bottom, top), layers);
    }

    /** Fixes the range of y. */
    public Figure between(double low, double high) {
        return new Figure(title, xName, yName, logX, logY, square, xLimits, new Limits(low, high), layers);
    }

    /** Points joined by a line. */
    public Figure line(String name, double[] x, double[] y) {
        return with(new Layer(Kind.LINE, name, x, y, new double[0]));
    }

    /** Points joined by a broken line: what is known in theory. */
    public Figure dashes(String name, double[] x, double[] y) {
        return with(new Layer(Kind.DASHES, name, x, y, new double[0]));
    }

    /** Thin lines of one colour, each {@code [points][2]}. */
    public Figure lines(String name, List<double[][]> lines) {
        Figure figure = this;
        for (double[][] line : lines) {
            figure = figure.with(
                    new Layer(Kind.THIN, name, NumberRows.take(0, line), NumberRows.take(1, line), new double[0]));
        }
        return figure;
    }

    public Figure dots(String name, double[] x, double[] y) {
        return dots(name, x, y, new double[0]);
    }

    /** With bars of one standard error up and down. */
    public Figure dots(String name, double[] x, double[] y, double[] standardErrors) {
        return with(new Layer(Kind.DOTS, name, x, y, standardErrors));
    }

    /** Bars from 0, half a unit of x wide. */
    public Figure bars(String name, double[] x, double[] y) {
        return with(new Layer(Kind.BARS, name, x, y, new double[0]));
    }

    private Figure with(Layer layer) {
        if (layer.x().length != layer.y().length) {
            throw new IllegalArgumentException(
                    "'" + layer.name() + "' has " + layer.x().length + " x and " + layer.y().length + " y");
        }
        List<Layer> all = new ArrayList<>(layers);
        all.add(layer);
        return new Figure(title, xName, yName, logX, logY, square, xLimits, yLimits, all);
    }

    private int width() {
        return square ? SIDE + LEFT + RIGHT : WIDTH;
    }

    private int height() {
        return square ? SIDE + TOP + BOTTOM : HEIGHT;
    }

    /** As SVG text. */
    public String svg() {
        return Panels.of(this).svg();
    }

    /** As pixels, where this machine has fonts. */
    public Optional<BufferedImage> picture() {
        return Panels.of(this).picture();
    }

    /**
     * Figures in rows.
     *
     * @param columns figures in one row, at least 1
     */
    public record Panels(List<Figure> figures, int columns) {
        public Panels {
            figures = List.copyOf(figures);
            if (figures.isEmpty() || columns < 1) {
                throw new IllegalArgumentException("panels: needs at least 1 figure and 1 column");
            }
        }

        static Panels of(Figure figure) {
            return new Panels(List.of(figure), 1);
        }

        private int cellWidth() {
            return figures.stream().mapToInt(Figure::width).max().orElseThrow();
        }

        private int cellHeight() {
            return figures.stream().mapToInt(Figure::height).max().orElseThrow();
        }

        private int width() {
            return Math.min(columns, figures.size()) * cellWidth();
        }

        private int height() {
            return (figures.size() + columns - 1) / columns * cellHeight();
        }

        private void draw(Pen pen) {
            for (int i = 0; i < figures.size(); i++) {
                pen.origin(i % columns * cellWidth(), i / columns * cellHeight());
                figures.get(i).draw(pen);
            }
        }

        /** As SVG text. */
        public String svg() {
            SvgPen pen = new SvgPen(width(), height());
            draw(pen);
            return pen.document();
        }

        /** As pixels, where this machine has fonts. */
        public Optional<BufferedImage> picture() {
            Optional<PicturePen> pens = PicturePen.create(width(), height());
            return pens.map(made -> {
                try (PicturePen pen = made) {
                    draw(pen);
                    return pen.picture();
                }
            });
        }
    }

    private void draw(Pen pen) {
        Axis x = axis(xLimits, logX, true, LEFT, width() - RIGHT);
        Axis y = axis(yLimits, logY, false, height() - BOTTOM, TOP);
        pen.text(10, 18, Anchor.START, true, title);
        drawAxes(pen, x, y);
        List<String> names = layers.stream().map(Layer::name).distinct().toList();
        for (Layer layer : layers) {
            drawLayer(pen, layer, colour(names.indexOf(layer.name())), x, y);
        }
        int at = LEFT;
        for (String name : names) {
            if (!name.isEmpty()) {
                pen.bar(colour(names.indexOf(name)), 1, at, 32, 10, 10);
                pen.text(at + 14, 41, Anchor.START, false, name);
                at += 14 + LETTER * name.length() + 12;
            }
        }
    }

    private static String colour(int index) {
        return COLOURS.get(index % COLOURS.size());
    }

    /** A little more than what is drawn; bars begin at 0. */
    private Axis axis(Limits limits, boolean log, boolean isX, double from, double to) {
        if (limits.low() < limits.high()) {
            return new Axis(limits.low(), limits.high(), log, from, to);
        }
        DoubleStream all = layers.stream().flatMapToDouble(layer -> values(layer, isX));
        double[] seen = all.filter(value -> Double.isFinite(value) && (!log || value > 0))
                .toArray();
        double low = Arrays.stream(seen).min().orElse(0);
        double high = Arrays.stream(seen).max().orElse(1);
        if (log) {
            return new Axis(low / 1.3, high * 1.3, true, from, to);
        }
        double room = high > low ? 0.05 * (high - low) : 1;
        return new Axis(low == 0 && !isX ? 0 : low - room, high + room, false, from, to);
    }

    private static DoubleStream values(Layer layer, boolean isX) {
        if (isX) {
            return layer.kind() == Kind.BARS
                    ? Arrays.stream(layer.x()).flatMap(x -> DoubleStream.of(x - 0.25, x + 0.25))
                    : Arrays.stream(layer.x());
        }
        DoubleStream ends = IntStream.range(0, layer.error().length)
                .mapToObj(i -> DoubleStream.of(layer.y()[i] - layer.error()[i], layer.y()[i] + layer.error()[i]))
                .flatMapToDouble(both -> both);
        DoubleStream all = DoubleStream.concat(Arrays.stream(layer.y()), ends);
        return layer.kind() == Kind.BARS ? DoubleStream.concat(all, DoubleStream.of(0)) : all;
    }

    private void drawAxes(Pen pen, Axis x, Axis y) {
        for (double tick : ticks(x)) {
            double at = x.place(tick);
            line(pen, GRID, at, y.from(), at, y.to());
            pen.text(at, y.from() + 16, Anchor.MIDDLE, false, label(tick, x));
        }
        for (double tick : ticks(y)) {
            double at = y.place(tick);
            line(pen, GRID, x.from(), at, x.to(), at);
            pen.text(x.from() - 5, at + 4, Anchor.END, false, label(tick, y));
        }
        line(pen, AXIS, x.from(), y.from(), x.to(), y.from());
        line(pen, AXIS, x.from(), y.from(), x.from(), y.to());
        pen.text((x.from() + x.to()) / 2, y.from() + 36, Anchor.MIDDLE, false, xName);
        pen.upwards(14, (y.from() + y.to()) / 2, yName);
    }

    private static void line(Pen pen, Stroke stroke, double x1, double y1, double x2, double y2) {
        pen.line(stroke, List.of(new double[] {x1, y1}, new double[] {x2, y2}));
    }

    /** Powers of ten, or some round numbers. */
    private static double[] ticks(Axis axis) {
        if (axis.log()) {
            int first = (int) Math.floor(Math.log10(axis.low()));
            int last = (int) Math.floor(Math.log10(axis.high()));
            int step = Math.max(1, (last - first) / 6);
            // Of less than two decades 2 and 5 as well.
            boolean few = axis.high() / axis.low() < 100;
            return IntStream.rangeClosed(first, last)
                    .filter(power -> (power - first) % step == 0)
                    .boxed()
                    .flatMapToDouble(power -> DoubleStream.of(1, few ? 2 : 1, few ? 5 : 1)
                            .distinct()
                            .map(digit -> digit * Math.pow(10, power)))
                    .filter(axis::shows)
                    .toArray();
        }
        double raw = (axis.high() - axis.low()) / 5;
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        double step = power * (raw / power < 1.5 ? 1 : raw / power < 3.5 ? 2 : raw / power < 7.5 ? 5 : 10);
        int first = (int) Math.ceil(axis.low() / step - 1e-9);
        int last = (int) Math.floor(axis.high() / step + 1e-9);
        return IntStream.rangeClosed(first, last).mapToDouble(i -> i * step).toArray();
    }

    private static String label(double tick, Axis axis) {
        if (axis.log() && (tick >= 1e5 || tick < 1e-3)) {
            return "1e" + Math.round(Math.log10(tick));
        }
        String digits =
                String.format(Locale.ROOT, "%.4f", tick).replaceAll("0+$", "").replaceAll("\\.$", "");
        return digits.equals("-0") ? "0" : digits;
    }

    private static void drawLayer(Pen pen, Layer layer, String colour, Axis x, Axis y) {
        switch (layer.kind()) {
            case LINE -> polyline(pen, layer, new Stroke(colour, 2, false), x, y);
            case DASHES -> polyline(pen, layer, new Stroke(colour, 1.6, true), x, y);
            case THIN -> polyline(pen, layer, new Stroke(colour, 0.8, false), x, y);
            case DOTS -> drawDots(pen, layer, colour, x, y);
            case BARS -> drawBars(pen, layer, colour, x, y);
        }
    }

    private static void drawBars(Pen pen, Layer layer, String colour, Axis x, Axis y) {
        for (int i = 0; i < layer.x().length; i++) {
            double left = x.place(layer.x()[i] - 0.25);
            double top = y.place(Math.max(layer.y()[i], 0));
            double bottom = y.place(Math.min(layer.y()[i], 0));
            pen.bar(colour, 0.6, left, top, x.place(layer.x()[i] + 0.25) - left, bottom - top);
        }
    }

    private static void drawDots(Pen pen, Layer layer, String colour, Axis x, Axis y) {
        List<double[]> centres = new ArrayList<>();
        for (int i = 0; i < layer.x().length; i++) {
            double value = layer.y()[i];
            if (x.shows(layer.x()[i]) && y.shows(value)) {
                double at = x.place(layer.x()[i]);
                centres.add(new double[] {at, y.place(value)});
                if (layer.error().length > 0) {
                    double low = y.place(Math.max(value - layer.error()[i], y.low()));
                    line(
                            pen,
                            new Stroke(colour, 1.5, false),
                            at,
                            low,
                            at,
                            y.place(Math.min(value + layer.error()[i], y.high())));
                }
            }
        }
        pen.dots(colour, centres.size() > MANY ? 1.1 : 3.5, centres);
    }

    /** In pieces where it leaves the chart or has no number. */
    private static void polyline(Pen pen, Layer layer, Stroke stroke, Axis x, Axis y) {
        List<double[]> points = new ArrayList<>();
        for (int i = 0; i <= layer.x().length; i++) {
            if (i < layer.x().length && x.shows(layer.x()[i]) && y.shows(layer.y()[i])) {
                points.add(new double[] {x.place(layer.x()[i]), y.place(layer.y()[i])});
            } else if (!points.isEmpty()) {
                pen.line(stroke, points);
                points.clear();
            }
        }
    }
}
