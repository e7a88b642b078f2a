package org.likelihood4j.inference.arrays;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.VectorShape;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.adapter.SingletonDataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.TestDataSetIterator;
import org.nd4j.linalg.dataset.api.preprocessor.ImagePreProcessingScaler;
import org.nd4j.linalg.factory.Nd4j;

class IteratorExamplesTest {
    private static final ImageShape IMAGE = new ImageShape(1, 2, 3);
    private static final INDArray PIXELS =
            Nd4j.arange(30).mul(8).reshape(5, 1, 2, 3).castTo(DataType.FLOAT);
    private static final INDArray CLASSES =
            Nd4j.createFromArray(new float[][] {{0, 0, 1}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {0.2f, 0.5f, 0.3f}});

    /** Batches of 2, 2 and 1. */
    private static DataSetIterator iterator(INDArray features, INDArray labels) {
        return new TestDataSetIterator(new DataSet(features, labels), 2);
    }

    private static void assertAllThere(Examples examples) {
        assertThat(examples.size()).isEqualTo(5);
        for (int i = 0; i < 5; i++) {
            for (int j = 0; j < 6; j++) {
                assertThat(examples.values(i)[j]).isEqualTo((6 * i + j) * 8);
            }
        }
        assertThat(List.of(examples.label(0), examples.label(1), examples.label(2), examples.label(3)))
                .containsExactly(2, 0, 1, 2);
        assertThat(examples.label(4)).isEqualTo(1);
    }

    @Test
    void readsEveryBatchWithItsLabels() {
        assertAllThere(IteratorExamples.read(iterator(PIXELS.div(255), CLASSES), IMAGE));
        assertAllThere(IteratorExamples.read(iterator(PIXELS.div(255).reshape(5, 6), CLASSES), IMAGE));
        assertAllThere(IteratorExamples.read(iterator(PIXELS.castTo(DataType.UINT8), CLASSES), IMAGE));
    }

    @Test
    void aPreprocessorScales() {
        DataSetIterator iterator = iterator(PIXELS.dup(), CLASSES);
        iterator.setPreProcessor(new ImagePreProcessingScaler(0, 1));
        assertAllThere(IteratorExamples.read(iterator, IMAGE));
    }

    @Test
    void startsFromTheBeginning() {
        DataSetIterator iterator = iterator(PIXELS.div(255), CLASSES);
        iterator.next();
        assertAllThere(IteratorExamples.read(iterator, IMAGE));
    }

    @Test
    void rowsAndNumberedLabels() {
        Examples rows = IteratorExamples.read(
                iterator(
                        Nd4j.createFromArray(new double[][] {{1, -2}, {3, 1e9}, {5, 6}}),
                        Nd4j.createFromArray(new double[][] {{4}, {0}, {7}})),
                VectorShape.numbered(2));
        assertThat(rows.values(1)).containsExactly(3, 1e9);
        assertThat(rows.values(2)).containsExactly(5, 6);
        assertThat(List.of(rows.label(0), rows.label(1), rows.label(2))).containsExactly(4, 0, 7);
        Examples unlabelled = IteratorExamples.read(
                new SingletonDataSetIterator(new DataSet(Nd4j.ones(2, 2), null)), VectorShape.numbered(2));
        assertThat(unlabelled.label(1)).isZero();
    }

    @Test
    void whatDoesNotFitNamesItsBatch() {
        refused(
                "batch 2: array: image 0 has the value 192.0",
                iterator(PIXELS.mul(Nd4j.createFromArray(0f, 0, 0, 0, 1).reshape(5, 1, 1, 1)), CLASSES),
                IMAGE);
        refused(
                "batch 0: array: its shape is [2, 1, 2, 3], expected [N, 7]",
                iterator(PIXELS, CLASSES),
                VectorShape.numbered(7));
        refused(
                "batch 0: example 1 has the label 0.5, expected a class number",
                iterator(PIXELS, Nd4j.createFromArray(1, 0.5, 1, 1, 1).reshape(5, 1)),
                IMAGE);
        refused(
                "batch 1: example 0 has the label NaN",
                iterator(PIXELS.div(255), CLASSES.dup().putScalar(2, 1, Double.NaN)),
                IMAGE);
        DataSetIterator used = new SingletonDataSetIterator(new DataSet(PIXELS, CLASSES)) {
            @Override
            public boolean resetSupported() {
                return false;
            }
        };
        used.next();
        refused("no batch to give (any more)", used, IMAGE);
    }

    private static void refused(String message, DataSetIterator iterator, ExampleShape shape) {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> IteratorExamples.read(iterator, shape))
                .withMessageStartingWith("iterator: ")
                .withMessageContaining(message);
    }
}
