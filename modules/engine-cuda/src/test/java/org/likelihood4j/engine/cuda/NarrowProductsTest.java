package org.likelihood4j.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.likelihood4j.engine.Computation;
import org.likelihood4j.engine.Device;
import org.likelihood4j.engine.Engine;
import org.likelihood4j.engine.Engines;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.Input;
import org.likelihood4j.engine.Program;
import org.likelihood4j.engine.Slot;
import org.likelihood4j.engine.cuda.FakeCuda.Streams;
import org.likelihood4j.engine.cuda.source.Tiles;
import org.likelihood4j.random.CounterRandom;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Products of factors with fewer bits, where the card has them: float32's 24, TF32's 11, bfloat16's 8. */
@ExtendWith(OnFakeCuda.class)
class NarrowProductsTest {
    private static final int SIZE = 32;

    private static float[] normals(long key) {
        float[] numbers = new float[SIZE * SIZE];
        CounterRandom.fillNormal(key, numbers, 0, numbers.length);
        return numbers;
    }

    /** The largest error of a product, by the largest number in it. */
    private static double error(Engine engine, Device device) {
        SameDiff sd = SameDiff.create();
        SDVariable x = sd.placeHolder("x", DataType.FLOAT, SIZE, SIZE);
        SDVariable w = sd.var("w", DataType.FLOAT, SIZE, SIZE);
        String product = x.mmul(w).mul(2).name();
        FlatVector weights = FlatVector.zeros(
                device, List.of(new Slot("w", List.of((long) SIZE, (long) SIZE), 0, false)), DataType.FLOAT);
        weights.flat().assign(Nd4j.createFromArray(normals(2)));
        Input input = new Input("x", DataType.FLOAT, List.of((long) SIZE, (long) SIZE));
        try (Program program = engine.compile(new Computation(sd, List.of(input), List.of(product)), weights);
                INDArray array = Nd4j.createFromArray(normals(1)).reshape(SIZE, SIZE)) {
            INDArray exact = array.castTo(DataType.DOUBLE)
                    .mmul(weights.view("w").castTo(DataType.DOUBLE))
                    .mul(2);
            INDArray made = program.run(List.of(array)).get(0).castTo(DataType.DOUBLE);
            return made.sub(exact).amaxNumber().doubleValue()
                    / exact.amaxNumber().doubleValue();
        }
    }

    @Test
    void eachIsAsExactAsItsFactors() {
        try (CudaDevice device = FakeCuda.device(Streams.LATE, 1, Tiles.USUAL)) {
            assertThat(error(Engines.best(device), device)).isLessThan(1e-6);
            assertThat(error(Engines.tf32(device).orElseThrow(), device)).isBetween(1e-5, 2e-3);
            assertThat(error(Engines.mixed(device).orElseThrow(), device)).isBetween(1e-3, 2e-2);
        }
    }

    @Test
    void anOldCardHasNone() {
        FakeCuda.configure(75, 13_000, 1);
        try (CudaDevice device = new CudaDevice(
                () -> Card.open(FakeCuda.toolkit(), 0, FakeCuda.folder().resolve("cubins")), Tiles.USUAL)) {
            assertThat(Engines.tf32(device)).isEqualTo(Optional.empty());
            assertThat(Engines.mixed(device)).isEqualTo(Optional.empty());
        }
    }
}
