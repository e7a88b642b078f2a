package org.likelihood4j.benchmarks.dl4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.variational.BernoulliReconstructionDistribution;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.likelihood4j.benchmarks.work.Agreement;
import org.likelihood4j.benchmarks.work.Case;
import org.likelihood4j.benchmarks.work.Contender;
import org.likelihood4j.benchmarks.work.Phase;
import org.likelihood4j.benchmarks.work.Reference;
import org.likelihood4j.benchmarks.work.Update;
import org.likelihood4j.benchmarks.work.Workload;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.inference.runtime.ModelValues;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;

/**
 * Deeplearning4j's own VAE layer. It draws its noise itself, so that it agrees with ours only where the noise does not matter;
 * and it is handed pixels that are binary already.
 */
public final class Dl4jVae implements Contender {
    /** A log-variance whose posterior is a point in float32. */
    private static final double POINT = -30;
    /** This layer takes the cross-entropy of clipped probabilities, not of logits. */
    private static final double LOSS = 1e-4;

    private final Case theCase;
    private final Workload.Vae vae;
    private final MultiLayerNetwork network;
    private final List<INDArray> batches = new ArrayList<>();

    public Dl4jVae(Case theCase, Workload.Vae vae) {
        this.theCase = theCase;
        this.vae = vae;
        int[] encoder =
                vae.network().hidden().stream().mapToInt(Integer::intValue).toArray();
        int[] decoder =
                vae.decoder().hidden().stream().mapToInt(Integer::intValue).toArray();
        network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .updater(new Adam(
                        Update.LEARNING_RATE,
                        Update.adam().beta1(),
                        Update.adam().beta2(),
                        Update.adam().epsilon()))
                .list()
                .layer(new VariationalAutoencoder.Builder()
                        .nIn(vae.dimension())
                        .nOut(vae.latent())
                        .encoderLayerSizes(encoder)
                        .decoderLayerSizes(decoder)
                        .activation(Activation.valueOf(
                                vae.network().activation().name().toUpperCase(Locale.ROOT)))
                        .pzxActivationFunction(Activation.IDENTITY)
                        .reconstructionDistribution(new BernoulliReconstructionDistribution(Activation.SIGMOID))
                        .build())
                .build());
        network.init();
        for (int batch = 0; batch < theCase.feed().size(); batch++) {
            float[] pixels = theCase.feed().values("pixels", batch);
            float[] uniform = theCase.feed().values("binarization", batch);
            float[] x = new float[pixels.length];
            for (int i = 0; i < x.length; i++) {
                x[i] = uniform[i] * 255 < pixels[i] ? 1 : 0;
            }
            batches.add(Nd4j.create(x, new long[] {theCase.feed().rows(), vae.dimension()}, 'c'));
        }
        reset();
    }

    @Override
    public String name() {
        return "dl4j";
    }

    @Override
    public boolean supports(Phase phase) {
        return phase == Phase.STEP;
    }

    @Override
    public void reset() {
        load(theCase.ownValues().parameters());
    }

    private void load(FlatVector weights) {
        int hidden = vae.network().hidden().size();
        for (int i = 0; i < hidden; i++) {
            set("e" + i, weights, "encoder/layer" + i);
            set("d" + i, weights, "decoder/layer" + i);
        }
        set("pXZ", weights, "decoder/output");
        INDArray head = weights.view("encoder/output/weight");
        INDArray bias = weights.view("encoder/output/bias").reshape(1, 2L * vae.latent());
        set("pZXMean", columns(head, 0), columns(bias, 0));
        set("pZXLogStd2", columns(head, vae.latent()), columns(bias, vae.latent()));
    }

    private INDArray columns(INDArray of, int from) {
        return of.get(NDArrayIndex.all(), NDArrayIndex.interval(from, from + vae.latent()));
    }

    private void set(String name, FlatVector weights, String path) {
        INDArray bias = weights.view(path + "/bias");
        set(name, weights.view(path + "/weight"), bias.reshape(1, bias.length()));
    }

    private void set(String name, INDArray weight, INDArray bias) {
        network.getLayer(0).getParam(name + "W").assign(weight);
        network.getLayer(0).getParam(name + "b").assign(bias);
    }

    @Override
    public void run(Phase phase, int steps) {
        for (int i = 0; i < steps; i++) {
            network.pretrainLayer(0, batches.get(i % batches.size()));
        }
    }

    @Override
    public void requireAgreement(Reference reference) {
        ModelValues point = theCase.ownValues();
        FlatVector weights = point.parameters();
        columns(weights.view("encoder/output/weight"), vae.latent()).assign(0);
        columns(weights.view("encoder/output/bias").reshape(1, 2L * vae.latent()), vae.latent())
                .assign(POINT);
        load(weights);
        run(Phase.STEP, 1);
        double expected = reference.value(weights.flat().toFloatVector()).loss();
        Agreement.loss(name(), expected, network.getLayer(0).score(), LOSS);
    }

    @Override
    public void close() {
        network.close();
        batches.forEach(INDArray::close);
    }
}
