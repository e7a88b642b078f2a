package org.likelihood4j.inference.runtime;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import org.bytedeco.javacpp.Pointer;
import org.likelihood4j.config.OptimizerConfig;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.TrainingConfig;
import org.likelihood4j.config.rules.Check;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.engine.Device;
import org.likelihood4j.models.Model;
import org.likelihood4j.models.ParameterLayout;

/**
 * What a configuration needs, known before anything is allocated: ND4J's arrays are outside of the heap, where nobody says no in
 * time. A configuration may come from anywhere, and one zero too many in a layer's width asks for terabytes.
 *
 * <pre>
 * values a batch keeps = rows x (inputs ahead + the model's footprint)
 * bytes                = (parameters x copies + values a batch keeps) x width of a number
 * </pre>
 */
public final class MemoryNeed {
    /** The processor's kernels see a matrix through one of Java's buffers, which have no more bytes. */
    private static final long MOST_BYTES = Integer.MAX_VALUE;
    /** A card's count its numbers, a little further than the last one. */
    private static final long MOST_NUMBERS = Integer.MAX_VALUE - (1 << 20);
    /** Bytes of a batch whose size is ours to choose, on its way forwards. */
    private static final long CHUNK = 256L << 20;
    /** On its way forwards alone a batch is taken to keep a third of the arrays; that was not counted. */
    private static final long FORWARD = 3;
    /** Of those the validation of a VAE has two, beside the training step. */
    private static final long FORWARD_PROGRAMS = 2;
    /** Batches that wait, are computed and are prepared, each of data and noise: see {@code Trainer}. */
    private static final long AHEAD = 12;

    private MemoryNeed() {}

    /** Bytes of arrays that a training takes at most at once, or a little more; beside the heap, where the data are. */
    public static long ofTraining(RunConfig config, Model model) {
        long rows = config.training().batch();
        return sum(
                saturated(model.parameters().length(), parameterBytes(config)),
                evaluationBytes(config, model),
                saturated(rows, rowBytes(config, model)));
    }

    /** Of what is computed between steps, at most {@link #rows} at once. */
    private static long evaluationBytes(RunConfig config, Model model) {
        long rows = rows(config, model, config.evaluation().batchSize());
        return FORWARD_PROGRAMS * saturated(rows, rowBytes(config, model) / FORWARD);
    }

    /**
     * Of each parameter: itself, its moments and average, its gradient, and sums of gradients of shards that wait for others; where replicas take steps
     * alone, all but the gradient once more, and sums of each.
     */
    private static long parameterBytes(RunConfig config) {
        TrainingConfig training = config.training();
        int state = 1
                + (training.optimizer() instanceof OptimizerConfig.Adam ? 2 : 1)
                + (training.emaDecay() == null ? 0 : 1);
        int waiting = Integer.numberOfTrailingZeros(Check.or(training.shards(), 1));
        int copies = state + 1 + waiting;
        if (training.local() != null) {
            copies += state + (state + 1) * waiting;
        }
        return (long) copies * bytes(config);
    }

    private static long rowBytes(RunConfig config, Model model) {
        return saturated(kept(model), bytes(config));
    }

    /**
     * Checks what a training needs: the parameters with their gradient, moments and average, and one batch's way through the
     * networks and back. Of a batch size that is not set one example is checked: it is known with the data. Also where a card trains, a step is
     * recorded by this process first.
     *
     * @throws ConfigException if that is more than arrays may take here; says how much it is, and what would fit
     */
    public static void checkTraining(RunConfig config, Model model) {
        checkTraining(config, model, Limit.here());
    }

    /**
     * The same of the memory that the device has for itself, if it has, and can be used here.
     *
     * @throws ConfigException if that is more than it has
     */
    public static void checkDevice(RunConfig config, Model model) {
        Device device = ComputeDevice.of(ComputeDevice.usable(config));
        device.memory().ifPresent(bytes -> checkTraining(config, model, Limit.of(device, bytes)));
    }

    private static void checkTraining(RunConfig config, Model model, Limit limit) {
        long rows =
                config.training().batchSize() == null ? 1 : config.training().batch();
        long beside = sum(evaluationBytes(config, model), saturated(rows, rowBytes(config, model)));
        check(config, model, limit, parameterBytes(config), beside, "to train");
        long parameters = model.parameters().length() * parameterBytes(config);
        long row = rowBytes(config, model);
        long left = limit.bytes() - parameters - evaluationBytes(config, model);
        long elements = config.device() == RunConfig.Device.CPU ? MOST_BYTES / bytes(config) : MOST_NUMBERS;
        long most = elements / widest(model);
        if (saturated(rows, row) > left) {
            throw new ConfigException(
                    "training.batchSize",
                    String.format(
                            Locale.ROOT,
                            "a batch of %,d needs some %s of memory on its way through the model%s, %s; %s",
                            rows,
                            size(saturated(rows, row)),
                            parameters > limit.bytes() / 10 ? " beside " + size(parameters) + " of parameters" : "",
                            limit.exceeded(),
                            fitting(Math.min(most, left / row))));
        }
        if (rows > most) {
            throw new ConfigException(
                    "training.batchSize",
                    String.format(
                            Locale.ROOT,
                            "a batch of %,d makes arrays of up to %,d elements, more than the %,d that there can be; %s",
                            rows,
                            saturated(rows, widest(model)),
                            elements,
                            fitting(most)));
        }
    }

