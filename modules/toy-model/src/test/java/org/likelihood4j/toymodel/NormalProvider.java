package org.likelihood4j.toymodel;

import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.inference.kinds.ModelContext;
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
}
