package org.likelihood4j.inference.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.likelihood4j.config.LikelihoodConfig;
import org.likelihood4j.config.ModelConfig;
import org.likelihood4j.config.ModelConfig.Family;
import org.likelihood4j.config.NetworkConfig;
import org.likelihood4j.config.PriorConfig;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.inference.runtime.ModelBuilder;
import org.likelihood4j.models.densities.DiagonalGaussian;
import org.likelihood4j.models.flow.FlowData;

/**
 * How to compute with an exported model: every line is an assignment in a small language of matrices, which {@code notation}
 * defines, so that people can follow it and programs can run it (a test does).
 *
 * @param encode from {@code data} to {@code latent}; of a flow also to {@code logDet}, the log-determinant, nats
 * @param decode from {@code latent} to {@code data} or {@code intensity}
 * @param sample from noise and a {@code temperature} to the same, as the command {@code sample} draws
 * @param logProb after {@code encode}, to {@code logProb}, nats; empty of a model without a likelihood
 */
record FormulaText(
        List<String> notation, List<String> encode, List<String> decode, List<String> sample, List<String> logProb) {
    private static final List<String> NOTATION = List.of(
            "Every value is a matrix, most of them [N, columns], a row for each example. A number is [1, 1], a tensor of one"
                    + " dimension or a list of constants [1, n]. Where sizes differ, a row or column of one is repeated.",
            "Names with / are tensors of weights.safetensors; the other names that no line defines are under 'constants', or"
                    + " are what the list starts from. What follows # is a remark.",
            "+ - * / (with blanks around it) work element by element, @ is the matrix product. a < b is 1 where it holds, else 0.",
            "x[:, a:b] are the columns from a to b - 1 (a is 0 and b the number of columns where they are left out); x[:, i] are"
                    + " the columns that the row i lists; x[k, :] is, for each example, the row of x that k has there. Places count from"
                    + " 0. argsort(i) is the inverse of an order.",
            "By element: exp, log, floor, tanh, relu = max(x, 0), elu = x for x > 0 and else exp(x) - 1, softplus = log(1 + exp(x)),"
                    + " sigmoid = 1 / (1 + exp(-x)), swish = x * sigmoid(x), identity = x, clip(x, least, most),"
                    + " logNormal(x, m, v) = -((x - m) * (x - m) / exp(v) + v + log(2 pi)) / 2, where v is a log-variance.",
            "Over columns: sum(x) and logSumExp(x) are [N, 1], cumsum(x) are the sums of the first 1, 2, ... columns, concat(a, b)"
                    + " puts b's columns after a's. logSumExp(k, K, f) is log of the sum over k = 0 ... K - 1 of exp(f), where f depends"
                    + " on k.",
            "uniform(n) is new noise [N, n] from [0, 1), normal(n) from N(0, 1). temperature scales the noise of sample: 1 is the"
                    + " model itself.");

    static FormulaText of(TrainedModel trained) {
        boolean rows = trained.shape() instanceof VectorShape;
        if (trained.config().model() instanceof ModelConfig.RealNvp flow) {
            return flow(flow, ModelBuilder.flowData(flow, trained.shape()), rows);
        }
        return vae((ModelConfig.Vae) trained.config().model(), trained.shape().size(), rows);
    }

    private static FormulaText vae(ModelConfig.Vae vae, int dimension, boolean rows) {
        int latent = vae.latent();
        List<String> encode = new ArrayList<>(observed(vae, dimension, rows));
        String head = network("encoder", "x", "h", vae.encoder(), encode);
        encode.add("mean = " + head + columns(0, latent));
        encode.add("logVariance = " + clipped(head + columns(latent, 2 * latent)));
        encode.add("latent = mean");

        List<String> decode = new ArrayList<>();
        String output = network("decoder", "latent", "g", vae.decoder(), decode);
        List<String> sample = new ArrayList<>(drawn(vae.prior(), latent));
        network("decoder", "latent", "g", vae.decoder(), sample);
        List<String> logProb = new ArrayList<>();
        logProb.add("z = mean + exp(logVariance / 2) * normal(" + latent + ")");
        network("decoder", "z", "g", vae.decoder(), logProb);
        if (vae.likelihood() instanceof LikelihoodConfig.Gaussian) {
            String unscaled = " * exp(standardization/logScale) + standardization/shift";
            decode.add(rows ? "data = " + output + unscaled : "intensity = " + output);
            if (rows) {
                sample.add("x = " + output + " + sigma * temperature * normal(" + dimension + ")");
                sample.add("data = x" + unscaled);
            } else {
                sample.add("intensity = " + output + "  # the mean of p(x|z); a draw of it has + sigma * normal("
                        + dimension + ")");
            }
            logProb.add("logLikelihood = sum(logNormal(x, " + output + ", log(sigma * sigma)))"
                    + (rows ? " - sum(standardization/logScale)" : ""));
        } else {
            decode.add("intensity = sigmoid(" + output + ")");
            sample.add("intensity = sigmoid(" + output + ")  # the mean of p(x|z); a draw of it is uniform(" + dimension
                    + ") < intensity");
            logProb.add("logLikelihood = sum(x * " + output + " - softplus(" + output + "))");
        }
        if (!rows) {
            sample.add(pixel());
        }
        logProb.addAll(priorDensity(vae.prior(), latent));
        logProb.add("logPosterior = sum(logNormal(z, mean, logVariance))");
        logProb.add(
                "logProb = logLikelihood + logPrior - logPosterior  # at one draw of z; of K draws, log of the mean of"
                        + " exp(logProb), which evaluate and score estimate log p(x) by");
        return new FormulaText(NOTATION, encode, decode, sample, isLikelihood(vae) ? logProb : List.of());
    }

    private static boolean isLikelihood(ModelConfig.Vae vae) {
        return !(vae.likelihood() instanceof LikelihoodConfig.Bernoulli bernoulli
                && bernoulli.binarization() == LikelihoodConfig.Binarization.NONE);
    }

    /** x, as the likelihood sees the data. */
    private static List<String> observed(ModelConfig.Vae vae, int dimension, boolean rows) {
        if (rows) {
            return List.of("x = (data - standardization/shift) / exp(standardization/logScale)");
        } else if (vae.likelihood() instanceof LikelihoodConfig.Bernoulli && isLikelihood(vae)) {
            return List.of("x = 255 * uniform(" + dimension + ") < data");
        }
        return List.of("x = data / 255");
    }

    /** {@code latent}, a draw of the prior. */
    private static List<String> drawn(PriorConfig prior, int latent) {
        String noise = "temperature * normal(" + latent + ")";
        if (prior instanceof PriorConfig.Mixture mixture) {
            return List.of(
                    "weight = exp(prior/logits - logSumExp(prior/logits))",
                    "k = sum(1 - (uniform(1) < cumsum(weight)" + columns(0, mixture.components() - 1) + "))",
                    "latent = prior/mean[k, :] + exp(" + clipped("prior/logVariance[k, :]") + " / 2) * " + noise);
        } else if (prior instanceof PriorConfig.RealNvp flow) {
            List<String> lines = new ArrayList<>(List.of("y = " + noise));
            for (int i = flow.couplings() - 1; i >= 0; i--) {
                lines.addAll(coupling(priorCoupling(flow, latent, i), true));
            }
            lines.add("latent = y");
            return lines;
        }
        return List.of("latent = " + noise);
    }

    /** {@code logPrior} at z. */
    private static List<String> priorDensity(PriorConfig prior, int latent) {
        if (prior instanceof PriorConfig.Mixture mixture) {
            return List.of(
                    "logWeights = prior/logits - logSumExp(prior/logits)",
                    "logPrior = logSumExp(k, " + mixture.components()
                            + ", logWeights[:, k] + sum(logNormal(z, prior/mean[k, :], "
                            + clipped("prior/logVariance[k, :]")
                            + ")))");
        } else if (prior instanceof PriorConfig.RealNvp flow) {
            List<String> lines = new ArrayList<>(List.of("y = z", "logDet = 0"));
            for (int i = 0; i < flow.couplings(); i++) {
                lines.addAll(coupling(priorCoupling(flow, latent, i), false));
            }
            lines.add("logPrior = sum(logNormal(y, 0, 0)) + logDet");
            return lines;
        }
        return List.of("logPrior = sum(logNormal(z, 0, 0))");
    }

    private static Coupling priorCoupling(PriorConfig.RealNvp flow, int latent, int index) {
        return new Coupling(
                "prior/coupling" + index,
                Family.DERIVED,
                "priorBound",
                (latent + 1) / 2,
                latent,
                index,
                flow.conditioner());
    }

    private static FormulaText flow(ModelConfig.RealNvp flow, FlowData data, boolean rows) {
        List<String> encode = new ArrayList<>();
        if (rows) {
            encode.add("y = data");
            encode.add("logDet = 0");
        } else {
            encode.add("v = (data + uniform(" + data.shape().size() + ")) / levels");
            encode.add("p = alpha + (1 - 2 * alpha) * v");
            encode.add("y = log(p) - log(1 - p)");
            encode.add("logDet = sum(log(1 - 2 * alpha) - log(p) - log(1 - p) - log(levels))");
        }
        encode.add("y = (y - standardization/shift) / exp(standardization/logScale)");
        encode.add("logDet = logDet - sum(standardization/logScale)");
        encode.add("y = y[:, order]");
        List<String> back = new ArrayList<>(List.of("y = latent"));
        for (int i = 0; i < flow.couplings(); i++) {
            encode.addAll(coupling(ownCoupling(flow, data, i), false));
            back.addAll(coupling(ownCoupling(flow, data, flow.couplings() - 1 - i), true));
        }
        encode.add("latent = y");
        back.add("y = y[:, argsort(order)]");
        back.add("y = y * exp(standardization/logScale) + standardization/shift");
        back.add(rows ? "data = y" : "intensity = (sigmoid(y) - alpha) / (1 - 2 * alpha)");
        List<String> sample = new ArrayList<>(
                List.of("latent = temperature * normal(" + data.shape().size() + ")"));
        sample.addAll(back);
        if (!rows) {
            sample.add(pixel());
        }
        return new FormulaText(
                NOTATION, encode, back, sample, List.of("logProb = sum(logNormal(latent, 0, 0)) + logDet"));
    }

    private static Coupling ownCoupling(ModelConfig.RealNvp flow, FlowData data, int index) {
        return new Coupling(
                "coupling" + index,
                flow.family(),
                "bound",
                data.firstHalf(),
                data.shape().size(),
                index,
                flow.conditioner());
    }

    private static String pixel() {
        return "pixel = clip(floor(256 * intensity), 0, 255)";
    }

    /**
     * A coupling of y, [N, size].
     *
     * @param family what it makes of its halves
     * @param bound the constant that bounds its log-scales
     * @param half the size of the first half
     * @param index an even one transforms the first half
     */
    private record Coupling(
            String path, Family family, String bound, int half, int size, int index, NetworkConfig conditioner) {
        boolean transformsFirst() {
            return index % 2 == 0;
        }
    }

    /** The inverse needs y2 before it can ask the network. */
    private static List<String> coupling(Coupling block, boolean inverse) {
        List<String> lines = new ArrayList<>();
        String first = "y" + columns(0, block.half());
        String rest = "y[:, " + block.half() + ":]";
        int transformed = block.transformsFirst() ? block.half() : block.size() - block.half();
        lines.add("y1 = " + (block.transformsFirst() ? first : rest));
        lines.add("y2 = " + (block.transformsFirst() ? rest : first));
        boolean scalesBoth = block.family() == Family.DERIVED;
        boolean scales = block.family() != Family.ADDITIVE;
        if (scalesBoth) {
            lines.add(String.format(Locale.ROOT, "s = %s * tanh(%s/scale / %1$s)", block.bound(), block.path()));
        }
        if (scalesBoth && inverse) {
            lines.add("y2 = y2 / exp(s)");
        }
        String output = network(block.path() + "/conditioner", "y2", "h", block.conditioner(), lines);
        lines.add("F = " + output + columns(0, transformed));
        if (scales) {
            lines.add(
                    String.format(Locale.ROOT, "G = %s * tanh(%s[:, %d:] / %1$s)", block.bound(), output, transformed));
            lines.add(inverse ? "y1 = (y1 - F) / exp(G)" : "y1 = exp(G) * y1 + F");
        } else {
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

    private static String columns(int from, int to) {
        return "[:, " + from + ":" + to + "]";
    }

    private static String clipped(String logVariance) {
        return String.format(
                Locale.ROOT,
                "clip(%s, %s, %s)",
                logVariance,
                DiagonalGaussian.SMALLEST_LOG_VARIANCE,
                DiagonalGaussian.LARGEST_LOG_VARIANCE);
    }
}
