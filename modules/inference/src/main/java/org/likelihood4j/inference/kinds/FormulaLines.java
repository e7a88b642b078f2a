package org.likelihood4j.inference.kinds;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.likelihood4j.config.ModelConfig;
import org.likelihood4j.config.ModelConfig.Family;
import org.likelihood4j.config.NetworkConfig;
import org.likelihood4j.models.densities.DiagonalGaussian;

/** Lines of formulas that several kinds of models have. */
final class FormulaLines {
    private FormulaLines() {}

    static String pixel() {
        return "pixel = clip(floor(256 * intensity), 0, 255)";
    }

    /**
     * A coupling of y, [N, size].
     *
     * @param family what it makes of its halves
     * @param bins of a spline
     * @param bound the constant that bounds its log-scales
     * @param half the size of the first half
     * @param index an even one transforms the first half
     * @param model whose coupling it is
     */
    record Coupling(
            String path,
            Family family,
            int bins,
            String bound,
            int half,
            int size,
            int index,
            NetworkConfig conditioner,
            ModelConfig model) {
        boolean transformsFirst() {
            return index % 2 == 0;
        }
    }

    /** The inverse needs y2 before it can ask the network. */
    static List<String> coupling(Coupling block, boolean inverse) {
        List<String> lines = new ArrayList<>();
        String first = "y" + columns(0, block.half());
        String rest = "y[:, " + block.half() + ":]";
        int transformed = block.transformsFirst() ? block.half() : block.size() - block.half();
        lines.add("y1 = " + (block.transformsFirst() ? first : rest));
        lines.add("y2 = " + (block.transformsFirst() ? rest : first));
        boolean scalesBoth = block.family() == Family.DERIVED;
        boolean scales = scalesBoth || block.family() == Family.AFFINE;
        if (scalesBoth) {
            lines.add(String.format(Locale.ROOT, "s = %s * tanh(%s/scale / %1$s)", block.bound(), block.path()));
        }
        if (scalesBoth && inverse) {
            lines.add("y2 = y2 / exp(s)");
        }
        String output =
                network(block.path() + "/conditioner", told(block.model(), "y2"), "h", block.conditioner(), lines);
        if (block.family() == Family.SPLINE) {
            lines.addAll(SplineLines.of(output, block.bins(), transformed, inverse));
        } else {
            lines.add("F = " + output + columns(0, transformed));
        }
        if (scales) {
            lines.add(
                    String.format(Locale.ROOT, "G = %s * tanh(%s[:, %d:] / %1$s)", block.bound(), output, transformed));
            lines.add(inverse ? "y1 = (y1 - F) / exp(G)" : "y1 = exp(G) * y1 + F");
        } else if (block.family() == Family.ADDITIVE) {
            lines.add(inverse ? "y1 = y1 - F" : "y1 = y1 + F");
        }
        if (scalesBoth && !inverse) {
            lines.add("y2 = exp(s) * y2");
        }
        if (scales && !inverse) {
            lines.add("logDet = logDet + sum(G)" + (scalesBoth ? " + sum(s)" : ""));
        }
        lines.add(block.transformsFirst() ? "y = concat(y1, y2)" : "y = concat(y2, y1)");
        return lines;
    }

    /** What a model's network takes: the class too, if there is a condition. */
    static String told(ModelConfig model, String input) {
        return model.condition() == null ? input : "concat(" + input + ", " + model.condition() + ")";
    }

    /** The lines of a network, and the name of its output. */
    static String network(String path, String input, String name, NetworkConfig network, List<String> lines) {
        String x = input;
        for (int i = 0; i < network.hidden().size(); i++) {
            String next = name + i;
            lines.add(next + " = " + network.activation() + "(" + affine(x, path + "/layer" + i) + ")");
            x = next;
        }
        lines.add(name + " = " + affine(x, path + "/output"));
        return name;
    }

    private static String affine(String x, String path) {
        return x + " @ " + path + "/weight + " + path + "/bias";
    }

    static String columns(int from, int to) {
        return "[:, " + from + ":" + to + "]";
    }

    static String clipped(String logVariance) {
        return String.format(
                Locale.ROOT,
                "clip(%s, %s, %s)",
                logVariance,
                DiagonalGaussian.SMALLEST_LOG_VARIANCE,
                DiagonalGaussian.LARGEST_LOG_VARIANCE);
    }
}
