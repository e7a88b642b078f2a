package org.likelihood4j.config;

import java.util.List;
import java.util.Locale;
import org.likelihood4j.config.rules.Check;

/**
 * The network of a coupling. Which keys it has depends on its type: {@code hidden} and {@code activation} are those of a dense one,
 * {@code channels} and {@code blocks} those of the others; the rest is {@code null}.
 *
 * @param type what it is made of; default residual with architecture multiscale, and dense with architecture flat, which has no other
 * @param hidden of a dense one the widths of at most 64 hidden layers, each 1 to 2^20; default [512, 512]
 * @param activation of a dense one the function between the layers; default relu
 * @param channels of the others the channels of their maps at the first scale; 2 to 4096, default 32
 * @param blocks of the others the number of blocks; 0 to 64, default 2
 */
public record ConditionerConfig(
        Type type, List<Integer> hidden, NetworkConfig.Activation activation, Integer channels, Integer blocks) {
    /** More is a slip of the keyboard. */
    static final int MAX_CHANNELS = 4096;

    private static final int MAX_BLOCKS = 64;

    /** What a network is made of. */
    public enum Type {
        /** Fully connected layers. */
        DENSE,
        /** 3x3 convolutions, and blocks of a 3x3 and a 1x1 convolution behind rectifiers, with ways around them. */
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
        return new ConditionerConfig(null, null, null, null, null);
    }

    /** A dense network: {@code NetworkConfig} with what is left out. */
    ConditionerConfig dense() {
        NetworkConfig network = NetworkConfig.orDefault(new NetworkConfig(hidden, activation), List.of(512, 512));
        return new ConditionerConfig(Type.DENSE, network.hidden(), network.activation(), null, null);
    }

    /** A network of convolutions, with what is left out. */
    ConditionerConfig convolutional() {
        return new ConditionerConfig(
                Check.or(type, Type.RESIDUAL), null, null, Check.or(channels, 32), Check.or(blocks, 2));
    }

    /** A dense one as a network. */
    public NetworkConfig network() {
        return new NetworkConfig(hidden, activation);
    }
}
