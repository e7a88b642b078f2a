package org.likelihood4j.inference.kinds;

import org.likelihood4j.config.ModelConfig;
import org.likelihood4j.config.ModelType;

/**
 * A kind of model that is not built in, whole: its name, its section and how to make it. Its jar names the class in {@code
 * META-INF/services/org.likelihood4j.config.ModelType}; all commands then know it.
 *
 * @param <C> its section of a config, the record of {@link #section}
 */
public interface ModelProvider<C extends ModelConfig.Provided> extends ModelType, ModelFactory<C> {
    @Override
    Class<C> section();
}
