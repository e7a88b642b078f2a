package org.likelihood4j.inference.runtime;

import java.util.Map;
import java.util.Optional;
import org.likelihood4j.config.ModelConfig;
import org.likelihood4j.config.ModelType;
import org.likelihood4j.config.ModelTypes;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.engine.Engine;
import org.likelihood4j.engine.Engines;
import org.likelihood4j.inference.kinds.FlowFactory;
import org.likelihood4j.inference.kinds.ModelContext;
import org.likelihood4j.inference.kinds.ModelFactory;
import org.likelihood4j.inference.kinds.ModelFormulas;
import org.likelihood4j.inference.kinds.ModelProvider;
import org.likelihood4j.inference.kinds.VaeFactory;
import org.likelihood4j.models.Model;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * From the configuration's model section to the model. Its table is the only place that asks which kind a section is: who wants to
 * know what a model can do asks the model, or, before there is one, the section.
 */
public final class ModelBuilder {
    private static final Map<Class<? extends ModelConfig>, ModelFactory<?>> BUILT_IN =
            Map.of(ModelConfig.Vae.class, new VaeFactory(), ModelConfig.RealNvp.class, new FlowFactory());

    private ModelBuilder() {}

    /**
     * The model of a configuration, for examples of the given shape.
     *
     * @throws ConfigException if the model is not one of such examples
     */
    public static Model create(RunConfig config, ExampleShape shape) {
        return factory(config.model()).create(config.model(), context(config, shape));
    }

    /** How to compute with a model of a configuration; empty if its kind does not say. */
    public static Optional<ModelFormulas> formulas(RunConfig config, ExampleShape shape) {
        return factory(config.model()).formulas(config.model(), context(config, shape));
    }

    /** The table holds for each section the factory of its own type. */
    @SuppressWarnings("unchecked")
    private static ModelFactory<ModelConfig> factory(ModelConfig section) {
        ModelFactory<?> factory = BUILT_IN.get(section.getClass());
        return (ModelFactory<ModelConfig>) (factory != null ? factory : provider(ModelTypes.installed(section)));
    }

    private static ModelProvider<?> provider(ModelType type) {
        if (type instanceof ModelProvider<?> provider) {
            return provider;
        }
        throw new ConfigException(
                "model.type",
                type.name() + " is installed, but " + type.getClass().getName()
                        + " does not say how to make the model; it must be a ModelProvider");
    }

    private static ModelContext context(RunConfig config, ExampleShape shape) {
        return new ModelContext(config, shape, type(config.precision()));
    }

    /** The engine of a configuration. */
    public static Engine engine(RunConfig config) {
        return switch (config.engine()) {
            case COMPILED -> Engines.best();
            case REFERENCE -> Engines.reference();
        };
    }

    /** ND4J's type of a precision. */
    public static DataType type(RunConfig.Precision precision) {
        return precision == RunConfig.Precision.FLOAT64 ? DataType.DOUBLE : DataType.FLOAT;
    }
}
