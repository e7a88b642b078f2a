package outside;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.Splits;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.inference.OpenedFlow;
import org.likelihood4j.inference.OpenedModel;
import org.likelihood4j.inference.arrays.ArrayExamples;
import org.likelihood4j.inference.export.ModelExport;
import org.likelihood4j.training.ArrayTraining;
import org.likelihood4j.training.Trainer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Trains a flow on {@code x ~ N(1, 2^2), y ~ N(x/2, 0.5^2)} and exports it: {@code Train FOLDER}. Prints log q of some new points beside the true log p, and the
 * mean of the difference over all of them, an estimate of KL(p || q); writes the points to {@code FOLDER/rows.csv}, and the export to {@code FOLDER/exports/1}.
 */
final class Train {
    private static final int TRAIN = 4000;
    private static final int VALIDATION = 500;
    private static final int TEST = 500;

    private Train() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        INDArray points = points(TRAIN + VALIDATION + TEST);
        Examples all = ArrayExamples.of(points, VectorShape.ofNumbers(List.of("x", "y")));
        Splits data = new Splits(
                all.slice(0, TRAIN),
                all.slice(TRAIN, TRAIN + VALIDATION),
                all.slice(TRAIN + VALIDATION, TRAIN + VALIDATION + TEST));
        Trainer trainer = ArrayTraining.start(
                ConfigLoader.parse("""
                        name: outside
                        model: {type: realnvp, couplings: 4, conditioner: {hidden: [16]}}
                        training: {epochs: 15, batchSize: 100, optimizer: {type: adam, learningRate: 0.005}}
                        """, "outside", List.of()),
                data,
                "two columns that depend on each other",
                folder.resolve("runs"),
                List.of());
        trainer.run();

        List<String> rows = new ArrayList<>(List.of("x,y"));
        try (OpenedModel model = OpenedModel.open(trainer.directory().path())) {
            OpenedFlow flow = (OpenedFlow) model;
            INDArray logProb = flow.logProb(data.test(), flow.noise());
            double sum = 0;
            for (int i = 0; i < TEST; i++) {
                double[] point = data.test().values(i);
                double truth = logDensity(point[0], point[1]);
                sum += truth - logProb.getDouble(i);
                rows.add(point[0] + "," + point[1]);
                if (i < 5) {
                    System.out.println("row " + i + " log_q " + logProb.getDouble(i) + " log_p " + truth);
                }
            }
            System.out.println("kl " + sum / TEST);
        }
        Files.write(folder.resolve("rows.csv"), rows);
        Files.createDirectories(folder.resolve("exports"));
        ModelExport.write(trainer.directory(), "best", folder.resolve("exports/1"));
    }

    private static INDArray points(int count) {
        Random random = new Random(1);
        double[][] points = new double[count][2];
        for (double[] point : points) {
            point[0] = 1 + 2 * random.nextGaussian();
            point[1] = point[0] / 2 + 0.5 * random.nextGaussian();
        }
        return Nd4j.createFromArray(points);
    }

    private static double logDensity(double x, double y) {
        return logNormal(x, 1, 2) + logNormal(y, x / 2, 0.5);
    }

    private static double logNormal(double x, double mean, double deviation) {
        double z = (x - mean) / deviation;
        return -z * z / 2 - Math.log(deviation) - Math.log(2 * Math.PI) / 2;
    }
}
