package org.likelihood4j.inference.kinds;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The lines of a rational-quadratic spline of y1, whose parameters a network has put out. */
final class SplineLines {
    /** The least share of a width, a height, and the least slope. */
    private static final double LEAST = 1e-3;

    private final String output;
    private final int bins;
    private final int columns;

    private SplineLines(String output, int bins, int columns) {
        this.output = output;
        this.bins = bins;
        this.columns = columns;
    }

    /**
     * Lines that map y1 or take it back.
     *
     * @param output the name of the parameters
     * @param columns of y1
     */
    static List<String> of(String output, int bins, int columns, boolean inverse) {
        SplineLines spline = new SplineLines(output, bins, columns);
        List<String> lines = new ArrayList<>();
        spline.shares("w", 0, lines);
        spline.shares("v", bins, lines);
        lines.add("inside = (-tailBound < y1) * (y1 < tailBound)");
        lines.add("t = (clip(y1, -tailBound, tailBound) + tailBound) / (2 * tailBound)");
        String axis = inverse ? "v" : "w";
        String end = axis + 0;
        for (int k = 1; k < bins; k++) {
            lines.add("k" + k + " = " + end + " < t");
            end = end + " + " + axis + k;
        }
        lines.add("X = " + spline.sum(1, k -> "k" + k + " * w" + (k - 1)));
        lines.add("p = " + spline.sum(0, k -> spline.in(k) + " * w" + k));
        lines.add("Y = " + spline.sum(1, k -> "k" + k + " * v" + (k - 1)));
        lines.add("q = " + spline.sum(0, k -> spline.in(k) + " * v" + k));
        lines.add("r0 = "
                + spline.slope(spline.sum(1, k -> spline.in(k) + " * " + spline.parameter(2 * bins + k - 1))));
        lines.add("r1 = "
                + spline.slope(spline.sum(1, k -> spline.in(k - 1) + " * " + spline.parameter(2 * bins + k - 1))));
        if (inverse) {
            lines.add("t = (t - Y) / q");
            lines.add("b = r0 - t * (r0 + r1 - 2)");
            lines.add("e = 2 * t / (b + exp(log(b * b + 4 * (1 - b) * t) / 2)) # the root of (1 - b) e e + b e = t");
            lines.add("y1 = inside * (2 * tailBound * (X + p * e) - tailBound) + (1 - inside) * y1");
        } else {
            lines.add("e = (t - X) / p");
            lines.add("D = 1 + (r0 + r1 - 2) * e * (1 - e)");
            lines.add("slope = q / p * (r1 * e * e + 2 * e * (1 - e) + r0 * (1 - e) * (1 - e)) / (D * D)");
            lines.add("logDet = logDet + sum(inside * log(slope))");
            lines.add("y1 = inside * (2 * tailBound * (Y + q * (e * e + r0 * e * (1 - e)) / D) - tailBound)"
                    + " + (1 - inside) * y1");
        }
        return lines;
    }

    private String parameter(int index) {
        return output + "[:, " + index * columns + ":" + (index + 1) * columns + "]";
    }

    private void shares(String name, int from, List<String> lines) {
        for (int k = 0; k < bins; k++) {
            lines.add(name + k + " = exp(" + parameter(from + k) + ")");
        }
        lines.add(name + " = " + sum(0, k -> name + k));
        for (int k = 0; k < bins; k++) {
            lines.add(name + k + " = " + LEAST + " + " + (1 - bins * LEAST) + " * " + name + k + " / " + name);
        }
    }

    /** 1 in this bin. */
    private String in(int k) {
        if (k == 0) {
            return "(1 - k1)";
        }
        return k == bins - 1 ? "k" + k : "(k" + k + " - k" + (k + 1) + ")";
    }

    /** In units of the bin's own. */
    private String slope(String raw) {
        double bound = -Math.log(LEAST);
        return "exp(" + bound + " * tanh((" + raw + ") / " + bound + ")) * p / q";
    }

    private String sum(int from, IntFunction<String> term) {
        return IntStream.range(from, bins).mapToObj(term).collect(Collectors.joining(" + "));
    }
}
