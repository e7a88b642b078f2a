package org.likelihood4j.inference.runtime;

import java.util.Map;
import org.likelihood4j.config.ModelConfig;
import org.likelihood4j.config.ModelType;
import org.likelihood4j.config.ModelTypes;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.engine.Device;
import org.likelihood4j.engine.Engine;
import org.likelihood4j.engine.Engines;
import org.likelihood4j.inference.kinds.FlowFactory;
import org.likelihood4j.inference.kinds.ModelContext;
import org.likelihood4j.inference.kinds.ModelFactory;
import org.likelihood4j.inference.kinds.ModelProvider;
import org.likelihood4j.inference.kinds.VaeFactory;
import org.likelihood4j.models.ExactDensityModel;
import org.likelihood4j.models.LatentVariableModel;
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
     * @throws ConfigException if the model is not one of such examples, or not what its section says of it
     */
    public static Model create(RunConfig config, ExampleShape shape) {
        Model model = factory(config.model()).create(config.model(), context(config, shape));
        requireAsSaid(config.model(), model);
        return model;
    }

    /** What is known before there is a model decides sections and defaults: a model that is otherwise would fail within the training. */
    static void requireAsSaid(ModelConfig section, Model model) {
        LatentVariableModel latent = model instanceof LatentVariableModel given ? given : null;
        require(section, "hasExactDensity", section.hasExactDensity(), model instanceof ExactDensityModel);
        require(section, "hasKl", section.hasKl(), latent != null);
        require(section, "hasClosedFormKl", section.hasClosedFormKl(), latent != null && latent.hasAnalyticKl());
        require(
                section,
                "hasGaussianPosterior",
                section.hasGaussianPosterior(),
                latent == null || latent.hasGaussianPosterior());
        require(section, "hasLikelihood", section.hasLikelihood(), model.hasLikelihood());
    }

    private static void require(ModelConfig section, String claim, boolean said, boolean is) {
        if (said != is) {
            throw new ConfigException(
                    "model.type",
                    "the kind of model " + ModelTypes.name(section) + " contradicts itself: its section ("
                            + section.getClass().getName() + ") says " + claim + " = " + said
                            + ", but of the model that it makes that is " + is + "; its author must mend one of them");
        }
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

    /** What takes the training steps of a configuration. All else is computed by {@link #engine}, whose float32 every machine has. */
    public static Engine stepEngine(RunConfig config) {
        Device device = ComputeDevice.of(config);
        return switch (config.precision()) {
            case MIXED -> Engines.mixed(device).orElseThrow(() -> ComputeDevice.noBfloat16(device));
            case TF32 -> Engines.tf32(device).orElseThrow(ComputeDevice::noTf32);
            case FLOAT32, FLOAT64 -> engine(config);
        };
    }

    /** The engine of a configuration, with which trained models are used. */
    public static Engine engine(RunConfig config) {
        return switch (config.engine()) {
            case COMPILED -> Engines.best(ComputeDevice.of(config));
            case REFERENCE -> Engines.reference();
        };
    }

    /** ND4J's type of a precision. */
    public static DataType type(RunConfig.Precision precision) {
        return precision == RunConfig.Precision.FLOAT64 ? DataType.DOUBLE : DataType.FLOAT;
    }
}
