package org.likelihood4j.inference.kinds;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.likelihood4j.config.ConditionerConfig;
import org.likelihood4j.inference.kinds.FormulaLines.NetworkLines;
import org.likelihood4j.models.layers.DenseKind.Units;
import org.likelihood4j.models.layers.Masked;

/**
 * The lines of the network of a flow's coupling or step, of dense layers.
 *
 * @param masked whether what is made of a column sees only the columns before it
 */
record ConditionerLines(ConditionerConfig network, boolean masked) implements NetworkLines {
    private static final String INPUT = "degreesInput";
    private static final String OUTPUT = "degreesOutput";

    @Override
    public String add(String path, String input, String name, List<String> lines) {
        return network.type() == ConditionerConfig.Type.RESIDUAL
                ? residual(path, input, name, lines)
                : dense(path, input, name, lines);
    }

    private String dense(String path, String input, String name, List<String> lines) {
        String x = input;
        String degrees = INPUT;
        for (int i = 0; i < network.hidden().size(); i++) {
            String next = name + i;
            String own = hidden(network.hidden().get(i));
            lines.add(next + " = " + activated(affine(x, path + "/layer" + i, degrees, own)));
            x = next;
            degrees = own;
        }
        lines.add(name + " = " + affine(x, path + "/output", degrees, OUTPUT));
        return name;
    }

    private String residual(String path, String input, String name, List<String> lines) {
        String own = hidden(network.width());
        lines.add(name + " = " + affine(input, path + "/first", INPUT, own));
        for (int i = 0; i < network.blocks(); i++) {
            String block = path + "/block" + i;
            lines.add(name + "0 = " + activated(affine(activated(name), block + "/layer0", own, own)));
            lines.add(name + " = " + name + " + " + affine(name + "0", block + "/layer1", own, own));
        }
        lines.add(name + " = " + affine(name, path + "/output", own, OUTPUT));
        return name;
    }

    private String activated(String x) {
        return network.activation() + "(" + x + ")";
    }

    private String affine(String x, String path, String from, String to) {
        String weight = path + "/weight";
        if (masked) {
            weight = "(" + weight + " * (transpose(" + from + ") < " + to + (to.equals(OUTPUT) ? "" : " + 1") + "))";
        }
        return x + " @ " + weight + " + " + path + "/bias";
    }

    private static String hidden(int width) {
        return "degrees" + width;
    }

    /**
     * The degrees of a masked network's units.
     *
     * @param columns D
     * @param told columns that all may see
     * @param parametersPerColumn of what it puts out
     */
    void constants(int columns, int told, int parametersPerColumn, Map<String, Object> constants) {
        constants.put(INPUT, degrees(Units.INPUT, columns + told, columns, told));
        List<Integer> widths = network.hidden() == null ? List.of(network.width()) : network.hidden();
        for (int width : widths) {
            constants.put(hidden(width), degrees(Units.HIDDEN, width, columns, told));
        }
        constants.put(OUTPUT, degrees(Units.OUTPUT, columns * parametersPerColumn, columns, told));
    }

    private static List<Integer> degrees(Units units, int count, int columns, int told) {
        return Arrays.stream(Masked.degrees(units, count, columns, told > 0))
                .boxed()
                .toList();
    }
}
