package org.likelihood4j.engine.cuda.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TilesTest {
    /** A multiprocessor has 65,536 registers: four blocks of 256 threads leave each thread 64, two 128. */
    @ParameterizedTest
    @CsvSource({"1, 4", "56, 4", "57, 2", "78, 2", "120, 2", "121, 1", "1000, 1"})
    void kernelsWithManyNumbersHaveFewerBlocksAtOnce(int numbers, int blocks) {
        assertThat(Tiles.USUAL.together(numbers)).isEqualTo(blocks);
        assertThat(Tiles.USUAL.together()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({"1, 4", "120, 4", "121, 1", "1000, 1"})
    void ofTheMostNumbersAThreadHasThoseOfOneColumn(int numbers, int lanes) {
        assertThat(Tiles.USUAL.lanes(numbers)).isEqualTo(lanes);
    }
}
