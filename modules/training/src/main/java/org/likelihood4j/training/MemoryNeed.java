package org.likelihood4j.training;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.bytedeco.javacpp.Pointer;
import org.likelihood4j.models.Model;
import org.likelihood4j.training.config.ConfigException;
import org.likelihood4j.training.config.ModelConfig;
import org.likelihood4j.training.config.NetworkConfig;
import org.likelihood4j.training.config.OptimizerConfig;
import org.likelihood4j.training.config.PriorConfig;
import org.likelihood4j.training.config.RunConfig;

/**
 * What a configuration needs at the very least, known before anything is allocated. A configuration may come from anywhere, and
 * one zero too many in a layer's width asks for terabytes.
 */
final class MemoryNeed {
    /** Arrays have no more elements than Java's. */
    private static final long MOST_ELEMENTS = Integer.MAX_VALUE;

    private MemoryNeed() {}

    /**
     * Checks what a training needs: the parameters with their gradient, moments and average, and one batch's way through the
     * networks.
     *
     * @throws ConfigException if that is more than arrays may take here; says how much it is
     */
    static void checkTraining(RunConfig config, Model model) {
        int copies = 2
                + (config.training().optimizer() instanceof OptimizerConfig.Adam ? 2 : 1)
                + (config.training().emaDecay() == null ? 0 : 1);
        check(config, model, copies, "to train");
        long rows = config.training().batch();
        long widest = multiply(rows, widths(config, model, MemoryNeed::widest));
        if (widest > MOST_ELEMENTS) {
            throw new ConfigException(
                    "training.batchSize",
                    String.format(
                            Locale.ROOT,
                            "a batch of %,d makes an array of %,d elements, more than the %,d that there can be",
                            rows,
                            widest,
                            MOST_ELEMENTS));
        }
        long bytes = multiply(rows * bytes(config), widths(config, model, MemoryNeed::sum));
        if (bytes > available()) {
            throw new ConfigException(
                    "training.batchSize",
                    String.format(
                            Locale.ROOT,
                            "a batch of %,d needs at least %s of memory on its way through the model, %s",
                            rows,
                            size(bytes),
                            limit()));
        }
    }

    /**
     * Checks what it takes to hold a model's values once.
     *
     * @throws ConfigException if that is more than arrays may take here; says how much it is
     */
    static void checkOpening(RunConfig config, Model model) {
        check(config, model, 1, "to hold");
    }

    private static void check(RunConfig config, Model model, int copies, String purpose) {
        long parameters = model.parameters().length();
        long bytes = multiply(parameters, (long) copies * bytes(config));
        if (parameters > MOST_ELEMENTS || bytes > available()) {
            throw new ConfigException(
                    "model",
                    String.format(
                            Locale.ROOT,
                            "its %,d parameters need at least %s of memory %s, %s",
                            parameters,
                            size(bytes),
                            purpose,
                            parameters > MOST_ELEMENTS
                                    ? String.format(Locale.ROOT, "and can be at most %,d", MOST_ELEMENTS)
                                    : limit()));
        }
    }

    /** For one image, over everything that it becomes on its way. */
    private static long widths(RunConfig config, Model model, ToLongFunction<List<Long>> of) {
        long pixels = model.dimension();
        if (config.model() instanceof ModelConfig.Vae vae) {
            long k = config.loss().importanceSamples();
            long draws = Math.max(k, config.loss().kl().samples());
            long each = vae.prior() instanceof PriorConfig.Mixture mixture ? mixture.components() : 1;
            return of.applyAsLong(List.of(
                    pixels,
                    of.applyAsLong(layers(vae.encoder())),
                    multiply(k, of.applyAsLong(layers(vae.decoder()))),
                    multiply(k, pixels),
                    multiply(draws, multiply(each, vae.latent()))));
        }
        ModelConfig.RealNvp flow = (ModelConfig.RealNvp) config.model();
        long block = of.applyAsLong(List.of(pixels, of.applyAsLong(layers(flow.conditioner()))));
        return of.applyAsLong(Collections.nCopies(flow.couplings(), block));
    }

    private static List<Long> layers(NetworkConfig network) {
        return network.hidden().stream().map(Integer::longValue).toList();
    }

    private static long sum(List<Long> values) {
        return values.stream().reduce(0L, (a, b) -> Long.MAX_VALUE - b < a ? Long.MAX_VALUE : a + b);
    }

    private static long widest(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).max().orElse(0);
    }

    private static long bytes(RunConfig config) {
        return ModelFactory.type(config.precision()).width();
    }

    private static long multiply(long a, long b) {
        try {
            return Math.multiplyExact(a, b);
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }

    /** What arrays may take: outside of the heap, and as run.sh says. */
    private static long available() {
        return Pointer.maxBytes() > 0 ? Pointer.maxBytes() : Long.MAX_VALUE;
    }

    private static String limit() {
        return "more than the " + size(available()) + " that arrays may take (LIKELIHOOD4J_OFFHEAP sets that)";
    }

    private static String size(long bytes) {
        return String.format(Locale.ROOT, "%,.1f GB", bytes / 1e9);
    }
}