    /**
     * Checks what it takes to hold a model's values once.
     *
     * @throws ConfigException if that is more than arrays may take here; says how much it is
     */
    public static void checkOpening(RunConfig config, Model model) {
        check(config, model, Limit.here(), bytes(config), 0, "to hold");
    }

    /**
     * How many rows to compute at once where only speed depends on it: as many as wanted, but no more than fit in a quarter of a
     * GiB.
     *
     * @return at least 1
     */
    public static int rows(RunConfig config, Model model, int wanted) {
        return (int) Math.max(1, Math.min(wanted, CHUNK / (rowBytes(config, model) / FORWARD)));
    }

    /** @param beside bytes that there have to be beside the parameters */
    private static void check(RunConfig config, Model model, Limit limit, long bytesEach, long beside, String purpose) {
        long parameters = model.parameters().length();
        long most = MOST_BYTES / bytes(config);
        long bytes = saturated(parameters, bytesEach);
        if (parameters <= most && bytes <= limit.bytes()) {
            return;
        }
        throw new ConfigException(
                "model",
                String.format(
                        Locale.ROOT,
                        "its %,d parameters need %s of memory %s, %s; %s",
                        parameters,
                        size(bytes),
                        purpose,
                        parameters > most
                                ? String.format(Locale.ROOT, "and can be at most %,d", most)
                                : limit.exceeded(),
                        narrower(model.parameters(), Math.min(most, (limit.bytes() - beside) / bytesEach))));
    }

    /**
     * Which share of the hidden layers' widths would fit. Matrices between the data and a hidden layer, the largest ones, are
     * proportional to it; those between hidden layers shrink faster.
     */
    private static String narrower(ParameterLayout layout, long most) {
        long vectors = layout.entries().stream()
                .map(ParameterLayout.Entry::parameter)
                .filter(parameter -> parameter.shape().size() < 2)
                .mapToLong(parameter -> parameter.length())
                .sum();
        double share = (double) (most - vectors) / (layout.length() - vectors);
        long divisor = (long) Math.ceil(1 / share);
        return share > 0 && divisor <= 1000
                ? String.format(Locale.ROOT, "hidden layers of 1/%d of their widths, or smaller images, fit", divisor)
                : "smaller images fit";
    }

    private static String fitting(long rows) {
        return rows >= 1
                ? String.format(Locale.ROOT, "%,d fit", rows)
                : "not even one example fits: use smaller images, fewer couplings or narrower layers";
    }

    /** Values of one example that a training step keeps at once, with what waits to be computed. */
    private static long kept(Model model) {
        return sum(AHEAD * model.shape().size(), model.footprint().kept());
    }

    /** The largest number of values that one array has for each example. */
    private static long widest(Model model) {
        return Math.max(model.shape().size(), model.footprint().widest());
    }

    private static long bytes(RunConfig config) {
        return ModelBuilder.type(config.precision()).width();
    }

    /** The product, or the largest long. */
    private static long saturated(long a, long b) {
        try {
            return Math.multiplyExact(a, b);
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }

    private static long sum(Long... values) {
        return List.of(values).stream().reduce(0L, (a, b) -> Long.MAX_VALUE - b < a ? Long.MAX_VALUE : a + b);
    }

    private static String size(long bytes) {
        return bytes == Long.MAX_VALUE ? "more than 9 billion GB" : String.format(Locale.ROOT, "%,.1f GB", bytes / 1e9);
    }

    /**
     * What arrays may take.
     *
     * @param exceeded what to say of a need that is above
     */
    private record Limit(long bytes, String exceeded) {
        /** What a device has for itself. */
        static Limit of(Device device, long bytes) {
            return new Limit(bytes, "more than the " + size(bytes) + " of the card, " + device.description());
        }

        /** What run.sh, or whoever started this JVM, allows, but no more than the machine or its container has beside the heap. */
        static Limit here() {
            long allowed = Pointer.maxBytes() > 0 ? Pointer.maxBytes() : Long.MAX_VALUE;
            long there = machine() - Runtime.getRuntime().maxMemory();
            return there < allowed
                    ? new Limit(
                            there,
                            "more than the " + size(there)
                                    + " that this machine or container has beside the heap (LIKELIHOOD4J_HEAP sets that)")
                    : new Limit(
                            allowed,
                            "more than the " + size(allowed)
                                    + " that arrays may take (LIKELIHOOD4J_OFFHEAP sets that)");
        }

        private static long machine() {
            return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                    ? system.getTotalMemorySize()
                    : Long.MAX_VALUE;
        }
    }
}
