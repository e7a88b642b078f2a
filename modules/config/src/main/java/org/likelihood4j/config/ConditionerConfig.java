package org.likelihood4j.config;

import java.util.List;
import java.util.Locale;
import org.likelihood4j.config.rules.Check;
import org.likelihood4j.config.rules.Range;

/**
 * The network of a coupling, or of an autoregressive step. Which keys it has depends on its type and on the flow's architecture: {@code hidden}
 * are those of a dense one, {@code blocks} those of the others, {@code channels} those of convolutions; the rest is {@code null}.
 *
 * @param type what it is made of; default residual with architecture multiscale, of which it may be gated, else dense, of which it may be
 *     residual
 * @param hidden of a dense one the widths of at most 64 hidden layers, each 1 to 2^20; default [512, 512]
 * @param width of a residual one of dense layers their width; 1 to 2^20, default 128
 * @param activation of dense layers the function between them; default relu
 * @param dropout of dense layers the share of hidden numbers that a training step drops; at least 0 and below 1, default 0
 * @param channels of convolutions the channels of their maps at the first scale; 2 to 4096, default 32
 * @param blocks of a residual or gated one the number of blocks; 0 to 64, default 2
 */
public record ConditionerConfig(
        Type type,
        List<Integer> hidden,
        Integer width,
        NetworkConfig.Activation activation,
        Double dropout,
        Integer channels,
        Integer blocks) {
    /** More is a slip of the keyboard. */
    static final int MAX_CHANNELS = 4096;

    private static final int MAX_BLOCKS = 64;

    /** What a network is made of. */
    public enum Type {
        /** Fully connected layers. */
        DENSE,
        /**
         * Blocks with ways around them: of images 3x3 convolutions, and blocks of a 3x3 and a 1x1 convolution behind rectifiers, else blocks
         * of two dense layers.
         */
        RESIDUAL,
        /** The same with gated blocks behind exponential units, and layer norms over channels. */
        GATED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Checks the values that are given. */
    public ConditionerConfig {
        hidden = Check.widths("hidden", hidden);
        int checkedWidth = Check.width("width", width, 1);
        width = width == null ? null : checkedWidth;
        dropout = Check.optional(Range.atLeast(0).below(1), "dropout", dropout);
        channels = optionalChannels(channels);
        int checked = Check.within(0, MAX_BLOCKS, "blocks", blocks, 0);
        blocks = blocks == null ? null : checked;
    }

    /** Where {@code null} stays what it is. */
    static Integer optionalChannels(Integer value) {
        int checked = Check.within(2, MAX_CHANNELS, "channels", value, 2);
        return value == null ? null : checked;
    }

    /** Of which nothing is said. */
    static ConditionerConfig unsaid() {
        return new ConditionerConfig(null, null, null, null, null, null, null);
    }

    /** A network of dense layers, with what is left out. */
    ConditionerConfig dense() {
        NetworkConfig.Activation function = Check.or(activation, NetworkConfig.Activation.RELU);
        double dropped = Check.or(dropout, 0.0);
        return type == Type.RESIDUAL
                ? new ConditionerConfig(type, null, Check.or(width, 128), function, dropped, null, Check.or(blocks, 2))
                : new ConditionerConfig(
                        Type.DENSE, Check.or(hidden, List.of(512, 512)), null, function, dropped, null, null);
    }

    /** A network of convolutions, with what is left out. */
    ConditionerConfig convolutional() {
        return new ConditionerConfig(
                Check.or(type, Type.RESIDUAL), null, null, null, null, Check.or(channels, 32), Check.or(blocks, 2));
    }
}
