package org.likelihood4j.config;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;
import org.likelihood4j.config.data.DataConfig;
import org.likelihood4j.config.data.DigitsConfig;
import org.likelihood4j.config.rules.Check;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.config.rules.Wording;

/**
 * Everything that determines a run. Immutable; a value that exists is valid. No two sections have the same type, so that a copy
 * cannot confuse them. In the constructors of this package
 * {@code null} means "the default", so accessors never return {@code null} except where they say so. Only the reader of a file
 * knows the default of {@code name}; here it is required.
 *
 * @param name the run's folder name: letters, digits, '.', '_' and '-', at most 100, not starting with '.' or '-', no
 *     ".."; default the file's name without its ending and accents, with '-' for other letters
 * @param seed the seed of every random number of the run; default 1
 * @param device where the training computes; default cpu
 * @param engine what runs the graphs; default compiled
 * @param precision the floating-point type of the parameters and of every computation, or tf32 or mixed; default float32
 * @param data what the model is trained on; default digits
 * @param model what is trained; required
 * @param loss what a VAE minimises; {@code null} for a flow, which minimises minus its log-likelihood
 * @param training how it is trained
 * @param diagnostics what a VAE's training reports about its KL; {@code null} for a flow
 * @param evaluation how it is evaluated
 * @param tensorboard whether the training also writes files for TensorBoard, see docs/tracking.md; default false
 */
