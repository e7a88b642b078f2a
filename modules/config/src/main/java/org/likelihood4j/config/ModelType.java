package org.likelihood4j.config;

/**
 * A kind of model that is not built in: what configs call it, and the record of its section. A jar that brings one names its class in
 * {@code META-INF/services/org.likelihood4j.config.ModelType}; to train it, the class must also say how to make the model: it is a
 * {@code ModelProvider}.
 */
public interface ModelType {
    /** What {@code model.type} says: lower-case letters, digits, '-' and '_', and no other kind's name. */
    String name();

    /**
     * The record whose components are the keys of the section. As in the built-in sections, its constructor takes {@code null} for a key
     * that was left out, puts the default there, and checks by {@link org.likelihood4j.config.rules.Check}.
     */
    Class<? extends ModelConfig.Provided> section();
}
