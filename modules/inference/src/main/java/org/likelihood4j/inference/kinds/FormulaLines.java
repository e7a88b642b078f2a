package org.likelihood4j.inference.kinds;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.likelihood4j.config.Family;
import org.likelihood4j.config.ModelConfig;
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
            NetworkLines conditioner,
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
        if (scalesBoth) {
            lines.add(String.format(Locale.ROOT, "s = %s * tanh(%s/scale / %1$s)", block.bound(), block.path()));
        }
        if (scalesBoth && inverse) {
            lines.add("y2 = y2 / exp(s)");
        }
        String output = block.conditioner().add(block.path() + "/conditioner", told(block.model(), "y2"), "h", lines);
        lines.addAll(family(block, output, transformed, inverse));
        if (scalesBoth && !inverse) {
            lines.add("y2 = exp(s) * y2");
            lines.add("logDet = logDet + sum(s)");
        }
        lines.add(block.transformsFirst() ? "y = concat(y1, y2)" : "y = concat(y2, y1)");
        return lines;
    }

    /** The lines that map y1, of so many columns, by what a network has put out under a name; forwards they add to logDet. */
    private static List<String> family(Coupling block, String output, int columns, boolean inverse) {
        if (block.family() == Family.SPLINE) {
            return SplineLines.of(output, block.bins(), columns, inverse);
        }
        List<String> lines = new ArrayList<>(List.of("F = " + output + columns(0, columns)));
        if (block.family() == Family.ADDITIVE) {
            lines.add(inverse ? "y1 = y1 - F" : "y1 = y1 + F");
            return lines;
        }
        lines.add(String.format(Locale.ROOT, "G = %s * tanh(%s[:, %d:] / %1$s)", block.bound(), output, columns));
        lines.add(inverse ? "y1 = (y1 - F) / exp(G)" : "y1 = exp(G) * y1 + F");
        if (!inverse) {
            lines.add("logDet = logDet + sum(G)");
        }
        return lines;
    }

    /** An autoregressive step of y; backwards as many passes as there are columns. */
    static List<String> autoregressive(Coupling step, boolean inverse) {
        List<String> lines = new ArrayList<>();
        if (inverse) {
            lines.add("given = y");
            lines.add("repeat " + step.size());
        }
        String output = step.conditioner().add(step.path() + "/conditioner", told(step.model(), "y"), "h", lines);
        lines.add("y1 = " + (inverse ? "given" : "y"));
        lines.addAll(family(step, output, step.size(), inverse));
        lines.add("y = y1");
        if (inverse) {
            lines.add("end");
        }
        return lines;
    }

    /** The lines of a kind of network. */
    @FunctionalInterface
    interface NetworkLines {
        /**
         * Adds them.
         *
         * @param path of its parameters
         * @param input what it takes
         * @param name of what it puts out
         * @return the name
         */
        String add(String path, String input, String name, List<String> lines);

        static NetworkLines of(NetworkConfig network) {
            return (path, input, name, lines) -> network(path, input, name, network, lines);
        }
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
