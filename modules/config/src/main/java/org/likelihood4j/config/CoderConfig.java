package org.likelihood4j.config;

import java.util.List;
import java.util.Locale;
import org.likelihood4j.config.rules.Check;

/**
 * An encoder's or a decoder's network. {@code channels} and {@code blocks} are those of a convolutional one, and {@code null} of a
 * dense one.
 *
 * @param type what it is made of; default dense
 * @param hidden the widths of at most 64 dense hidden layers, each 1 to 2^20; of a convolutional network they stand between its smallest
 *     map and the latents; default [400], of a convolutional one none
 * @param activation the function between the layers; default relu
 * @param channels of a convolutional network the channels of its maps, from the image on, each half as high and wide as the one before;
 *     at most 8 maps; default [32, 64]
 * @param blocks of a convolutional network the residual blocks at each map; 0 to 64, default 0
 */
public record CoderConfig(
        Type type, List<Integer> hidden, NetworkConfig.Activation activation, List<Integer> channels, Integer blocks) {
    private static final List<Integer> HIDDEN = List.of(400);
    private static final List<Integer> CHANNELS = List.of(32, 64);
    private static final int MAX_MAPS = 8;
    private static final int MAX_BLOCKS = 64;

    /** What a network is made of. */
    public enum Type {
        /** Fully connected layers. */
        DENSE,
        /** 4x4 convolutions of stride 2 from images, or transposed ones to images, and dense layers at the small end. */
        CONV;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Fills in the defaults and checks them. */
    public CoderConfig {
        type = Check.or(type, Type.DENSE);
        activation = Check.or(activation, NetworkConfig.Activation.RELU);
        hidden = Check.widths("hidden", hidden);
        channels = Check.widths("channels", channels);
        int checked = Check.within(0, MAX_BLOCKS, "blocks", blocks, 0);
        if (type == Type.DENSE) {
            refuse("channels", channels);
            refuse("blocks", blocks);
            hidden = Check.or(hidden, HIDDEN);
        } else {
            hidden = Check.or(hidden, List.of());
            channels = Check.or(channels, CHANNELS);
            blocks = checked;
            Check.require(!channels.isEmpty(), "channels", "must not be empty, such as [32, 64]", channels);
            Check.require(channels.size() <= MAX_MAPS, "channels", "must have at most 8 maps", channels.size());
        }
    }

    private static void refuse(String key, Object value) {
        Check.require(value == null, key, "has no meaning with type dense; leave it out, or choose type: conv", value);
    }

    /** With all defaults. */
    static CoderConfig usual() {
        return new CoderConfig(null, null, null, null, null);
    }

    /** The dense layers as a network. */
    public NetworkConfig dense() {
        return new NetworkConfig(hidden, activation);
    }
}
