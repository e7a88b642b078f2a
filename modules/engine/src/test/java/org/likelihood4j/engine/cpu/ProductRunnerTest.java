package org.likelihood4j.engine.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.likelihood4j.engine.cpu.arithmetic.Memory;
import org.likelihood4j.engine.cpu.onednn.Isa;
import org.likelihood4j.engine.plan.Bfloat16;
import org.likelihood4j.engine.plan.Plan.Kernel;
import org.likelihood4j.engine.plan.Plan.Region;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Every way in which a product is cut and computed, against sums in float64. */
@Timeout(60)
class ProductRunnerTest {
    /** Elements between a row's end and the next row, so that what is outside of the matrix would be seen to be touched. */
    private static final int GAP = 3;

    private static final float UNTOUCHED = 77;

    @ParameterizedTest(name = "{0} x {2} x {1}, threads {3}")
    @CsvSource({
        "1, 1, 1, 1",
        "5, 7, 3, 1",
        "100, 1024, 392, 1",
        "100, 392, 1024, 1",
        "513, 1030, 17, 1",
        "1024, 1024, 100, 1",
        "1040, 1024, 20, 1",
        "5, 7, 3, 2",
        "100, 1024, 392, 2",
        "1024, 1024, 100, 2",
        "1040, 513, 100, 2",
        "64, 2049, 128, 3",
        "24, 24, 50176, 2",
        "5, 120, 4099, 3",
    })
    void equalsTheSums(int rows, int columns, int inner, int threads) {
        for (boolean transposeA : new boolean[] {false, true}) {
            for (boolean transposeB : new boolean[] {false, true}) {
                check(rows, columns, inner, transposeA, transposeB, Team.of(threads), true, false);
            }
        }
    }

    @ParameterizedTest(name = "{0} x {2} x {1}, threads {3}")
    @CsvSource({
        "1, 1, 1, 1",
        "5, 7, 3, 1",
        "17, 18, 36, 1",
        "162, 2, 4, 1",
        "100, 392, 1024, 1",
        "5, 7, 3, 2",
        "100, 1024, 392, 2",
        "1040, 513, 100, 2",
        "24, 24, 50176, 2",
    })
    void equalsTheSumsOfBfloat16s(int rows, int columns, int inner, int threads) {
        assumeTrue(Isa.hasBfloat16(), "this CPU has no instructions for bfloat16");
        for (boolean transposeA : new boolean[] {false, true}) {
            for (boolean transposeB : new boolean[] {false, true}) {
                check(rows, columns, inner, transposeA, transposeB, Team.of(threads), true, true);
            }
        }
    }

    /** As on a platform that has no oneDNN. */
    @ParameterizedTest
    @CsvSource({"1, 1, 1", "5, 7, 3", "100, 200, 392", "513, 130, 17"})
    void equalsTheSumsWithoutOneDnn(int rows, int columns, int inner) {
        for (boolean transposeA : new boolean[] {false, true}) {
            for (boolean transposeB : new boolean[] {false, true}) {
                check(rows, columns, inner, transposeA, transposeB, Team.of(2), false, false);
            }
        }
    }

    private static void check(
            int rows,
            int columns,
            int inner,
            boolean transposeA,
            boolean transposeB,
            Team team,
            boolean oneDnn,
            boolean narrow) {
        int strideA = (transposeA ? rows : inner) + GAP;
        int strideB = (transposeB ? inner : columns) + GAP;
        int strideOut = columns + GAP;
        float[] a = random((transposeA ? inner : rows) * strideA, 1);
        float[] b = random((transposeB ? columns : inner) * strideB, 2);
        try (INDArray flatA = Nd4j.createFromArray(a);
                INDArray flatB = Nd4j.createFromArray(b);
                INDArray flatOut = Nd4j.valueArrayOf(new long[] {(long) rows * strideOut}, UNTOUCHED, DataType.FLOAT)) {
            Kernel.Product product = new Kernel.Product(
                    transposeA,
                    transposeB,
                    narrow,
                    rows,
                    columns,
                    inner,
                    new Region(0, 0, strideA, 1),
                    new Region(1, 0, strideB, 1),
                    new Region(2, 0, strideOut, 1));
            Memory[] memories = {
                narrow ? narrow(flatA, a) : Memory.of(flatA, 0),
                narrow ? narrow(flatB, b) : Memory.of(flatB, 0),
                Memory.of(flatOut, 0)
            };
            Runner runner = oneDnn && SummedProduct.pays(product, team)
                    ? new SummedProduct(product, memories, team)
                    : new ProductRunner(product, memories, team, oneDnn);
            runner.run();
            runner.run();
            runner.close();
            float[] out = flatOut.toFloatVector();
            for (int i = 0; i < rows; i++) {
                // All of the first rows, and some of each column.
                for (int j = i < 3 ? 0 : i % 7; j < columns; j += i < 3 ? 1 : 7) {
                    double sum = 0;
                    for (int k = 0; k < inner; k++) {
                        double left = transposeA ? a[k * strideA + i] : a[i * strideA + k];
                        double right = transposeB ? b[j * strideB + k] : b[k * strideB + j];
                        sum += left * right;
                    }
                    // An assertion for each of millions of numbers would take most of the time.
                    if (Math.abs(out[i * strideOut + j] - sum) > 1e-6 * inner) {
                        assertThat((double) out[i * strideOut + j])
                                .as("row %d, column %d, transposed %s %s", i, j, transposeA, transposeB)
                                .isCloseTo(sum, within(1e-6 * inner));
                    }
                }
                for (int j = columns; j < strideOut; j++) {
                    assertThat(out[i * strideOut + j]).isEqualTo(UNTOUCHED);
                }
            }
        }
    }

    /** Rounds the numbers, and puts them as bfloat16s where they have stood in float32. */
    private static Memory narrow(INDArray room, float[] numbers) {
        short[] bits = new short[numbers.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Bfloat16.bits(numbers[i]);
            numbers[i] = Bfloat16.value(bits[i]);
        }
        Memory memory = Memory.narrow(room, 0);
        memory.write(bits, 0, bits.length);
        return memory;
    }

    private static float[] random(int length, long seed) {
        Random random = new Random(seed);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        return values;
    }
}
