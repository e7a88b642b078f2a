package org.likelihood4j.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.models.densities.DiagonalGaussian;
import org.likelihood4j.training.config.LikelihoodConfig;
import org.likelihood4j.training.config.ModelConfig;
import org.likelihood4j.training.config.NetworkConfig;
import org.likelihood4j.training.config.PriorConfig;

/**
 * How to compute with an exported model, line by line, in words that a program in any language can follow: names are those of
 * tensors, {@code @} is the matrix product, {@code [:, a:b]} are columns a (inclusive) to b (exclusive).
 */
record Recipe(String notation, List<String> encode, List<String> decode, List<String> logProb) {
    private static final String NOTATION =
            "Arrays are [N, columns], a row for each example. Names with / are tensors of"
                    + " weights.safetensors; @ is the matrix product; [:, a:b] are the columns from a to b - 1; all else works on each"
                    + " element. The other names are under 'constants'.";

    static Recipe of(TrainedModel trained) {
        boolean rows = trained.shape() instanceof VectorShape;
        if (trained.config().model() instanceof ModelConfig.RealNvp flow) {
            return flow(flow, rows);
        }
        return vae((ModelConfig.Vae) trained.config().model(), rows);
    }

    private static Recipe vae(ModelConfig.Vae vae, boolean rows) {
        int latent = vae.latent();
        List<String> encode = new ArrayList<>();
        if (rows) {
            encode.add("x = (data - standardization/shift) / exp(standardization/logScale)");
        } else if (vae.likelihood() instanceof LikelihoodConfig.Bernoulli bernoulli
                && bernoulli.binarization() != LikelihoodConfig.Binarization.NONE) {
            encode.add("x = 1 where 255 u < data, else 0, with u uniform on [0, 1)");
        } else {
            encode.add("x = data / 255");
        }
        String head = network("encoder", "x", "h", vae.encoder(), encode);
        encode.add("mean = " + head + "[:, 0:" + latent + "]");
        encode.add(String.format(
                Locale.ROOT,
                "logVariance = %s[:, %d:%d], cut to [%s, %s]",
                head,
                latent,
                2 * latent,
                DiagonalGaussian.SMALLEST_LOG_VARIANCE,
                DiagonalGaussian.LARGEST_LOG_VARIANCE));
        encode.add("latent = mean");

        List<String> decode = new ArrayList<>();
        String output = network("decoder", "latent", "g", vae.decoder(), decode);
        List<String> logProb = new ArrayList<>();
        logProb.add("z = mean + exp(logVariance / 2) eps, with eps ~ N(0, 1); " + output
                + " = decode of z, before its last line");
        if (vae.likelihood() instanceof LikelihoodConfig.Gaussian gaussian) {
            decode.add(
                    rows
                            ? "data = " + output + " * exp(standardization/logScale) + standardization/shift"
                            : "intensity = " + output);
            logProb.add("log p(x|z) = sum of log N(x; " + output + ", " + gaussian.sigma() + "^2)"
                    + (rows ? " - sum of standardization/logScale" : ""));
        } else {
            decode.add("intensity = 1 / (1 + exp(-" + output + "))");
            logProb.add("log p(x|z) = sum of x " + output + " - log(1 + exp(" + output + "))");
        }
        logProb.add("log q(z|x) = sum of log N(z; mean, exp(logVariance))");
        logProb.add(
                vae.prior() instanceof PriorConfig.Normal
                        ? "log p(z) = sum of log N(z; 0, 1)"
                        : "log p(z) by the prior's tensors, prior/..., as the class of 'model.prior' in the project says");
        logProb.add("log p(x) = log of the mean over many z of exp(log p(x|z) + log p(z) - log q(z|x))");
        return new Recipe(NOTATION, encode, decode, logProb);
    }

    private static Recipe flow(ModelConfig.RealNvp flow, boolean rows) {
        List<String> encode = new ArrayList<>();
        List<String> decode = new ArrayList<>();
        List<String> logProb = new ArrayList<>();
        logProb.add("log p = sum of log N(latent; 0, 1) + all of these, each summed over its columns:");
        if (rows) {
            encode.add("y = data");
        } else {
            encode.add("v = (data + u) / levels, with u uniform on [0, 1)");
            encode.add("p = alpha + (1 - 2 alpha) v");
            encode.add("y = log(p) - log(1 - p)");
            logProb.add("-log(levels)");
            logProb.add("log(1 - 2 alpha) - log(p) - log(1 - p)");
        }
        encode.add("y = (y - standardization/shift) / exp(standardization/logScale)");
        logProb.add("-standardization/logScale");
        encode.add("y = y[:, order]: column i of the new y is column order[i] of the old one");
        decode.add("y = latent");
        for (int i = 0; i < flow.couplings(); i++) {
            encode.addAll(coupling(i, flow, "y1 = exp(G) * y1 + F", "y2 = exp(s) * y2", false));
            logProb.add("G and s of coupling" + i);
            int from = flow.couplings() - 1 - i;
            decode.addAll(coupling(from, flow, "y1 = (y1 - F) / exp(G)", "y2 = y2 / exp(s)", true));
        }
        encode.add("latent = y");
        decode.add("y = the columns put back: column order[i] of the new y is column i of the old one");
        decode.add("y = y * exp(standardization/logScale) + standardization/shift");
        decode.add(rows ? "data = y" : "intensity = (1 / (1 + exp(-y)) - alpha) / (1 - 2 alpha)");
        return new Recipe(NOTATION, encode, decode, logProb);
    }

    /** One block; the inverse needs y2 before it can ask the network. */
    private static List<String> coupling(
            int index, ModelConfig.RealNvp flow, String first, String second, boolean inverse) {
        List<String> lines = new ArrayList<>();
        String path = "coupling" + index;
        lines.add(
                path + ": y1 = y[:, " + (index % 2 == 0 ? "0:firstHalf]" : "firstHalf:]") + ", y2 = the other columns");
        lines.add("s = bound tanh(" + path + "/scale / bound)");
        if (inverse) {
            lines.add(second);
        }
        String output = network(path + "/conditioner", "y2", "h", flow.conditioner(), lines);
        lines.add("F = the first half of " + output + "'s columns, G = bound tanh(the second half / bound)");
        lines.add(first);
        if (!inverse) {
            lines.add(second);
        }
        lines.add("y = y1 and y2, each at its own columns");
        return lines;
    }

    /** The lines of a network, and the name of its output. */
    private static String network(String path, String input, String name, NetworkConfig network, List<String> lines) {
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
}
