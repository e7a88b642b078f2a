package org.likelihood4j.inference.kinds;

import org.likelihood4j.config.NetworkConfig;
import org.likelihood4j.models.layers.LayerFactory;
import org.likelihood4j.models.layers.Mlp;

/** From a config's description of a network to the network, for any kind of model. */
public final class NetworkFactory {
    private NetworkFactory() {}

    public static LayerFactory of(NetworkConfig network) {
        return new Mlp.Hidden(network.hidden(), Vocabulary.of(network.activation()));
    }
}
