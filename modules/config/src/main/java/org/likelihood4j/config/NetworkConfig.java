package org.likelihood4j.config;

import java.util.List;
import java.util.Locale;
import org.likelihood4j.config.rules.Check;

/**
 * A fully connected network. {@code hidden} is {@code null} only until the model that owns the network puts its default there.
 *
 * @param hidden the widths of at most 64 hidden layers, each 1 to 2^20; may be empty for a single linear map
 * @param activation the function between the layers; default relu
 */
public record NetworkConfig(List<Integer> hidden, Activation activation) {
    /** Fills in the default activation and checks the widths. */
    public NetworkConfig {
        activation = Check.or(activation, Activation.RELU);
        hidden = Check.widths("hidden", hidden);
    }

    /** The given network, with {@code hidden} in the place of what it leaves out. */
    static NetworkConfig orDefault(NetworkConfig given, List<Integer> hidden) {
        if (given == null) {
            return new NetworkConfig(hidden, null);
        }
        return given.hidden() == null ? new NetworkConfig(hidden, given.activation()) : given;
    }

    /** The function between two layers. */
    public enum Activation {
        /** max(0, x). */
        RELU,
        /** tanh(x). */
        TANH,
        /** x for x &gt; 0, else exp(x) - 1. */
        ELU,
        /** log(1 + exp(x)). */
        SOFTPLUS,
        /** 1 / (1 + exp(-x)). */
        SIGMOID,
        /** x * sigmoid(x). */
        SWISH,
        /** x. */
        IDENTITY;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
