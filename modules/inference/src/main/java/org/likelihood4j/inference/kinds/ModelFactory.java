package org.likelihood4j.inference.kinds;

import org.likelihood4j.config.ModelConfig;
import org.likelihood4j.models.Model;

/**
 * Makes the models of one kind.
 *
 * @param <C> the kind's section of a config
 */
public interface ModelFactory<C extends ModelConfig> {
    /**
     * A model, without values for its parameters.
     *
     * @throws org.likelihood4j.config.rules.ConfigException if the model is not one of such examples
     */
    Model create(C section, ModelContext context);
}
