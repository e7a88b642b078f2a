package org.likelihood4j.training.config;

import java.util.List;
import java.util.Locale;

/**
 * A fully connected network.
 *
 * @param hidden the widths of the hidden layers, each at least 1; may be empty for a single linear map. {@code null}
 *     only until the model that owns the network puts its default there
 * @param activation the function between the layers; default relu
 */
public record NetworkConfig(List<Integer> hidden, Activation activation) {
    /** Fills in the default activation and checks the widths. */
    public NetworkConfig {
        activation = Check.or(activation, Activation.RELU);
        if (hidden != null) {
            hidden = List.copyOf(hidden);
            for (int i = 0; i < hidden.size(); i++) {
                Check.require(hidden.get(i) >= 1, "hidden[" + i + "]", "must be at least 1", hidden.get(i));
            }
        }
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
