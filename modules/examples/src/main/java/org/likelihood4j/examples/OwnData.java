package org.likelihood4j.examples;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.Splits;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.inference.OpenedFlow;
import org.likelihood4j.inference.OpenedModel;
import org.likelihood4j.inference.arrays.IteratorExamples;
import org.likelihood4j.training.ArrayTraining;
import org.likelihood4j.training.Trainer;
import org.likelihood4j.training.events.TrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Trains a flow on data of one's own, out of a {@link DataSetIterator}, and asks it for densities. The data are bent: {@code x ~ N(0,
 * 2^2)}, {@code y ~ N(x^2/4, 0.5^2)}, so that their density is known.
 */
final class OwnData {
    private static final int COUNT = 12_000;

    private OwnData() {}

    static void run(Path runs, PrintStream out) {
        run(runs, out, List.of());
    }

    static double run(Path runs, PrintStream out, List<String> overrides) {
        DataSetIterator iterator = new ExistingDataSetIterator(List.of(new DataSet(banana(COUNT, 1), null)));
        Examples all = IteratorExamples.read(iterator, VectorShape.ofNumbers(List.of("x", "y")));
        Splits data = new Splits(all.slice(0, 10_000), all.slice(10_000, 11_000), all.slice(11_000, COUNT));

        RunConfig config = ConfigLoader.parse("""
                name: banana
                model: {type: realnvp, couplings: 6, conditioner: {hidden: [64, 64]}}
                training: {epochs: 30, batchSize: 200, optimizer: {type: adam, learningRate: 0.002}}
                """, "banana", overrides);
        TrainingListener listener = new TrainingListener() {
            @Override
            public void epochEnded(Epoch epoch) {
                if (epoch.epoch() % 10 == 0) {
                    out.printf(
                            "epoch %d: validation loss %.4f%n",
                            epoch.epoch(), epoch.validation().get("loss"));
                }
            }
        };
        Trainer trainer = ArrayTraining.start(config, data, "a bent Gaussian", runs, List.of(listener));
        trainer.run();

        try (OpenedModel model = OpenedModel.open(trainer.directory().path())) {
            OpenedFlow flow = (OpenedFlow) model;
            INDArray points = Nd4j.createFromArray(new double[][] {{0, 0}, {2, 1}, {-3, 2.25}, {0, 3}});
            INDArray logProb = flow.logProb(points); // nats, in the data's own units
            for (int i = 0; i < points.rows(); i++) {
                double[] point = points.getRow(i).toDoubleVector();
                out.printf(
                        "log p(%.2f, %.2f) = %8.3f, true %8.3f%n",
                        point[0], point[1], logProb.getDouble(i), trueLogDensity(point[0], point[1]));
            }
            double gap = gap(flow, data.test());
            out.printf("KL(true || model) on 1,000 new points: %.4f nats%n", gap);
            return gap;
        }
    }

    /** The mean of log p(x) - log q(x) over points of p. */
    private static double gap(OpenedFlow flow, Examples test) {
        INDArray logProb = flow.logProb(test, flow.noise());
        double sum = 0;
        for (int i = 0; i < test.size(); i++) {
            double[] point = test.values(i);
            sum += trueLogDensity(point[0], point[1]) - logProb.getDouble(i);
        }
        return sum / test.size();
    }

    static INDArray banana(int count, long seed) {
        Random random = new Random(seed);
        double[][] points = new double[count][2];
        for (double[] point : points) {
            point[0] = 2 * random.nextGaussian();
            point[1] = point[0] * point[0] / 4 + 0.5 * random.nextGaussian();
        }
        return Nd4j.createFromArray(points);
    }

    static double trueLogDensity(double x, double y) {
        return logNormal(x, 0, 2) + logNormal(y, x * x / 4, 0.5);
    }

    private static double logNormal(double x, double mean, double deviation) {
        double z = (x - mean) / deviation;
        return -z * z / 2 - Math.log(deviation) - Math.log(2 * Math.PI) / 2;
    }
}
