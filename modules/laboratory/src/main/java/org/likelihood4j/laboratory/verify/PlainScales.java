package org.likelihood4j.laboratory.verify;

import java.util.Map;
import org.likelihood4j.laboratory.verify.Formulas.Block;
import org.likelihood4j.models.ParameterPath;

/** The log-scales of a coupling block from its parameters by plain loops: {@code G = c tanh(g/c)}, {@code s = c tanh(r/c)}. */
final class PlainScales {
    private final ParameterPath path;
    private final Block block;
    private final Map<String, double[]> values;

    PlainScales(ParameterPath path, Block block, Map<String, double[]> values) {
        this.path = path;
        this.block = block;
        this.values = values;
    }

    /** What the conditioner makes of x2. */
    double[] parameters(double... x) {
        int[] x2 = block.columns(true);
        double[] hidden = new double[x2.length];
        for (int i = 0; i < x2.length; i++) {
            hidden[i] = x[x2[i]];
        }
        for (int layer = 0; layer < block.hidden().size(); layer++) {
            hidden = dense("conditioner/layer" + layer, hidden);
            for (int i = 0; i < hidden.length; i++) {
                hidden[i] = Math.tanh(hidden[i]);
            }
        }
        return dense("conditioner/output", hidden);
    }

    /** For each column of x its own log-scale: G of x2 for those of x1, s for those of x2. */
    double[] at(double... x) {
        int[] x1 = block.columns(false);
        int[] x2 = block.columns(true);
        // F, then g.
        double[] output = parameters(x);
        double[] r = values.get(path.prefix() + "/scale");
        double[] scales = new double[x.length];
        for (int i = 0; i < x1.length; i++) {
            scales[x1[i]] = bounded(output[x1.length + i]);
        }
        for (int i = 0; i < x2.length; i++) {
            scales[x2[i]] = bounded(r[i]);
        }
        return scales;
    }

    /** {@code c tanh(raw / c)}. */
    double bounded(double raw) {
        return block.bound() * Math.tanh(raw / block.bound());
    }

    private double[] dense(String name, double... x) {
        double[] weight = values.get(path.prefix() + "/" + name + "/weight");
        double[] y = values.get(path.prefix() + "/" + name + "/bias").clone();
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < y.length; j++) {
                y[j] += x[i] * weight[i * y.length + j];
            }
        }
        return y;
    }
}
