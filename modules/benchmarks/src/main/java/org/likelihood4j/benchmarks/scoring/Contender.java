package org.likelihood4j.benchmarks.scoring;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ImageSet;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.Table;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.inference.OpenedFlow;
import org.likelihood4j.inference.OpenedModel;
import org.likelihood4j.inference.OpenedVae;
import org.likelihood4j.score.Rows;
import org.likelihood4j.score.Scorer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Something that scores.
 *
 * @param scores log p(x) of rows, of which the sum is returned, so that nothing is left out
 */
record Contender(String name, ToDoubleFunction<double[][]> scores) {
    /** A run by the engine, through the Java API, with as many draws as {@code score} takes. */
    static Contender engine(OpenedModel model, int draws) {
        return new Contender("engine", rows -> {
            Examples set = set(model.shape(), rows);
            INDArray scores = model instanceof OpenedVae vae
                    ? vae.logProb(set, draws, model.noise()).logProb()
                    : draws > 1
                            ? ((OpenedFlow) model)
                                    .logProb(set, draws, model.noise())
                                    .logProb()
                            : ((OpenedFlow) model).logProb(set, model.noise());
            double sum = scores.sumNumber().doubleValue();
            scores.close();
            return sum;
        });
    }

    private static Examples set(ExampleShape shape, double[][] rows) {
        double[] flat = Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
        if (shape instanceof VectorShape table) {
            return Table.owning(table, flat, new int[rows.length]);
        }
        byte[] pixels = new byte[flat.length];
        for (int i = 0; i < flat.length; i++) {
            pixels[i] = (byte) flat[i];
        }
        return new ImageSet((ImageShape) shape, pixels, new int[rows.length]);
    }

    /** An export by the scorer of plain Java. */
    static Contender scorer(Path export) {
        Scorer scorer = Scorer.open(export);
        return new Contender(
                "likelihood4j-score",
                rows -> Arrays.stream(scorer.logProb(Rows.of(rows))).sum());
    }

    /** An export by ONNX Runtime. */
    static Contender onnx(Path export, int draws) {
        return new Contender("ONNX Runtime", new OnnxScores(export, draws)::sum);
    }
}
