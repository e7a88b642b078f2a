package org.likelihood4j.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Memory;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.engine.cuda.FakeCuda.Way;
import org.likelihood4j.engine.cuda.source.NoiseKernels.Distribution;
import org.likelihood4j.random.CounterRandom;

/** The numbers that a card makes are those that the host draws. */
@ExtendWith(OnFakeCuda.class)
class CudaNoiseTest {
    private static final int ROWS = 40;
    /** An odd number, whose last pair is half used. */
    private static final int COLUMNS = 5_001;

    private static Stream<Arguments> all() {
        return Stream.of(Distribution.values())
                .flatMap(distribution -> Stream.of(Way.values()).map(way -> Arguments.of(distribution, way)));
    }

    @ParameterizedTest
    @MethodSource("all")
    void theBitsAreTheHosts(Distribution distribution, Way way) {
        long key = CounterRandom.key(7, "train/epsilon");
        long[] numbers = new long[ROWS];
        Arrays.setAll(numbers, row -> 1_000_000_007L * row);
        try (Card card = FakeCuda.card(way.streams(), 1);
                CardVectors vectors = new CardVectors(card)) {
            int base = vectors.add(floats(key));
            int rows = vectors.add(floats(numbers));
            int to = vectors.add(ROWS * COLUMNS);
            try (CudaNoise noise = CudaNoise.of(
                    card,
                    distribution,
                    ROWS,
                    COLUMNS,
                    vectors.address(base),
                    vectors.address(rows),
                    vectors.address(to),
                    way.tiles())) {
                noise.fill();
            }
            float[] made = vectors.get(to);
            float[] expected = new float[COLUMNS];
            for (int row = 0; row < ROWS; row++) {
                long of = CounterRandom.key(key, numbers[row]);
                if (distribution == Distribution.NORMALS) {
                    CounterRandom.fillNormal(of, expected, 0, COLUMNS);
                } else {
                    CounterRandom.fillUniform(of, expected, 0, COLUMNS);
                }
                assertThat(Arrays.copyOfRange(made, row * COLUMNS, (row + 1) * COLUMNS))
                        .isEqualTo(expected);
            }
        }
    }

    /** The same bits, each number as two. */
    private static float[] floats(long... numbers) {
        Memory memory = new Memory((long) numbers.length * Long.BYTES);
        memory.write(0, numbers, 0, numbers.length);
        return memory.getFloatArray(0, 2 * numbers.length);
    }
}
