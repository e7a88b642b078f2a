package org.likelihood4j.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.likelihood4j.data.random.CounterRandom;
import org.likelihood4j.engine.cuda.FakeCuda.Streams;
import org.likelihood4j.engine.cuda.source.NoiseKernels.Distribution;

/** The numbers that a card makes are those that the host draws. */
class CudaNoiseTest {
    private static final int ROWS = 40;
    /** An odd number, whose last pair is half used. */
    private static final int COLUMNS = 5_001;

    @BeforeAll
    static void needsCompiler() {
        FakeCuda.require();
    }

    @ParameterizedTest
    @EnumSource
    void theBitsAreTheHosts(Distribution distribution) {
        try (Card card = FakeCuda.card(Streams.LATE, 1)) {
            long key = CounterRandom.key(7, "train/epsilon");
            Pointer stream = card.stream();
            long base = card.allocate(Long.BYTES);
            Memory host = new Memory(Long.BYTES);
            host.setLong(0, key);
            card.upload(base, host, Long.BYTES, stream);
            Memory rows = new Memory((long) ROWS * Long.BYTES);
            for (int row = 0; row < ROWS; row++) {
                rows.setLong((long) row * Long.BYTES, 1_000_000_007L * row);
            }
            long numbers = card.allocate(rows.size());
            card.upload(numbers, rows, rows.size(), stream);
            long to = card.allocate((long) ROWS * COLUMNS * Float.BYTES);
            try (CudaNoise noise = new CudaNoise(card, distribution, ROWS, COLUMNS, base, numbers, to, FakeCuda.TINY)) {
                noise.fill(stream);
                Memory made = new Memory((long) ROWS * COLUMNS * Float.BYTES);
                card.download(made, to, made.size(), stream);
                card.await(stream);
                float[] expected = new float[COLUMNS];
                for (int row = 0; row < ROWS; row++) {
                    long of = CounterRandom.key(key, 1_000_000_007L * row);
                    if (distribution == Distribution.NORMALS) {
                        CounterRandom.fillNormal(of, expected, 0, COLUMNS);
                    } else {
                        CounterRandom.fillUniform(of, expected, 0, COLUMNS);
                    }
                    assertThat(made.getFloatArray((long) row * COLUMNS * Float.BYTES, COLUMNS))
                            .isEqualTo(expected);
                }
            }
        }
    }
}
