package org.likelihood4j.toymodel;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.inference.kinds.ModelContext;
import org.likelihood4j.inference.kinds.ModelFormulas;
import org.likelihood4j.inference.kinds.ModelProvider;
import org.likelihood4j.models.Model;

/** Brings {@code model: {type: normal}}. */
public final class NormalProvider implements ModelProvider<NormalConfig> {
    @Override
    public String name() {
        return "normal";
    }

    @Override
    public Class<NormalConfig> section() {
        return NormalConfig.class;
    }

    @Override
    public Model create(NormalConfig section, ModelContext context) {
        if (!context.isRows()) {
            throw new ConfigException("model.type", "normal is for rows of numbers, not for images");
        }
        return new NormalModel(context.event(), section.spread(), section.latent(), context.type());
    }

    /** Of two columns; without a latent there is nothing to encode, and what it would be is a name of {@code logProb} alone. */
    @Override
    public Optional<ModelFormulas> formulas(NormalConfig section, ModelContext context) {
        if (context.shape().size() != 2) {
            return Optional.empty();
        }
        List<String> z = List.of(
                "c = data - normal/mean",
                "z1 = c[:, 0:1] / exp(normal/logScale[:, 0:1])",
                "z2 = (c[:, 1:2] - z1 * normal/below1) / exp(normal/logScale[:, 1:2])",
                "latent = concat(z1, z2)");
        List<String> back = List.of(
                "z1 = latent[:, 0:1]",
                "x1 = z1 * exp(normal/logScale[:, 0:1])",
                "x2 = z1 * normal/below1 + latent[:, 1:2] * exp(normal/logScale[:, 1:2])",
                "data = concat(x1, x2) + normal/mean");
        List<String> sample = new ArrayList<>(List.of("latent = temperature * normal(2)"));
        sample.addAll(back);
        List<String> logProb = new ArrayList<>(section.latent() ? List.of() : z);
        logProb.add("logProb = sum(logNormal(latent, 0, 0)) - sum(normal/logScale)");
        return Optional.of(
                section.latent()
                        ? new ModelFormulas(Map.of(), z, back, sample, logProb)
                        : new ModelFormulas(Map.of(), List.of(), List.of(), sample, logProb));
    }
}
