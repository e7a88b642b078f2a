package org.likelihood4j.examples;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.likelihood4j.data.Batch;
import org.likelihood4j.data.Batches;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.Splits;
import org.likelihood4j.inference.OpenedModel;
import org.likelihood4j.inference.OpenedVae;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.io.RunException;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/**
 * Classifies images by a Deeplearning4j network on the frozen encoder of a trained VAE, which has never seen a label; and, as a
 * control, on the same encoder with random weights.
 */
final class LatentClassifier {
    private static final int CLASSES = 10;
    private static final int HIDDEN = 128;
    private static final int BATCH = 128;
    private static final int EPOCHS = 10;

    private LatentClassifier() {}

    static void run(Path run, PrintStream out) {
        try (OpenedModel model = OpenedModel.open(run)) {
            if (!(model instanceof OpenedVae vae)) {
                throw new RunException(run + ": not the run of a VAE");
            }
            Path datasets = Path.of(System.getProperty("likelihood4j.home", "."), "datasets");
            Splits data = DataSources.source(model.config().data(), datasets).load(ProgressListener.none());
            out.printf(
                    "%,d training and %,d test images%n",
                    data.train().size(), data.test().size());
            out.printf("latents of the VAE:        accuracy %.4f%n", accuracy(classifier(vae, true), data, EPOCHS));
            out.printf("latents of random weights: accuracy %.4f%n", accuracy(classifier(vae, false), data, EPOCHS));
        }
    }

    /** The encoder, frozen, with its trained or else with random weights; then a hidden layer and a softmax, to be trained. */
    static MultiLayerNetwork classifier(OpenedVae vae, boolean trained) {
        EncoderLayers encoder = new EncoderLayers(vae);
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(1e-3))
                .list();
        for (Layer layer : encoder.layers()) {
            layers.layer(layer);
        }
        MultiLayerNetwork network = new MultiLayerNetwork(layers.layer(new DenseLayer.Builder()
                        .nIn(vae.latentDimension())
                        .nOut(HIDDEN)
                        .activation(Activation.RELU)
                        .build())
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .nIn(HIDDEN)
                        .nOut(CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        network.init();
        if (trained) {
            encoder.load(network);
        }
        return network;
    }

    /** Trains on the training images, and gives the share of test images that are put into their class. */
    static double accuracy(MultiLayerNetwork network, Splits data, int epochs) {
        network.fit(iterator(data.train()), epochs);
        return network.evaluate(iterator(data.test())).accuracy();
    }

    /** Intensities and one-hot labels, batch after batch. */
    static DataSetIterator iterator(Examples images) {
        List<DataSet> batches = new ArrayList<>();
        for (int i = 0; i < Batches.covering(images, BATCH); i++) {
            Batch batch = Batches.evaluation(images, BATCH, i);
            int size = batch.size(); // the last batch is padded
            INDArray x = Nd4j.create(
                    batch.values().floats(), new long[] {BATCH, images.shape().size()}, 'c');
            INDArray y = Nd4j.zeros(size, CLASSES);
            for (int row = 0; row < size; row++) {
                y.putScalar(row, batch.labels()[row], 1);
            }
            batches.add(new DataSet(x.get(NDArrayIndex.interval(0, size)).div(255), y));
        }
        return new ExistingDataSetIterator(batches);
    }
}
