package org.likelihood4j.inference;

/**
 * A trained VAE of unbinarised pixels ({@code binarization: none}), whose cross-entropy is not the log of any probability: it samples,
 * encodes, decodes and reconstructs, and there is no likelihood to ask it for.
 */
public final class OpenedAutoencoder extends OpenedModel {
    OpenedAutoencoder(TrainedModel trained) {
        super(trained);
    }
}
