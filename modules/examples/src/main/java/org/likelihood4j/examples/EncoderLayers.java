package org.likelihood4j.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.likelihood4j.config.CoderConfig;
import org.likelihood4j.config.ModelConfig;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.inference.OpenedVae;
import org.likelihood4j.io.RunException;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The encoder of a trained VAE of images as the first layers of a Deeplearning4j network: intensities {@code [N, D]} to the mean of
 * q(z|x) {@code [N, latent]}. The layers are frozen: training the network leaves them as they are, and a
 * {@code ModelSerializer} saves them with it.
 *
 * <p>A VAE of binarised pixels was trained on images of 0 and 1; here it gets intensities, their expectation.
 */
final class EncoderLayers {
    private final OpenedVae vae;
    private final CoderConfig encoder;
    private final int latent;

    EncoderLayers(OpenedVae vae) {
        if (!(vae.shape() instanceof ImageShape)) {
            throw new RunException("rows of numbers are standardised before the encoder; this example is about images");
        }
        ModelConfig.Vae config = (ModelConfig.Vae) vae.config().model();
        if (config.encoder().type() != CoderConfig.Type.DENSE) {
            throw new RunException("this example is about encoders of dense layers");
        }
        if (!config.hasGaussianPosterior()) {
            throw new RunException("this example is about posteriors that no flow follows");
        }
        this.vae = vae;
        this.encoder = config.encoder();
        this.latent = config.latent();
    }

    /** To be the first layers of a network. */
    List<Layer> layers() {
        List<Layer> layers = new ArrayList<>();
        Activation activation = Activation.valueOf(encoder.activation().name().toUpperCase(Locale.ROOT));
        int width = vae.shape().size();
        for (int next : encoder.hidden()) {
            layers.add(dense(width, next, activation));
            width = next;
        }
        layers.add(dense(width, latent, Activation.IDENTITY));
        return layers;
    }

    private static Layer dense(int in, int out, Activation activation) {
        return new FrozenLayer(new DenseLayer.Builder()
                .nIn(in)
                .nOut(out)
                .activation(activation)
                .build());
    }

    /** Puts the trained weights into a network that begins with {@link #layers} and has been initialised. */
    void load(MultiLayerNetwork network) {
        int hidden = encoder.hidden().size();
        for (int i = 0; i < hidden; i++) {
            set(network, i, vae.weight("encoder/layer" + i + "/weight"), vae.weight("encoder/layer" + i + "/bias"));
        }
        // The output's first columns are the means, the others log-variances.
        INDArray weight = vae.weight("encoder/output/weight");
        INDArray bias = vae.weight("encoder/output/bias");
        set(
                network,
                hidden,
                weight.get(NDArrayIndex.all(), NDArrayIndex.interval(0, latent)),
                bias.get(NDArrayIndex.interval(0, latent)));
    }

    private static void set(MultiLayerNetwork network, int layer, INDArray weight, INDArray bias) {
        network.getParam(layer + "_W").assign(weight);
        network.getParam(layer + "_b").assign(bias.reshape(1, bias.length()));
    }
}
