package org.likelihood4j.laboratory.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.RunConfig.Device;
import org.likelihood4j.config.RunConfig.Precision;
import org.likelihood4j.data.Examples;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.inference.runtime.MemoryNeed;
import org.likelihood4j.inference.runtime.ModelBuilder;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.io.RunException;
import org.likelihood4j.laboratory.verify.Finding;
import org.likelihood4j.models.ExactDensityModel;
import org.likelihood4j.models.LatentVariableModel;
import org.likelihood4j.models.Model;
import org.likelihood4j.random.CounterRandom;
import org.likelihood4j.runs.Checkpoints;
import org.likelihood4j.runs.RunDirectory;
import org.nd4j.linalg.api.buffer.DataType;

/** Checks what must hold of a trained model, on real images: with the values of a checkpoint, not with random ones. */
public final class Audit {
    /** All images are computed at once; more would add little. */
    public static final int MOST_IMAGES = 1000;

    private Audit() {}

    /**
     * Audits a checkpoint.
     *
     * @param trained the checkpoint in the run's own precision
     * @param images at least one
     * @param sink receives each finding as it is made
     * @return all findings, in order
     */
    public static List<Finding> audit(TrainedModel trained, Examples images, long seed, Consumer<Finding> sink) {
        if (images.size() == 0) {
            throw new RunException("there are no images to verify the model on");
        }
        int most = MemoryNeed.rows(trained.config(), trained.values().model(), MOST_IMAGES);
        Examples some = images.slice(0, Math.min(images.size(), most));
        return audit(trained.values(), inFloat64(trained), some, seed, sink);
    }

    /** Looks at everything that a checkpoint has saved, used or not: {@code best}, {@code last} or a checkpoint's name. */
    public static Finding saved(RunDirectory run, String checkpoint) {
        return FiniteAudit.saved(new Checkpoints(run).locate(checkpoint).resolve("weights.safetensors"));
    }

    /** Audits values that {@code exact} holds in float64. */
    static List<Finding> audit(
            ModelValues values, ModelValues exact, Examples images, long seed, Consumer<Finding> sink) {
        Subject subject = new Subject(
                values,
                exact,
                AuditInputs.of(images, new SplittableRandom(CounterRandom.key(seed, "audit"))),
                new SplittableRandom(CounterRandom.key(seed, "audit/draws")));
        List<Finding> findings = new ArrayList<>();
        Consumer<Finding> both = finding -> {
            findings.add(finding);
            sink.accept(finding);
        };
        new FiniteAudit(subject).run(both);
        if (values.model() instanceof LatentVariableModel model) {
            new VaeAudit(subject, model).run(both);
        } else if (values.model() instanceof ExactDensityModel
                && values.model()
                        .latentGeometry()
                        .filter(latents -> latents.isExact() && latents.standardNormalPrior())
                        .isPresent()) {
            new FlowAudit(subject).run(both);
        }
        return findings;
    }

    /**
     * What is audited.
     *
     * @param values in the run's precision
     * @param exact the same values in float64
     */
    record Subject(ModelValues values, ModelValues exact, AuditInputs images, SplittableRandom random) {
        Model model() {
            return values.model();
        }

        boolean single() {
            return values.type() == DataType.FLOAT;
        }

        /** For people. */
        String precision() {
            return single() ? "float32" : "float64";
        }
    }

    /** The same configuration with another precision gives the same layouts. */
    private static ModelValues inFloat64(TrainedModel trained) {
        RunConfig config = trained.config().withDevice(Device.CPU).withPrecision(Precision.FLOAT64);
        ModelValues exact = ModelValues.zeros(ModelBuilder.create(config, trained.shape()), DataType.DOUBLE);
        cast(trained.values().parameters(), exact.parameters());
        if (exact.buffers() != null) {
            cast(trained.values().buffers(), exact.buffers());
        }
        return exact;
    }

    private static void cast(FlatVector from, FlatVector to) {
        to.flat().assign(from.flat().castTo(DataType.DOUBLE));
    }
}