public record RunConfig(
        String name,
        Long seed,
        Device device,
        EngineKind engine,
        Precision precision,
        DataConfig data,
        ModelConfig model,
        LossConfig loss,
        TrainingConfig training,
        DiagnosticsConfig diagnostics,
        EvaluationConfig evaluation,
        Boolean tensorboard) {

    private static final int LONGEST_NAME = 100;
    /** Accents, as they stand behind their letters in a decomposed text. */
    private static final Pattern MARKS = Pattern.compile("\\p{M}+");

    private static final Pattern NAME = Pattern.compile("(?!.*\\.\\.)[A-Za-z0-9_][A-Za-z0-9._-]{0,99}");

    /**
     * Fills in the defaults and checks the rules that span sections.
     *
     * @throws ConfigException if {@code name} or {@code model} is missing, the name is not a plain folder name, the
     *     batch is larger than the training set, the engine or the precision not the device's, the precision not the engine's, the batch in shards
     *     without being their mean, the part that is to be trained not one of the model, or early stopping has no validation set to watch
     */
    public RunConfig {
        if (name == null) {
            throw new ConfigException("name", "required, but missing");
        }
        name = Check.text(NAME, notAName(name), "name", name, null);
        if (model == null) {
            throw new ConfigException("model", "required, but missing; for example model: {type: vae}");
        }
        seed = Check.or(seed, 1L);
        device = Check.or(device, Device.CPU);
        engine = Check.or(engine, EngineKind.COMPILED);
        if (device == Device.CUDA && engine == EngineKind.REFERENCE) {
            throw new ConfigException(
                    "engine", "reference computes on the CPU; with device: cuda use engine: compiled");
        }
        precision = Check.or(precision, Precision.FLOAT32);
        if (device == Device.CUDA && precision == Precision.FLOAT64) {
            throw new ConfigException(
                    "precision", "float64 is for the CPU; with device: cuda use float32, tf32 or mixed");
        }
        if (device == Device.CPU && precision == Precision.TF32) {
            throw new ConfigException("precision", "tf32 is for NVIDIA GPUs; with device: cpu use float32 or mixed");
        }
        if (precision == Precision.MIXED && engine == EngineKind.REFERENCE) {
            throw new ConfigException(
                    "precision", "mixed is a way of the compiled engine; use engine: compiled, or precision: float32");
        }
        if (data != null) {
            model = decided(model, data);
        }
        data = Check.or(data, new DigitsConfig(null, null, null, null));
        model = withKnownClasses(model, data);
        requireMask(model, data);
        training = Check.or(training, TrainingConfig.defaults());
        if (model.hasKl()) {
            loss = LossConfig.orDefault(loss, model);
            diagnostics = Check.or(diagnostics, new DiagnosticsConfig(null, null, null, null, null));
        } else {
            refuseWithoutKl("loss", loss);
            refuseWithoutKl("diagnostics", diagnostics);
        }
        requireMeans(training, loss);
        requirePart(training, model);
        evaluation = EvaluationConfig.orDefault(evaluation, model, data);
        tensorboard = Check.or(tensorboard, false);
        if (data.trainExamples().isPresent()) {
            requireBatch(data.trainExamples().getAsInt(), "images", training);
        }
        if (training.earlyStopping() != null && !data.validates()) {
            throw new ConfigException("training.earlyStopping", "needs validation images, but data.validation is 0");
        }
    }

    private static void requireMeans(TrainingConfig training, LossConfig loss) {
        if (training.shards() != null
                && training.shards() > 1
                && loss != null
                && loss.kl().freeBits() > 0) {
            throw new ConfigException(
                    "training.shards",
                    "cannot be above 1 with loss.kl.freeBits: their floor is under the mean KL of the whole batch, and is no mean"
                            + " over its parts; leave one of the two out");
        }
    }

    private static void requirePart(TrainingConfig training, ModelConfig model) {
        if (training.only() != null && !model.hasLearnedPrior()) {
            throw new ConfigException(
                    "training.only",
                    training.only()
                            + " is for a VAE with a learned one: model.prior {type: mixture} or {type: realnvp}");
        }
    }

    private static void requireMask(ModelConfig model, DataConfig data) {
        if (data.hasHoles() && !model.leavesOut()) {
            throw new ConfigException(
                    "data.missing",
                    "mask is for a VAE with model.likelihood {type: columns}, whose bound can leave cells out; "
                            + (model.hasExactDensity()
                                    ? "a flow's density is one of whole rows: use drop, or such a VAE"
                                    : "use that likelihood, or drop"));
        }
    }

    /** Data that are not said may still be put there by whoever has them. */
    private static ModelConfig decided(ModelConfig model, DataConfig data) {
        try {
            return model.decided(data);
        } catch (ConfigException e) {
            throw new ConfigException("model." + e.key(), e.problem());
        }
    }

    private static ModelConfig withKnownClasses(ModelConfig model, DataConfig data) {
        if (!model.tellsClasses() || model.classes() != null) {
            return model;
        }
        return model.withClasses(data.classes()
                .orElseThrow(() -> new ConfigException(
                        "model.classes",
                        "required with condition " + model.condition()
                                + ": how many classes these data have is not known before they are read")));
    }

    /**
     * Checks that the training set has a batch of the size that was set.
     *
     * @param noun what its examples are called
     * @throws ConfigException if it is smaller
     */
    public static void requireBatch(int examples, String noun, TrainingConfig training) {
        Check.require(
                training.batchSize() == null || training.batchSize() <= examples,
                "training.batchSize",
                "must be at most the " + examples + " training " + noun,
                training.batchSize());
    }

    /** The same on another device; on the processor tf32 is float32, as outside of steps it is anyway. */
    public RunConfig withDevice(Device other) {
        boolean unknown = precision == Precision.TF32 && other == Device.CPU;
        return with(other, unknown ? Precision.FLOAT32 : precision, data, training);
    }

    /** The same in another precision. */
    public RunConfig withPrecision(Precision other) {
        return with(device, other, data, training);
    }

    /** The same with another data section. */
    public RunConfig withData(DataConfig other) {
        return with(device, precision, other, training);
    }

    /** The same with {@code training.batchSize} set: if it is not, to what fits so many training examples. */
    public RunConfig fitted(int examples) {
        return with(device, precision, data, training.fitted(examples));
    }

    private RunConfig with(
            Device otherDevice, Precision otherPrecision, DataConfig otherData, TrainingConfig otherTraining) {
        return new RunConfig(
                name,
                seed,
                otherDevice,
                engine,
                otherPrecision,
                otherData,
                model,
                loss,
                otherTraining,
                diagnostics,
                evaluation,
                tensorboard);
    }

    /** Whether a text can be a run's name: a plain folder name that leads nowhere else. */
    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** What a name must be, and what one that is none was. */
    public static String notAName(String text) {
        return "must be a plain folder name (letters, digits, '.', '_', '-'; at most 100; not starting with '.' or"
                + " '-'; no '..'), was " + Wording.quote(text);
    }

    /** The name that a text makes: without accents, '-' for what a name cannot have; {@code run} where nothing is left. */
    public static String nameOf(String text) {
        String plain = MARKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFKD))
                .replaceAll("")
                .replaceAll("[^A-Za-z0-9._-]+", "-")
                .replaceAll("\\.{2,}", ".")
                .replaceAll("^[.-]+", "");
        String name = plain.substring(0, Math.min(LONGEST_NAME, plain.length())).replaceAll("-+$", "");
        return name.isEmpty() ? "run" : name;
    }

    private static void refuseWithoutKl(String key, Object section) {
        if (section != null) {
            throw new ConfigException(key, "is for a model with a KL, such as model.type vae, and this one has none");
        }
    }

    /** Where a run computes. */
    public enum Device {
        /** The processor. */
        CPU,
        /** An NVIDIA GPU of compute capability 7.5 or newer, see docs/gpu.md. */
        CUDA;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What runs the graphs. */
    public enum EngineKind {
        /** One static program for each graph. */
        COMPILED,
        /** SameDiff's own session: slow, and what the compiled programs are held against. */
        REFERENCE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The floating-point type of the parameters and of every computation. */
    public enum Precision {
        /** 32-bit floating point. */
        FLOAT32,
        /**
         * Training steps multiply float32 numbers that are rounded to 11 significant bits (TF32) in matrix products. Their sums and all else
         * are float32, and so is all use of the trained model. Needs a GPU of compute capability 8.0 or newer to train.
         */
        TF32,
        /**
         * Training steps multiply bfloat16 numbers, of 8 significant bits, in convolutions and matrix products where that is faster.
         * Their sums, all other computations and the parameters are float32, and so is all use of the trained model: evaluation,
         * samples, scores. Needs a CPU with AVX512_BF16 or AMX to train, or a GPU of compute capability 8.0 or
         * newer, and none of them to use the model.
         */
        MIXED,
        /** 64-bit floating point. */
        FLOAT64;

        /** The type of the parameters, and of all that is computed outside of training steps. */
        public Precision outsideOfSteps() {
            return this == FLOAT64 ? FLOAT64 : FLOAT32;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
