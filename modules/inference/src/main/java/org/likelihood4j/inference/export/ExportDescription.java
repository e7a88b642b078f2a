package org.likelihood4j.inference.export;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.likelihood4j.config.EvaluationConfig;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.models.ExactDensityModel;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.Model;
import org.likelihood4j.runs.Calibration;
import org.nd4j.linalg.api.buffer.DataType;
import tools.jackson.databind.JsonNode;

/**
 * What {@code model.json} holds.
 *
 * @param precision in which the program's numbers are meant: {@code float32} or {@code float64}
 * @param latent numbers of a latent; null, as what follows, where there is none
 * @param classes the names of the labels 0, 1, ... of its data
 * @param conditionClasses how many classes the model is told examples to be of
 * @param functions by their names in the program
 * @param noise the seeds of what {@code score} draws
 * @param score how log p(x) is made of the log-weight; null of a model without a likelihood
 * @param calibration what makes p-values of scores
 * @param sha256 of the other files that a function is made of, by their names, in hex
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ExportDescription(
        String format,
        int formatVersion,
        String run,
        String checkpoint,
        String weights,
        String precision,
        Map<String, Object> data,
        JsonNode model,
        Integer latent,
        List<String> classes,
        Integer conditionClasses,
        Map<String, ExportedFunction.Signature> functions,
        Noise noise,
        Score score,
        CalibrationText calibration,
        Map<String, String> sha256) {
    /** What it says it is. */
    static final String FORMAT = "likelihood4j-export";

    /** Of all files of an export. */
    static final int FORMAT_VERSION = 3;

    /**
     * How {@code score} estimates log p(x).
     *
     * @param exact whether one draw is all there is: a density without noise
     * @param draws K of the estimate, unless its user wants others
     * @param bitsPerDim what makes bits of nats, of integers as they are stored: -1/(D ln 2); else null
     * @param binary whether it is of binarised images
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Score(boolean exact, int draws, Double bitsPerDim, boolean binary) {}

    /**
     * Whose functions noise inputs are.
     *
     * @param seed of what is renewed
     * @param runSeed of what an example has once and for all
     */
    record Noise(long seed, long runSeed) {}

    /**
     * The run's {@link Calibration}, without what only explanations need.
     *
     * @param typicalMean of what the score is relative to: -log p(x) in nats, and of images that can be compressed their bits; else null
     * @param typicalCovariance of these, row by row
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @SuppressWarnings("ArrayRecordComponent") // a file's content, never compared
    record CalibrationText(
            String score,
            double falseAlarms,
            int draws,
            long seed,
            double[] typicalMean,
            double[] typicalCovariance,
            int overflows,
            double[] scores) {}

    /** That of a model, yet without its files' sums. */
    static ExportDescription of(TrainedModel trained, String checkpoint, Optional<Calibration> calibration) {
        Model model = trained.values().model();
        RunConfig config = trained.config();
        Map<String, ExportedFunction.Signature> signatures = new LinkedHashMap<>();
        ExportedFunction.of(model).forEach(function -> signatures.put(function.key(), function.signature(model)));
        return new ExportDescription(
                FORMAT,
                FORMAT_VERSION,
                config.name(),
                checkpoint,
                config.training().emaDecay() == null
                        ? "the parameters as they were trained"
                        : "the moving average of the parameters, decay "
                                + config.training().emaDecay(),
                trained.values().type() == DataType.DOUBLE ? "float64" : "float32",
                ExportedData.of(trained.shape()),
                ConfigLoader.toTree(config).path("model"),
                model.latentGeometry().isPresent() ? model.latentShape().size() : null,
                trained.classes().isEmpty() ? null : trained.classes(),
                trained.condition().map(FunctionInput.Condition::classes).orElse(null),
                signatures,
                new Noise(config.evaluation().seed(), config.seed()),
                model.hasLikelihood() ? score(model, config) : null,
                calibration.map(ExportDescription::text).orElse(null),
                Map.of());
    }

    /** The same with its files' sums. */
    ExportDescription withSha256(Map<String, String> sums) {
        return new ExportDescription(
                format,
                formatVersion,
                run,
                checkpoint,
                weights,
                precision,
                data,
                model,
                latent,
                classes,
                conditionClasses,
                functions,
                noise,
                score,
                calibration,
                sums);
    }

    private static Score score(Model model, RunConfig config) {
        EvaluationConfig evaluation = config.evaluation();
        boolean noisy = model.logWeight().inputs().stream().anyMatch(FunctionInput.NoiseInput.class::isInstance);
        return new Score(
                model instanceof ExactDensityModel && !noisy,
                evaluation.importanceSamples(),
                model.hasBitsPerDimension() ? -1 / (model.shape().size() * Math.log(2)) : null,
                model.isOfBinaryPixels());
    }

    private static CalibrationText text(Calibration calibration) {
        return new CalibrationText(
                calibration.score(),
                calibration.falseAlarms(),
                calibration.source().importanceSamples(),
                calibration.source().seed(),
                calibration.typical() == null ? null : calibration.typical().mean(),
                calibration.typical() == null
                        ? null
                        : Arrays.stream(calibration.typical().covariance())
                                .flatMapToDouble(Arrays::stream)
                                .toArray(),
                calibration.overflows(),
                calibration.scores());
    }
}
