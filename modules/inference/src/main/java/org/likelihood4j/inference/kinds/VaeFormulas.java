package org.likelihood4j.inference.kinds;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.likelihood4j.config.LikelihoodConfig;
import org.likelihood4j.config.ModelConfig;
import org.likelihood4j.config.PriorConfig;

/** A VAE, in formulas. */
final class VaeFormulas {
    private VaeFormulas() {}

    static ModelFormulas of(ModelConfig.Vae vae, int dimension, boolean rows) {
        int latent = vae.latent();
        List<String> encode = new ArrayList<>(observed(vae, dimension, rows));
        String head = FormulaLines.network(
                "encoder", FormulaLines.told(vae, "x"), "h", vae.encoder().dense(), encode);
        encode.add("mean = " + head + FormulaLines.columns(0, latent));
        encode.add("logVariance = " + FormulaLines.clipped(head + FormulaLines.columns(latent, 2 * latent)));
        encode.add("latent = mean");

        List<String> decode = new ArrayList<>();
        String output = FormulaLines.network(
                "decoder", FormulaLines.told(vae, "latent"), "g", vae.decoder().dense(), decode);
        List<String> sample = new ArrayList<>(drawn(vae));
        FormulaLines.network(
                "decoder", FormulaLines.told(vae, "latent"), "g", vae.decoder().dense(), sample);
        List<String> logProb = new ArrayList<>();
        logProb.add("z = mean + exp(logVariance / 2) * normal(" + latent + ")");
        FormulaLines.network(
                "decoder", FormulaLines.told(vae, "z"), "g", vae.decoder().dense(), logProb);
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
            sample.add(FormulaLines.pixel());
        }
        logProb.addAll(priorDensity(vae));
        logProb.add("logPosterior = sum(logNormal(z, mean, logVariance))");
        logProb.add(
                "logProb = logLikelihood + logPrior - logPosterior  # at one draw of z; of K draws, log of the mean of"
                        + " exp(logProb), which evaluate and score estimate log p(x) by");
        return new ModelFormulas(constants(vae), encode, decode, sample, vae.hasLikelihood() ? logProb : List.of());
    }

    /** x, as the likelihood sees the data. */
    private static List<String> observed(ModelConfig.Vae vae, int dimension, boolean rows) {
        if (rows) {
            return List.of("x = (data - standardization/shift) / exp(standardization/logScale)");
        } else if (vae.likelihood() instanceof LikelihoodConfig.Bernoulli && vae.hasLikelihood()) {
            return List.of("x = 255 * uniform(" + dimension + ") < data");
        }
        return List.of("x = data / 255");
    }

    /** {@code latent}, a draw of the prior. */
    private static List<String> drawn(ModelConfig.Vae vae) {
        PriorConfig prior = vae.prior();
        int latent = vae.latent();
        String noise = "temperature * normal(" + latent + ")";
        if (prior instanceof PriorConfig.Mixture mixture) {
            return List.of(
                    "weight = exp(prior/logits - logSumExp(prior/logits))",
                    "k = sum(1 - (uniform(1) < cumsum(weight)" + FormulaLines.columns(0, mixture.components() - 1)
                            + "))",
                    "latent = prior/mean[k, :] + exp(" + FormulaLines.clipped("prior/logVariance[k, :]") + " / 2) * "
                            + noise);
        } else if (prior instanceof PriorConfig.RealNvp flow) {
            List<String> lines = new ArrayList<>(List.of("y = " + noise));
            for (int i = flow.couplings() - 1; i >= 0; i--) {
                lines.addAll(FormulaLines.coupling(priorCoupling(vae, flow, i), true));
            }
            lines.add("latent = y");
            return lines;
        }
        return List.of("latent = " + noise);
    }

    /** {@code logPrior} at z. */
    private static List<String> priorDensity(ModelConfig.Vae vae) {
        PriorConfig prior = vae.prior();
        if (prior instanceof PriorConfig.Mixture mixture) {
            return List.of(
                    "logWeights = prior/logits - logSumExp(prior/logits)",
                    "logPrior = logSumExp(k, " + mixture.components()
                            + ", logWeights[:, k] + sum(logNormal(z, prior/mean[k, :], "
                            + FormulaLines.clipped("prior/logVariance[k, :]")
                            + ")))");
        } else if (prior instanceof PriorConfig.RealNvp flow) {
            List<String> lines = new ArrayList<>(List.of("y = z", "logDet = 0"));
            for (int i = 0; i < flow.couplings(); i++) {
                lines.addAll(FormulaLines.coupling(priorCoupling(vae, flow, i), false));
            }
            lines.add("logPrior = sum(logNormal(y, 0, 0)) + logDet");
            return lines;
        }
        return List.of("logPrior = sum(logNormal(z, 0, 0))");
    }

    private static FormulaLines.Coupling priorCoupling(ModelConfig.Vae vae, PriorConfig.RealNvp flow, int index) {
        int latent = vae.latent();
        return new FormulaLines.Coupling(
                "prior/coupling" + index,
                flow.family(),
                flow.bins() == null ? 0 : flow.bins(),
                "priorBound",
                (latent + 1) / 2,
                latent,
                index,
                FormulaLines.NetworkLines.of(flow.conditioner()),
                vae);
    }

    private static Map<String, Object> constants(ModelConfig.Vae vae) {
        Map<String, Object> constants = new LinkedHashMap<>();
        if (vae.likelihood() instanceof LikelihoodConfig.Gaussian gaussian) {
            constants.put("sigma", gaussian.sigma());
        }
        if (vae.prior() instanceof PriorConfig.RealNvp prior) {
            if (prior.logScaleBound() != null) {
                constants.put("priorBound", prior.logScaleBound());
            }
            if (prior.tailBound() != null) {
                constants.put("tailBound", prior.tailBound());
            }
        }
        return constants;
    }
}
